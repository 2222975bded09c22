import type { ColumnType } from '../../daemon/protocol/datasets.ts';
import type { Resource } from '../connection/resources.ts';
import { age, count, escapeMarkdown, markdownTable } from '../words.ts';
import type { Node } from './node.ts';

/** Versions of the data that runs and reports used, newest first, each with its columns. */
export function collectDatasets(root: string, { datasets }: Resource<'datasets'>, now: number): Node[] {
	return datasets.map(({ name, version, digest, rows, source, columns, created_at, runs }) => ({
		id: `${root}|dataset|${name}|${digest}`,
		label: `${name} v${version}`,
		description: [count(rows, 'row'), count(columns.length, 'column'), count(runs.length, 'run')].join(' · '),
		tooltip: `**${escapeMarkdown(name)}** v${version}\n\n${markdownTable(
			['', ''],
			[
				['Source', source],
				['Rows', rows.toLocaleString('en-US')],
				['Digest', digest],
				['First used', age(created_at, now)],
				['Runs', String(runs.length)],
			],
		)}`,
		icon: { name: 'database' },
		context: 'dataset',
		target: { kind: 'dataset', root, source },
		children: columns.map((column) => ({
			id: `${root}|dataset|${name}|${digest}|${column.name}`,
			label: column.name,
			description: column.type,
			icon: { name: columnIcon(column.type) },
		})),
	}));
}

function columnIcon(type: ColumnType): string {
	switch (type) {
		case 'integer':
		case 'double':
			return 'symbol-numeric';
		case 'boolean':
			return 'symbol-boolean';
		case 'date':
		case 'timestamp':
			return 'calendar';
		default:
			return 'symbol-string';
	}
}
