/** Both samples of a column as Evidently's tests take them: without nulls and infinite values. */

export interface NumberSample {
	/** In the order of the rows. */
	values: Float64Array;
	ascending: Float64Array;
	/** Whether pandas would hold the column as whole numbers: it is of whole numbers and has no null. */
	whole: boolean;
}

/** Counts of the same categories in the same order, ascending by value; each is in at least one sample. */
export interface Counts {
	reference: Uint32Array;
	current: Uint32Array;
	/** Values in each sample. */
	sizes: { reference: number; current: number };
	/** One sample holds text and the other numbers. */
	mixed: boolean;
	/** The category of each value in the order of the rows. */
	codes: () => { reference: Int32Array; current: Int32Array };
}

export interface NumberSamples {
	type: 'num';
	reference: NumberSample;
	current: NumberSample;
	/** The different values as categories. */
	counts: () => Counts;
}

export interface CategorySamples {
	type: 'cat';
	counts: () => Counts;
}

export interface TextSamples {
	type: 'text';
	/** The texts in the order of the rows. */
	reference: readonly string[];
	current: readonly string[];
	counts: () => Counts;
}

export type Samples = NumberSamples | CategorySamples | TextSamples;
export type SampleType = Samples['type'];

/** What a test says; NaN stays NaN. */
export interface Outcome {
	/** What Evidently holds against the threshold: a distance, or a p-value. */
	score: number;
	statistic: number;
	/** null for a distance. */
	p: number | null;
	/** Where the threshold alone does not decide. */
	drift?: boolean;
}

/** Why a test has no answer, where Evidently raises an error. */
export interface Failure {
	failure: string;
}

/** Different values of an ascending sample. */
export function countDistinctSorted(ascending: Float64Array): number {
	let distinct = 0;
	for (let i = 0; i < ascending.length; i++) distinct += +(i === 0 || ascending[i] !== ascending[i - 1]);
	return distinct;
}
