/** An autoencoder as nodes of an ONNX graph. */
import type { Graph } from '../../onnx/graph.ts';
import { type DenseNet, layersOf } from './denseNet.ts';

/** Adds the net to scaled features, `[N, k]`; returns the squared errors, `[N, k]`, and their mean, `[N]`. */
export function addAutoencoder(
	graph: Graph,
	scaled: string,
	{ sizes, parameters }: DenseNet,
): { errors: string; score: string } {
	const layers = layersOf(sizes);
	const back = layers.reduce((values, { at, width, height }, index) => {
		const weights = graph.constant(Float32Array.from(parameters.subarray(at, at + width * height)), [height, width]);
		const from = at + width * height;
		const biases = graph.constant(Float32Array.from(parameters.subarray(from, from + height)), [height]);
		const sums = graph.node('Gemm', [values, weights, biases], { transB: { int: 1 } });
		return index < layers.length - 1 ? graph.node('Tanh', [sums]) : sums;
	}, scaled);
	const difference = graph.node('Sub', [back, scaled]);
	const errors = graph.node('Mul', [difference, difference]);
	return { errors, score: graph.node('ReduceMean', [errors], { axes: { ints: [1] }, keepdims: { int: 0 } }) };
}
