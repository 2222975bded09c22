import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { oneSampleChiSquare } from '../../daemon/drift/evidently/chiSquare.ts';
import { gTest } from '../../daemon/drift/evidently/gTest.ts';
import { klDivergence } from '../../daemon/drift/evidently/klDivergence.ts';
import type { Counts } from '../../daemon/drift/evidently/sample.ts';
import { jensenShannon } from '../../daemon/drift/jensenShannon.ts';
import { chiSquareTest } from '../../daemon/drift/sound/contingency.ts';
import { andersonDarlingTest } from '../../daemon/stats/andersonDarling.ts';
import { cramerVonMisesTest } from '../../daemon/stats/cramerVonMises.ts';
import { energyDistance } from '../../daemon/stats/energyDistance.ts';
import { eppsSingletonTest, interquartileRange } from '../../daemon/stats/eppsSingleton.ts';
import { fisherExactTest } from '../../daemon/stats/fisherExact.ts';
import { asymptoticKsPValue, ksDistance, ksPValue } from '../../daemon/stats/kolmogorovSmirnov.ts';
import { mannWhitneyLess } from '../../daemon/stats/mannWhitney.ts';
import { sorted } from '../../daemon/stats/sort.ts';
import { tTest } from '../../daemon/stats/tTest.ts';
import { wasserstein } from '../../daemon/stats/wasserstein.ts';
import { countPairs, numberPairs } from './pairs.ts';
import { findPython } from './python.ts';

/** A statistic and a p-value; NaN where there is none. */
type Figures = readonly [statistic: number, p: number];
type Theirs = Record<string, [unknown, unknown] | string>;

const numbers: Record<string, (a: Float64Array, b: Float64Array) => Figures | null> = {
	ks: (a, b) => [ksDistance(a, b), ksPValue(ksDistance(a, b), a.length, b.length)],
	ksAsymptotic: (a, b) => [ksDistance(a, b), asymptoticKsPValue(ksDistance(a, b), a.length, b.length)],
	wasserstein: (a, b) => [wasserstein(a, b), Number.NaN],
	ed: (a, b) => [energyDistance(a, b), Number.NaN],
	cramer_von_mises: (a, b) => (Math.min(a.length, b.length) < 2 ? null : pairOf(cramerVonMisesTest(a, b))),
	anderson: (a, b) => {
		const [least, most] = [Math.min(a[0] ?? 0, b[0] ?? 0), Math.max(a.at(-1) ?? 0, b.at(-1) ?? 0)];
		return least === most || a.length + b.length < 4 ? null : pairOf(andersonDarlingTest(a, b));
	},
	es: (a, b) =>
		Math.min(a.length, b.length) < 5 || interquartileRange(a, b) === 0 ? null : pairOf(eppsSingletonTest(a, b)),
	mannw: (a, b) => pairOf(mannWhitneyLess(a, b)),
	t_test: (a, b) => (a.length + b.length < 3 ? null : pairOf(tTest(a, b))),
};

const counts: Record<string, (a: readonly number[], b: readonly number[]) => Figures | null> = {
	chisquare: (a, b) => pairOf(oneSampleChiSquare(countsOf(a, b))),
	g_test: (a, b) => {
		const found = gTest(countsOf(a, b));
		return 'failure' in found ? null : pairOf(found);
	},
	jensenshannon: (a, b) => [jensenShannon(a, b), Number.NaN],
	contingency: (a, b) => {
		const found = chiSquareTest(a, b);
		return found === null ? null : [found.statistic, found.p];
	},
	kl_div: (a, b) => (Math.min(...a, ...b) === 0 ? null : [klDivergence(countsOf(a, b)), Number.NaN]),
	fisher_exact: (a, b) => [Number.NaN, fisherExactTest(...(b as [number, number]), ...(a as [number, number]))],
};

function pairOf({ statistic, p }: { statistic: number; p: number | null }): Figures {
	return [statistic, p ?? Number.NaN];
}

function countsOf(a: readonly number[], b: readonly number[]): Counts {
	const kept = a.map((_, k) => k).filter((k) => (a[k] as number) + (b[k] as number) > 0);
	const take = (from: readonly number[]) => Uint32Array.from(kept, (k) => from[k] as number);
	const sum = (from: readonly number[]) => from.reduce((total, count) => total + count, 0);
	const codes = () => assert.fail('not asked for');
	return { reference: take(a), current: take(b), sizes: { reference: sum(a), current: sum(b) }, mixed: false, codes };
}

