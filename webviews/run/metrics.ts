/** The metrics of a run, a row a measure: what it reached, and beside that the same on other rows and of what it is held against. */
import { type Child, h } from '../components/element.ts';
import { figure, nothing, pointer } from '../components/figure.ts';
import { framedTable } from '../report/framedTable.ts';

type Metrics = Readonly<Record<string, number | null>>;

/** What stands before the name of a measure, and what that says; the longer ones come first. */
const others = [
	{ prefix: 'seasonal_baseline_', title: 'A season before' },
	{ prefix: 'test_', title: 'Test rows' },
	{ prefix: 'training_', title: 'Learned from' },
	{ prefix: 'baseline_', title: 'Baseline' },
	{ prefix: 'cv_', title: 'Over folds' },
	{ prefix: 'production_', title: 'Production' },
	{ prefix: 'difference_', title: 'Difference' },
] as const;
type Part = '' | (typeof others)[number]['prefix'];

/** What is said of a figure rather than by itself, as `cv_mae_std` of `cv_mae`. */
const ends: { readonly [part in Part]?: readonly string[] } = { cv_: ['_std'], difference_: ['_low', '_high'] };

export interface MeasureRow {
	readonly measure: string;
	/** The metric of each part that has one. */
	readonly names: ReadonlyMap<Part, string>;
}

/** By the name of the measure. */
export function measureRows(metrics: Metrics): MeasureRow[] {
	const rows = new Map<string, Map<Part, string>>();
	for (const name of Object.keys(metrics)) {
		const part = others.find(({ prefix }) => name.startsWith(prefix) && name.length > prefix.length)?.prefix ?? '';
		const end = ends[part]?.find((one) => name.endsWith(one));
		if (end !== undefined && name.slice(0, -end.length) in metrics) continue;
		const measure = name.slice(part.length);
		rows.set(measure, (rows.get(measure) ?? new Map<Part, string>()).set(part, name));
	}
	return [...rows]
		.map(([measure, names]) => ({ measure, names }))
		.sort((a, b) => (a.measure < b.measure ? -1 : 1));
}

/** Two tables: what was measured on several rows or against something, and what stands alone. */
export function metricTables(metrics: Metrics): HTMLElement[] {
	const rows = measureRows(metrics);
	const alone = ({ names }: MeasureRow) => names.size === 1 && names.has('');
	const together = rows.filter((row) => !alone(row));
	const title = together.some(({ names }) => names.has('training_')) ? 'Held out' : 'Value';
	const columns = [{ prefix: '' as const, title }, ...others].filter(({ prefix }) =>
		together.some(({ names }) => names.has(prefix)),
	);
	return [
		table('Metrics', metrics, columns, together),
		table('Other metrics', metrics, [{ prefix: '', title: 'Value' }], rows.filter(alone)),
	].filter((found) => found !== null);
}

function table(
	title: string,
	metrics: Metrics,
	columns: readonly { prefix: Part; title: string }[],
	rows: readonly MeasureRow[],
): HTMLElement | null {
	if (rows.length === 0) return null;
	return framedTable(
		title,
		[{ text: 'Metric', words: true }, ...columns.map((column) => ({ text: column.title }))],
		rows.map(({ measure, names }) => ({
			name: h('bdi', {}, measure),
			cells: columns.map(({ prefix }) => {
				const name = names.get(prefix);
				return name === undefined ? nothing() : h('span', {}, ...metricFigures(metrics, name, prefix));
			}),
		})),
	);
}

/** A metric with its spread or its interval. */
function metricFigures(metrics: Metrics, name: string, part: Part): Child[] {
	const shown = (key: string) => figure(pointer('run', 'metrics', key), metrics[key] ?? null);
	const known = (ends[part] ?? []).map((end) => `${name}${end}`).filter((key) => key in metrics);
	const [first, second] = known;
	if (first === undefined) return [shown(name)];
	if (second === undefined) return [shown(name), ' ± ', shown(first)];
	return [shown(name), ' (', shown(first), ' to ', shown(second), ')'];
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
	if (folds < 2) return null;
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
