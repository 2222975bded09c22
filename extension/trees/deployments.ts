import type { Deployment } from '../../daemon/protocol/serving.ts';
import type { Resource } from '../connection/resources.ts';
import { age, count, escapeMarkdown, markdownTable, percent } from '../words.ts';
import { colors, type Node } from './node.ts';

/** Deployments, each with its two arms, its address and its last look at drift. */
export function collectDeployments(root: string, { deployments }: Resource<'deployments'>, now: number): Node[] {
	return deployments.map((deployment) => {
		const { name, state, canary, version, last_drift } = deployment;
		const drifted = last_drift?.drift === true;
		return {
			id: `${root}|deployment|${name}`,
			label: name,
			description: [
				`v${version}`,
				...(state === 'serving' ? [] : [state]),
				...(canary?.status === 'running' ? [`canary v${canary.candidate} ${percent(canary.share)}`] : []),
				...(canary?.status === 'rolled_back' ? [`v${canary.candidate} rolled back`] : []),
				...(last_drift === null ? [] : [driftWord(last_drift.drift)]),
			].join(' · '),
			tooltip: tooltip(deployment, now),
			icon: drifted && state === 'serving' ? { name: 'warning', color: colors.warning } : stateIcon(state),
			context: `deployment.${state}${canary?.status === 'running' ? '.canary' : ''}${last_drift === null ? '' : '.drift'}`,
			target: { kind: 'deployment', root, name, project: deployment.project },
			children: collectParts(root, deployment, now),
			unfolded: state !== 'stopped',
		};
	});
}

function driftWord(drift: boolean | null): string {
	if (drift === null) return 'drift unknown';
	return drift ? 'drift' : 'no drift';
}

function stateIcon(state: Deployment['state']): Node['icon'] {
	switch (state) {
		case 'serving':
			return { name: 'radio-tower', color: colors.good };
		case 'starting':
			return { name: 'sync~spin' };
		case 'stopped':
			return { name: 'debug-stop', color: colors.faint };
		case 'failed':
			return { name: 'error', color: colors.bad };
	}
}

function collectParts(root: string, deployment: Deployment, now: number): Node[] {
	const { name, model, version, canary, serving_uri, requests, errors, last_drift, warnings, state } = deployment;
	const id = (part: string) => `${root}|deployment|${name}|${part}`;
	const arm = { kind: 'version', root, name: model } as const;
	const share = canary?.status === 'running' ? canary.share : 0;
	return [
		{
			id: id('baseline'),
			label: `${model} v${version}`,
			description: `${percent(1 - share)} of the traffic`,
			icon: { name: 'verified-filled', color: colors.good },
			target: { ...arm, version },
		},
		...(canary === null
			? []
			: [
					{
						id: id('candidate'),
						label: `${model} v${canary.candidate}`,
						description:
							canary.status === 'running'
								? `${percent(share)} of the traffic, as candidate`
								: [canary.status.replace('_', ' '), canary.reason].filter((part) => part !== '').join(': '),
						tooltip: escapeMarkdown(canary.reason),
						icon: canary.status === 'rolled_back' ? { name: 'discard', color: colors.warning } : { name: 'beaker' },
						target: { ...arm, version: canary.candidate },
					} satisfies Node,
				]),
		...(state === 'serving'
			? [
					{
						id: id('address'),
						label: serving_uri,
						description: `${count(requests, 'request')}${errors > 0 ? ` · ${count(errors, 'error')}` : ''}`,
						icon: { name: 'link' },
						context: 'address',
						target: { kind: 'deployment', root, name, project: deployment.project },
					} satisfies Node,
				]
			: []),
		...(last_drift === null
			? []
			: [
					{
						id: id('drift'),
						label:
							last_drift.drift === true ? 'Drift found' : last_drift.drift === false ? 'No drift' : 'Drift unknown',
						description: [
							last_drift.reason ?? `${percent(last_drift.share)} of the columns`,
							age(last_drift.created_at, now),
						].join(' · '),
						icon: last_drift.drift === true ? { name: 'graph', color: colors.warning } : { name: 'graph' },
						context: 'report',
						target: { kind: 'report', root, id: last_drift.id },
						command: { id: 'perch.openDriftReport', title: 'Open Drift Report' },
					} satisfies Node,
				]),
		...warnings.map(
			(warning, index): Node => ({
				id: id(`warning${index}`),
				label: warning,
				tooltip: escapeMarkdown(warning),
				icon: { name: 'warning', color: colors.warning },
			}),
		),
	];
}

function tooltip(deployment: Deployment, now: number): string {
	const { name, model, version, state, serving_uri, auth, requests, errors, started_at, canary } = deployment;
	return `**${escapeMarkdown(name)}**\n\n${markdownTable(
		['', ''],
		[
			['State', state],
			['Model', `${model} v${version}`],
			['Address', serving_uri],
			['Token', auth === 'token' ? 'asked for' : 'not asked for'],
			['Requests', String(requests)],
			['Errors', String(errors)],
			['Started', age(started_at, now)],
			...(canary === null
				? []
				: [
						['Canary', `v${canary.candidate}, ${canary.status.replace('_', ' ')}, ${percent(canary.share)}`],
						['Answered', `${canary.requests.baseline} by production, ${canary.requests.candidate} by the candidate`],
					]),
		],
	)}`;
}
