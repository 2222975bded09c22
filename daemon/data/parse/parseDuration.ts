/** Lengths of time as text: `1h 30m`, `00:12:30`, `2 days 01:00:00`, `PT1H30M`. */
import type { DurationUnit } from '../../protocol/project/parse.ts';
import type { ReadText } from './parseNumber.ts';

const secondsIn: Record<DurationUnit, number> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

const number = '\\d+(?:[.,]\\d+)?';
const clock = /^(?:(\d+)\s*d(?:ays?)?,?\s+)?(\d+):([0-5]\d):([0-5]\d(?:[.,]\d+)?)$/i;
const iso = new RegExp(
	`^P(?:(${number})W)?(?:(${number})D)?(?:T(?=\\d)(?:(${number})H)?(?:(${number})M)?(?:(${number})S)?)?$`,
	'i',
);
const isoSeconds = [604_800, 86_400, 3600, 60, 1];
const words: [RegExp, number][] = [
	[/^(?:w|weeks?)$/i, 604_800],
	[/^(?:d|days?)$/i, 86_400],
	[/^(?:h|hrs?|hours?)$/i, 3600],
	[/^(?:m|mins?|minutes?)$/i, 60],
	[/^(?:s|secs?|seconds?)$/i, 1],
	[/^(?:ms|milliseconds?)$/i, 0.001],
];
const worded = new RegExp(`^(?:${number}\\s*[a-z]+[\\s,]*)+$`, 'i');

const numberOf = (text: string) => Number(text.replace(',', '.'));

/** The length of time that a text names, in the unit asked for. */
export function durationIn(unit: DurationUnit): ReadText {
	return (text) => {
		const [, sign = '', rest = ''] = /^([-+−]?)\s*(.*)$/s.exec(text) ?? [];
		const seconds = /^\d+:\d+$/.test(rest)
			? 'a time of two parts, which may be hours and minutes or minutes and seconds'
			: (byClock(rest) ?? byIso(rest) ?? byWords(rest) ?? 'no length of time such as 1h 30m, 00:12:30 or PT1H30M');
		if (typeof seconds === 'string') return { refused: seconds };
		return (sign === '' || sign === '+' ? seconds : -seconds) / secondsIn[unit];
	};
}

function byClock(text: string): number | null {
	const [, days = '0', hours, minutes, seconds] = clock.exec(text) ?? [];
	if (hours === undefined || minutes === undefined || seconds === undefined) return null;
	return Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + numberOf(seconds);
}

function byIso(text: string): number | string | null {
	if (/^P\d[\d.,]*[YM]/i.test(text)) return 'a time of years or months, which have no fixed length';
	const parts = iso.exec(text)?.slice(1);
	if (parts === undefined || parts.every((part) => part === undefined)) return null;
	return parts.reduce((sum, part, index) => sum + numberOf(part ?? '0') * (isoSeconds[index] as number), 0);
}

function byWords(text: string): number | null {
	if (!worded.test(text)) return null;
	const seen = new Set<number>();
	let sum = 0;
	for (const [, count = '', word = ''] of text.matchAll(new RegExp(`(${number})\\s*([a-z]+)`, 'gi'))) {
		const factor = words.find(([name]) => name.test(word))?.[1];
		if (factor === undefined || seen.has(factor)) return null;
		seen.add(factor);
		sum += numberOf(count) * factor;
	}
	return sum;
}
