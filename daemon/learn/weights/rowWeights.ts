/** How much rows count in a training: by their own weight, and by that of their class. */
import { PerchError } from '../../protocol/errors.ts';
import type { Target } from '../target.ts';

/** balanced: every class weighs the same as a whole; or the weight of some classes by name, that of the others being 1. */
export type ClassWeight = 'none' | 'balanced' | Readonly<Record<string, number>>;

/**
 * By row of the table, null where all count alike: the weight of the row times that of its class. Balanced as scikit-learn
 * has it, what all rows weigh over the number of classes times what those of the class weigh, so that rows keep their weight
 * on average. Throws `invalid_config` where there are no classes, or none of a name.
 */
export function rowWeights(target: Target, rows: Uint32Array, classWeight: ClassWeight): Float64Array | null {
	const own = target.weights ?? null;
	if (classWeight === 'none') return own;
	if (target.task === 'regression') {
		throw unfit('there are no classes to weigh', 'It goes with the task classification.');
	}
	const { codes, classes } = target;
	const ofClass =
		typeof classWeight === 'string' ? balanced(codes, classes.length, rows, own) : named(classWeight, classes);
	const weights = new Float64Array(codes.length);
	for (let row = 0; row < weights.length; row++) {
		weights[row] = (own === null ? 1 : (own[row] as number)) * (ofClass[codes[row] as number] as number);
	}
	return weights;
}

function balanced(codes: Uint16Array, classes: number, rows: Uint32Array, own: Float64Array | null): Float64Array {
	const sums = new Float64Array(classes);
	let all = 0;
	for (const row of rows) {
		const weight = own === null ? 1 : (own[row] as number);
		const code = codes[row] as number;
		sums[code] = (sums[code] as number) + weight;
		all += weight;
	}
	return sums.map((sum) => (sum === 0 ? 1 : all / (classes * sum)));
}

function named(weights: Readonly<Record<string, number>>, classes: readonly string[]): number[] {
	const unknown = Object.keys(weights).find((name) => !classes.includes(name));
	if (unknown !== undefined) {
		const known = classes.slice(0, 10).map((name) => JSON.stringify(name));
		throw unfit(`there is no class ${JSON.stringify(unknown)}`, `The classes are ${known.join(', ')}.`);
	}
	return classes.map((name) => weights[name] ?? 1);
}

function unfit(why: string, hint: string): PerchError {
	const field = 'model.params.class_weight';
	return new PerchError('invalid_config', `${field}: ${why}.`, { field, hint });
}

/** A setting that may be a record as a run keeps it. */
export function paramText(value: string | object): string {
	return typeof value === 'string' ? value : JSON.stringify(value);
}