/** Statistics above this have a variance that is nothing but rounding: only their p-value, 0, is held against SciPy's. */
const roundingAlone = 1e10;

/** What of our figures need not be SciPy's; docs/driftProfiles.md says why. */
function comparedFigures(
	test: string,
	ours: Figures | null,
	theirs: Figures | string,
	given: readonly number[],
): Figures | null {
	if (ours === null) return null;
	if (typeof theirs === 'string') return ours;
	const [statistic, p] = ours;
	// The covariance has full rank only with five different values; else rounding decides what of it counts.
	if (test === 'es' && new Set(given).size < 5) return null;
	if ((test === 'es' || test === 't_test') && Math.abs(statistic) > roundingAlone) return [theirs[0], p];
	// Sparse tables have a p-value of our own.
	if (test === 'contingency' && leastExpected(given) < 5) return [statistic, theirs[1]];
	return ours;
}

/** Of two rows of counts, one after the other. */
function leastExpected(given: readonly number[]): number {
	const half = given.length / 2;
	const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
	const totals = given.slice(0, half).map((count, k) => count + (given[half + k] as number));
	const least = Math.min(sum(given.slice(0, half)), sum(given.slice(half)));
	return (least * Math.min(...totals.filter((total) => total > 0))) / sum(given);
}

function numberOf(value: unknown): number {
	return value === 'nan' ? Number.NaN : value === 'inf' ? Infinity : value === '-inf' ? -Infinity : Number(value);
}

/** Equal within 1e-6, of the value where that is above 1. */
function near(ours: number, theirs: number): boolean {
	if (Number.isNaN(ours) || Number.isNaN(theirs)) return Number.isNaN(ours) && Number.isNaN(theirs);
	return ours === theirs || Math.abs(ours - theirs) <= 1e-6 * Math.max(1, Math.abs(theirs));
}

describe('the statistics beside SciPy', () => {
	it('are equal on generated pairs, and so are the p-values', async function () {
		this.timeout(900_000);
		const python = findPython();
		if ('missing' in python) {
			process.stderr.write(`SKIPPED the comparison with SciPy: ${python.missing}\n`);
			this.skip();
		}
		const given = { numbers: numberPairs(320), counts: countPairs(320) };
		const theirs = await python.run<{ numbers: Theirs[]; counts: Theirs[] }>('scipyFigures.py', {
			numbers: given.numbers.map(({ a, b }) => [a, b]),
			counts: given.counts.map(({ a, b }) => [a, b]),
		});
		const wrong: string[] = [];
		const compared = new Map<string, number>();
		const hold = (
			test: string,
			name: string,
			values: readonly number[],
			ours: Figures | null,
			found: Theirs[string],
		) => {
			const theirFigures = typeof found === 'string' ? found : (found.map(numberOf) as [number, number]);
			const figures = comparedFigures(test, ours, theirFigures, values);
			if (figures === null) return;
			compared.set(test, (compared.get(test) ?? 0) + 1);
			const equal =
				typeof theirFigures !== 'string' && figures.every((value, i) => near(value, theirFigures[i] as number));
			if (!equal) wrong.push(`${test} of ${name}: ${figures} and not ${theirFigures}`);
		};
		for (const [index, { name, a, b }] of given.numbers.entries()) {
			const [first, second] = [a, b].map((side) => sorted(Float64Array.from(side, (value) => value ?? Number.NaN)));
			for (const [test, run] of Object.entries(numbers)) {
				hold(
					test,
					name,
					[...(first as Float64Array), ...(second as Float64Array)],
					run(first as Float64Array, second as Float64Array),
					(theirs.numbers[index] as Theirs)[test] as Theirs[string],
				);
			}
		}
		for (const [index, { name, a, b }] of given.counts.entries()) {
			for (const [test, found] of Object.entries(theirs.counts[index] as Theirs)) {
				hold(test, name, [...a, ...b], counts[test]?.(a, b) ?? null, found);
			}
		}
		process.stdout.write(
			`      ${python.versions}; pairs compared: ${[...compared].map(([test, n]) => `${test} ${n}`).join(', ')}\n`,
		);
		assert.deepEqual(wrong.slice(0, 60), [], `${wrong.length} differ`);
	});
});
