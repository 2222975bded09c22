import { type Child, h } from '../components/element.ts';
import { digest, figure, nothing, pointer } from '../components/figure.ts';
import { icon } from '../components/icon.ts';
import type { RunComparison } from '../messages/compare.ts';

type Row = RunComparison['rows'][number];

const sections: Record<Row['section'], string> = {
	metric: 'Metrics',
	param: 'Params',
	data: 'Data',
	code: 'Code',
	environment: 'Environment',
};

/** Whether the runs of a line all agree; such lines are there only when all are shown. */
export function agrees({ values }: Pick<Row, 'values'>): boolean {
	return values.every((value) => value === values[0]);
}

/** The lines by section, in the order in which the sections first appear, each with its place in the answer. */
export function bySection(rows: readonly Row[]): { title: string; rows: { row: Row; index: number }[] }[] {
	const groups = new Map<Row['section'], { row: Row; index: number }[]>();
	for (const [index, row] of rows.entries()) {
		const group = groups.get(row.section) ?? [];
		group.push({ row, index });
		groups.set(row.section, group);
	}
	return [...groups].map(([section, lines]) => ({ title: sections[section], rows: lines }));
}

function value(place: string, content: string | number | null): HTMLElement {
	if (content === null) return h('span', { 'data-figure': place, 'data-value': 'null' }, nothing());
	if (typeof content === 'number') return figure(place, content);
	if (/^[0-9a-f]{16,}$/.test(content)) return digest(place, content);
	return h('span', { 'data-figure': place, 'data-value': content }, content);
}

/** The bodies of the table: one for each section, the best value of a metric marked by a word. */
export function comparisonBodies(rows: readonly Row[], runs: number): HTMLElement[] {
	return bySection(rows).map((section) =>
		h(
			'tbody',
			{},
			h('tr', { class: 'group' }, h('th', { scope: 'rowgroup', colspan: runs + 1 }, section.title)),
			...section.rows.map(({ row, index }) =>
				h(
					'tr',
					{ class: agrees(row) && 'agreed' },
					h('th', { scope: 'row', class: 'wrap' }, row.name),
					...row.values.map((content, run): Child => {
						const best = row.best === run;
						return h(
							'td',
							{ class: best ? 'best' : typeof content === 'string' && 'wrap' },
							value(pointer('rows', index, 'values', run), content),
							best && h('span', { class: 'tag ok' }, icon('best'), 'best'),
						);
					}),
				),
			),
		),
	);
}
