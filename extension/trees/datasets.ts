import { resolve } from 'node:path';
import type { ColumnType, Dataset } from '../../daemon/protocol/datasets.ts';
import type { DriftSummary } from '../../daemon/protocol/drift.ts';
import type { Resource } from '../connection/resources.ts';
import { age, count, driftSentence, escapeMarkdown, markdownTable } from '../words.ts';
import { colors, type Node } from './node.ts';

/** Versions of the data that runs and reports used, newest first, each with its last drift and its columns. */
export function collectDatasets(
	root: string,
	{ datasets }: Resource<'datasets'>,
	{ reports }: Resource<'reports'>,
	now: number,
): Node[] {
	return datasets.map((dataset) => datasetNode(root, dataset, driftOf(root, dataset, reports), now));
}

/** The newest report of which a version was the current data. */
function driftOf(root: string, { source, reports: own }: Dataset, reports: readonly DriftSummary[]) {
	return reports.find(({ id, current }) => own.includes(id) && resolve(root, current) === resolve(root, source));
}

function datasetNode(
	root: string,
	{ name, version, digest, rows, source, columns, created_at, runs }: Dataset,
	drift: DriftSummary | undefined,
	now: number,
): Node {
	const drifted = drift === undefined ? [] : [driftSentence(drift)];
	return {
		id: `${root}|dataset|${name}|${digest}`,
		label: `${name} v${version}`,
		description: [count(rows, 'row'), count(columns.length, 'column'), count(runs.length, 'run'), ...drifted].join(
			' · ',
		),
		tooltip: `**${escapeMarkdown(name)}** v${version}\n\n${markdownTable(
			['', ''],
			[
				['Source', source],
				['Rows', rows.toLocaleString('en-US')],
				['Digest', digest],
				['First used', age(created_at, now)],
				['Runs', String(runs.length)],
				...(drift === undefined ? [] : [['Drift', `${driftSentence(drift)}, ${age(drift.created_at, now)}`]]),
			],
		)}`,
		icon: drift?.drift === true ? { name: 'database', color: colors.warning } : { name: 'database' },
		context: 'dataset',
		target: { kind: 'dataset', root, source },
		children: columns.map((column) => ({
			id: `${root}|dataset|${name}|${digest}|${column.name}`,
			label: column.name,
			description: column.type,
			icon: { name: columnIcon(column.type) },
		})),
	};
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
