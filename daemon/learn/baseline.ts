/** What a model must beat: the mean of the target, or the shares of its classes, for every row the same. */
import type { Target } from './target.ts';

/** One answer for `count` rows, from the rows that are learned from: numbers, or probabilities row by row. */
export function baselineAnswers(target: Target, rows: Uint32Array, count: number): Float64Array {
	const { weights } = target;
	const weightOf = (row: number) => (weights === undefined ? 1 : (weights[row] as number));
	const all = rows.reduce((sum, row) => sum + weightOf(row), 0);
	if (target.task === 'regression') {
		const mean = rows.reduce((sum, row) => sum + weightOf(row) * (target.values[row] as number), 0) / all;
		return new Float64Array(count).fill(mean);
	}
	const shares = new Float64Array(target.classes.length);
	for (const row of rows) {
		const code = target.codes[row] as number;
		shares[code] = (shares[code] as number) + weightOf(row) / all;
	}
	return Float64Array.from({ length: count * shares.length }, (_, at) => shares[at % shares.length] as number);
}

/** A warning that begins with `sentence` where a loss is not below that of a baseline. */
export function noBetter(sentence: string, metric: string, own = Number.NaN, other = Number.NaN): string[] {
	return own < other ? [] : [`${sentence}: ${metric} ${own.toPrecision(4)} against ${other.toPrecision(4)}.`];
}
