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

/** Formats for a place on the axis of a column, and for a distance on it. */
export function formatsOf(type: DriftColumn['type']): { place: Format; distance: Format } {
	return type === 'date' || type === 'timestamp'
		? { place: formatMoment, distance: formatLength }
		: { place: formatNumber, distance: formatNumber };
}
