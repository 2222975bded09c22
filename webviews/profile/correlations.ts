/** How columns go together: the strongest pairs, and the whole of one kind as a table in colours. */
import type { Pairs, ProfileReport } from '../../daemon/protocol/profile.ts';
import { h, setChildren } from '../components/element.ts';
import { figure, nothing, pointer } from '../components/figure.ts';
import { plural } from '../components/format.ts';
import { shownName } from '../report/verdict.ts';

type Correlations = ProfileReport['correlations'];
type Kind = 'pearson' | 'spearman' | 'cramers_v';

const kinds: Record<Kind, { title: string; about: string }> = {
	pearson: { title: 'Pearson', about: 'How close two columns of numbers are to a straight line, −1 to 1.' },
	spearman: { title: 'Spearman', about: 'How far the ranks of two columns of numbers go together, −1 to 1.' },
	cramers_v: { title: 'Cramér’s V', about: 'How far the categories of two columns depend on one another, 0 to 1.' },
};

const names = Object.keys(kinds) as Kind[];

/** null where no two columns could be compared. */
export function createCorrelations(correlations: Correlations): HTMLElement | null {
	const there = names.filter((name) => correlations[name].columns.length > 1);
	const [first] = there;
	if (first === undefined) return null;
	const choices = h('div', { class: 'choices', role: 'group', 'aria-label': 'Kind of correlation' });
	const body = h('div', { class: 'section' });

	function draw(chosen: Kind): void {
		const buttons = there.map((name) =>
			h(
				'button',
				{
					type: 'button',
					'aria-pressed': String(name === chosen),
					'data-focus': `kind-${name}`,
					onclick: () => draw(name),
				},
				kinds[name].title,
			),
		);
		setChildren(choices, ...buttons);
		const { title, about } = kinds[chosen];
		setChildren(
			body,
			h('p', { class: 'muted' }, `${about} From ${plural(correlations.rows, 'row')}.`),
			strongest(correlations[chosen]),
			matrix(correlations[chosen], chosen, title),
		);
	}

	draw(first);
	const out = correlations.left_out;
	return h(
		'section',
		{ class: 'section' },
		h('h2', {}, 'Correlations'),
		choices,
		body,
		out.length > 0 &&
			h(
				'p',
				{ class: 'muted' },
				`Left out: ${plural(out.length, 'column')} with too many values or beyond the first hundred.`,
			),
	);
}

const mostPairs = 5;
/** What is weaker is not worth a sentence. */
const weakest = 0.3;

function strongest({ columns, values }: Pairs): HTMLElement {
	const pairs = columns
		.flatMap((one, i) => columns.slice(0, i).map((other, j) => ({ one, other, value: values[i]?.[j] ?? 0 })))
		.filter(({ value }) => Math.abs(value) >= weakest)
		.sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
		.slice(0, mostPairs);
	if (pairs.length === 0) return h('p', {}, 'No two columns go together noticeably.');
	return h(
		'p',
		{},
		'Strongest: ',
		...pairs.flatMap(({ one, other, value }, index) => [
			index > 0 && '; ',
			h('bdi', { class: 'mono' }, shownName(other)),
			' and ',
			h('bdi', { class: 'mono' }, shownName(one)),
			` ${twoDigits(value)}`,
		]),
		'.',
	);
}

/** `-0.00` is none. */
function twoDigits(value: number): string {
	return (Math.round(value * 100) / 100 + 0).toFixed(2);
}

function matrix({ columns, values }: Pairs, kind: Kind, title: string): HTMLElement {
	const cell = (value: number | null, i: number, j: number) => {
		const element = h(
			'td',
			{ class: (value ?? 0) < 0 ? 'against' : 'with' },
			value === null
				? nothing()
				: figure(pointer('correlations', kind, 'values', i, j), value, (one) => twoDigits(one ?? 0)),
		);
		element.style.setProperty('--strength', `${Math.abs(value ?? 0) * 30}%`);
		return element;
	};
	return h(
		'div',
		{ class: 'table-frame', role: 'region', tabindex: 0, 'aria-label': `${title}, every column with every other` },
		h(
			'table',
			{ class: 'matrix' },
			h('caption', { class: 'spoken' }, `${title}, every column with every other`),
			h(
				'thead',
				{},
				h(
					'tr',
					{},
					h('td'),
					...columns.map((name) => h('th', { scope: 'col', title: name }, h('bdi', {}, shownName(name)))),
				),
			),
			h(
				'tbody',
				{},
				...columns.map((name, i) =>
					h(
						'tr',
						{},
						h('th', { scope: 'row', title: name }, h('bdi', {}, shownName(name))),
						...columns.map((_, j) => cell(values[i]?.[j] ?? null, i, j)),
					),
				),
			),
		),
	);
}
