/** A drift report with every kind of verdict. */
import type { DriftColumn } from '../../daemon/protocol/drift.ts';
import type { DriftPerformance } from '../../daemon/protocol/driftPerformance.ts';
import type { DriftView } from '../../webviews/messages/drift.ts';
import { hostile } from './samples.ts';

const bins = 24;

/** Shares of a bell around `center` in bins of 0 to 1. */
function bell(center: number): number[] {
	const heights = Array.from({ length: bins }, (_, bin) => Math.exp(-((bin / bins - center) ** 2) / 0.02));
	const total = heights.reduce((sum, height) => sum + height, 0);
	return heights.map((height) => height / total);
}

const side = (mean: number): DriftColumn['reference'] => ({
	rows: 7200,
	nulls: 12,
	distinct: 7011,
	mean,
	std: 4.3219876,
	min: mean - 14.25,
	median: mean - 0.125,
	max: mean + 15.5,
});

function numeric(column: string, shift: number, change: Partial<DriftColumn> = {}): DriftColumn {
	return {
		column,
		type: 'double',
		test: 'ks',
		statistic: shift + 0.0123456,
		p_value: shift > 0.1 ? 3.2e-19 : 0.4123,
		adjusted_p: shift > 0.1 ? 9.6e-19 : 0.5,
		effect: shift,
		effect_interval: { low: Math.max(0, shift - 0.0462), high: shift + 0.0306 },
		effective_rows: { reference: 7188, current: 1211 },
		rows_needed: null,
		score: shift,
		threshold: 0.1,
		drift: shift > 0.1,
		reason: null,
		notes: [],
		statistics: { ks: shift + 0.0123456, psi: shift * 1.7, wasserstein: shift * 2.1, jensen_shannon: shift / 1.3 },
		reference: side(72.4567),
		current: side(72.4567 + shift * 30),
		distribution: {
			kind: 'histogram',
			edges: Array.from({ length: bins + 1 }, (_, edge) => 58 + edge * 1.25),
			reference: bell(0.45),
			current: bell(0.45 + shift / 2),
			outside: { reference: 0, current: 0.0025 },
		},
		...change,
	};
}

const untold: Partial<DriftColumn> = {
	test: null,
	statistic: null,
	p_value: null,
	adjusted_p: null,
	effect: null,
	effect_interval: null,
	effective_rows: null,
	score: null,
	threshold: null,
	drift: null,
	statistics: {},
	distribution: null,
};

const classFigures = (share: number) => ({
	rows: 7000,
	accuracy: share,
	precision: share - 0.1234567,
	recall: share - 0.2,
	f1: share - 0.15,
	precision_macro: share - 0.01,
	recall_macro: share - 0.02,
	f1_macro: share - 0.03,
	precision_weighted: share - 0.04,
	recall_weighted: share - 0.05,
	f1_weighted: share - 0.06,
	roc_auc: share + 0.01,
	log_loss: null,
	brier: 0.1,
});
const perClass = { rows: 812, precision: 0.8123456, recall: 0.7, f1: 0.75 };
const points = [0.1, 0.5, 0.9].map((predicted) => ({ rows: 200, predicted, observed: predicted - 0.04 }));

const performance: DriftPerformance = {
	task: 'classification',
	target: 'alarm',
	prediction: hostile,
	left_out: { reference: 0, current: 12 },
	reason: null,
	classification: {
		classes: ['calm', hostile],
		others: 3,
		positive: hostile,
		figures: { reference: classFigures(0.9), current: classFigures(0.8) },
		by_class: [
			{ class: 'calm', reference: perClass, current: perClass },
			{ class: hostile, reference: perClass, current: null },
		],
		confusion: {
			reference: [
				[600, 30, 1],
				[40, 330, 2],
				[0, 0, 9],
			],
			current: [
				[500, 130, 1],
				[140, 230, 2],
				[0, 0, 0],
			],
		},
		calibration: { reference: points, current: points.slice(1) },
	},
	features: ['ward', hostile].map((column) => ({
		column,
		spread: 0.3123456,
		parts: [
			{
				segment: hostile,
				reference: { rows: 80, accuracy: 0.9, f1: 0.8 },
				current: { rows: 70, accuracy: 0.6, f1: null },
			},
			{ segment: '12 to 15', reference: { rows: 81, accuracy: 0.88, f1: 0.7 }, current: null },
		],
	})),
};

