/**
 * What `prepare:` makes of a number after it was filled in: clipped, as a logarithm, scaled. Computed in double precision
 * and only then rounded to float32, by the graph (transformGraph.ts) in the same steps.
 */
import type { TransformStep } from '../../protocol/project/prepare.ts';
import { moments } from '../../stats/moments.ts';
import { quantile } from '../../stats/quantile.ts';
import { sorted } from '../../stats/sort.ts';

/** `scale` is (value − shift) · factor. */
export type NumberTransform =
	| { readonly kind: 'clip'; readonly min: number; readonly max: number }
	| { readonly kind: 'log' }
	| { readonly kind: 'scale'; readonly shift: number; readonly factor: number };

/** Learns the steps in their order, each from what those before it make of the values; NaN is missing and not learned from. */
export function fitTransforms(values: Float64Array, steps: readonly TransformStep[]): NumberTransform[] {
	let known = values.filter((value) => !Number.isNaN(value));
	return steps.map((step) => {
		const transform = fitTransform(known, step);
		known = known.map((value) => applyTransform(transform, value));
		return transform;
	});
}

function fitTransform(values: Float64Array, step: TransformStep): NumberTransform {
	if ('log' in step) return { kind: 'log' };
	const ordered = sorted(values);
	if ('clip' in step) {
		const { min, max, quantiles } = step.clip;
		const [low, high] = quantiles ?? [0, 1];
		return {
			kind: 'clip',
			min: min ?? (quantiles ? quantile(ordered, low) : Number.NEGATIVE_INFINITY),
			max: max ?? (quantiles ? quantile(ordered, high) : Number.POSITIVE_INFINITY),
		};
	}
	const { shift, spread } = spreadOf(ordered, step.scale.as);
	return { kind: 'scale', shift, factor: spread > 0 ? 1 / spread : 1 };
}

/** As scikit-learn's StandardScaler, MinMaxScaler and RobustScaler have them; a column without spread is not divided. */
function spreadOf(ordered: Float64Array, as: 'standard' | 'min_max' | 'robust'): { shift: number; spread: number } {
	const at = (share: number) => quantile(ordered, share);
	if (as === 'min_max') return { shift: at(0), spread: at(1) - at(0) };
	if (as === 'robust') return { shift: at(0.5), spread: at(0.75) - at(0.25) };
	const { mean, squares } = moments(ordered);
	return { shift: mean, spread: Math.sqrt(squares / ordered.length) };
}

/** NaN stays NaN. */
export function applyTransform(transform: NumberTransform, value: number): number {
	switch (transform.kind) {
		case 'clip':
			return Math.max(transform.min, Math.min(transform.max, value));
		case 'log':
			// Of both signs, so that no value is lost: log(1 + |v|) with the sign of v.
			return Math.sign(value) * Math.log(1 + Math.abs(value));
		case 'scale':
			return (value - transform.shift) * transform.factor;
	}
}
