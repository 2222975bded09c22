/** How figures, ages and counts are said in trees, lenses and messages. */

const units: readonly [string, number][] = [
	['year', 365 * 86_400_000],
	['month', 30 * 86_400_000],
	['day', 86_400_000],
	['hour', 3_600_000],
	['min', 60_000],
];

/** How long ago a moment was, in its largest whole unit: `just now`, `5 min ago`, `2 days ago`. Both in ms since 1970. */
export function age(then: number, now: number): string {
	for (const [name, length] of units) {
		const many = Math.floor((now - then) / length);
		if (many >= 1) return `${many} ${name}${many > 1 && name !== 'min' ? 's' : ''} ago`;
	}
	return 'just now';
}

/** A measured figure with three significant digits; whole numbers as they are; `n/a` for what is not a number. */
export function figure(value: number | null | undefined): string {
	if (value === null || value === undefined || !Number.isFinite(value)) return 'n/a';
	if (Number.isInteger(value)) return Math.abs(value) < 1e6 ? String(value) : value.toExponential(2);
	const size = Math.abs(value);
	return size < 1e-4 || size >= 1e6 ? value.toExponential(2) : String(Number(value.toPrecision(3)));
}

/** `1 row`, `5,000 rows`. */
export function count(many: number, noun: string): string {
	return `${many.toLocaleString('en-US')} ${noun}${many === 1 ? '' : 's'}`;
}

/** A share from 0 to 1 as a percentage: `10 %`, `0.5 %`. */
export function percent(share: number): string {
	return `${Number((share * 100).toPrecision(3))} %`;
}

/** A size in bytes: `640 B`, `1.2 MB`. */
export function bytes(size: number): string {
	const steps = ['B', 'kB', 'MB', 'GB'];
	const step = Math.min(steps.length - 1, Math.floor(Math.log10(Math.max(1, size)) / 3));
	return `${Number((size / 1000 ** step).toPrecision(3))} ${steps[step] ?? 'B'}`;
}

/** What a drift report found, in one breath: `3 of 9 columns drifted · PSI max 0.41`. */
export function driftSentence(report: {
	drift: boolean | null;
	drifted: number;
	columns: number;
	psi_max: number | null;
}): string {
	const found = `${report.drifted} of ${count(report.columns, 'column')} drifted`;
	return report.psi_max === null ? found : `${found} · PSI max ${report.psi_max.toFixed(2)}`;
}

/** A table in Markdown for tooltips, with every cell escaped. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
	return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}

/** Text from outside, so that it shows as it is and neither formats nor links. */
export function escapeMarkdown(text: string): string {
	return text
		.replace(/[\\`*_{}[\]()#+\-.!|<>~$&]/g, (sign) => (sign === '<' ? '&lt;' : sign === '&' ? '&amp;' : `\\${sign}`))
		.replace(/\s+/g, ' ');
}
