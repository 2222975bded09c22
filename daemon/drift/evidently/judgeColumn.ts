/** The verdict of profile `evidently` on one column. */
import type { Column } from '../../data/table.ts';
import { type EvidentlyTest, evidentlyTests } from '../../protocol/driftTests.ts';
import { sorted } from '../../stats/sort.ts';
import { defaultTest, fewNumbers, typeOf } from './rules.ts';
import type { Samples } from './sample.ts';
import { samplesOf } from './samples.ts';
import { isDrift, tests } from './tests.ts';

export interface EvidentlyChoice {
	test: 'auto' | EvidentlyTest;
	/** Instead of the test's own. */
	threshold?: number;
}

export interface EvidentlyVerdict {
	/** null where Evidently leaves the column out, or ends its whole report with an error. */
	drift: boolean | null;
	reason: string | null;
	test: EvidentlyTest | null;
	/** null also where Evidently gives NaN. */
	score: number | null;
	threshold: number | null;
	statistic: number | null;
	p: number | null;
}

/**
 * Judges a column as Evidently 0.7 does: its type is that of the current data, nulls and infinite values are left out, and
 * the score of the test is held against the threshold.
 */
export function judgeColumn(
	reference: Column,
	current: Column,
	choice: EvidentlyChoice,
	sort = sorted,
): EvidentlyVerdict {
	const type = typeOf(current);
	if (typeof type !== 'string') return untold(type.untested);
	const samples = samplesOf(type, reference, current, sort);
	if ('failure' in samples) return untold(samples.failure);
	const name = choice.test === 'auto' ? chooseTest(samples) : choice.test;
	const { types, threshold: usual, run } = tests[name];
	if (choice.test !== 'auto' && !types.includes(samples.type)) {
		const taken = typeNames[samples.type];
		const fitting = evidentlyTests.filter((one) => tests[one].types.includes(samples.type)).join(', ');
		return untold(`Evidently takes the column for ${taken}, which ${name} does not take; these do: ${fitting}.`);
	}
	const threshold = choice.threshold ?? usual;
	const outcome = run(samples, threshold);
	if ('failure' in outcome) return { ...untold(outcome.failure), test: name, threshold };
	const { score, statistic, p, drift = isDrift(name, score, threshold) } = outcome;
	return {
		drift,
		reason: Number.isNaN(score) ? 'The test gives no number here, which Evidently takes for no drift.' : null,
		test: name,
		score: finite(score),
		threshold,
		statistic: finite(statistic),
		p: p === null ? null : finite(p),
	};
}

const typeNames = { num: 'numbers', cat: 'categories', text: 'text' } as const;

function chooseTest(samples: Samples): EvidentlyTest {
	if (samples.type === 'num') {
		const [first, second] = [samples.reference.ascending, samples.current.ascending];
		return defaultTest('num', countFew(first, second), first.length);
	}
	const { reference, sizes } = samples.counts();
	return defaultTest(samples.type, reference.length, sizes.reference);
}

/** Different values of both samples, counted no further than the rules ask. */
function countFew(first: Float64Array, second: Float64Array): number {
	const different = new Set<number>();
	for (const ascending of [first, second]) {
		for (const value of ascending) {
			different.add(value);
			if (different.size > fewNumbers) return different.size;
		}
	}
	return different.size;
}

function untold(reason: string): EvidentlyVerdict {
	return { drift: null, reason, test: null, score: null, threshold: null, statistic: null, p: null };
}

function finite(value: number): number | null {
	return Number.isFinite(value) ? value : null;
}
