/** Products of matrices and the gates of long short-term memory, in float32; the twin is daemon/kernels/lstm.ts. */

/** C = A·B, or C + A·B, blocks of four rows and eight columns in registers. All places and strides count float32. */
export function multiply(
	a: usize,
	aRow: usize,
	aColumn: usize,
	b: usize,
	bRow: usize,
	c: usize,
	cRow: usize,
	rows: i32,
	inner: i32,
	columns: i32,
	added: bool,
): void {
	const aNext = aRow << 2;
	const aStep = aColumn << 2;
	const bStep = bRow << 2;
	const cNext = cRow << 2;
	for (let row = 0; row < rows; row += 4) {
		const aFrom = (a << 2) + <usize>row * aNext;
		const cFrom = (c << 2) + <usize>row * cNext;
		for (let column = 0; column < columns; column += 8) {
			const to = cFrom + ((<usize>column) << 2);
			const to1 = to + cNext;
			const to2 = to1 + cNext;
			const to3 = to2 + cNext;
			let a0 = f32x4.splat(0);
			let a1 = a0;
			let b0 = a0;
			let b1 = a0;
			let c0 = a0;
			let c1 = a0;
			let d0 = a0;
			let d1 = a0;
			if (added) {
				a0 = v128.load(to);
				a1 = v128.load(to, 16);
				b0 = v128.load(to1);
				b1 = v128.load(to1, 16);
				c0 = v128.load(to2);
				c1 = v128.load(to2, 16);
				d0 = v128.load(to3);
				d1 = v128.load(to3, 16);
			}
			let p = aFrom;
			let q = (b + <usize>column) << 2;
			for (let place = 0; place < inner; place++) {
				const left = v128.load(q);
				const right = v128.load(q, 16);
				let value = v128.load_splat<f32>(p);
				a0 = f32x4.add(a0, f32x4.mul(value, left));
				a1 = f32x4.add(a1, f32x4.mul(value, right));
				value = v128.load_splat<f32>(p + aNext);
				b0 = f32x4.add(b0, f32x4.mul(value, left));
				b1 = f32x4.add(b1, f32x4.mul(value, right));
				value = v128.load_splat<f32>(p + 2 * aNext);
				c0 = f32x4.add(c0, f32x4.mul(value, left));
				c1 = f32x4.add(c1, f32x4.mul(value, right));
				value = v128.load_splat<f32>(p + 3 * aNext);
				d0 = f32x4.add(d0, f32x4.mul(value, left));
				d1 = f32x4.add(d1, f32x4.mul(value, right));
				p += aStep;
				q += bStep;
			}
			v128.store(to, a0);
			v128.store(to, a1, 16);
			v128.store(to1, b0);
			v128.store(to1, b1, 16);
			v128.store(to2, c0);
			v128.store(to2, c1, 16);
			v128.store(to3, d0);
			v128.store(to3, d1, 16);
		}
	}
}

/** One step of all rows: from the sums of the gates to the cells and the state. */
export function activate(
	gates: usize,
	before: usize,
	cells: usize,
	bent: usize,
	hidden: usize,
	hiddenRow: usize,
	rows: i32,
	units: i32,
): void {
	const width = (<usize>units) << 2;
	let gate = gates << 2;
	let cell: usize = 0;
	prepare(<f32>(units >> 24));
	for (let row = 0; row < rows; row++) {
		let to = (hidden + <usize>row * hiddenRow) << 2;
		for (let unit = 0; unit < units; unit += 4) {
			const input = sigmoid(v128.load(gate));
			const output = sigmoid(v128.load(gate + width));
			const forget = sigmoid(v128.load(gate + 2 * width));
			let x = v128.load(gate + 3 * width);
			x = sigmoid(f32x4.add(x, x));
			const candidate = f32x4.sub(f32x4.add(x, x), one);
			const kept = f32x4.add(f32x4.mul(forget, v128.load((before << 2) + cell)), f32x4.mul(input, candidate));
			x = sigmoid(f32x4.add(kept, kept));
			const shown = f32x4.sub(f32x4.add(x, x), one);
			v128.store(gate, input);
			v128.store(gate + width, output);
			v128.store(gate + 2 * width, forget);
			v128.store(gate + 3 * width, candidate);
			v128.store((cells << 2) + cell, kept);
			v128.store((bent << 2) + cell, shown);
			v128.store(to, f32x4.mul(output, shown));
			gate += 16;
			cell += 16;
			to += 16;
		}
		gate += 3 * width;
	}
}

