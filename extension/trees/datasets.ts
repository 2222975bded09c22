import type { ColumnType } from '../../daemon/protocol/datasets.ts';
import type { Resource } from '../connection/resources.ts';
import { age, count, escapeMarkdown, markdownTable } from '../words.ts';
import type { Node } from './node.ts';

/** Data files that runs used, newest first, each with its columns. */
export function collectDatasets(root: string, { datasets }: Resource<'datasets'>, now: number): Node[] {
	return datasets.map(({ name, digest, rows, source, columns, created_at, runs }) => ({
		id: `${root}|dataset|${name}|${digest}`,
		label: name,
		description: [count(rows, 'row'), count(columns.length, 'column'), count(runs.length, 'run')].join(' · '),
		tooltip: `**${escapeMarkdown(name)}**\n\n${markdownTable(
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
