/** What `perch drift` prints below its table of columns. */
import type { DriftColumn, DriftReport } from '../protocol/drift.ts';
import { figure, printable, shortened, table } from './output.ts';

/** The segment in which a column drifted most, in a line. */
export function whereMost({ column, segments }: DriftColumn): string[] {
	const [first] = segments?.found ?? [];
	if (first === undefined) return [];
	const place = `${shortened(first.column, 40)} is ${shortened(first.segment, 40)}`;
	const effects = `effect ${figure(first.effect)}, elsewhere ${figure(first.elsewhere)}`;
	return [printable(`${shortened(column, 40)} drifted most where ${place}: ${effects}`)];
}

/** Labels and predictions, and how well these hold. */
export function linesApart({
	target,
	predictions,
	performance,
}: Pick<DriftReport, 'target' | 'predictions' | 'performance'>): string[] {
	return [
		...(target === undefined ? [] : [printable(`Target ${verdictOf(target)}`)]),
		...(predictions?.columns.map((column) => printable(`Predictions (${predictions.from}): ${verdictOf(column)}`)) ??
			[]),
		...(predictions?.columns.length === 0
			? [printable(`Predictions (${predictions.from}): ${predictions.reason}`)]
			: []),
		...(performance === undefined ? [] : performanceLines(performance)),
	];
}

function verdictOf({ column, drift, reason, effect, score }: DriftColumn): string {
	const found = drift === null ? `cannot tell: ${reason}` : drift ? 'drift' : 'no drift';
	const extent = effect ?? score;
	return `${shortened(column, 40)}: ${found}${drift === null || extent === null ? '' : ` (${figure(extent)})`}`;
}

function performanceLines({
	task,
	regression,
	classification,
	reason,
}: NonNullable<DriftReport['performance']>): string[] {
	const sides = regression?.figures ?? classification?.figures;
	const names = new Set([...Object.keys(sides?.reference ?? {}), ...Object.keys(sides?.current ?? {})]);
	const value = (side: Record<string, number | null> | null | undefined, name: string) => side?.[name] ?? null;
	const rows = [...names]
		.map((name) => [name, value(sides?.reference, name), value(sides?.current, name)] as const)
		.filter(([, before, after]) => before !== null || after !== null)
		.map(([name, before, after]) => [name, figure(before), figure(after)]);
	return [
		...(rows.length === 0 ? [] : [table([task, 'reference', 'current'], rows, '')]),
		...(reason === null ? [] : [printable(reason)]),
	];
}
