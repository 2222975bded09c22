/** Rules for a source file that no linter sees. */

const mostLines = 400;

/** How many times `any` may be allowed in 1000 lines. */
export const mostSuppressedAny = 0.5;

/** What a suppression comment looks like, with the reason that it gives in the first group. */
const suppressions = [
	/(?:\/\/|\/\*)\s*biome-ignore(?:-all|-start)?\s+[\w/]+(?:\([^)]*\))?\s*(?::\s*(.*))?/,
	/(?:\/\/|\/\*)\s*@ts-expect-error\b:?\s*(.*)/,
	/(?:\/\/|\/\*)\s*@ts-(?:ignore|nocheck)\b()/,
	/(?:\/\/|\/\*)\s*eslint-disable[\w-]*()/,
];

/** What is wrong with a file, each with its line. */
export function complaintsAbout(text: string): string[] {
	const lines = text.replace(/\n$/, '').split('\n');
	const long = lines.length > mostLines ? [`has ${lines.length} lines; at most ${mostLines} are allowed`] : [];
	return [
		...long,
		...lines.flatMap((line, index) => (isBare(line) ? [`line ${index + 1} suppresses without a reason`] : [])),
	];
}

function isBare(line: string): boolean {
	return suppressions.some((pattern) => {
		const found = pattern.exec(line);
		return found !== null && !/\p{L}{2}.*\s\p{L}{2}/u.test((found[1] ?? '').replace('<explanation>', ''));
	});
}

/** How often a file asks the linter to let `any` pass. */
export function suppressedAny(text: string): number {
	return text.match(/biome-ignore[\w-]*\s+lint\/suspicious\/noExplicitAny/g)?.length ?? 0;
}
