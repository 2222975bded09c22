/** A net that forecasts as nodes of an ONNX graph. */
import type { ModelInput } from '../../../onnx/description.ts';
import type { Graph } from '../../../onnx/graph.ts';
import { farthest } from '../scale.ts';
import type { SequenceModel } from './sequenceModel.ts';
import { partsOf, type SequenceNet } from './sequenceNet.ts';
import type { Channel } from './seriesRows.ts';

/** The inputs of the graph, one a column: a row is a window of it. */
export function seriesInputs(channels: readonly Channel[], size: number): ModelInput[] {
	return channels.map(({ name, input }) => ({ name, type: input, width: size }));
}

/**
 * Declares the inputs; returns the windows scaled, `[N, size, channels]` float32 with 0 for what is missing, and where that
 * is, as bool.
 */
export function addSeries(
	graph: Graph,
	channels: readonly Channel[],
	size: number,
): { scaled: string; missing: string } {
	const deep = graph.constant(BigInt64Array.of(2n), [1]);
	const columns = channels.map(({ name, input, center }) => {
		const values = graph.input(name, input, ['N', size]);
		const single =
			input === 'float'
				? values
				: graph.node('Cast', [graph.node('Sub', [values, graph.constant(Float64Array.of(center), [])])], {
						to: { int: 1 },
					});
		return graph.node('Unsqueeze', [single, deep]);
	});
	const joined = columns.length === 1 ? (columns[0] as string) : graph.node('Concat', columns, { axis: { int: 2 } });
	const missing = graph.node('IsNaN', [joined]);
	const each = (values: (channel: Channel) => number) =>
		graph.constant(Float32Array.from(channels, values), [channels.length]);
	const centered = graph.node('Sub', [joined, each(({ mean }) => mean)]);
	const wide = graph.node('Mul', [centered, each(({ factor }) => factor)]);
	const [low, high, none] = [-farthest, farthest, 0].map((value) => graph.constant(Float32Array.of(value), []));
	const bounded = graph.node('Clip', [wide, low as string, high as string]);
	return { scaled: graph.node('Where', [missing, none as string, bounded]), missing };
}

/** Rows `from` to `to` (exclusive) of windows. */
export function addRows(graph: Graph, windows: string, from: number, to: number): string {
	const at = (value: number) => graph.constant(BigInt64Array.of(BigInt(value)), [1]);
	return graph.node('Slice', [windows, at(from), at(to), at(1)]);
}

/** One row of windows, `[N, channels]`. */
export function addRow(graph: Graph, windows: string, row: number): string {
	return graph.node('Gather', [windows, graph.constant(BigInt64Array.of(BigInt(row)), [])], { axis: { int: 1 } });
}

/** How far each row of scaled windows lies from the last one, as the net takes it; 0 where it is missing. */
export function addDistances(graph: Graph, scaled: string, missing: string, { net, reach }: Reaching): string {
	const last = addRow(graph, scaled, net.shape.steps - 1);
	const row = graph.node('Unsqueeze', [last, graph.constant(BigInt64Array.of(1n), [1])]);
	const distances = graph.node('Mul', [graph.node('Sub', [scaled, row]), graph.constant(reach, [reach.length])]);
	return graph.node('Where', [missing, graph.constant(Float32Array.of(0), []), distances]);
}

type Reaching = Pick<SequenceModel, 'net' | 'reach'>;

/** Adds the net to windows as it takes them, `[N, steps, channels]`; returns what it says, `[N, outputs]`. */
export function addSequenceNet(graph: Graph, windows: string, net: SequenceNet): string {
	const { inputs, units, outputs } = net.shape;
	const { weights, layer, biases } = partsOf(net);
	const columns = 4 * units;
	/** Rows of our weights as ONNX has them, a row a gate. */
	const turned = (from: number, rows: number) => {
		const values = new Float32Array(rows * columns);
		for (let row = 0; row < rows; row++) {
			for (let column = 0; column < columns; column++) {
				values[column * rows + row] = weights[(from + row) * columns + column] as number;
			}
		}
		return graph.constant(values, [1, columns, rows]);
	};
	const bias = new Float32Array(2 * columns);
	bias.set(weights.subarray((units + inputs) * columns, (units + inputs + 1) * columns));
	const steps = graph.node('Transpose', [windows], { perm: { ints: [1, 0, 2] } });
	const state = graph.node(
		'LSTM',
		[steps, turned(units, inputs), turned(0, units), graph.constant(bias, [1, 2 * columns])],
		{ hidden_size: { int: units } },
		'',
		1,
	);
	const last = graph.node('Squeeze', [state, graph.constant(BigInt64Array.of(0n), [1])]);
	const matrix = graph.constant(Float32Array.from(layer), [outputs, units]);
	return graph.node('Gemm', [last, matrix, graph.constant(Float32Array.from(biases), [outputs])], {
		transB: { int: 1 },
	});
}
