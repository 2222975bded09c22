import { logGamma } from './gamma.ts';
import type { Random } from './random.ts';

/** Up to so many are drawn one by one. */
const fewDraws = 6;

/**
 * How many of `marked` things are among `drawn` of `all` that are drawn without putting back? One random number of the
 * hypergeometric distribution, by inversion from its mode outwards: work grows with its deviation. Mean drawn · marked / all.
 */
export function drawHypergeometric(all: number, marked: number, drawn: number, random: Random): number {
	if (marked === 0 || drawn === 0) return 0;
	if (marked === all) return drawn;
	if (drawn === all) return marked;
	if (marked <= fewDraws) return drawFew(all, marked, drawn, random);
	const least = Math.max(0, drawn + marked - all);
	const most = Math.min(drawn, marked);
	const mode = Math.min(most, Math.max(least, Math.floor(((drawn + 1) * (marked + 1)) / (all + 2))));
	const atMode = Math.exp(logChoose(marked, mode) + logChoose(all - marked, drawn - mode) - logChoose(all, drawn));
	let left = random.next() - atMode;
	if (left < 0) return mode;
	let [up, down, above, below] = [mode, mode, atMode, atMode];
	while (up < most || down > least) {
		if (up < most) {
			above *= ((marked - up) * (drawn - up)) / ((up + 1) * (all - marked - drawn + up + 1));
			up += 1;
			left -= above;
			if (left < 0) return up;
		}
		if (down > least) {
			below *= (down * (all - marked - drawn + down)) / ((marked - down + 1) * (drawn - down + 1));
			down -= 1;
			left -= below;
			if (left < 0) return down;
		}
		// What rounding left over lies nowhere.
		if (above + below === 0) return mode;
	}
	return mode;
}

function drawFew(all: number, marked: number, drawn: number, random: Random): number {
	let found = 0;
	for (let one = 0; one < marked; one++) found += +(random.next() * (all - one) < drawn - found);
	return found;
}

function logChoose(n: number, k: number): number {
	return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
