/** Numbers in text: plain, as a range, with a unit, among words, with the sign of a currency. */
import { type ParseStep, unitKey } from '../../protocol/project/parse.ts';

/** A text that a rule does not take, and why. */
export interface Refused {
	refused: string;
}

/** The number that a text means. */
export type Taken = number | Refused;
export type ReadText = (text: string) => Taken;

/** How numbers are written. */
export interface NumberForm {
	/** An unsigned number, as the source of a pattern. */
	pattern: string;
	/** The number that a text which matches the pattern, with or without a sign, stands for. */
	value(text: string): number;
}

/** Thousands are parted in threes, or as in India (`1,23,456`), by what is not the decimal sign. */
export function numberForm(decimal: '.' | ','): NumberForm {
	const [point, comma] = decimal === '.' ? ['\\.', ','] : [',', '\\.'];
	const thousands = new RegExp(comma, 'g');
	return {
		pattern: `(?:(?:\\d{1,3}(?:${comma}\\d{2,3})*${comma}\\d{3}|\\d+)(?:${point}\\d*)?|${point}\\d+)(?:[eE][-+]?\\d+)?`,
		value: (text) => Number(text.replace('−', '-').replace(thousands, '').replace(decimal, '.')),
	};
}

const sign = '[-+−]?';
const refuse = (refused: string): Refused => ({ refused });

/** A whole text as one number; null where it is none. Numbers of any size that a double cannot hold are none. */
export function plainNumber({ pattern, value }: NumberForm): (text: string) => number | null {
	const whole = new RegExp(`^${sign}${pattern}$`);
	return (text) => {
		if (!whole.test(text)) return null;
		const number = value(text);
		return Number.isFinite(number) ? number : null;
	};
}

/** `2100 - 2850`, `2100–2850` or `2100 to 2850` as the mean of both ends. */
export function rangeMean({ pattern, value }: NumberForm): ReadText {
	const range = new RegExp(`^(${sign}${pattern})\\s*(?:[-–—]|to)\\s*(${sign}${pattern})$`, 'i');
	return (text) => {
		const [, from, to] = range.exec(text) ?? [];
		if (from === undefined || to === undefined) return refuse('no range such as 10 - 20');
		const [first, last] = [value(from), value(to)];
		return first <= last ? (first + last) / 2 : refuse('a range that runs backwards');
	};
}

/**
 * Square feet in one of each. By the international yard of 0.9144 m: an acre is 4,840 square yards, a cent a hundredth and
 * a guntha a fortieth of it, a perch 30¼ square yards; a ground, of southern India, is 2,400 square feet.
 */
const squareFeet = {
	'sq. ft': 1,
	sqft: 1,
	'square feet': 1,
	'square foot': 1,
	'ft²': 1,
	'sq. meter': 1 / 0.3048 ** 2,
	'square meter': 1 / 0.3048 ** 2,
	'square metre': 1 / 0.3048 ** 2,
	sqm: 1 / 0.3048 ** 2,
	'm²': 1 / 0.3048 ** 2,
	'sq. yard': 9,
	'square yard': 9,
	acre: 43_560,
	cent: 435.6,
	guntha: 1089,
	perch: 272.25,
	ground: 2400,
	hectare: 10_000 / 0.3048 ** 2,
};

/** `34.46Sq. Meter` as its number times the factor of its unit. */
export function numberWithUnit({ pattern, value }: NumberForm, units: UnitTable): ReadText {
	const table = units === 'square_feet' ? squareFeet : units;
	const factors = new Map(Object.entries(table).map(([unit, factor]) => [unitKey(unit), factor]));
	const measured = new RegExp(`^(${sign}${pattern})\\s*(\\D.*)$`, 's');
	return (text) => {
		const [, number, unit] = measured.exec(text) ?? [];
		if (number === undefined || unit === undefined) return refuse('no number with a unit behind it');
		const factor = factors.get(unitKey(unit));
		return factor === undefined
			? refuse(`of the unit ${JSON.stringify(unit)}, which has no factor`)
			: value(number) * factor;
	};
}

type UnitTable = Extract<ParseStep, { as: 'number_with_unit' }>['units'];

/** `3 BHK` as 3. Two numbers in a text are not chosen from. */
export function numberInText({ pattern, value }: NumberForm): ReadText {
	// A hyphen behind a word is no sign.
	const numbers = new RegExp(`(?<![\\d.,])(?:(?<=^|\\s)${sign})?${pattern}(?![.,]?\\d)`, 'gu');
	return (text) => {
		const places = text.match(/\d[\d.,]*/g)?.length ?? 0;
		const [only] = text.match(numbers) ?? [];
		if (places === 1 && only !== undefined) return value(only);
		return refuse(places === 0 ? 'text without a number' : 'more than one number');
	};
}

/** A sign of money (also the `?` that a wrong encoding made of one), three letters such as EUR, Rs, Fr or kr. */
const money = '(?:\\p{Sc}|\\?|[A-Z]{3}|US\\$|Rs\\.?|Fr\\.?|kr\\.?)';

/** ` ? 105.00 `, `€ 1,234.50`, `-$5`, `12.50 EUR` as the amount; in brackets it is owed. */
export function currency({ pattern, value }: NumberForm): ReadText {
	const amount = new RegExp(`^(${sign})\\s*(?:${money}\\s*(${sign}${pattern})|(${pattern})\\s*${money})$`, 'u');
	return (text) => {
		const owed = /^\((.*)\)$/s.exec(text)?.[1]?.trim();
		const [, before = '', behind, ahead] = amount.exec(owed ?? text) ?? [];
		const number = behind ?? ahead;
		if (number === undefined || (before !== '' && /^[-+−]/.test(number))) return refuse('no amount of money');
		return value(before + number) * (owed === undefined ? 1 : -1);
	};
}
