/** Where the values of trials lie on the axes of parallel coordinates. */
import type { TunedParam, TunedTrial } from '../../daemon/protocol/tuning.ts';
import { absent, formatNumber } from '../components/format.ts';

/** 0 at the bottom, 1 at the top. */
export interface Axis {
	readonly name: string;
	place(trial: TunedTrial): number;
	text(trial: TunedTrial): string;
	/** Values that are written beside it. */
	readonly marks: readonly { readonly place: number; readonly text: string }[];
}

interface Trials {
	readonly space: readonly TunedParam[];
	readonly metric: string;
	readonly direction: 'less' | 'more';
	readonly trials: readonly TunedTrial[];
}

/** An axis a param over its whole range, and the metric over the values that there are, the better end above. */
export function axesOf({ space, metric, direction, trials }: Trials): Axis[] {
	return [...space.map(paramAxis), metricAxis(metric, direction, trials)];
}

function paramAxis(param: TunedParam): Axis {
	const { name } = param;
	const text = ({ params }: TunedTrial) => valueText(params[name]);
	if (param.kind === 'choice') {
		const { choices } = param;
		const placeOf = (index: number) => (choices.length === 1 ? 0.5 : index / (choices.length - 1));
		return {
			name,
			place: ({ params }) => placeOf(choices.indexOf(params[name] as never)),
			text,
			marks: choices.map((choice, index) => ({ place: placeOf(index), text: String(choice) })),
		};
	}
	const { min, max, log } = param;
	const scale = log ? Math.log : (value: number) => value;
	const [low, high] = [scale(min), scale(max)];
	return {
		name,
		place: ({ params }) => (high === low ? 0.5 : (scale(Number(params[name])) - low) / (high - low)),
		text,
		marks: [
			{ place: 0, text: valueText(min) },
			{ place: 1, text: valueText(max) },
		],
	};
}

function metricAxis(metric: string, direction: 'less' | 'more', trials: readonly TunedTrial[]): Axis {
	const values = trials.flatMap(({ value }) => (value === null ? [] : [value]));
	const best = direction === 'less' ? Math.min(...values) : Math.max(...values);
	const { worst, beyond } = worstShown(values, direction);
	return {
		name: metric,
		place: ({ value }) =>
			best === worst || value === null ? 0.5 : Math.max(0, 1 - Math.abs(value - best) / Math.abs(worst - best)),
		text: ({ value }) => formatNumber(value),
		marks:
			values.length === 0
				? []
				: [
						{ place: 0, text: `${beyond === 0 ? '' : direction === 'less' ? '≥ ' : '≤ '}${formatNumber(worst)}` },
						{ place: 1, text: formatNumber(best) },
					],
	};
}

/**
 * The worst value that is drawn, and how many are worse: a few poor trials would press all others together. It is the
 * worst that lies within one and a half times the middle half beyond it (Tukey 1977), and all of fewer than eight values.
 */
export function worstShown(values: readonly number[], direction: 'less' | 'more'): { worst: number; beyond: number } {
	const sign = direction === 'less' ? 1 : -1;
	const ascending = values.map((value) => sign * value).sort((a, b) => a - b);
	const at = (share: number) => ascending[Math.floor(share * (ascending.length - 1))] ?? 0;
	const fence = ascending.length < 8 ? Number.POSITIVE_INFINITY : at(0.75) + 1.5 * (at(0.75) - at(0.25));
	const within = ascending.filter((value) => value <= fence);
	return { worst: sign * (within.at(-1) ?? 0), beyond: ascending.length - within.length };
}

/** How good a trial is among the others: 0 for the worst by its rank, 1 for the best. */
export function goodness({ direction, trials }: Trials): (trial: TunedTrial) => number {
	const sign = direction === 'less' ? 1 : -1;
	const ranked = [...trials].sort((a, b) => sign * (Number(b.value) - Number(a.value))).map(({ number }) => number);
	return ({ number }) => (ranked.length < 2 ? 1 : ranked.indexOf(number) / (ranked.length - 1));
}

export function valueText(value: string | number | boolean | undefined): string {
	if (value === undefined) return absent;
	return typeof value === 'number' ? formatNumber(value) : String(value);
}

/** The best value after each trial in the order in which they were made; only trials measured to the end count. */
export function bestSoFar(
	trials: readonly TunedTrial[],
	direction: 'less' | 'more',
): { x: number; y: number | null }[] {
	let best: number | null = null;
	return trials.map(({ number, value, status }) => {
		if (status === 'finished' && value !== null) {
			best = best === null ? value : direction === 'less' ? Math.min(best, value) : Math.max(best, value);
		}
		return { x: number, y: best };
	});
}
