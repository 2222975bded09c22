import type { CheckReport } from '../../protocol/checks.ts';
import { PerchError } from '../../protocol/errors.ts';

/** The error with which training stops, by the first check that failed it; null where it may start. */
export function checksRefusal({ file: all, checks }: CheckReport): PerchError | null {
	const failed = checks.filter(({ passed, severity }) => !passed && severity === 'fail');
	const [first] = failed;
	if (first === undefined) return null;
	const [example] = first.examples;
	const file = example?.file ?? all;
	const where = example?.line === null || example === undefined ? '' : `, line ${example.line}`;
	const what =
		example === undefined
			? (first.message ?? '')
			: `${first.failures} rows fail, first row ${example.row} with ${JSON.stringify(example.value)} in column ${JSON.stringify(example.column)}.`;
	const more = failed.length > 1 ? ` ${failed.length - 1} more checks failed.` : '';
	return new PerchError('validation_failed', `${file}${where}: check "${first.check}" does not hold. ${what}${more}`, {
		file,
		...(example !== undefined && example.line !== null && { line: example.line }),
		field: `checks[${first.index}]`,
		hint: 'perch check lists the failing rows; severity: warn lets training go on.',
	});
}