/** The same backwards: sums take the place of gates, and the cells before that of the cells. */
export function differentiate(
	gates: usize,
	before: usize,
	bent: usize,
	byHidden: usize,
	byCells: usize,
	rows: i32,
	units: i32,
): void {
	const width = (<usize>units) << 2;
	let gate = gates << 2;
	let cell: usize = 0;
	const one = f32x4.splat(1);
	for (let row = 0; row < rows; row++) {
		for (let unit = 0; unit < units; unit += 4) {
			const input = v128.load(gate);
			const output = v128.load(gate + width);
			const forget = v128.load(gate + 2 * width);
			const candidate = v128.load(gate + 3 * width);
			const shown = v128.load((bent << 2) + cell);
			const slope = v128.load((byHidden << 2) + cell);
			const through = f32x4.mul(f32x4.mul(slope, output), f32x4.sub(one, f32x4.mul(shown, shown)));
			const byCell = f32x4.add(v128.load((byCells << 2) + cell), through);
			const kept = v128.load((before << 2) + cell);
			v128.store(gate, f32x4.mul(f32x4.mul(byCell, candidate), bend(input)));
			v128.store(gate + width, f32x4.mul(f32x4.mul(slope, shown), bend(output)));
			v128.store(gate + 2 * width, f32x4.mul(f32x4.mul(byCell, kept), bend(forget)));
			v128.store(
				gate + 3 * width,
				f32x4.mul(f32x4.mul(byCell, input), f32x4.sub(one, f32x4.mul(candidate, candidate))),
			);
			v128.store((byCells << 2) + cell, f32x4.mul(byCell, forget));
			gate += 16;
			cell += 16;
		}
		gate += 3 * width;
	}
}

/** The slope of a sigmoid by its value. */
function bend(value: v128): v128 {
	return f32x4.mul(value, f32x4.sub(f32x4.splat(1), value));
}

/** Added to a number it leaves its nearest whole number in the lowest bits: 1.5 · 2^23. */
const whole: f32 = 12582912;

// Constants that the compiler cannot know are loaded; known ones it would make anew each time, which takes twice as long.
let one = f32x4.splat(0);
let low = one;
let high = one;
let log2e = one;
let round = one;
let ln2 = one;
let rest = one;
let p5 = one;
let p4 = one;
let p3 = one;
let p2 = one;
let p1 = one;
let p0 = one;
let bias = one;

/** Given 0, which the compiler cannot know either. */
function prepare(nothing: f32): void {
	one = f32x4.splat(nothing + 1);
	low = f32x4.splat(nothing - 87);
	high = f32x4.splat(nothing + 87);
	log2e = f32x4.splat(nothing + <f32>Math.LOG2E);
	round = f32x4.splat(nothing + whole);
	ln2 = f32x4.splat(nothing + 0.693359375);
	rest = f32x4.splat(nothing + 2.1219444e-4);
	p5 = f32x4.splat(nothing + 1.98756915e-4);
	p4 = f32x4.splat(nothing + 1.3981999507e-3);
	p3 = f32x4.splat(nothing + 8.3334519073e-3);
	p2 = f32x4.splat(nothing + 4.1665795894e-2);
	p1 = f32x4.splat(nothing + 1.6666665459e-1);
	p0 = f32x4.splat(nothing + 5.0000001201e-1);
	bias = i32x4.splat(<i32>nothing + 127);
}

/** 1 / (1 + e^−value), with e^x as Cephes has it (expf): x = n·ln 2 + r, a polynomial of r, and n into the exponent. */
function sigmoid(value: v128): v128 {
	const x = f32x4.pmax(low, f32x4.pmin(high, f32x4.neg(value)));
	const rounded = f32x4.add(f32x4.mul(x, log2e), round);
	const n = f32x4.sub(rounded, round);
	const r = f32x4.add(f32x4.sub(x, f32x4.mul(n, ln2)), f32x4.mul(n, rest));
	let p = f32x4.add(f32x4.mul(p5, r), p4);
	p = f32x4.add(f32x4.mul(p, r), p3);
	p = f32x4.add(f32x4.mul(p, r), p2);
	p = f32x4.add(f32x4.mul(p, r), p1);
	p = f32x4.add(f32x4.mul(p, r), p0);
	p = f32x4.add(f32x4.mul(f32x4.mul(p, r), r), f32x4.add(r, one));
	// The bits of `whole` are shifted out.
	return f32x4.div(one, f32x4.add(one, f32x4.mul(p, i32x4.shl(i32x4.add(rounded, bias), 23))));
}
