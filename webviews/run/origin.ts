/** What a run was made of: data, code, files and the machine. */
import { type Child, h, setChildren } from '../components/element.ts';
import { digest, pointer } from '../components/figure.ts';
import { fileName, formatCount } from '../components/format.ts';
import type { RunView } from '../messages/run.ts';

type Fact = readonly [name: string, ...values: Child[]];

/** `open` is given the place of a dataset. */
export function drawOrigin(element: HTMLElement, { detail }: RunView, open: (index: number) => void): void {
	const { run, source, datasets, environment, artifacts } = detail;
	const facts: Fact[] = [
		...datasets.map(
			({ context, name, version, rows, source: file, digest: content }, index): Fact => [
				`Data, ${context}`,
				h(
					'button',
					{ type: 'button', class: 'link', 'data-focus': `data-${index}`, title: file, onclick: () => open(index) },
					h('bdi', {}, `${name} v${version}`),
				),
				h('span', { class: 'muted' }, ` ${formatCount(rows)} rows of ${fileName(file)} · `),
				digest(pointer('datasets', index, 'digest'), content),
			],
		),
		...(source === null ? [] : [['Started from', h('span', { title: source }, fileName(source))] as const]),
		...(run.commit === null ? [] : [['Commit', digest(pointer('run', 'commit'), run.commit)] as const]),
		...(artifacts.length === 0
			? []
			: [
					[
						'Files',
						artifacts.map(({ path, size }) => `${path} (${formatCount(Math.ceil(size / 1000))} kB)`).join(', '),
					] as const,
				]),
		...Object.entries(environment),
	];
	element.hidden = facts.length === 0;
	setChildren(
		element,
		h('h2', {}, 'Data and code'),
		h('dl', { class: 'facts' }, ...facts.flatMap(([name, ...values]) => [h('dt', {}, name), h('dd', {}, ...values)])),
	);
}
