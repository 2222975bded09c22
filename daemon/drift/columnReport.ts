/** Everything that a report says of one column, except for what depends on the other columns. */
import { type Column, lengthOf } from '../data/table.ts';
import type { DriftColumn } from '../protocol/drift.ts';
import type { DriftFinding } from '../protocol/driftFindings.ts';
import { cdfGaps } from '../stats/cdfGaps.ts';
import { sorted } from '../stats/sort.ts';
import { wasserstein } from '../stats/wasserstein.ts';
import {
	type CategoryCounts,
	categoryFacts,
	countCodes,
	countNumbers,
	countPair,
	summarizeCategories,
} from './categoryCounts.ts';
import { aboutInfinite } from './columnNotes.ts';
import { countByCuts, decileCuts } from './deciles.ts';
import { categoryDistribution, numberDistribution } from './distribution.ts';
import { findCategories, findNulls, findOutOfRange, nullRows } from './findings.ts';
import { jensenShannon } from './jensenShannon.ts';
import { finite, finiteOnly, summarizeNumbers } from './numberSample.ts';
import { type CategoryPair, type Incomparable, type NumberPair, pairColumns } from './pairs.ts';
import { populationStability } from './psi.ts';
import { chiSquareTest } from './sound/contingency.ts';
import { cramersV } from './sound/cramersV.ts';
import { measureChiSquare, measureDiscrepancy, measureKs, measureKuiper, measureStability } from './sound/measures.ts';
import { memoryOf, orderOfCategories, orderOfNumbers, unordered } from './sound/memory.ts';
import { asTheyCame, inOrder, type RowOrders } from './sound/rowOrder.ts';
import { type Evidence, type Memory, noMemory, type Test } from './sound/sound.ts';
import { constantOf, type Measure, numbersRows, weighCategories, weighNumbers } from './sound/weigh.ts';

type Statistics = DriftColumn['statistics'];

export interface ColumnReport extends Pick<DriftColumn, 'statistics' | 'reference' | 'current' | 'distribution'> {
	evidence: Evidence;
	notes: string[];
	findings: DriftFinding[];
}

export interface ColumnOptions {
	test: 'auto' | Test;
	/**
	 * Live traffic, held against the data that a model knows: those are taken for the whole of what they stand for, whatever
	 * the order of their rows; only the traffic is a sample.
	 */
	live: boolean;
	/** In which order the rows are looked at for memory; as they came unless told. */
	order?: RowOrders;
	/** What sorts the values, for who has them sorted already. */
	sort?: typeof sorted;
}

export function reportColumn(reference: Column, current: Column, options: ColumnOptions): ColumnReport {
	const pair = pairColumns(reference, current, options.test);
	const report = reportPair(pair, reference, current, options);
	const { order = asTheyCame, live } = options;
	const compared = pair.kind === 'incomparable' ? { reference: cells(reference), current: cells(current) } : pair;
	const nulls = findNulls(
		{ reference: report.reference.nulls, current: report.current.nulls },
		{ reference: report.reference.rows, current: report.current.rows },
		() => ({ reference: nullRows(compared.reference), current: nullRows(compared.current) }),
		order,
		live,
	);
	return { ...report, notes: [...pair.notes, ...report.notes], findings: [...nulls, ...report.findings] };
}

function cells(column: Column): Float64Array | Int32Array {
	return column.kind === 'number' ? column.values : column.codes;
}

/** The memory of a column is found once, where anything asks for it. */
function once(find: () => Memory): () => Memory {
	let found: Memory | null = null;
	return () => {
		found ??= find();
		return found;
	};
}

function reportPair(
	pair: NumberPair | CategoryPair | Incomparable,
	reference: Column,
	current: Column,
	options: ColumnOptions,
): ColumnReport {
	if (pair.kind === 'numbers') return reportNumbers(pair, options);
	if (pair.kind === 'incomparable') {
		const { evidence } = pair;
		const [first, second] = [summarizeAlone(reference), summarizeAlone(current)];
		return {
			...{ evidence, notes: [], findings: [], statistics: {} },
			reference: first,
			current: second,
			distribution: null,
		};
	}
	const counts = countPair(pair);
	const { order = asTheyCame } = options;
	const facts = categoryFacts(counts);
	const memory = once(() =>
		memoryOf(
			options.live ? unordered : orderOfCategories(inOrder(pair.reference, order.reference), counts.reference),
			orderOfCategories(inOrder(pair.current, order.current), counts.current),
		),
	);
	const measure = options.test === 'psi' ? measureStability : measureChiSquare;
	const evidence = weighCategories({ ...facts, memory, measure: measure(counts.reference, counts.current) });
	return {
		evidence,
		notes: [],
		findings: evidence.kind === 'tested' || evidence.drift !== null ? findCategories(counts, memory) : [],
		statistics: categoryStatistics(counts),
		reference: summarizeCategories(counts.reference, pair.reference.length),
		current: summarizeCategories(counts.current, pair.current.length),
		distribution: categoryDistribution(counts),
	};
}

