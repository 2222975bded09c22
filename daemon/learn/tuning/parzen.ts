/** Densities of one param over the trials that went well, or not. */
import { normalCdf } from '../../stats/normal.ts';
import type { Random } from '../../stats/random.ts';
import { type Dimension, stretchOf } from './space.ts';

export interface Parzen {
	draw(random: Random): number;
	/** Logarithm of the density, or of the probability of a choice, up to a constant that all estimators of a dimension share. */
	logDensity(place: number): number;
}

/** The latest trials count in full, older ones less and less. */
const inFull = 25;

/** Weights of `count` trials in the order in which they were made: the latest 25 weigh 1, those before rise to it from 1 / count. */
function weightsOf(count: number): number[] {
	const ramp = count - inFull;
	return Array.from({ length: count }, (_, place) =>
		place >= ramp || ramp < 2 ? 1 : 1 / count + ((1 - 1 / count) * place) / (ramp - 1),
	);
}

/** The adaptive Parzen estimator over the places of trials in their order, with the flat prior as one more trial. */
export function parzenOf(dimension: Dimension, places: readonly number[]): Parzen {
	return dimension.kind === 'choice'
		? overChoices(dimension.choices.length, places)
		: overNumbers(stretchOf(dimension), places);
}

function overChoices(choices: number, places: readonly number[]): Parzen {
	const weights = weightsOf(places.length);
	const shares = new Float64Array(choices).fill(1);
	for (const [index, place] of places.entries()) shares[place] = (shares[place] as number) + (weights[index] as number);
	const total = shares.reduce((sum, share) => sum + share, 0);
	return {
		draw: (random) => pick(shares, total, random),
		logDensity: (place) => Math.log((shares[Math.round(place)] as number) / total),
	};
}

/**
 * Normal distributions cut off at the ends of the stretch, one about each trial and a wide one about the middle. A width is
 * the greater distance to the neighbours, at least a share of the stretch that falls with the number of trials.
 */
function overNumbers({ low, high }: { low: number; high: number }, places: readonly number[]): Parzen {
	const span = high - low;
	const weight = [...weightsOf(places.length), 1];
	const kernels = [...places, (low + high) / 2].map((mean, index) => ({ mean, index }));
	kernels.sort((a, b) => a.mean - b.mean);
	const least = span / Math.min(100, 1 + kernels.length);
	const made = kernels.map(({ mean, index }, rank) => {
		const before = kernels[rank - 1];
		const after = kernels[rank + 1];
		const reach = Math.max(before ? mean - before.mean : 0, after ? after.mean - mean : 0);
		const width = index === places.length ? span : Math.min(span, Math.max(least, reach));
		const inside = normalCdf((high - mean) / width) - normalCdf((low - mean) / width);
		return { mean, width, inside, weight: weight[index] as number };
	});
	const shares = Float64Array.from(made, (kernel) => kernel.weight);
	const total = shares.reduce((sum, share) => sum + share, 0);
	return {
		draw(random) {
			const { mean, width } = made[pick(shares, total, random)] as (typeof made)[number];
			for (;;) {
				const place = mean + width * random.normal();
				if (place >= low && place <= high) return place;
			}
		},
		logDensity(place) {
			let density = 0;
			for (const kernel of made) {
				const off = (place - kernel.mean) / kernel.width;
				density += (kernel.weight / (kernel.width * kernel.inside)) * Math.exp(-0.5 * off * off);
			}
			return Math.log(density / total);
		},
	};
}

function pick(shares: Float64Array, total: number, random: Random): number {
	let left = random.next() * total;
	for (let place = 0; place < shares.length; place++) {
		left -= shares[place] as number;
		if (left < 0) return place;
	}
	return shares.length - 1;
}
