import { resolve } from 'node:path';
import type { ColumnType, Dataset } from '../../daemon/protocol/datasets.ts';
import type { DriftSummary } from '../../daemon/protocol/drift.ts';
import type { ProfileSummary } from '../../daemon/protocol/profile.ts';
import type { Resource } from '../connection/resources.ts';
import { age, count, driftSentence, escapeMarkdown, markdownTable } from '../words.ts';
import { colors, type Node } from './node.ts';

/** A version, and what was found about its rows. */
interface Version {
	readonly dataset: Dataset;
	readonly drift: DriftSummary | undefined;
	readonly profile: ProfileSummary | undefined;
}

/** The data that runs and reports used: each by its name with its versions, and those with their last drift, their last profile and their columns. */
export function collectDatasets(
	root: string,
	{ datasets }: Resource<'datasets'>,
	{ reports }: Resource<'reports'>,
	{ profiles }: Resource<'profiles'>,
	now: number,
): Node[] {
	const names = new Map<string, Dataset[]>();
	for (const dataset of datasets) names.set(dataset.name, [...(names.get(dataset.name) ?? []), dataset]);
	return [...names].flatMap(([name, unsorted]) => {
		const versions = unsorted
			.toSorted((a, b) => b.version - a.version)
			.map((dataset, index) => ({
				dataset,
				drift: driftOf(root, dataset, reports),
				profile: profileOf(root, dataset, profiles, index === 0),
			}));
		const [newest] = versions;
		if (newest === undefined) return [];
		const { dataset, drift } = newest;
		return {
			id: `${root}|dataset|${name}`,
			label: name,
			description: [
				`v${dataset.version}`,
				count(dataset.rows, 'row'),
				count(dataset.runs.length, 'run'),
				...(drift === undefined ? [] : [verdict(drift)]),
			].join(' · '),
			tooltip: tooltip(newest, now),
			icon: { name: 'database', ...(drift?.drift === true && { color: colors.warning }) },
			context: 'dataset',
			target: { kind: 'dataset', root, source: dataset.source },
			children: versions.map((version, index) => {
				const place = versions.length === 1 ? 'only' : index === 0 ? 'newest' : 'older';
				return versionNode(root, version, place, now);
			}),
		};
	});
}

/** The newest report of which a version was the current data. */
function driftOf(root: string, { source, reports: own }: Dataset, reports: readonly DriftSummary[]) {
	return reports.find(({ id, current }) => own.includes(id) && resolve(root, current) === resolve(root, source));
}

/** The last profile of a version. One made before the file had a version is of the newest, if the file was as it is now. */
function profileOf(
	root: string,
	{ digest, source, files }: Dataset,
	profiles: readonly ProfileSummary[],
	newest: boolean,
): ProfileSummary | undefined {
	const modified = Math.max(...files.map((file) => file.modified));
	return profiles.find(({ file, dataset, created_at }) => {
		if (dataset !== null) return dataset.digest === digest;
		return newest && files.length > 0 && resolve(root, file) === resolve(root, source) && created_at > modified;
	});
}

function versionNode(root: string, found: Version, place: 'only' | 'newest' | 'older', now: number): Node {
	const { dataset, drift, profile } = found;
	const { name, version, digest, rows, source, columns, created_at, runs } = dataset;
	const id = `${root}|dataset|${name}|${digest}`;
	const newest = place !== 'older';
	return {
		id,
		label: `v${version}`,
		description: [
			count(rows, 'row'),
			count(columns.length, 'column'),
			count(runs.length, 'run'),
			...(drift === undefined ? [] : [verdict(drift)]),
			age(created_at, now),
		].join(' · '),
		tooltip: tooltip(found, now),
		icon: { name: 'git-commit', ...(drift?.drift === true && { color: colors.warning }) },
		context: `dataset.${place}`,
		target: { kind: 'dataset', root, source, name, version },
		children: [
			...(drift === undefined ? [] : [driftNode(root, id, drift, now)]),
			...(profile === undefined ? [] : [profileNode(root, id, source, profile, newest, now)]),
			...columns.map((column) => ({
				id: `${id}|${column.name}`,
				label: column.name,
				description: column.type,
				icon: { name: columnIcon(column.type) },
			})),
		],
		unfolded: newest,
	};
}

function verdict(drift: DriftSummary): string {
	return drift.drift === null ? 'drift cannot be told' : driftSentence(drift);
}

function driftNode(root: string, id: string, drift: DriftSummary, now: number): Node {
	const icons = { true: { name: 'warning', color: colors.warning }, false: { name: 'pass', color: colors.good } };
	return {
		id: `${id}||drift`,
		label: drift.drift === true ? 'Drift' : drift.drift === false ? 'No drift' : 'Drift cannot be told',
		description: [...(drift.drift === null ? [] : [driftSentence(drift)]), age(drift.created_at, now)].join(' · '),
		tooltip: `Against ${escapeMarkdown(drift.reference)}`,
		icon: drift.drift === null ? { name: 'question' } : icons[`${drift.drift}`],
		context: 'report',
		target: { kind: 'report', root, id: drift.id },
		command: { id: 'perch.openDriftReport', title: 'Open Drift Report' },
	};
}

/** It opens while the file is still the one that was described. */
function profileNode(
	root: string,
	id: string,
	source: string,
	{ rows, columns, duplicates, created_at }: ProfileSummary,
	newest: boolean,
	now: number,
): Node {
	const repeated = duplicates === 0 ? [] : [`${count(duplicates, 'row')} repeated`];
	return {
		id: `${id}||profile`,
		label: 'Profile',
		description: [`${count(rows, 'row')} × ${count(columns, 'column')}`, ...repeated, age(created_at, now)].join(' · '),
		icon: { name: 'list-tree' },
		...(newest && {
			target: { kind: 'dataset', root, source },
			command: { id: 'perch.profileDataset', title: 'Open Profile' },
		}),
	};
}

function tooltip({ dataset, drift, profile }: Version, now: number): string {
	const { name, version, source, rows, digest, created_at, runs } = dataset;
	return `**${escapeMarkdown(name)}** v${version}\n\n${markdownTable(
		['', ''],
		[
			['Source', source],
			['Rows', rows.toLocaleString('en-US')],
			['Digest', digest],
			['First used', age(created_at, now)],
			['Runs', String(runs.length)],
			...(drift === undefined ? [] : [['Drift', `${verdict(drift)}, ${age(drift.created_at, now)}`]]),
			...(profile === undefined ? [] : [['Profile', age(profile.created_at, now)]]),
		],
	)}`;
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
