/** One graph inside another: its names kept apart, and one operator set for both. */
import { PerchError } from '../protocol/errors.ts';
import type { onnx } from './proto.ts';

/**
 * The nodes and constants of a graph, and of the graphs inside it, with a prefix before each name; `known` says what some
 * names (its inputs) are called outside. Names of nothing stay so, as they stand for an input that is not given.
 */
export function renamedGraph(
	graph: onnx.IGraphProto,
	prefix: string,
	known: ReadonlyMap<string, string> = new Map(),
): onnx.IGraphProto {
	const renamed = (name: string) => (name === '' ? '' : (known.get(name) ?? `${prefix}:${name}`));
	const value = (info: onnx.IValueInfoProto) => ({ ...info, name: renamed(info.name ?? '') });
	const inner = (one: onnx.IGraphProto) => renamedGraph(one, prefix, known);
	return {
		...graph,
		node: (graph.node ?? []).map((node) => ({
			...node,
			...(node.name && { name: `${prefix}:${node.name}` }),
			input: (node.input ?? []).map(renamed),
			output: (node.output ?? []).map(renamed),
			attribute: (node.attribute ?? []).map((attribute) => ({
				...attribute,
				...(attribute.g && { g: inner(attribute.g) }),
				...(attribute.graphs?.length && { graphs: attribute.graphs.map(inner) }),
			})),
		})),
		initializer: (graph.initializer ?? []).map((tensor) => ({ ...tensor, name: renamed(tensor.name ?? '') })),
		input: (graph.input ?? []).map(value),
		output: (graph.output ?? []).map(value),
		valueInfo: [],
	};
}

/** From this set on the operators of `ai.onnx` that Perch writes are what they are in the one that it declares. */
const oldestOperators = 13;

/**
 * The operator sets of a file that holds nodes of ours and of other graphs. Ours are the same in every set of `ai.onnx`
 * from 13 on, so that the other's holds; those of `ai.onnx.ml` are in each later set what they were, but for the encoder of
 * labels in the first.
 */
export function mergeOperatorSets(
	own: readonly { domain: string; version: number }[],
	others: readonly onnx.ModelProto[],
): { domain: string; version: number }[] {
	const sets = new Map(own.map(({ domain, version }) => [domain, version]));
	for (const { opsetImport, graph } of others) {
		for (const { domain: named, version: given } of opsetImport) {
			const domain = named === 'ai.onnx' ? '' : (named ?? '');
			const version = Number(given);
			const isOld =
				domain === ''
					? version < oldestOperators
					: domain === 'ai.onnx.ml' && version < 2 && graph?.node?.some(({ opType }) => opType === 'LabelEncoder');
			if (isOld) {
				throw new PerchError(
					'invalid_model',
					`The model is made for operator set ${version} of ${domain || 'ai.onnx'}.`,
					{
						hint: `Export it for ${oldestOperators} or newer (ai.onnx.ml: 2), to go into one graph with the preparation.`,
					},
				);
			}
			sets.set(domain, domain === '' ? version : Math.max(version, sets.get(domain) ?? 0));
		}
	}
	return [...sets].map(([domain, version]) => ({ domain, version }));
}
