/** The tests of profile `evidently`: what each is called, what it takes, when it calls drift. */
import type { EvidentlyTest } from '../../protocol/driftTests.ts';
import { andersonDarlingTest } from '../../stats/andersonDarling.ts';
import { cramerVonMisesTest } from '../../stats/cramerVonMises.ts';
import { energyDistance } from '../../stats/energyDistance.ts';
import { eppsSingletonTest, interquartileRange } from '../../stats/eppsSingleton.ts';
import { ksDistance, ksPValue } from '../../stats/kolmogorovSmirnov.ts';
import { mannWhitneyLess } from '../../stats/mannWhitney.ts';
import { moments } from '../../stats/moments.ts';
import { type TestResult, tTest } from '../../stats/tTest.ts';
import { wasserstein } from '../../stats/wasserstein.ts';
import { jensenShannon } from '../jensenShannon.ts';
import { type BinCounts, binnedCounts } from './bins.ts';
import { oneSampleChiSquare } from './chiSquare.ts';
import { empiricalMmd } from './empiricalMmd.ts';
import { fisherTest } from './fisher.ts';
import { gTest } from './gTest.ts';
import { hellingerDistance, hellingerOfNumbers } from './hellinger.ts';
import { klDivergence } from './klDivergence.ts';
import { evidentlyPsi } from './psi.ts';
import type { Counts, Failure, NumberSamples, Outcome, Samples, SampleType } from './sample.ts';
import { textContentTest } from './text/textContent.ts';
import { totalVariationTest } from './totalVariation.ts';
import { zTest } from './zTest.ts';

interface TestEntry {
	types: readonly SampleType[];
	threshold: number;
	/** When a score is drift: a distance from its threshold on or above it, a p-value below it or also at it. */
	drift: '>=' | '>' | '<' | '<=';
	run: (samples: Samples, threshold: number) => Outcome | Failure;
}

/** Of numbers, on their values. */
function ofNumbers(run: (samples: NumberSamples) => Outcome | Failure): TestEntry['run'] {
	return (samples) => (samples.type === 'num' ? run(samples) : { failure: 'The test takes numbers alone.' });
}

function ranked(test: (a: Float64Array, b: Float64Array) => TestResult): TestEntry['run'] {
	return ofNumbers(({ reference, current }) => scored(test(reference.ascending, current.ascending)));
}

function scored({ statistic, p }: TestResult): Outcome {
	return { score: p, statistic, p };
}

function distance(score: number): Outcome {
	return { score, statistic: score, p: null };
}

function binned(measure: (counts: BinCounts) => number): TestEntry['run'] {
	return (samples) => {
		const counts = binnedCounts(samples);
		return 'failure' in counts ? counts : distance(measure(counts));
	};
}

/** Also of numbers, where Evidently chooses such a test for few different ones. */
function counted(run: (counts: Counts) => Outcome | Failure): TestEntry['run'] {
	return (samples) => run(samples.counts());
}

const [numbers, categories, both] = [['num'], ['cat'], ['cat', 'num']] as const;

