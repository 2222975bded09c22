/** What the next trial tries. */
import { createRandom } from '../../stats/random.ts';
import { parzenOf } from './parzen.ts';
import { type Dimension, drawPoint, type Params, type ParamValue, placeOf, valueAt } from './space.ts';

/** A trial that has ended. */
export interface Judged {
	readonly params: Params;
	/** What is to be small; infinite where it could not be measured. */
	readonly loss: number;
	/** Ended before all was measured: it counts after those that went on. */
	readonly pruned: boolean;
}

const drawnFirst = 10;
const candidates = 24;

/** A point of the space at random, the same for the same seed and number. */
export function proposeAtRandom(space: readonly Dimension[], seed: number, trial: number): Params {
	return drawPoint(space, createRandom(seed, 'trial', trial));
}

/**
 * Tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kégl, NIPS 2011), one param after the other: the trials
 * that have ended are parted into the best tenth (at least one, at most 25) and the others, and of 24 values drawn from the
 * density of the best that is taken which is likeliest there beside the others. The first ten trials are drawn at random.
 * Trials that are under way count among the others, so that nobody tries the same twice.
 */
export function proposeByTpe(
	space: readonly Dimension[],
	seed: number,
	trial: number,
	ended: readonly Judged[],
	underWay: readonly Params[],
): Params {
	if (ended.length < drawnFirst) return proposeAtRandom(space, seed, trial);
	const random = createRandom(seed, 'tpe', trial);
	const order = [...ended.keys()].sort((a, b) => compare(ended[a] as Judged, ended[b] as Judged) || a - b);
	const good = new Set(order.slice(0, Math.min(25, Math.ceil(0.1 * ended.length))));
	const best = ended.filter((_, place) => good.has(place)).map(({ params }) => params);
	const others = [...ended.filter((_, place) => !good.has(place)).map(({ params }) => params), ...underWay];
	return Object.fromEntries(
		space.map((dimension): [string, ParamValue] => {
			const placesOf = (trials: readonly Params[]) =>
				trials.map((params) => placeOf(dimension, params[dimension.name] as ParamValue));
			const among = parzenOf(dimension, placesOf(best));
			const beside = parzenOf(dimension, placesOf(others));
			let chosen = { value: valueAt(dimension, 0), gain: Number.NEGATIVE_INFINITY };
			for (let candidate = 0; candidate < candidates; candidate++) {
				const value = valueAt(dimension, among.draw(random));
				const place = placeOf(dimension, value);
				const gain = among.logDensity(place) - beside.logDensity(place);
				if (gain > chosen.gain) chosen = { value, gain };
			}
			return [dimension.name, chosen.value];
		}),
	);
}

function compare(a: Judged, b: Judged): number {
	if (a.pruned !== b.pruned) return +a.pruned - +b.pruned;
	return a.loss === b.loss ? 0 : a.loss - b.loss;
}
