import { drawUpTo, mersenneTwister } from '../../../stats/mersenneTwister.ts';
import type { WeightedWords } from './tfIdf.ts';

/** As in scikit-learn's SGDClassifier(alpha=0.0001, max_iter=50, penalty="l1", loss="modified_huber", random_state=42). */
const settings = { alpha: 1e-4, rounds: 50, tolerance: 1e-3, patience: 5, seed: 42, firstStep: 1000 } as const;
/** On sparse rows the intercept learns this much slower. */
const interceptPace = 0.01;

/**
 * A linear classifier of texts, learned one text at a time in a shuffled order: modified Huber loss, the L1 penalty applied
 * to the words of each text as it comes (Tsuruoka, Tsujii and Ananiadou, ACL 2009), steps of 1 / (alpha (1000 + t)). It
 * ends after 50 rounds, or when the loss has not fallen by 0.001 in five of them.
 *
 * `labels` are 1 and -1. Returns the chance of 1 for a text, 0 to 1. The order of the texts is that of scikit-learn with
 * the same seed.
 */
export function learnClassifier(
	texts: readonly WeightedWords[],
	labels: Int8Array,
	size: number,
): (text: WeightedWords) => number {
	const { alpha, rounds, tolerance, patience, firstStep } = settings;
	const weights = new Float64Array(size);
	const penalties = new Float64Array(size);
	let [intercept, penalty, touched] = [0, 0, 0];
	const dot = ({ words, weights: values }: WeightedWords) => {
		let sum = 0;
		for (let i = 0; i < words.length; i++) sum += (weights[words[i] as number] as number) * (values[i] as number);
		return sum + intercept;
	};
	const add = ({ words, weights: values }: WeightedWords, update: number) => {
		touched = 0;
		for (let i = 0; i < words.length; i++) {
			const word = words[i] as number;
			const next = (weights[word] as number) + (values[i] as number) * update;
			weights[word] = next;
			touched += Math.abs(next);
		}
	};
	const shrink = ({ words }: WeightedWords) => {
		for (const word of words) {
			const [weight, paid] = [weights[word] as number, penalties[word] as number];
			let next = weight;
			if (weight > 0) next = Math.max(0, weight - (penalty + paid));
			else if (weight < 0) next = Math.min(0, weight + (penalty - paid));
			weights[word] = next;
			penalties[word] = paid + (next - weight);
		}
	};
	const seed = shuffleSeed();
	const order = Uint32Array.from(texts, (_, row) => row);
	let [step, best, without] = [0, Number.POSITIVE_INFINITY, 0];
	for (let round = 0; round < rounds && without < patience; round++) {
		shuffleBy(order, seed);
		let objective = 0;
		for (const row of order) {
			const [text, label] = [texts[row] as WeightedWords, labels[row] as number];
			const margin = dot(text) * label;
			const pace = 1 / (alpha * (firstStep + step));
			objective += loss(margin) + alpha * touched;
			const update = pace * slope(margin) * label;
			if (update !== 0) {
				add(text, update);
				intercept += update * interceptPace;
			}
			penalty += pace * alpha;
			shrink(text);
			step++;
		}
		objective /= texts.length;
		without = objective > best - tolerance ? without + 1 : 0;
		best = Math.min(best, objective);
	}
	return (text) => (Math.min(1, Math.max(-1, dot(text))) + 1) / 2;
}

function loss(margin: number): number {
	if (margin >= 1) return 0;
	return margin >= -1 ? (1 - margin) ** 2 : -4 * margin;
}

/** How fast the loss falls as the margin grows. */
function slope(margin: number): number {
	if (margin >= 1) return 0;
	return margin >= -1 ? 2 * (1 - margin) : 4;
}

/** The second number that scikit-learn draws from its seed; the first one it keeps for another purpose. */
function shuffleSeed(): number {
	const bits = mersenneTwister(settings.seed);
	drawUpTo(2_147_483_645, bits);
	return drawUpTo(2_147_483_646, bits);
}

/** Shuffles on from the order it finds, by a 32-bit xorshift generator that starts at the seed each time. */
function shuffleBy(order: Uint32Array, seed: number): void {
	let state = seed === 0 ? 1 : seed;
	for (let i = 0; i < order.length - 1; i++) {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		const other = i + (((state >>> 0) % 0x80000000) % (order.length - i));
		const kept = order[i] as number;
		order[i] = order[other] as number;
		order[other] = kept;
	}
}
