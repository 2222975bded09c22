import type { ModelVersion } from '../../daemon/protocol/models.ts';
import { type Child, h } from '../components/element.ts';
import { digest, figure, nothing, pointer } from '../components/figure.ts';
import { formatAge, formatCount, formatTime } from '../components/format.ts';
import { icon } from '../components/icon.ts';
import type { TableColumn } from '../components/table.ts';
import { button } from '../components/toolkit.ts';
import { type Change, changeNames, changesOf } from './changes.ts';
import { metricNames } from './summary.ts';

/** A version, and where it stands in the answer of models/show. */
export interface VersionRow {
	readonly version: ModelVersion;
	readonly index: number;
}

function statusTag({ status }: ModelVersion): Child {
	if (status === 'ready') return 'ready';
	const failed = status === 'failed';
	return h('span', { class: `tag ${failed ? 'error' : 'muted'}` }, failed && icon('error'), status);
}

/** The columns of the versions: what they are and came from, then a column for each metric, which may scroll. */
export function versionColumns(
	versions: readonly ModelVersion[],
	readOnly: boolean,
	openRun: (id: string) => void,
	change: (kind: Change, version: number) => void,
): TableColumn<VersionRow>[] {
	const at = (index: number, ...path: (string | number)[]) => pointer('model', 'versions', index, ...path);
	const columns: TableColumn<VersionRow>[] = [
		{
			id: 'version',
			title: 'Version',
			header: true,
			value: ({ version }) => version.version,
			cell: ({ version, index }) =>
				h(
					'span',
					{ class: 'bar tight' },
					figure(at(index, 'version'), version.version),
					...version.aliases.map((alias) =>
						h('span', { class: `tag ${alias === 'production' ? 'filled' : ''}` }, alias),
					),
				),
		},
		{
			id: 'status',
			title: 'Status',
			value: ({ version }) => version.status,
			cell: ({ version }) => statusTag(version),
		},
		{
			id: 'data',
			title: 'Data',
			value: ({ version }) => version.dataset?.name ?? null,
			cell: ({ version: { dataset }, index }) =>
				dataset === null
					? nothing()
					: h(
							'span',
							{ title: `${dataset.source}, ${formatCount(dataset.rows)} rows` },
							`${dataset.name} v${dataset.version}`,
							' ',
							digest(at(index, 'dataset', 'digest'), dataset.digest),
						),
		},
		{
			id: 'run',
			title: 'Run',
			value: ({ version }) => version.run_id,
			cell: ({ version: { run_id, source, version }, index }) =>
				run_id === null
					? source === 'import'
						? 'imported'
						: nothing()
					: h(
							'button',
							{
								type: 'button',
								class: 'link',
								'data-focus': `run-${version}`,
								'aria-label': `Open run ${run_id.slice(0, 8)}`,
								onclick: () => openRun(run_id),
							},
							digest(at(index, 'run_id'), run_id),
						),
		},
		{
			id: 'created',
			title: 'Created',
			value: ({ version }) => version.created_at,
			cell: ({ version }) => h('span', { title: formatTime(version.created_at) }, formatAge(version.created_at)),
		},
		...metricNames(versions).map(
			(name): TableColumn<VersionRow> => ({
				id: `metric-${name}`,
				title: name,
				numeric: true,
				value: ({ version }) => version.metrics[name] ?? null,
				cell: ({ version, index }) => figure(at(index, 'metrics', name), version.metrics[name] ?? null),
			}),
		),
	];
	if (readOnly) return columns;
	return [
		...columns,
		{
			id: 'changes',
			title: 'Change',
			pinned: true,
			cell: ({ version }) =>
				h(
					'span',
					{ class: 'bar tight' },
					...changesOf(version, readOnly).map((kind) =>
						button(changeNames[kind], () => change(kind, version.version), {
							'data-focus': `${kind}-${version.version}`,
							'aria-label': `${changeNames[kind]} version ${version.version}`,
						}),
					),
				),
		},
	];
}
