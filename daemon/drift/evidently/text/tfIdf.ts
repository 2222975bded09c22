/** Texts as weighted words, as scikit-learn's TfidfVectorizer(sublinear_tf=True, max_df=0.5, stop_words="english") has them. */
import { stopWords } from './stopWords.ts';

/** The words of a text that are known, ascending, with their weights; the squares of the weights sum to 1. */
export interface WeightedWords {
	words: Uint32Array;
	weights: Float64Array;
}

export interface Vectorizer {
	/** How many words are known. */
	size: number;
	vectorize(text: string): WeightedWords;
}

/** Words in more than this share of the texts tell nothing. */
const mostTexts = 0.5;

/**
 * Learns the words of these texts: runs of two or more letters, digits and underscores in lower case, without stop words
 * and words in more than half of the texts. A word that stands k times in a text weighs 1 + ln k, times
 * ln((1 + n) / (1 + texts with it)) + 1, and each text is brought to length 1. null where no word is left.
 */
export function learnWords(texts: readonly string[]): Vectorizer | null {
	const inTexts = new Map<string, number>();
	for (const text of texts) {
		for (const word of new Set(wordsOf(text))) inTexts.set(word, (inTexts.get(word) ?? 0) + 1);
	}
	const known = [...inTexts].filter(([, count]) => count <= mostTexts * texts.length);
	if (known.length === 0) return null;
	known.sort(([a], [b]) => (a < b ? -1 : 1));
	const places = new Map(known.map(([word], place) => [word, place]));
	const rarity = Float64Array.from(known, ([, count]) => Math.log((1 + texts.length) / (1 + count)) + 1);
	return { size: known.length, vectorize: (text) => weigh(text, places, rarity) };
}

function wordsOf(text: string): string[] {
	return (text.toLowerCase().match(/[\p{L}\p{N}_]{2,}/gu) ?? []).filter((word) => !stopWords.has(word));
}

function weigh(text: string, places: ReadonlyMap<string, number>, rarity: Float64Array): WeightedWords {
	const counts = new Map<number, number>();
	for (const word of wordsOf(text)) {
		const place = places.get(word);
		if (place !== undefined) counts.set(place, (counts.get(place) ?? 0) + 1);
	}
	const words = Uint32Array.from(counts.keys()).sort();
	const weights = Float64Array.from(
		words,
		(place) => (Math.log(counts.get(place) as number) + 1) * (rarity[place] as number),
	);
	const length = Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
	return { words, weights: length === 0 ? weights : weights.map((weight) => weight / length) };
}
