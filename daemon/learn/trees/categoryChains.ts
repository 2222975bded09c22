/**
 * Cuts by sets of categories as ONNX has them: a chain of nodes that ask for one category each, all of which go to the same
 * node when it is there. Later operator sets know sets, of up to 32 bits alone.
 */
import { holds, type Tree } from './tree.ts';

export interface ChainedTree extends Pick<Tree, 'feature' | 'threshold' | 'missingLeft' | 'left' | 'right' | 'cover'> {
	/** 1 for nodes that go left where the feature equals the threshold; null where there are none. */
	readonly equal: Uint8Array | null;
}

/** A tree without sets; the links of its chains are added behind its nodes, which keep their numbers. */
export function chained(tree: Tree): ChainedTree {
	const { sets } = tree;
	if (sets === undefined) return { ...tree, equal: null };
	const known = tree.feature.length;
	const codes = Array.from(sets.of, (set) => (set < 0 ? [] : codesOf(tree, set)));
	const length = codes.reduce((sum, { length: links }) => sum + Math.max(0, links - 1), known);
	const longer = {
		feature: resized(tree.feature, length),
		threshold: resized(tree.threshold, length),
		missingLeft: resized(tree.missingLeft, length),
		left: resized(tree.left, length),
		right: resized(tree.right, length),
		cover: resized(tree.cover, length),
		equal: new Uint8Array(length),
	};
	let next = known;
	for (const [node, members] of codes.entries()) {
		let link = node;
		for (const [place, code] of members.entries()) {
			longer.feature[link] = tree.feature[node] as number;
			longer.threshold[link] = code;
			longer.equal[link] = 1;
			longer.cover[link] = tree.cover[node] as number;
			longer.left[link] = tree.left[node] as number;
			const isLast = place === members.length - 1;
			longer.right[link] = isLast ? (tree.right[node] as number) : next;
			link = isLast ? link : next++;
		}
	}
	return longer;
}

function codesOf({ sets }: Tree, set: number): number[] {
	return Array.from({ length: 256 }, (_, code) => code).filter((code) => sets !== undefined && holds(sets, set, code));
}

function resized<A extends Int32Array | Float32Array | Uint8Array | Float64Array>(values: A, length: number): A {
	const longer = new (values.constructor as new (length: number) => A)(length);
	longer.set(values as never);
	return longer;
}
