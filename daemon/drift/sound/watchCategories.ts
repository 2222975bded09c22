import { countCodes } from '../categoryCounts.ts';
import type { CategoryPair } from '../pairs.ts';
import { measureChiSquare } from './measures.ts';
import { memoryOf, orderOfCategories, unordered } from './memory.ts';
import { type ColumnWatch, growingNumbers } from './watchNumbers.ts';
import { weighCategories } from './weigh.ts';

/** Counts the sample by category: a row costs one addition, a look one pass over the categories. */
export function watchCategories({ reference, current, labels, text }: CategoryPair): ColumnWatch {
	const expected = countCodes(reference, labels.length);
	const known = expected.reduce((count, one) => count + +(one > 0), 0);
	const values = expected.reduce((sum, count) => sum + count, 0);
	const counts = new Uint32Array(labels.length);
	/** Codes in the order in which they came. */
	const sequence = growingNumbers();
	let [taken, distinct, fresh] = [0, 0, 0];
	return {
		add(row) {
			const code = current[row] as number;
			if (code < 0) return;
			sequence.add(code);
			const count = counts[code] as number;
			counts[code] = count + 1;
			distinct += +(count === 0);
			fresh += +(count === 0 && expected[code] === 0);
			taken += 1;
		},
		clear() {
			counts.fill(0);
			sequence.clear();
			taken = 0;
			distinct = 0;
			fresh = 0;
		},
		weigh: () =>
			weighCategories({
				sizes: { reference: values, current: taken },
				reference: expected,
				current: counts,
				distinct: { reference: known, current: distinct, both: known + fresh },
				text,
				label: (code) => labels[code] ?? '',
				memory: () => memoryOf(unordered, orderOfCategories(sequence.values(), counts)),
				measure: measureChiSquare(expected, counts),
			}),
	};
}
