import type { Command } from 'commander';
import type { ColumnHistory } from '../protocol/driftHistory.ts';
import { absolute, action, given, number } from './command.ts';
import { age, figure, table } from './output.ts';

interface HistoryOptions {
	project?: string;
	deployment?: string;
	of?: string;
	column?: string;
	limit?: number;
}

/** `perch drift history`, under `perch drift`. */
export function driftHistoryCommand(drift: Command): void {
	drift
		.command('history')
		.description('follow columns over the kept reports: verdicts, scores, and since when a column drifts')
		.option('--project <name>', 'of one project')
		.option('--deployment <name>', 'only looks at the live traffic of one deployment')
		.option('--of <file>', 'only reports on these current data')
		.option('--column <name>', 'one column, report by report')
		.option('--limit <n>', 'so many reports, the newest', number)
		.action(
			action(async ({ request, output }, { of, ...options }: HistoryOptions) => {
				const file = of === undefined ? {} : { current: absolute(of) };
				const result = await request('drift/history', { ...given({ ...options }), ...file });
				output.answer(result, () => {
					const [only] = result.columns;
					if (options.column !== undefined && only !== undefined) return pointsTable(only);
					return table(
						['column', 'verdict', 'since', 'reports', 'scores, the newest last'],
						result.columns.map((column) => [
							column.column,
							verdictText(column.drift),
							column.since === null ? '–' : age(column.since),
							column.points.length,
							column.points
								.slice(-5)
								.map(({ score }) => figure(score))
								.join(', '),
						]),
						'No reports yet. Make one with perch drift.',
					);
				});
				return 0;
			}),
		);
}

function pointsTable({ points }: ColumnHistory): string {
	const rows = points.map(({ report, created_at, drift, score, threshold, psi }) => [
		...[report, age(created_at), verdictText(drift)],
		...[figure(score), figure(threshold), figure(psi)],
	]);
	return table(['report', 'when', 'verdict', 'score', 'threshold', 'psi'], rows, 'No report has this column.');
}

function verdictText(drift: boolean | null): string {
	return drift === null ? 'cannot tell' : drift ? 'drift' : 'no drift';
}
