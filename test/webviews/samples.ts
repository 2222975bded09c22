/** What panels are shown in the tests: true to life, with names that would do harm where they were taken for HTML. */
import type { AuditEvent } from '../../daemon/protocol/audit.ts';
import type { ModelVersion } from '../../daemon/protocol/models.ts';
import type { Run } from '../../daemon/protocol/runs.ts';
import type { CompareView } from '../../webviews/messages/compare.ts';
import type { RegistryView } from '../../webviews/messages/registry.ts';
import type { SimulationResult, SimulationSettings, SimulationView } from '../../webviews/messages/simulation.ts';

export const hostile = '</script><img src=x onerror=alert(1)>';

const root = '/home/ada/vitalwatch';
const shown = { root, readOnly: false };
const day = 86_400_000;
const start = Date.UTC(2026, 2, 2, 9, 30);

const dataset = {
	name: 'vitals',
	version: 2,
	digest: '8c4f2e1a9b7d60534f1c2d3e4a5b6c7d',
	rows: 7200,
	source: 'data/vitals.csv',
};

function version(number: number, change: Partial<ModelVersion> = {}): ModelVersion {
	return {
		name: 'vitalwatch',
		version: number,
		aliases: [],
		status: 'ready',
		created_at: start + number * day,
		run_id: `${number}f3a9c07d5e84b21a6f0c9d8e7b6a5${number}4`.padEnd(32, '0').slice(0, 32),
		dataset,
		metrics: { f1: 0.81 + number / 137, precision: 0.9012345, recall: 0.7 + number / 53, threshold: -0.512345678 },
		main_metric: 'f1',
		source: 'training',
		sha256: 'ab'.repeat(32),
		size: 148_213,
		task: 'anomaly',
		description: '',
		...change,
	};
}

function event(seq: number, name: string, subject: string, actor: string, reason: string): AuditEvent {
	return {
		seq,
		timestamp: start + seq * 3_700_000,
		actor,
		event: name,
		subject,
		reason,
		detail: {},
		prev_hash: `${seq}e`.padEnd(64, '3'),
		hash: `${seq}f`.padEnd(64, '4'),
	};
}

export const registryView: RegistryView = {
	...shown,
	names: ['home-prices', hostile, 'vitalwatch'],
	model: {
		name: 'vitalwatch',
		created_at: start,
		versions: [
			version(5, { aliases: ['candidate', 'night-shift'], dataset: { ...dataset, name: hostile } }),
			version(4, { status: 'archived', metrics: { f1: null, precision: 0.88, recall: 0.0000123 } }),
			version(3, { aliases: ['production'] }),
			version(2, { source: 'import', run_id: null, dataset: null, metrics: { [hostile]: 12_345_678.9 } }),
			version(1, { status: 'failed' }),
		],
	},
	history: [
		event(19, 'alias.set', 'vitalwatch/5', 'user', hostile),
		event(
			17,
			'canary.rolled_back',
			'vitalwatch/4',
			'guard',
			'Drift in 3 of 4 columns (share 0.75, threshold 0.5): heart_rate, spo2, respiration. The candidate’s share went to 0 and the version was archived.',
		),
		event(12, 'alias.set', 'vitalwatch/3', 'user', 'Recall on the night shift is better by 2 points.'),
		event(9, 'version.created', 'vitalwatch/3', 'perch-cli', ''),
	],
};

function run(index: number, change: Partial<Run>): Run {
	return {
		id: `${index}d41f7c9a8b3e5${index}60`.repeat(2).padEnd(32, '7').slice(0, 32),
		name: `vitalwatch-${index}`,
		experiment: 'vitalwatch',
		status: 'FINISHED',
		start_time: start + index * 5_400_000,
		end_time: start + index * 5_400_000 + 42_000,
		params: {},
		metrics: {},
		tags: {},
		dataset,
		commit: '4f2d9c81b0a7e6d5c4b3a29180f7e6d5c4b3a291',
		model: { name: 'vitalwatch', version: index },
		...change,
	};
}

const history = (rise: number, wave: number) =>
	Array.from({ length: 30 }, (_, step) => ({
		step,
		timestamp: start + step * 1000,
		value: 0.9 - Math.exp(-step / rise) / 2 + Math.sin(step * wave) / 90,
	}));

export const compareView: CompareView = {
	...shown,
	all: false,
	comparison: {
		runs: [run(1, {}), run(2, { name: 'wide windows' }), run(3, { name: hostile, status: 'KILLED' })],
		rows: [
			{ section: 'metric', name: 'f1', values: [0.8173, 0.84412345, null], best: 1 },
			{ section: 'metric', name: 'false_alarms_per_hour', values: [4.2, 3.0001, 2.75], best: 2 },
			{ section: 'metric', name: 'rows', values: [7200, 7200, 14_400], best: null },
			{ section: 'param', name: 'trees', values: ['100', '200', '200'], best: null },
			{ section: 'param', name: 'contamination', values: ['0.02', '0.02', hostile], best: null },
			{
				section: 'data',
				name: 'digest',
				values: [dataset.digest, dataset.digest, '0a9b8c7d6e5f40312a3b4c5d6e7f8091'],
				best: null,
			},
			{ section: 'code', name: 'commit', values: [run(1, {}).commit, run(1, {}).commit, null], best: null },
		],
		same: 14,
		chart: { metric: 'f1', series: [history(4, 1.3), history(7, 0.9), history(5, 1.7)] },
		markdown: '| | |',
		csv: 'a,b',
	},
};

const rate = (share: number, half: number) => ({
	share,
	low: Math.max(0, share - half),
	high: Math.min(1, share + half * 1.1),
	count: Math.round(share * 500),
});

function outcome(rollback: number, after: number | null) {
	const spread =
		after === null ? { mean: null, p50: null, p95: null } : { mean: after * 1.1, p50: after, p95: after * 1.9 };
	return {
		promote: rate(0, 0.004),
		rollback: rate(rollback, 0.03 - Math.abs(rollback - 0.5) / 25),
		inconclusive: rate(1 - rollback, 0.02),
		requests: spread,
		exposure: { mean: 93.4567, p50: 88, p95: 171.5 },
	};
}

export const simulationSettings: SimulationSettings = {
	traffic: null,
	repetitions: 500,
	requests: 2000,
	block: 50,
	share: null,
	seed: 7,
};

export const simulationResult: SimulationResult = {
	...outcome(0.034, 1500),
	aa: outcome(0.0186, null),
	harm: [
		{ shift: 0.1, outcome: outcome(0.122, 1500) },
		{ shift: 0.25, outcome: outcome(0.486, 1000) },
		{ shift: 0.5, outcome: outcome(0.958, 500) },
		{ shift: 1, outcome: outcome(1, 500) },
	],
	settings: {
		traffic: hostile,
		rows: 7200,
		repetitions: 500,
		requests: 2000,
		block: 50,
		share: 0.1,
		every: 500,
		seed: 7,
		guard: ['drift', `${hostile} max 1 %`],
	},
};

export const simulationView: SimulationView = {
	...shown,
	deployment: hostile,
	config: null,
	settings: simulationSettings,
	result: simulationResult,
	running: null,
};
