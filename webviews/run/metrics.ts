/** The metrics of a run: what it reached, and beside that the same on other rows and of what it is held against. */
import { sideBySide } from '../../daemon/protocol/sideBySide.ts';
import { h } from '../components/element.ts';
import { figure, nothing, pointer } from '../components/figure.ts';
import { framedTable } from '../report/framedTable.ts';

type Metrics = Readonly<Record<string, number | null>>;

/** Two tables: what has something beside it, and what stands alone. */
export function metricTables(metrics: Metrics): HTMLElement[] {
	const { heads, rows } = sideBySide(metrics);
	const isAlone = (row: (typeof rows)[number]) => row.metrics.slice(1).every((name) => name === null);
	const titled = heads.map((head) => `${head.charAt(0).toUpperCase()}${head.slice(1)}`);
	return [
		table(
			'Metrics',
			metrics,
			titled,
			rows.filter((row) => !isAlone(row)),
		),
		table('Other metrics', metrics, [], rows.filter(isAlone)),
	].filter((found) => found !== null);
}

function table(
	title: string,
	metrics: Metrics,
	heads: readonly string[],
	rows: ReturnType<typeof sideBySide>['rows'],
): HTMLElement | null {
	if (rows.length === 0) return null;
	const shown = (name: string) => figure(pointer('run', 'metrics', name), metrics[name] ?? null);
	return framedTable(
		title,
		[{ text: 'Metric', words: true }, ...['Value', ...heads].map((text) => ({ text }))],
		rows.map((row) => ({
			name: h('bdi', {}, row.name),
			cells: row.metrics.slice(0, 1 + heads.length).map((name) => (name === null ? nothing() : shown(name))),
		})),
	);
}

type History = Readonly<Record<string, readonly { readonly step: number; readonly value: number | null }[]>>;
const foldPrefix = 'fold_';

/** Whether a metric has a value a fold, which is no course. */
export function isOfFolds(name: string): boolean {
	return name.startsWith(foldPrefix);
}

/** What was measured on each fold; null without folds. */
export function foldTable(history: History): HTMLElement | null {
	const measures = Object.entries(history).filter(([name]) => isOfFolds(name));
	const folds = Math.max(0, ...measures.map(([, points]) => points.length));
	if (folds === 0) return null;
	return framedTable(
		'Folds',
		[{ text: 'Metric', words: true }, ...Array.from({ length: folds }, (_, fold) => ({ text: `Fold ${fold + 1}` }))],
		measures.map(([name, points]) => ({
			name: h('bdi', {}, name.slice(foldPrefix.length)),
			cells: Array.from({ length: folds }, (_, fold) =>
				figure(pointer('history', name, fold, 'value'), points[fold]?.value ?? null),
			),
		})),
	);
}
