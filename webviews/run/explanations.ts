/** Why the model of a run says what it says, and where it goes wrong: importance, contributions, residuals, confusion, calibration, learning curve. */
import type { Explanations } from '../../daemon/protocol/explanations.ts';
import { type Child, h, setChildren } from '../components/element.ts';
import { figure, pointer } from '../components/figure.ts';
import { formatCount, formatNumber, plural } from '../components/format.ts';
import { framedTable } from '../report/framedTable.ts';
import { shownName } from '../report/verdict.ts';
import { type ExplanationChart, explanationCharts } from './explanationCharts.ts';

export interface ExplanationsView {
	readonly element: HTMLElement;
	show(found: Explanations | null): void;
}

/** So many columns are listed. */
const mostColumns = 20;

export function createExplanations(): ExplanationsView {
	const body = h('div', { class: 'why' });
	const about = h('p', { class: 'muted' });
	const element = h('section', { class: 'section' }, h('h2', {}, 'Why'), about, body);
	let charts: readonly ExplanationChart[] = [];
	let shown = '';

	return {
		element,
		show(found) {
			element.hidden = found === null;
			const text = JSON.stringify(found);
			if (found === null || text === shown) return;
			shown = text;
			for (const chart of charts) chart.destroy();
			const drawn = explanationCharts(found);
			charts = drawn;
			setChildren(
				about,
				found.part === 'held_out'
					? 'Looked at on rows that it did not learn from'
					: 'Looked at on the rows of the training',
				`: ${formatCount(found.rows)} of ${formatCount(found.of)}.`,
				...found.notes.map((note) => ` ${note}`),
			);
			body.replaceChildren(
				...[importanceTable(found), ...contributionTables(found), abnormalTable(found), confusionTable(found)].filter(
					(part) => part !== null,
				),
				...drawn.map((chart) => chart.element),
			);
		},
	};
}

/** A number with a bar as long as its share of the greatest. */
function barred(place: string, value: number, greatest: number): HTMLElement {
	const fill = h('span', { class: value < 0 ? 'fill over' : 'fill' });
	fill.style.width = `${greatest > 0 ? Math.min(100, (100 * Math.abs(value)) / greatest) : 0}%`;
	return h(
		'span',
		{ class: 'barred' },
		figure(place, value, formatNumber),
		h('span', { class: 'meter', 'aria-hidden': 'true' }, fill),
	);
}

function titled(title: string, sentence: string, ...children: Child[]): HTMLElement {
	return h('div', { class: 'stack' }, h('h3', {}, title), h('p', { class: 'muted' }, sentence), ...children);
}

/** Says so where not all columns are listed. */
function ofMany({ length }: readonly unknown[]): string {
	return length > mostColumns ? `; the ${mostColumns} greatest of ${formatCount(length)} columns` : '';
}

function importanceTable({ importance }: Explanations): HTMLElement | null {
	if (importance === null) return null;
	const { columns, metric, repeats } = importance;
	const greatest = Math.max(...columns.map(({ mean }) => Math.abs(mean)));
	const rows = columns.slice(0, mostColumns).map(({ column, mean, std }, index) => ({
		name: h('bdi', {}, shownName(column)),
		cells: [
			barred(pointer('explanations', 'importance', 'columns', index, 'mean'), mean, greatest),
			h('span', {}, '± ', figure(pointer('explanations', 'importance', 'columns', index, 'std'), std)),
		],
	}));
	const sentence = `How much worse ${metric} becomes when a column is shuffled, over ${plural(repeats, 'time')}${ofMany(columns)}.`;
	const head = [{ text: 'Column', words: true }, { text: metric }, { text: 'Spread' }];
	return titled('Importance of columns', sentence, framedTable('Importance of columns', head, rows));
}

const units = {
	target: 'the prediction',
	probability: 'the probability',
	log_odds: 'the log-odds',
	log2_anomaly_score: 'the logarithm of the anomaly score',
	score: 'the score',
} as const;

function contributionTables({ contributions }: Explanations): HTMLElement[] {
	if (contributions === null) return [];
	const { outputs, unit, method } = contributions;
	const how = method === 'tree_shap' ? 'exact Shapley values of the trees' : 'the errors of the columns';
	return outputs.map(({ class: name, columns }, output) => {
		const greatest = Math.max(...columns.map(({ mean_absolute }) => mean_absolute));
		const place = (index: number, field: string) =>
			pointer('explanations', 'contributions', 'outputs', output, 'columns', index, field);
		const rows = columns.slice(0, mostColumns).map(({ column, mean_absolute, mean }, index) => ({
			name: h('bdi', {}, shownName(column)),
			cells: [barred(place(index, 'mean_absolute'), mean_absolute, greatest), figure(place(index, 'mean'), mean)],
		}));
		const title = `What columns add${name === null ? '' : ` to ${name}`}`;
		const head = [{ text: 'Column', words: true }, { text: 'Mean size' }, { text: 'Mean' }];
		return titled(
			title,
			`What each column adds to ${units[unit]}: ${how}${ofMany(columns)}.`,
			framedTable(title, head, rows),
		);
	});
}

/** What makes the most abnormal rows so. */
function abnormalTable({ contributions }: Explanations): HTMLElement | null {
	if (contributions === null || contributions.abnormal === null) return null;
	const { unit, abnormal } = contributions;
	const greatest = Math.max(...abnormal.columns.map(({ mean }) => Math.abs(mean)));
	const place = (index: number) => pointer('explanations', 'contributions', 'abnormal', 'columns', index, 'mean');
	const rows = abnormal.columns.slice(0, mostColumns).map(({ column, mean }, index) => ({
		name: h('bdi', {}, shownName(column)),
		cells: [barred(place(index), mean, greatest)],
	}));
	const title = 'What makes rows abnormal';
	return titled(
		title,
		`What each column adds to ${units[unit]} of the ${plural(abnormal.rows, 'most abnormal row')}, on average${ofMany(abnormal.columns)}.`,
		framedTable(title, [{ text: 'Column', words: true }, { text: 'Mean' }], rows),
	);
}

function confusionTable({ confusion }: Explanations): HTMLElement | null {
	if (confusion === null) return null;
	const { classes, counts } = confusion;
	const rows = counts.map((line, down) => {
		const total = line.reduce((sum, count) => sum + count, 0);
		return {
			name: h('bdi', {}, shownName(classes[down] ?? '')),
			cells: line.map((count, across) => {
				const place = pointer('explanations', 'confusion', 'counts', down, across);
				const cell = h('span', { class: down === across ? 'heat right' : 'heat' }, figure(place, count, formatCount));
				cell.style.setProperty('--heat', `${total === 0 ? 0 : Math.round((28 * count) / total)}%`);
				return cell;
			}),
		};
	});
	const head = [{ text: 'True ╲ predicted', words: true }, ...classes.map((name) => ({ text: shownName(name) }))];
	return titled(
		'What was taken for what',
		'Rows by their class down, and by the class that was predicted across.',
		framedTable('Confusion: true classes down, predicted ones across', head, rows),
	);
}
