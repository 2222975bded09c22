import type { ModelVersion } from '../../daemon/protocol/models.ts';
import type { Resource } from '../connection/resources.ts';
import { age, bytes, count, escapeMarkdown, figure, markdownTable } from '../words.ts';
import { colors, type Node } from './node.ts';

/** Models by name, each with its versions, newest first. */
export function collectModels(root: string, { models }: Resource<'models'>, now: number): Node[] {
	return [...models]
		.sort((a, b) => a.name.localeCompare(b.name))
		.map(({ name, versions }) => {
			const production = versions.find(({ aliases }) => aliases.includes('production'));
			const shown = production ?? versions[0];
			return {
				id: `${root}|model|${name}`,
				label: name,
				description: count(versions.length, 'version'),
				tooltip: markdownTable(
					['Version', 'Aliases', 'Status', shown?.main_metric ?? 'Metric', 'Trained'],
					versions
						.slice(0, 20)
						.map((version) => [
							`v${version.version}`,
							version.aliases.join(', '),
							version.status,
							figure(mainMetric(version)?.value),
							age(version.created_at, now),
						]),
				),
				icon: { name: 'package' },
				context: 'model',
				target: { kind: 'model', root, name },
				children: versions.map((version) => collectVersion(root, version, now)),
				unfolded: true,
			};
		});
}

/** The metric that stands beside a version, if it has one. */
export function mainMetric(version: ModelVersion): { name: string; value: number | null } | undefined {
	const name = version.main_metric;
	return name === null || !(name in version.metrics) ? undefined : { name, value: version.metrics[name] ?? null };
}

function collectVersion(root: string, version: ModelVersion, now: number): Node {
	const { name, aliases, status, created_at } = version;
	const metric = mainMetric(version);
	return {
		id: `${root}|version|${name}|${version.version}`,
		label: [`v${version.version}`, aliases.join(', ')].filter((part) => part !== '').join(' '),
		description: [
			...(status === 'ready' ? [] : [status]),
			...(metric === undefined ? [] : [`${metric.name} ${figure(metric.value)}`]),
			age(created_at, now),
		].join(' · '),
		tooltip: versionTooltip(version),
		icon: versionIcon(version),
		context: `version.${status}${aliases.map((alias) => `.${alias}`).join('')}`,
		target: { kind: 'version', root, name, version: version.version },
		command: { id: 'perch.openRegistry', title: 'Open Registry' },
	};
}

function versionIcon({ aliases, status }: ModelVersion): Node['icon'] {
	if (status === 'archived') return { name: 'archive', color: colors.faint };
	if (status === 'failed') return { name: 'error', color: colors.bad };
	if (aliases.includes('production')) return { name: 'verified-filled', color: colors.good };
	return aliases.length > 0 ? { name: 'beaker' } : { name: 'tag' };
}

function versionTooltip(version: ModelVersion): string {
	const { name, metrics, dataset, task, source, size, created_at, run_id, description } = version;
	const about: [string, string][] = [
		['Status', version.status],
		['Task', task],
		['Made by', run_id === null ? source : `${source}, run ${run_id.slice(0, 8)}`],
		['At', new Date(created_at).toLocaleString()],
		['Data', dataset === null ? 'unknown' : `${dataset.name} v${dataset.version}, ${count(dataset.rows, 'row')}`],
		['Size', bytes(size)],
		...Object.entries(metrics).map(([metric, value]): [string, string] => [metric, figure(value)]),
	];
	const text = description === '' ? '' : `\n\n${escapeMarkdown(description)}`;
	return `**${escapeMarkdown(name)} v${version.version}**${text}\n\n${markdownTable(['', ''], about)}`;
}
