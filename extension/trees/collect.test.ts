import assert from 'node:assert/strict';
import type { ModelVersion } from '../../daemon/protocol/models.ts';
import type { Run } from '../../daemon/protocol/runs.ts';
import type { Deployment } from '../../daemon/protocol/serving.ts';
import { collectDatasets } from './datasets.ts';
import { collectDeployments } from './deployments.ts';
import { collectModels } from './models.ts';
import type { Node } from './node.ts';
import { collectRuns, mainMetricsOf } from './runs.ts';

const now = Date.UTC(2026, 4, 1, 12);
const minute = 60_000;

const version = (number: number, rest: Partial<ModelVersion> = {}): ModelVersion => ({
	name: 'vitalwatch',
	version: number,
	aliases: [],
	status: 'ready',
	created_at: now - 3 * minute,
	run_id: 'a'.repeat(32),
	dataset: null,
	metrics: { precision: 0.5, f1: 0.91234 },
	main_metric: 'f1',
	source: 'training',
	sha256: '',
	size: 1000,
	task: 'anomaly',
	description: '',
	...rest,
});

const run = (name: string, rest: Partial<Run> = {}): Run => ({
	id: name,
	name,
	experiment: 'vitalwatch',
	status: 'FINISHED',
	start_time: now - 120 * minute,
	end_time: now - 119 * minute,
	params: { trees: '100' },
	metrics: { precision: 0.5, f1: 0.91234 },
	tags: {},
	dataset: null,
	commit: null,
	model: { name: 'vitalwatch', version: 2 },
	...rest,
});

const deployment = (rest: Partial<Deployment> = {}): Deployment => ({
	name: 'vitalwatch',
	project: 'vitalwatch',
	model: 'vitalwatch',
	version: 1,
	serving_uri: 'http://127.0.0.1:4000',
	auth: 'none',
	state: 'serving',
	requests: 1200,
	errors: 0,
	started_at: now,
	canary: null,
	last_drift: null,
	warnings: [],
	...rest,
});

const canary = {
	candidate: 2,
	share: 0.1,
	started_at: now,
	salt_id: '',
	requests: { baseline: 0, candidate: 0 },
	status: 'running',
	reason: '',
} as const;

const said = ({ label, description = '' }: Node) => `${label}: ${description}`;
const models = { models: [{ name: 'vitalwatch', created_at: 0, versions: [version(2), version(1)] }] };

describe('the tree of models', () => {
	it('shows versions with aliases, main metric and age, newest first', () => {
		const versions = [
			version(3, { aliases: ['candidate'] }),
			version(2, { status: 'archived', main_metric: null }),
			version(1, { aliases: ['production', 'stable'], metrics: { f1: null }, created_at: now - 2 * 86_400_000 }),
		];
		const [model] = collectModels('/r', { models: [{ name: 'vitalwatch', created_at: 0, versions }] }, now);
		assert.deepEqual(model?.children?.map(said), [
			'v3 candidate: f1 0.912 · 3 min ago',
			'v2: archived · 3 min ago',
			'v1 production, stable: f1 n/a · 2 days ago',
		]);
		assert.deepEqual(
			model.children.map(({ context }) => context),
			['version.ready.candidate', 'version.archived', 'version.ready.production.stable'],
		);
		assert.deepEqual(model.children[0]?.target, { kind: 'version', root: '/r', name: 'vitalwatch', version: 3 });
	});

	it('keeps text from outside out of the markup of a tooltip', () => {
		const hostile = version(1, { description: '[x](command:perch.train) <img src=x>' });
		const [model] = collectModels('/r', { models: [{ name: 'v', created_at: 0, versions: [hostile] }] }, now);
		assert.doesNotMatch(model?.children?.[0]?.tooltip ?? '', /\]\(command|<img/);
	});
});

describe('the tree of runs', () => {
	it('shows the main metric of the model, and what did not finish', () => {
		const runs = [
			run('one'),
			run('two', { status: 'RUNNING', metrics: {}, model: null, start_time: now }),
			run('three', { status: 'KILLED', tags: { 'perch.interrupted': 'true' }, model: null }),
		];
		assert.deepEqual(collectRuns('/r', { runs }, mainMetricsOf(models), now).map(said), [
			'one: f1 0.912 · v2 · 2 hours ago',
			'two: running · just now',
			'three: interrupted · precision 0.5 · 2 hours ago',
		]);
	});

	it('keeps the runs of monitoring behind the others, folded', () => {
		const runs = [
			run('look', { experiment: 'vitalwatch-monitoring', metrics: { 'drift.x': 1, share: 0.5 } }),
			run('one'),
		];
		const groups = collectRuns('/r', { runs }, new Map(), now);
		assert.deepEqual(
			groups.map(({ label, unfolded }) => [label, unfolded]),
			[
				['vitalwatch', true],
				['vitalwatch-monitoring', false],
			],
		);
		assert.match(said(groups[1]?.children?.[0] ?? assert.fail()), /share 0\.5/);
	});

	it('groups by experiment when there are several', () => {
		const runs = [run('one'), run('two', { experiment: 'prices' }), run('three')];
		const groups = collectRuns('/r', { runs }, new Map(), now);
		assert.deepEqual(groups.map(said), ['vitalwatch: 2 runs', 'prices: 1 run']);
		assert.deepEqual(
			groups[0]?.children?.map(({ label }) => label),
			['one', 'three'],
		);
	});
});

