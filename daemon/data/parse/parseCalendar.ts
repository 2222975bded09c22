/** Parts of dates and times, in UTC as all times of a table are. */
import type { CalendarPart } from '../../protocol/project/parse.ts';
import type { Taken } from './parseNumber.ts';

const dayLength = 86_400_000;

const parts: Record<CalendarPart, (time: Date) => number> = {
	year: (time) => time.getUTCFullYear(),
	quarter: (time) => Math.floor(time.getUTCMonth() / 3) + 1,
	month: (time) => time.getUTCMonth() + 1,
	day: (time) => time.getUTCDate(),
	day_of_year: (time) => Math.floor((time.getTime() - Date.UTC(time.getUTCFullYear(), 0, 1)) / dayLength) + 1,
	weekday: (time) => time.getUTCDay() || 7,
	hour: (time) => time.getUTCHours(),
	minute: (time) => time.getUTCMinutes(),
};

/** The part of a time in milliseconds since 1970; ISO 8601's weekday, 1 for Monday to 7. */
export function partOf(part: CalendarPart, time: number): number {
	return Number.isNaN(time) ? Number.NaN : parts[part](new Date(time));
}

const iso =
	/^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?\s*(?:Z|([-+])(\d{2})(?::?(\d{2}))?)?)?$/i;

/** An ISO 8601 date or time as milliseconds since 1970; without a zone it is UTC. */
export function timeOf(text: string): Taken {
	const found = iso.exec(text);
	if (found === null) return { refused: 'no date or time such as 2024-05-31T14:30:00Z' };
	const at = (index: number) => Number(found[index] ?? 0);
	const [month, day, hour, minute, second] = [at(2), at(3), at(4), at(5), at(6)];
	const date = Date.UTC(at(1), month - 1, day);
	const real = new Date(date).getUTCMonth() === month - 1 && new Date(date).getUTCDate() === day;
	if (!real || hour > 23 || minute > 59 || second > 59 || at(10) > 59)
		return { refused: 'no date or time that there is' };
	const offset = (at(9) * 60 + at(10)) * (found[8] === '-' ? -1 : 1);
	return date + ((hour * 60 + minute - offset) * 60 + second + at(7)) * 1000;
}
