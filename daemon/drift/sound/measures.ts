/** The tests of profile `sound` as evidence: statistic, p, effect and the interval of it, of rows that may have memory. */
import type { SoundTest } from '../../protocol/driftTests.ts';
import { asymptoticKsPValue, ksPValue } from '../../stats/kolmogorovSmirnov.ts';
import { kuiperDistance, kuiperPValue } from '../../stats/kuiper.ts';
import { chiSquareTest } from './contingency.ts';
import { balancedInterval, balancedV } from './cramersV.ts';
import { distanceInterval } from './effectInterval.ts';
import { discrepancyTest } from './meanDiscrepancy.ts';
import { type Memory, type Sizes, unknown } from './sound.ts';
import { stabilityTest, type Tenths } from './stability.ts';
import type { Measure } from './weigh.ts';

/** What each test is called in a sentence. */
export const testTitles: Record<SoundTest, string> = {
	ks: 'KS',
	kuiper: 'Kuiper',
	mmd: 'MMD',
	chi_square: 'chi-square',
	psi: 'PSI',
};

/** Below this the exact p and the one for large samples say the same, and the exact one may take seconds. */
const tinyP = 1e-9;

/** `distance` is asked for only when it decides. Live traffic is judged again and again: its p is the large-sample one. */
export function measureKs(distance: () => number, live: boolean): Measure {
	return (effective, memory) => {
		const statistic = distance();
		return {
			...{ kind: 'tested', test: 'ks', statistic, effect: statistic, effective },
			p: ksP(statistic, effective, live || longest(memory) > 1),
			interval: distanceInterval(statistic, effective),
			telling: { law: 'kolmogorov', distance: statistic, memory: longest(memory) },
		};
	};
}

/** Exact where the rows are independent and few, unless the large-sample one is wanted. */
function ksP(distance: number, { reference, current }: Sizes, large: boolean): number {
	const quick = asymptoticKsPValue(distance, reference, current);
	return large || quick < tinyP ? quick : ksPValue(distance, reference, current);
}

/** Both samples ascending. */
export function measureKuiper(reference: Float64Array, current: Float64Array): Measure {
	return (effective, memory) => {
		const statistic = kuiperDistance(reference, current);
		return {
			...{ kind: 'tested', test: 'kuiper', statistic, effect: statistic, effective },
			p: kuiperPValue(statistic, effective.reference, effective.current),
			interval: distanceInterval(statistic, effective, 'kuiper'),
			telling: { law: 'kuiper', distance: statistic, memory: longest(memory) },
		};
	};
}

/** Both samples ascending. */
export function measureDiscrepancy(reference: Float64Array, current: Float64Array): Measure {
	return (effective, memory) => {
		const { squared, p, effect, interval, degrees, perRow } = discrepancyTest(reference, current, effective);
		return {
			...{ kind: 'tested', test: 'mmd', statistic: squared, p, effect, interval, effective },
			telling: { law: 'chi_square', perRow, degrees, memory: longest(memory) },
		};
	};
}

/**
 * Of counts of the same categories. With memory they are those of so many independent rows as theirs count as: the statistic over
 * the mean design effect (Rao and Scott, JASA 76 (1981) 221-230).
 */
export function measureChiSquare(reference: ArrayLike<number>, current: ArrayLike<number>): Measure {
	return (effective, memory) => {
		const [before, after] = [thinned(reference, memory.reference), thinned(current, memory.current)];
		const tested = chiSquareTest(before, after);
		if (tested === null) return unknown('No categories to compare.');
		const { degrees, p } = tested;
		const effect = balancedV(before, after);
		return {
			...{ kind: 'tested', test: 'chi_square', p, effect, effective },
			statistic: longest(memory) > 1 ? (chiSquareTest(reference, current)?.statistic ?? 0) : tested.statistic,
			interval: balancedInterval(before, after),
			telling: { law: 'chi_square', perRow: effect ** 2, degrees, memory: longest(memory) },
		};
	};
}

/** Of counts of the same categories, or of the tenths of numbers. */
export function measureStability(
	reference: ArrayLike<number>,
	current: ArrayLike<number>,
	tenths: Tenths | null = null,
): Measure {
	return (effective, memory) => {
		const tested = stabilityTest(reference, current, memory, tenths);
		if (tested === null) return unknown('No categories to compare.');
		const { psi, p, excess, interval, degrees, perRow } = tested;
		return {
			...{ kind: 'tested', test: 'psi', statistic: psi, p, effect: excess, interval, effective },
			telling: { law: 'chi_square', perRow, degrees, memory: longest(memory) },
		};
	};
}

function longest({ reference, current }: Memory): number {
	return Math.max(reference, current);
}

function thinned(counts: ArrayLike<number>, memory: number): ArrayLike<number> {
	return memory === 1 ? counts : Float64Array.from(counts, (count) => count / memory);
}
