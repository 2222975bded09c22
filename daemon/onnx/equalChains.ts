/** Chains of nodes that ask for one category after the other, as trees that cut by sets stand in a file. */

/** Nodes by their places; −1 where there is none. */
export interface LinkedNodes {
	readonly feature: Int32Array;
	readonly threshold: Float32Array;
	readonly left: Int32Array;
	readonly right: Int32Array;
	/** 1 for nodes that go left where the feature equals the threshold. */
	readonly equal: Uint8Array;
}

/** Of these nodes of a tree, what its chains stand for: each first link with its categories and where it goes when none is there. */
export interface Chains {
	readonly codes: ReadonlyMap<number, readonly number[]>;
	readonly right: ReadonlyMap<number, number>;
	/** Links that are no longer nodes. */
	readonly dropped: ReadonlySet<number>;
}

/** Links belong to a chain where each is the other way of the one before it, and all lead to the same node. */
export function chainsOf({ feature, threshold, left, right, equal }: LinkedNodes): Chains {
	const continues = (link: number, other: number) =>
		equal[link] === 1 && equal[other] === 1 && feature[link] === feature[other] && left[link] === left[other];
	const dropped = new Set<number>();
	for (let link = 0; link < feature.length; link++) {
		const other = right[link] as number;
		if (other >= 0 && continues(link, other)) dropped.add(other);
	}
	const codes = new Map<number, number[]>();
	const last = new Map<number, number>();
	for (let head = 0; head < feature.length; head++) {
		if (equal[head] !== 1 || dropped.has(head)) continue;
		const members = [threshold[head] as number];
		let link = head;
		while (continues(link, right[link] as number)) {
			link = right[link] as number;
			members.push(threshold[link] as number);
		}
		codes.set(head, members);
		last.set(head, right[link] as number);
	}
	return { codes, right: last, dropped };
}
