/** How the values of a column read, by its type. The raw value always stands beside. */
import type { DriftColumn } from '../../daemon/protocol/drift.ts';
import { absent, formatNumber } from '../components/format.ts';

type Format = (value: number | null) => string;

/** Points in time in UTC, as far as they differ: a date, or a date with its time. */
function formatMoment(value: number | null): string {
	if (value === null || Math.abs(value) > 8.64e15) return absent;
	const text = new Date(value).toISOString();
	return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 16).replace('T', ' ');
}

const units = [
	['d', 86_400_000],
	['h', 3_600_000],
	['min', 60_000],
	['s', 1000],
] as const;

/** A length of time given in milliseconds. */
function formatLength(value: number | null): string {
	if (value === null) return absent;
	const [unit, length] = units.find(([, size]) => value >= size) ?? (['ms', 1] as const);
	return `${formatNumber(Number((value / length).toPrecision(4)))} ${unit}`;
}

/** Days alone, for an axis that spans several. */
function formatDay(value: number | null): string {
	return formatMoment(value).slice(0, 10);
}

/** A probability; one below what a double holds is not zero. */
export function formatP(value: number | null): string {
	return value === 0 ? '< 1e-300' : formatNumber(value);
}

/** Formats for places among the given ones on the axis of a column, and for a distance on it. */
export function formatsOf(type: DriftColumn['type'], places: readonly number[]): { place: Format; distance: Format } {
	if (type !== 'date' && type !== 'timestamp') return { place: formatNumber, distance: formatNumber };
	const span = Math.max(...places) - Math.min(...places);
	return { place: span >= 5 * 86_400_000 ? formatDay : formatMoment, distance: formatLength };
}
