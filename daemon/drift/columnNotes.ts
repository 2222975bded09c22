/** Plain sentences beside the verdict of a column: what no test of its values tells. */
import type { DriftColumn } from '../protocol/drift.ts';
import type { CategoryCounts } from './categoryCounts.ts';
import { finiteOnly } from './numberSample.ts';
import { percent, shortened } from './wording.ts';

type Summary = DriftColumn['reference'];

/** A share of nulls that moved by so much is worth a sentence. */
const notableNulls = 0.05;

export function aboutNulls(reference: Summary, current: Summary): string[] {
	if (reference.rows === 0 || current.rows === 0) return [];
	const [before, after] = [reference.nulls / reference.rows, current.nulls / current.rows];
	if (Math.abs(before - after) < notableNulls) return [];
	return [`Nulls went from ${percent(before)} to ${percent(after)} of the rows.`];
}

/** Both samples sorted. */
export function aboutInfinite(reference: Float64Array, current: Float64Array): string[] {
	return [reference, current].flatMap((sorted, side) => {
		const infinite = sorted.length - finiteOnly(sorted).length;
		if (infinite === 0) return [];
		const where = side === 0 ? 'the reference' : 'the current data';
		const values = infinite === 1 ? '1 infinite value' : `${infinite} infinite values`;
		return [`${values} in ${where}: ranked by the tests, left out of mean and deviation.`];
	});
}

export function aboutNewCategories({ labels, reference, current }: CategoryCounts): string[] {
	const count = (code: number) => current[code] as number;
	const codes = labels.map((_, code) => code);
	const fresh = codes.filter((code) => reference[code] === 0 && count(code) > 0);
	if (fresh.length === 0) return [];
	const values = current.reduce((sum, one) => sum + one, 0);
	const share = fresh.reduce((sum, code) => sum + count(code), 0) / values;
	const largest = fresh.reduce((best, code) => (count(code) > count(best) ? code : best));
	const name = JSON.stringify(shortened(labels[largest] as string));
	const what =
		fresh.length === 1 ? `The category ${name} is new` : `${fresh.length} categories are new, such as ${name}`;
	return [`${what}: ${percent(share)} of the current data.`];
}
