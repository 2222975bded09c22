/** Evidently's rules: what it takes a column for, and which test it chooses for it. */
import { type Column, countNulls } from '../../data/table.ts';
import type { EvidentlyTest } from '../../protocol/driftTests.ts';
import { countCodes } from '../categoryCounts.ts';
import type { SampleType } from './sample.ts';

/** Whole numbers with up to so many different values are categories. */
const mostWholeCategories = 10;

/** Text with more different values than this share of its values is free text, not categories. */
const mostDistinctShare = 0.5;

/** What Evidently takes a column for, by the current data; or why it leaves it out. */
export function typeOf(column: Column): SampleType | { untested: string } {
	if (column.kind === 'string') {
		if (column.type === 'other') return { untested: 'Evidently does not test nested values.' };
		const counts = countCodes(column.codes, column.dictionary.length);
		let [present, distinct] = [0, 0];
		for (const count of counts) {
			present += count;
			distinct += +(count > 0);
		}
		return distinct > present * mostDistinctShare ? 'text' : 'cat';
	}
	const holes = countNulls(column) > 0;
	if (column.type === 'date' || column.type === 'timestamp') return { untested: 'Evidently does not test dates.' };
	if (column.type === 'boolean') {
		return holes ? { untested: 'Evidently does not test booleans with nulls: pandas holds them as objects.' } : 'cat';
	}
	if (column.type !== 'integer' || holes) return 'num';
	const different = new Set<number>();
	for (const value of column.values) {
		different.add(value);
		if (different.size > mostWholeCategories) return 'num';
	}
	return 'cat';
}

/** References of more values than this are judged by a distance instead of a p-value. */
const mostTested = 1000;

/** Numbers with up to so many different values are tested as categories. */
export const fewNumbers = 5;

/** The test that Evidently chooses for `reference` values in the reference and `distinct` different ones in both samples. */
export function defaultTest(type: SampleType, distinct: number, reference: number): EvidentlyTest {
	if (type === 'text') return reference > mostTested ? 'abs_text_content_drift' : 'perc_text_content_drift';
	const asNumbers = type === 'num' && distinct > fewNumbers;
	if (reference > mostTested) return asNumbers ? 'wasserstein' : 'jensenshannon';
	if (asNumbers) return 'ks';
	return distinct > 2 ? 'chisquare' : 'z';
}
