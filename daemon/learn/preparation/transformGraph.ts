/** Transforms of numbers as nodes of an ONNX graph. */
import { greatestFloat } from '../../onnx/description.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { NumberTransform } from './numberTransforms.ts';

/** Doubles, `[N, 1]`, through the transforms one after another; what is missing stays so. */
export function addTransforms(graph: Graph, value: string, transforms: readonly NumberTransform[]): string {
	return transforms.reduce((from, transform) => addTransform(graph, from, transform), value);
}

function addTransform(graph: Graph, value: string, transform: NumberTransform): string {
	const double = (number: number) => graph.constant(Float64Array.of(number), []);
	switch (transform.kind) {
		case 'clip':
			return graph.node('Clip', [value, double(transform.min), double(transform.max)]);
		case 'log': {
			const size = graph.node('Log', [graph.node('Add', [graph.node('Abs', [value]), double(1)])]);
			return graph.node('Mul', [graph.node('Sign', [value]), size]);
		}
		case 'scale': {
			const moved = graph.node('Sub', [value, double(transform.shift)]);
			return graph.node('Mul', [moved, double(transform.factor)]);
		}
	}
}

/** Doubles as float32, those beyond its range as its greatest. */
export function castFinite(graph: Graph, values: string): string {
	const [lowest, highest] = [-greatestFloat, greatestFloat].map((bound) => graph.constant(Float64Array.of(bound), []));
	const finite = graph.node('Clip', [values, lowest as string, highest as string]);
	return graph.node('Cast', [finite], { to: { int: 1 } });
}
