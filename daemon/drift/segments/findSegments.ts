/** In which segments of the rows, cut by the other columns, did a column drift most? */
import type { Table } from '../../data/table.ts';
import type { DriftSegment, DriftSegments } from '../../protocol/driftSegments.ts';
import { adjustPValues } from '../../stats/benjaminiHochberg.ts';
import { balancedV } from '../sound/cramersV.ts';
import { alpha, floors } from '../sound/sound.ts';
import { type Change, contrastP, partsDistance, sumOf } from './contrast.ts';
import { type CutOptions, cutIntoParts, type Parts, pairNamed } from './parts.ts';

/** Rows that a segment, and what is outside of it, needs on each side: with fewer, a share is known no better than to 14 %. */
export const fewestSegmentRows = 50;

/** The search is bounded: each column looked at is held against each column that cuts. */
const mostCuttingColumns = 60;
const mostFound = 5;
const cutting: CutOptions = { ranges: 5, values: 20, rest: 'none' };
/** By how much the effect must be larger than elsewhere to be worth a line. */
const leastExcess = 0.05;

interface Look extends Omit<DriftSegment, 'adjusted_p'> {
	/** Place of the column that was looked at. */
	of: number;
}

/** A column that drifted, cut into its own parts. */
export interface MeasuredColumn {
	name: string;
	parts: Parts;
}

/**
 * For each of the measured columns the segments in which it changed otherwise than elsewhere (`contrastP`, adjusted over
 * all segments that were looked at, below 0.05) and more: by an effect of at least 0.1, and 0.05 above the effect elsewhere.
 * Segments are the values of columns with few, and fifths of the reference for numbers; points in time cut none.
 */
export function findSegments(
	reference: Table,
	current: Table,
	measured: readonly MeasuredColumn[],
	names: readonly string[],
): DriftSegments[] {
	const columns = measured.map(() => 0);
	const looks: Look[] = [];
	for (const column of names.slice(0, mostCuttingColumns)) {
		const pair = pairNamed(reference, current, column);
		if (pair === null || (pair.kind === 'numbers' && pair.time)) continue;
		const segments = cutIntoParts(pair, cutting);
		for (const [of, { name, parts }] of measured.entries()) {
			if (name === column) continue;
			const found = lookAt(segments, parts).map((look) => ({ ...look, column, of }));
			columns[of] = (columns[of] as number) + +(found.length > 0);
			looks.push(...found);
		}
	}
	const adjusted = adjustPValues(looks.map(({ p_value }) => p_value));
	const own = measured.map((): DriftSegment[] => []);
	for (const [index, { of, ...look }] of looks.entries()) {
		(own[of] as DriftSegment[]).push({ ...look, adjusted_p: adjusted[index] as number });
	}
	return own.map((segments, of) => ({
		looked: segments.length,
		columns: columns[of] as number,
		found: segments
			.filter(
				({ adjusted_p, effect, elsewhere }) =>
					adjusted_p < alpha && effect >= floors.ks && effect - elsewhere >= leastExcess,
			)
			.sort((a, b) => b.effect - a.effect)
			.slice(0, mostFound),
	}));
}

/** Every segment with enough rows inside and outside. */
function lookAt(segments: Parts, values: Parts): Omit<Look, 'column' | 'of'>[] {
	const width = values.labels.length;
	const tables = {
		reference: countPairs(segments.reference, values.reference, segments.labels.length, width),
		current: countPairs(segments.current, values.current, segments.labels.length, width),
	};
	const total = (side: 'reference' | 'current') => countAll(values[side], width);
	const all: Change = { reference: total('reference'), current: total('current') };
	return segments.labels.flatMap((segment, index) => {
		const inside = {
			reference: tables.reference.subarray(index * width, (index + 1) * width),
			current: tables.current.subarray(index * width, (index + 1) * width),
		};
		const outside = {
			reference: without(all.reference, inside.reference),
			current: without(all.current, inside.current),
		};
		const rows = { reference: sumOf(inside.reference), current: sumOf(inside.current) };
		const least = Math.min(rows.reference, rows.current, sumOf(outside.reference), sumOf(outside.current));
		if (least < fewestSegmentRows) return [];
		const effect = (change: Change) =>
			values.ordered ? partsDistance(change) : balancedV(change.reference, change.current);
		const p_value = contrastP(inside, outside, values.ordered);
		return [{ segment, rows, effect: effect(inside), elsewhere: effect(outside), p_value }];
	});
}

/** Rows by segment and value; without rows that have no value. */
function countPairs(segments: Int16Array, values: Int16Array, height: number, width: number): Uint32Array {
	const counts = new Uint32Array(height * width);
	for (let row = 0; row < segments.length; row++) {
		const [segment, value] = [segments[row] as number, values[row] as number];
		if (segment < 0 || value < 0) continue;
		const at = segment * width + value;
		counts[at] = (counts[at] as number) + 1;
	}
	return counts;
}

function countAll(values: Int16Array, width: number): Uint32Array {
	const counts = new Uint32Array(width);
	for (const value of values) if (value >= 0) counts[value] = (counts[value] as number) + 1;
	return counts;
}

function without(all: ArrayLike<number>, some: Uint32Array): Uint32Array {
	return some.map((count, part) => (all[part] as number) - count);
}
