import type { Run } from '../../daemon/protocol/runs.ts';
import type { Resource } from '../connection/resources.ts';
import { age, count, escapeMarkdown, figure, markdownTable } from '../words.ts';
import { colors, type Node } from './node.ts';

/** Runs, newest first; by experiment when there is more than one. */
export function collectRuns(
	root: string,
	{ runs }: Resource<'runs'>,
	mainMetrics: ReadonlyMap<string, string>,
	now: number,
): Node[] {
	const experiments = new Map<string, Run[]>();
	for (const run of runs) {
		const members = experiments.get(run.experiment);
		if (members === undefined) experiments.set(run.experiment, [run]);
		else members.push(run);
	}
	const node = (run: Run) => collectRun(root, run, mainMetrics, now);
	if (experiments.size <= 1) return runs.map(node);
	// Runs of monitoring come with every report: they stand behind the others, folded.
	const watching = (experiment: string) => experiment.endsWith('-monitoring');
	const ordered = [...experiments].sort(([a], [b]) => Number(watching(a)) - Number(watching(b)));
	return ordered.map(([experiment, members]) => ({
		id: `${root}|experiment|${experiment}`,
		label: experiment,
		description: count(members.length, 'run'),
		icon: { name: 'beaker' },
		context: 'experiment',
		children: members.map(node),
		unfolded: !watching(experiment),
	}));
}

/** Which metric counts most for a model, by its name, as its versions say. */
export function mainMetricsOf({ models }: Resource<'models'>): Map<string, string> {
	return new Map(
		models.flatMap(({ name, versions }) => {
			const metric = versions.find(({ main_metric }) => main_metric !== null)?.main_metric;
			return metric === undefined || metric === null ? [] : [[name, metric] as const];
		}),
	);
}

function collectRun(root: string, run: Run, mainMetrics: ReadonlyMap<string, string>, now: number): Node {
	const { id, name, status, model, metrics, start_time, end_time, dataset, commit, params, tags } = run;
	const wanted = model === null ? undefined : mainMetrics.get(model.name);
	const metric =
		wanted !== undefined && wanted in metrics ? wanted : 'share' in metrics ? 'share' : Object.keys(metrics)[0];
	const interrupted = status === 'KILLED' && 'perch.interrupted' in tags;
	const about: [string, string][] = [
		['Status', interrupted ? 'interrupted' : status.toLowerCase()],
		['Started', new Date(start_time).toLocaleString()],
		...(end_time === null ? [] : [['Took', `${figure((end_time - start_time) / 1000)} s`] as [string, string]]),
		['Model', model === null ? 'none' : `${model.name} v${model.version}`],
		['Data', dataset === null ? 'unknown' : `${dataset.name} v${dataset.version}, ${count(dataset.rows, 'row')}`],
		...(commit === null ? [] : [['Commit', commit.slice(0, 8)] as [string, string]]),
		...Object.entries(metrics).map(([key, value]): [string, string] => [key, figure(value)]),
		...Object.entries(params).slice(0, 20),
	];
	return {
		id: `${root}|run|${id}`,
		label: name,
		description: [
			...(status === 'FINISHED' ? [] : [interrupted ? 'interrupted' : status.toLowerCase()]),
			...(metric === undefined ? [] : [`${metric} ${figure(metrics[metric])}`]),
			...(model === null ? [] : [`${model.name === run.experiment ? '' : `${model.name} `}v${model.version}`]),
			age(start_time, now),
		].join(' · '),
		tooltip: `**${escapeMarkdown(name)}**\n\n${markdownTable(['', ''], about)}`,
		icon: runIcon(status),
		context: ['run', status.toLowerCase(), isUnregistered(run) && 'unregistered', 'perch.tuning' in tags && 'tuning']
			.filter((word) => word !== false)
			.join('.'),
		target: { kind: 'run', root, id, name },
		command:
			'perch.tuning' in tags && status === 'RUNNING'
				? { id: 'perch.openTuning', title: 'Open Tuning' }
				: { id: 'perch.openRun', title: 'Open Run' },
	};
}

/** Whether it trained a model that no version was made of. */
function isUnregistered({ status, model, params }: Run): boolean {
	return status === 'FINISHED' && model === null && 'model.type' in params;
}

function runIcon(status: Run['status']): Node['icon'] {
	switch (status) {
		case 'RUNNING':
			return { name: 'sync~spin' };
		case 'SCHEDULED':
			return { name: 'clock' };
		case 'FINISHED':
			return { name: 'pass', color: colors.good };
		case 'FAILED':
			return { name: 'error', color: colors.bad };
		case 'KILLED':
			return { name: 'circle-slash', color: colors.warning };
	}
}