export const tests: Record<EvidentlyTest, TestEntry> = {
	ks: {
		types: numbers,
		threshold: 0.05,
		drift: '<=',
		run: ranked((a, b) => {
			const statistic = ksDistance(a, b);
			return { statistic, p: ksPValue(statistic, a.length, b.length) };
		}),
	},
	psi: { types: both, threshold: 0.1, drift: '>=', run: binned(evidentlyPsi) },
	wasserstein: {
		types: numbers,
		threshold: 0.1,
		drift: '>=',
		run: ofNumbers(({ reference, current }) =>
			distance(
				wasserstein(reference.ascending, current.ascending) / Math.max(populationDeviation(reference.values), 0.001),
			),
		),
	},
	jensenshannon: {
		types: both,
		threshold: 0.1,
		drift: '>=',
		run: binned(({ reference, current }) => jensenShannon(reference, current)),
	},
	kl_div: { types: both, threshold: 0.1, drift: '>=', run: binned(klDivergence) },
	chisquare: { types: categories, threshold: 0.05, drift: '<', run: counted(oneSampleChiSquare) },
	z: { types: categories, threshold: 0.05, drift: '<', run: counted(zTest) },
	g_test: { types: categories, threshold: 0.1, drift: '<', run: counted(gTest) },
	fisher_exact: { types: categories, threshold: 0.1, drift: '<', run: counted(fisherTest) },
	anderson: {
		types: numbers,
		threshold: 0.1,
		drift: '<',
		run: ofNumbers(({ reference, current }) => {
			const [a, b] = [reference.ascending, current.ascending];
			if (Math.min(a[0] as number, b[0] as number) === Math.max(a.at(-1) as number, b.at(-1) as number)) {
				return { failure: 'The Anderson-Darling test needs two different values.' };
			}
			if (a.length + b.length < 4) return { failure: 'The Anderson-Darling test needs four values.' };
			return scored(andersonDarlingTest(a, b));
		}),
	},
	cramer_von_mises: {
		types: numbers,
		threshold: 0.1,
		drift: '<=',
		run: ofNumbers(({ reference, current }) => {
			const [a, b] = [reference.ascending, current.ascending];
			if (Math.min(a.length, b.length) < 2) {
				return { failure: 'The Cramér-von Mises test needs two values in each sample.' };
			}
			return scored(cramerVonMisesTest(a, b));
		}),
	},
	es: {
		types: numbers,
		threshold: 0.05,
		drift: '<',
		run: ofNumbers(({ reference, current }) => {
			const [a, b] = [reference.values, current.values];
			if (interquartileRange(a, b) === 0) {
				return { failure: 'The Epps-Singleton test needs an interquartile range above 0.' };
			}
			return scored(
				Math.min(a.length, b.length) < 5 ? { statistic: Number.NaN, p: Number.NaN } : eppsSingletonTest(a, b),
			);
		}),
	},
	mannw: { types: numbers, threshold: 0.05, drift: '<', run: ranked(mannWhitneyLess) },
	t_test: {
		types: numbers,
		threshold: 0.05,
		drift: '<',
		run: ofNumbers(({ reference, current }) => scored(tTest(reference.values, current.values))),
	},
	hellinger: {
		types: both,
		threshold: 0.1,
		drift: '>=',
		run: (samples) => {
			if (samples.type === 'num') {
				const found = hellingerOfNumbers(samples);
				return typeof found === 'number' ? distance(found) : found;
			}
			const { reference, current, sizes } = samples.counts();
			return distance(hellingerDistance(reference, current, sizes));
		},
	},
	ed: {
		types: numbers,
		threshold: 0.1,
		drift: '>',
		run: ofNumbers(({ reference, current }) => distance(energyDistance(reference.ascending, current.ascending))),
	},
	TVD: { types: categories, threshold: 0.1, drift: '<', run: counted(totalVariationTest) },
	empirical_mmd: {
		types: numbers,
		threshold: 0.1,
		drift: '<',
		run: ofNumbers(({ reference, current }) => empiricalMmd(reference.values, current.values)),
	},
	perc_text_content_drift: { types: ['text'], threshold: 0.95, drift: '>', run: textContent(true) },
	abs_text_content_drift: { types: ['text'], threshold: 0.55, drift: '>', run: textContent(false) },
};

function textContent(byChance: boolean): TestEntry['run'] {
	return (samples, threshold) =>
		samples.type === 'text' ? textContentTest(samples, threshold, byChance) : { failure: 'The test takes text alone.' };
}

function populationDeviation(values: Float64Array): number {
	return Math.sqrt(moments(values).squares / values.length);
}

/** Whether a score is drift; NaN never is. */
export function isDrift(name: EvidentlyTest, score: number, threshold: number): boolean {
	switch (tests[name].drift) {
		case '>=':
			return score >= threshold;
		case '>':
			return score > threshold;
		case '<':
			return score < threshold;
		case '<=':
			return score <= threshold;
	}
}
