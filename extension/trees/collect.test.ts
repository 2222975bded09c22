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
	it('shows rows, columns and runs, and the type of each column', () => {
		const columns = [
			{ name: 'spo2', type: 'double' },
			{ name: 'ward', type: 'string' },
		] as const;
		const dataset = {
			name: 'train',
			version: 2,
			digest: 'd',
			rows: 12_960,
			source: '/r/train.csv',
			created_at: now,
			runs: ['a'],
			reports: [],
			files: [],
		};
		const datasets = { datasets: [{ ...dataset, columns: [...columns] }] };
		const [node] = collectDatasets('/r', datasets, { reports: [] }, now);
		assert.ok(node);
		assert.equal(said(node), 'train v2: 12,960 rows · 2 columns · 1 run');
		assert.deepEqual(node.children?.map(said), ['spo2: double', 'ward: string']);
		const report = {
			...{ created_at: now, project: null, deployment: null, drift: true, share: 0.5, threshold: 0.5, drifted: 1 },
			...{ columns: 2, psi_max: null, reference: 'old.csv', html: '' },
		};
		const [drifted] = collectDatasets(
			'/r',
			{ datasets: [{ ...dataset, columns: [], reports: ['x', 'y'] }] },
			{
				reports: [
					{ ...report, id: 'x', current: 'else.csv', drifted: 2 },
					{ ...report, id: 'y', current: 'train.csv' },
				],
			},
			now,
		);
		assert.equal(drifted?.description, '12,960 rows · 0 columns · 1 run · 1 of 2 columns drifted');
	});
});
