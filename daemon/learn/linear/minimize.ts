/** The least value of a smooth convex function: L-BFGS (Nocedal & Wright, Numerical Optimization, 2006, algorithm 7.5). */

const memory = 10;
const mostSteps = 2000;
/** The slope, against the greater of 1 and the value, at which it is over. */
const flat = 1e-9;

/** Starts at `at`; `evaluate` returns the value there and writes the gradient. */
export function minimize(
	evaluate: (at: Float64Array, gradient: Float64Array) => number,
	at: Float64Array,
): Float64Array {
	let here = at;
	let gradient = new Float64Array(at.length);
	let value = evaluate(here, gradient);
	const steps: { step: Float64Array; change: Float64Array; scale: number }[] = [];
	for (let count = 0; count < mostSteps && largest(gradient) > flat * Math.max(1, Math.abs(value)); count++) {
		const direction = descent(gradient, steps);
		const slope = dot(gradient, direction);
		// A first step of length 1 at most; later ones are well scaled.
		let length = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
		const next = new Float64Array(here.length);
		const slopes = new Float64Array(here.length);
		let reached = value;
		// Backtracking until the value falls as Armijo's rule asks.
		for (let tries = 0; tries < 50; tries++, length /= 2) {
			for (let index = 0; index < next.length; index++)
				next[index] = (here[index] as number) + length * (direction[index] as number);
			reached = evaluate(next, slopes);
			if (reached <= value + 1e-4 * length * slope) break;
		}
		if (!(reached < value)) return here;
		const step = next.map((one, index) => one - (here[index] as number));
		const change = slopes.map((one, index) => one - (gradient[index] as number));
		const curvature = dot(step, change);
		if (curvature > 1e-12 * dot(change, change)) steps.push({ step, change, scale: 1 / curvature });
		if (steps.length > memory) steps.shift();
		here = next;
		gradient = slopes;
		value = reached;
	}
	return here;
}

/** The two loops that apply the inverse of the curvature seen so far to the steepest descent. */
function descent(
	gradient: Float64Array,
	steps: readonly { step: Float64Array; change: Float64Array; scale: number }[],
): Float64Array {
	const direction = gradient.map((slope) => -slope);
	const shares = new Float64Array(steps.length);
	for (let index = steps.length - 1; index >= 0; index--) {
		const { step, change, scale } = steps[index] as (typeof steps)[number];
		shares[index] = scale * dot(step, direction);
		add(direction, change, -(shares[index] as number));
	}
	const last = steps.at(-1);
	if (last !== undefined) {
		const factor = 1 / (last.scale * dot(last.change, last.change));
		for (let index = 0; index < direction.length; index++) direction[index] = (direction[index] as number) * factor;
	}
	for (const [index, { step, change, scale }] of steps.entries()) {
		add(direction, step, (shares[index] as number) - scale * dot(change, direction));
	}
	return direction;
}

function add(to: Float64Array, other: Float64Array, factor: number): void {
	for (let index = 0; index < to.length; index++) to[index] = (to[index] as number) + factor * (other[index] as number);
}

function dot(a: Float64Array, b: Float64Array): number {
	let sum = 0;
	for (let index = 0; index < a.length; index++) sum += (a[index] as number) * (b[index] as number);
	return sum;
}

function largest(values: Float64Array): number {
	return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
