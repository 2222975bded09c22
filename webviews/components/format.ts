/** How values read. The value itself always travels beside its text, in `data-value`. */

/** Stands for a value that is not there. */
export const absent = '–';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/**
 * Four significant digits, fewer where they are exact; whole numbers in full, with thousands separated; very small and very large ones with an exponent.
 */
export function formatNumber(value: number | null): string {
	if (value === null || !Number.isFinite(value)) return absent;
	const size = Math.abs(value);
	if (Number.isInteger(value) && size < 1e15) return whole.format(value);
	if (size < 1e-3 || size >= 1e7) return value.toExponential(2).replace('e+', 'e');
	if (size >= 1e4) return whole.format(value);
	const text = value.toPrecision(4);
	return Number(text) === value ? String(value) : text;
}

/** A share of 0 to 1 as a percentage with one decimal. A share that is neither 0 nor 1 never reads as one. */
export function formatShare(share: number | null): string {
	if (share === null || !Number.isFinite(share)) return absent;
	if (share === 0 || share === 1) return `${share * 100} %`;
	if (share > 0 && share < 0.001) return '< 0.1 %';
	if (share < 1 && share > 0.999) return '> 99.9 %';
	return `${(share * 100).toFixed(1)} %`;
}

/** The same where space is short and digits need not stand under each other: `10 %`. */
export function formatPercent(share: number): string {
	return `${Number((share * 100).toFixed(2))} %`;
}

/** A count of requests: whole. */
export function formatCount(value: number | null): string {
	return value === null || !Number.isFinite(value) ? absent : whole.format(value);
}

/** `2026-03-01 14:05` in local time. */
export function formatTime(milliseconds: number): string {
	const date = new Date(milliseconds);
	if (Number.isNaN(date.getTime())) return absent;
	const two = (part: number) => String(part).padStart(2, '0');
	const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
	return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The same on an axis between two times: the day, the time of day, or both, as far as they differ. */
export function timeTicks(first: number, last: number): (milliseconds: number) => string {
	const span = last - first;
	if (span >= 5 * 86_400_000) return (time) => formatTime(time).slice(0, 10);
	return span >= 86_400_000 ? (time) => formatTime(time).slice(5) : (time) => formatTime(time).slice(11);
}

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
	['year', 365 * 86_400_000],
	['month', 30 * 86_400_000],
	['day', 86_400_000],
	['hour', 3_600_000],
	['minute', 60_000],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** `3 days ago`; under a minute `just now`. */
export function formatAge(milliseconds: number, now: number = Date.now()): string {
	const elapsed = now - milliseconds;
	const unit = units.find(([, length]) => Math.abs(elapsed) >= length);
	if (unit === undefined) return 'just now';
	const [name, length] = unit;
	return relative.format(-Math.trunc(elapsed / length), name);
}

/** The first eight characters of a digest or an id. */
export function formatDigest(digest: string): string {
	return digest.slice(0, 8);
}

/** `1 version`, `2 versions`. */
export function plural(count: number, one: string, many: string = `${one}s`): string {
	return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** The last part of a path of either kind; a name that is no path as it is. */
export function fileName(path: string): string {
	return path.split(/[/\\]/).at(-1) || path;
}