export const driftView: DriftView = {
	root: '/home/ada/vitalwatch',
	readOnly: false,
	report: {
		id: '01jqv3x8m2',
		created_at: Date.UTC(2026, 2, 9, 14, 5),
		project: 'vitalwatch',
		deployment: hostile,
		drift: true,
		reason: null,
		share: 0.6,
		threshold: 0.5,
		profile: 'sound',
		reference: {
			name: 'training',
			why: `training: what version 3 was trained on, which ${hostile} serves.`,
			rows: 7200,
			digest: '8c4f2e1a9b7d60534f1c2d3e4a5b6c7d',
		},
		current: { name: hostile, rows: 1412, digest: null, from: Date.UTC(2026, 2, 9, 12), to: Date.UTC(2026, 2, 9, 14) },
		columns: [
			numeric('heart_rate', 0.4123, {
				segments: {
					looked: 37,
					columns: 5,
					found: [
						{
							column: 'ward',
							segment: hostile,
							rows: { reference: 1210, current: 233 },
							effect: 0.7123456,
							elsewhere: 0.2101234,
							p_value: 3.1e-21,
							adjusted_p: 1.1e-19,
						},
					],
				},
				examples: {
					gained: 'above 88.25',
					shares: { reference: 0.1, current: 0.4123 },
					columns: ['heart_rate', hostile, 'spo2', 'awake'],
					rows: [
						{ row: 17, line: 18, cells: [91.5, hostile, 0.97, true] },
						{ row: 1204, line: 1207, cells: [96.25, 'day surgery', null, false] },
					],
				},
			}),
			numeric('spo2', 0.0312),
			numeric('respiration', 0.2201, {
				notes: [`Half of it is ${hostile}.`],
				segments: { looked: 12, columns: 3, found: [] },
				findings: [
					{ kind: 'nulls', reference: 0.0017, current: 0.0412, p_value: 3.4e-17 },
					{ kind: 'out_of_range', share: 0.0612, expected: 0.00028, min: 58.25, max: 87.5, p_value: 1.2e-30 },
					{
						...{ kind: 'new_categories', share: 0.12, count: 12 },
						categories: [
							{ name: hostile, share: 0.08 },
							{ name: 'night', share: 0.0321 },
						],
					},
					{ kind: 'lost_categories', share: 0.05, count: 1, categories: [{ name: 'day', share: 0.05 }] },
				],
			}),
			numeric(hostile, 0.31, {
				type: 'string',
				test: 'chi_square',
				statistics: { psi: 0.4, jensen_shannon: 0.2, chi_square: 811.4, cramers_v: 0.31 },
				distribution: {
					kind: 'categories',
					labels: ['north', hostile, 'day surgery, second floor, left wing'],
					reference: [0.5, 0.3, 0.15],
					current: [0.2, 0.5, 0.2],
					other: { categories: 7, reference: 0.05, current: 0.1 },
				},
			}),
			numeric('température', 0, { type: 'integer', reason: 'Constant in both samples.' }),
			numeric('ward_phone', 0, { ...untold, reason: 'All values are null.' }),
			numeric('blood_pressure', 0, {
				...untold,
				effective_rows: { reference: 112, current: 7 },
				rows_needed: 4034,
				reason:
					'Too few rows to tell: neighbouring rows resemble one another, so that 1412 in the current data count as 7; 20 are needed, which takes about 4034 rows.',
			}),
		],
		multivariate: {
			...{ drift: true, reason: null, auc: 0.7123, interval: { low: 0.6891, high: 0.7355 }, p_value: 3.1e-40 },
			...{ rows: { reference: 7200, current: 1412 }, effective_rows: { reference: 3600, current: 706 } },
			columns: [
				{ column: 'heart_rate', auc: 0.6912 },
				{ column: hostile, auc: 0.6012 },
			],
		},
		predictions: {
			from: hostile,
			drift: true,
			reason: null,
			columns: [numeric('anomaly_score', 0.2, {})],
		},
		target: numeric('alarm', 0.02),
		performance,
		sample: { reference: null, current: 100_000, seed: 7 },
		chunks: {
			by: 'time',
			size: 600_000,
			left_out: 3,
			chunks: Array.from({ length: 12 }, (_, chunk) => ({
				from: Date.UTC(2026, 2, 9, 12) + chunk * 600_000,
				to: Date.UTC(2026, 2, 9, 12) + (chunk + 1) * 600_000,
				rows: chunk === 4 ? 0 : 120 - chunk,
			})),
			columns: [
				{
					column: 'heart_rate',
					pieces: 14,
					distance: Array.from({ length: 12 }, (_, chunk) => (chunk === 4 ? null : 0.02 + chunk * 0.03)),
					limit: Array.from({ length: 12 }, (_, chunk) => (chunk === 4 ? null : 0.15 + chunk * 0.001)),
					mean: Array.from({ length: 12 }, (_, chunk) => (chunk === 4 ? null : 72 + chunk)),
					nulls: Array.from({ length: 12 }, (_, chunk) => (chunk === 4 ? null : 0.0125)),
					beyond: 7,
				},
				{ column: hostile, pieces: 0, distance: [0.5], limit: [0.3], nulls: [0], beyond: 1 },
			],
		},
		missing: ['bed'],
		added: [hostile],
	},
};
