/** A finished training of a classifier with everything that a run may hold, and the same while it was at work. */
import type { RunView } from '../../webviews/messages/run.ts';
import { compareView, hostile } from './samples.ts';

const [sample] = compareView.comparison.runs;
if (sample === undefined) throw new Error('The samples have no run.');
const run = sample;
const epochs = 40;
const loss = (epoch: number, rest: number) => rest + Math.exp(-epoch / 9) + Math.sin(epoch * 1.3) / 90;
const column = (name: string, index: number) => ({ column: name, mean: 0.31 / (index + 1) - 0.02, std: 0.0123 });
const names = ['heart_rate', 'spo2', hostile, 'temperature', 'respiration'];

export const runView: RunView = {
	...{ root: '/home/ada/vitalwatch', readOnly: false, clonable: true },
	detail: {
		run: {
			...run,
			params: { trees: '100', learning_rate: '0.1', [hostile]: hostile },
			metrics: { f1: 0.84412345, accuracy: 0.9123, log_loss: null, loss: loss(epochs, 0.2) },
		},
		history: {
			loss: Array.from({ length: epochs }, (_, epoch) => ({ step: epoch + 1, timestamp: 0, value: loss(epoch, 0.2) })),
			validation_loss: Array.from({ length: epochs }, (_, epoch) => ({
				...{ step: epoch + 1, timestamp: 0, value: loss(epoch, 0.27) + epoch / 900 },
			})),
			f1: [{ step: 0, timestamp: 0, value: 0.84412345 }],
		},
		source: '/home/ada/vitalwatch/perch.yaml',
		environment: { node: 'v24.14.1', 'onnxruntime-node': '1.30.0' },
		warnings: [`temperature alone tells the target nearly always: ${hostile}`],
		datasets: run.dataset === null ? [] : [{ ...run.dataset, context: 'training' }],
		artifacts: [{ path: 'model.onnx', size: 148_213, sha256: 'ab'.repeat(32) }],
	},
	log: {
		lines: ['Reading the data', 'Preparing', 'Growing tree 50 of 100', 'Writing the model'].map((message, index) => ({
			...{ time: run.start_time + index * 1700, message },
		})),
		...{ progress: null, figures: [] },
	},
	explanations: {
		...{ part: 'held_out', rows: 1440, of: 1440, notes: [] },
		importance: { metric: 'roc_auc', score: 0.93, repeats: 5, rows: 1440, columns: names.map(column) },
		contributions: {
			...{ method: 'tree_shap', unit: 'log_odds', rows: 500 },
			abnormal: { rows: 50, columns: names.map((name, index) => ({ column: name, mean: 0.7 - index / 5 })) },
			outputs: [
				{
					...{ class: 'ill', base: -1.2 },
					columns: names.map((name, index) => ({
						column: name,
						mean_absolute: 0.9 / (index + 1),
						mean: 0.1 - index / 20,
					})),
				},
			],
		},
		residuals: {
			points: Array.from({ length: 60 }, (_, at) => ({ truth: at, predicted: at + 4 * Math.sin(at) })),
			histogram: { edges: [-4, -2, 0, 2, 4], counts: [15, 14, 16, 15] },
			quantiles: { p1: -4, p5: -3.9, p25: -2.8, p50: 0.1, p75: 2.9, p95: 3.9, p99: 4 },
		},
		confusion: {
			classes: ['ill', 'well'],
			counts: [
				[180, 20],
				[31, 1209],
			],
		},
		calibration: [
			{
				class: 'ill',
				bins: Array.from({ length: 10 }, (_, bin) => ({
					...{ rows: 144, predicted: bin / 10 + 0.05, observed: (bin / 10 + 0.05) ** 1.2 },
				})),
			},
		],
		learning_curve: {
			metric: 'roc_auc',
			points: [300, 600, 1200, 2400, 5760].map((rows) => ({
				...{ rows, training: 0.99 - 9 / rows, held_out: 0.94 - 60 / rows },
			})),
		},
	},
};

export const workingView: RunView = {
	...runView,
	detail: {
		...runView.detail,
		run: { ...runView.detail.run, status: 'RUNNING', end_time: null, metrics: {}, params: {}, model: null },
		...{ history: {}, warnings: [], artifacts: [], environment: {}, datasets: [] },
	},
	log: {
		lines: runView.log.lines.slice(0, 3),
		progress: { message: 'Epoch 17 of 40: validation loss 0.402', share: 17 / 40 },
		figures: Array.from({ length: 17 }, (_, epoch) => ({
			...{ step: epoch + 1, values: { loss: loss(epoch, 0.2), validation_loss: loss(epoch, 0.27) } },
		})),
	},
	explanations: null,
};
