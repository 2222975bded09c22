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
	const [least, most] = [Math.min(...values), Math.max(...values)];
	const [worst, best] = direction === 'less' ? [most, least] : [least, most];
	return {
		name: metric,
		place: ({ value }) => (best === worst || value === null ? 0.5 : Math.abs(value - worst) / Math.abs(best - worst)),
		text: ({ value }) => formatNumber(value),
		marks:
			values.length === 0
				? []
				: [
						{ place: 0, text: formatNumber(worst) },
						{ place: 1, text: formatNumber(best) },
					],
	};
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