/** A column that is not compared, by itself. */
function summarizeAlone(column: Column): DriftColumn['reference'] {
	return column.kind === 'number'
		? summarizeNumbers(sorted(column.values), lengthOf(column))
		: summarizeCategories(countCodes(column.codes, column.dictionary.length), lengthOf(column));
}

function reportNumbers(
	pair: NumberPair,
	{ test, live, order = asTheyCame, sort = sorted }: ColumnOptions,
): ColumnReport {
	const [reference, current] = [sort(pair.reference), sort(pair.current)];
	const summary = summarizeNumbers(reference, pair.reference.length);
	const bins = tenthsOf(reference, current);
	const statistics = numberStatistics(reference, current, bins, summary.std);
	// Points in time rise with the rows: that is their nature, and no memory.
	const memory = once(() =>
		pair.time
			? noMemory
			: memoryOf(
					live ? unordered : orderOfNumbers(inOrder(pair.reference, order.reference), reference),
					orderOfNumbers(inOrder(pair.current, order.current), current),
				),
	);
	const numbering = numbersRows(pair.reference, reference) && numbersRows(pair.current, current);
	const report = {
		notes: aboutInfinite(reference, current),
		// Time goes on, and so do numbers of rows: values beyond the reference are their nature.
		findings: pair.time || numbering ? [] : findOutOfRange(reference, current, memory),
		statistics,
		reference: summary,
		current: summarizeNumbers(current, pair.current.length),
		distribution: numberDistribution(reference, current, pair.time),
	};
	if (test === 'chi_square') {
		const counts = countNumbers(reference, current, pair.time);
		const { chi_square, cramers_v } = categoryStatistics(counts);
		const measure = measureChiSquare(counts.reference, counts.current);
		const evidence = weighCategories({ ...categoryFacts(counts), memory, measure });
		return { ...report, evidence, statistics: { ...statistics, chi_square, cramers_v } };
	}
	const evidence = weighNumbers({
		sizes: { reference: reference.length, current: current.length },
		constants: { reference: constantOf(reference), current: constantOf(current) },
		numbersRows: numbering,
		time: pair.time,
		memory,
		measure: measureOf(test),
	});
	return { ...report, evidence };

	function measureOf(test: 'auto' | Exclude<Test, 'chi_square'>): Measure {
		switch (test) {
			case 'kuiper':
				return measureKuiper(reference, current);
			case 'mmd':
				return measureDiscrepancy(reference, current);
			case 'psi':
				return measureStability(bins.reference, bins.current, { reference, current });
			default:
				return measureKs(() => statistics.ks ?? 0, live);
		}
	}
}

/** How many values of both samples lie in each tenth of the reference. */
function tenthsOf(reference: Float64Array, current: Float64Array): { reference: Uint32Array; current: Uint32Array } {
	const finite = finiteOnly(reference);
	const cuts = finite.length === 0 ? [0] : decileCuts(finite);
	return { reference: countByCuts(reference, cuts), current: countByCuts(current, cuts) };
}

/** null where a sample is empty, or the reference does not vary and so gives no scale. */
function numberStatistics(
	reference: Float64Array,
	current: Float64Array,
	bins: { reference: Uint32Array; current: Uint32Array },
	std: number | null,
): Statistics {
	if (reference.length === 0 || current.length === 0) {
		return { ks: null, psi: null, wasserstein: null, jensen_shannon: null };
	}
	const [first, second] = [finiteOnly(reference), finiteOnly(current)];
	const scale = second.length === 0 ? 0 : (std ?? 0) * Math.sqrt((first.length - 1) / first.length);
	const { widest, area } = cdfGaps(reference, current);
	const finiteAlone = first.length + second.length === reference.length + current.length;
	const moved = () => (finiteAlone ? area : wasserstein(first, second));
	return {
		ks: widest,
		psi: finite(populationStability(bins.reference, bins.current)),
		wasserstein: scale > 0 ? finite(moved() / scale) : null,
		jensen_shannon: jensenShannon(bins.reference, bins.current),
	};
}

function categoryStatistics(
	counts: CategoryCounts,
): Statistics & Required<Pick<Statistics, 'chi_square' | 'cramers_v'>> {
	const { sizes, distinct } = categoryFacts(counts);
	const { reference, current } = counts;
	if (sizes.reference === 0 || sizes.current === 0) {
		return { psi: null, jensen_shannon: null, chi_square: null, cramers_v: null };
	}
	const tested = chiSquareTest(reference, current);
	return {
		psi: populationStability(reference, current),
		jensen_shannon: jensenShannon(reference, current),
		chi_square: tested?.statistic ?? null,
		cramers_v: tested === null ? null : cramersV(tested.statistic, distinct.both, sizes.reference + sizes.current),
	};
}