describe('the tree of deployments', () => {
	const one = (rest: Partial<Deployment>) => {
		const [node] = collectDeployments('/r', { deployments: [deployment(rest)] }, now);
		assert.ok(node);
		return node;
	};

	it('shows the share of a running canary and the traffic that is left', () => {
		const node = one({ canary });
		assert.equal(said(node), 'vitalwatch: v1 · canary v2 10 %');
		assert.deepEqual(node.children?.map(said), [
			'vitalwatch v1: 90 % of the traffic',
			'vitalwatch v2: 10 % of the traffic, as candidate',
			'http://127.0.0.1:4000: 1,200 requests',
		]);
	});

	it('says that and why a candidate was rolled back, and leads to the report', () => {
		const last_drift = { id: 'r', drift: true, share: 0.75, created_at: now, reason: null };
		const node = one({ canary: { ...canary, status: 'rolled_back', share: 0, reason: 'drift' }, last_drift });
		assert.equal(said(node), 'vitalwatch: v1 · v2 rolled back · drift');
		assert.equal(node.icon.name, 'warning');
		assert.deepEqual(node.children?.map(said), [
			'vitalwatch v1: 100 % of the traffic',
			'vitalwatch v2: rolled back: drift',
			'http://127.0.0.1:4000: 1,200 requests',
			'Drift found: 75 % of the columns · just now',
		]);
		assert.deepEqual(node.children.at(-1)?.target, { kind: 'report', root: '/r', id: 'r' });
	});

	it('does not take a verdict that could not be reached for one', () => {
		const last_drift = { id: 'r', drift: null, share: 0, created_at: now, reason: 'fewer than 100 rows' };
		const node = one({ last_drift });
		assert.equal(said(node), 'vitalwatch: v1 · drift unknown');
		assert.equal(node.children?.at(-1)?.description, 'fewer than 100 rows · just now');
	});

	it('gives no address of what is stopped', () => {
		const node = one({ state: 'stopped' });
		assert.equal(node.context, 'deployment.stopped');
		assert.ok(!node.children?.some(({ context }) => context === 'address'));
	});
});

describe('the tree of datasets', () => {
	const dataset = {
		...{ name: 'train', version: 1, digest: 'd1', rows: 12_960, source: '/r/train.csv', created_at: now - 90 * minute },
		...{ runs: ['a'], reports: ['old'] },
		files: [{ path: '/r/train.csv', size: 1, sha256: '', modified: now - 9 * minute, changed: 0, inode: 1 }],
		columns: [
			{ name: 'spo2', type: 'double' as const },
			{ name: 'ward', type: 'string' as const },
		],
	};
	const newer = { ...dataset, version: 2, digest: 'd2', rows: 1, created_at: now, runs: [], reports: ['x', 'y'] };
	const report = (id: string, rest: object) => ({
		...{ id, created_at: now, project: null, deployment: null, drift: true, share: 0.5, threshold: 0.5, drifted: 1 },
		...{ columns: 2, psi_max: null, reference: 'old.csv', current: 'train.csv', html: '', ...rest },
	});
	const profile = (rest: object) => ({
		...{
			file: '/r/train.csv',
			created_at: now - 5 * minute,
			dataset: null,
			rows: 1,
			columns: 2,
			duplicates: 3,
			html: '',
		},
		...rest,
	});
	const collected = (datasets: (typeof dataset)[], reports: ReturnType<typeof report>[], profiles = [profile({})]) =>
		collectDatasets('/r', { datasets }, { reports }, { profiles }, now);

	it('nests the versions of a dataset, the newest first, with the type of each column', () => {
		const [node, ...others] = collected([dataset, newer], [], []);
		assert.ok(node);
		assert.deepEqual(others, []);
		assert.equal(said(node), 'train: v2 · 1 row · 0 runs');
		assert.deepEqual(node.children?.map(said), [
			'v2: 1 row · 2 columns · 0 runs · just now',
			'v1: 12,960 rows · 2 columns · 1 run · 1 hour ago',
		]);
		assert.deepEqual(node.children?.[1]?.children?.map(said), ['spo2: double', 'ward: string']);
	});

	it('shows the last drift and the last profile of each version, where they open', () => {
		const reports = [
			report('x', { current: 'else.csv', drifted: 2 }),
			report('y', {}),
			report('old', { drift: false, drifted: 0 }),
		];
		const described = { dataset: { name: 'train', version: 1, digest: 'd1' }, duplicates: 0 };
		const [node] = collected([newer, dataset], reports, [profile({}), profile(described)]);
		assert.equal(node?.description, 'v2 · 1 row · 0 runs · 1 of 2 columns drifted');
		assert.equal(node.icon.color, 'list.warningForeground');
		const [now2, before] = (node.children ?? []).map(({ children = [] }) => children.slice(0, 2));
		assert.deepEqual(now2?.map(said), [
			'Drift: 1 of 2 columns drifted · just now',
			'Profile: 1 row × 2 columns · 3 rows repeated · 5 min ago',
		]);
		assert.deepEqual(
			now2?.map(({ target, command }) => [target?.kind, command?.id]),
			[
				['report', 'perch.openDriftReport'],
				['dataset', 'perch.profileDataset'],
			],
		);
		assert.deepEqual(before?.map(said), [
			'No drift: 0 of 2 columns drifted · just now',
			'Profile: 1 row × 2 columns · 5 min ago',
		]);
	});

	it('takes no profile of rows that were there before the version', () => {
		const [node] = collected([newer], [report('y', { drift: null })], [profile({ created_at: now - 10 * minute })]);
		assert.deepEqual(node?.children?.[0]?.children?.map(said), [
			'Drift cannot be told: just now',
			'spo2: double',
			'ward: string',
		]);
		assert.equal(node.children[0].context, 'dataset.only');
	});
});
