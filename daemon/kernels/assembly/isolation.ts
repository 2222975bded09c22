/** The walk of rows through complete trees; its twin is daemon/kernels/isolation.ts. */

/**
 * Adds to `lengths` (f64) what the leaf of each row says. Node i lies above 2i+1 and 2i+2 and has 8 bytes: where its column
 * begins in `values` (bytes), and its threshold (f32). `rows` is a multiple of eight; eight at once hide the latency of
 * the loads, and a comparison that is added has no branch. A missing value is greater than nothing and goes left.
 */
export function addLengths(nodes: usize, leaves: usize, depth: i32, values: usize, lengths: usize, rows: i32): void {
	const inner: usize = ((1 << depth) - 1) << 3;
	const end = values + ((<usize>rows) << 2);
	for (; values < end; values += 32, lengths += 64) {
		let a: usize = 0;
		let b: usize = 0;
		let c: usize = 0;
		let d: usize = 0;
		let e: usize = 0;
		let f: usize = 0;
		let g: usize = 0;
		let h: usize = 0;
		for (let level = 0; level < depth; level++) {
			a = step(nodes, a, values);
			b = step(nodes, b, values + 4);
			c = step(nodes, c, values + 8);
			d = step(nodes, d, values + 12);
			e = step(nodes, e, values + 16);
			f = step(nodes, f, values + 20);
			g = step(nodes, g, values + 24);
			h = step(nodes, h, values + 28);
		}
		const at = leaves - inner;
		store<f64>(lengths, load<f64>(lengths) + load<f64>(at + a));
		store<f64>(lengths, load<f64>(lengths, 8) + load<f64>(at + b), 8);
		store<f64>(lengths, load<f64>(lengths, 16) + load<f64>(at + c), 16);
		store<f64>(lengths, load<f64>(lengths, 24) + load<f64>(at + d), 24);
		store<f64>(lengths, load<f64>(lengths, 32) + load<f64>(at + e), 32);
		store<f64>(lengths, load<f64>(lengths, 40) + load<f64>(at + f), 40);
		store<f64>(lengths, load<f64>(lengths, 48) + load<f64>(at + g), 48);
		store<f64>(lengths, load<f64>(lengths, 56) + load<f64>(at + h), 56);
	}
}

/** From eight times the number of a node to that of its child. */
function step(nodes: usize, node: usize, value: usize): usize {
	const at = nodes + node;
	return (node << 1) + 8 + ((<usize>(load<f32>(value + load<u32>(at)) > load<f32>(at, 4))) << 3);
}
