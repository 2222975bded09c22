/** From two columns to the samples that Evidently's tests take. */
import type { Column, NumberColumn, StringColumn } from '../../data/table.ts';
import { sorted } from '../../stats/sort.ts';
import type { Counts, NumberSample, Samples, SampleType } from './sample.ts';

/** Why two columns cannot be compared, or their samples. */
export function samplesOf(type: SampleType, reference: Column, current: Column): Samples | { failure: string } {
	const empty = [reference, current].findIndex((column) => countPresent(column) === 0);
	if (empty >= 0) return { failure: `No values in ${empty === 0 ? 'the reference' : 'the current data'}.` };
	const counts = lazily(() => countCategories(reference, current));
	if (type === 'cat') return { type, counts };
	if (type === 'text') {
		if (reference.kind !== 'string' || current.kind !== 'string') {
			return { failure: 'The column is text in the current data, and none in the reference.' };
		}
		return { type, reference: textsOf(reference), current: textsOf(current), counts };
	}
	if (reference.kind !== 'number' || current.kind !== 'number') {
		return { failure: 'The column holds numbers in the current data, and text in the reference.' };
	}
	return { type, reference: numbersOf(reference), current: numbersOf(current), counts };
}

function lazily<T>(make: () => T): () => T {
	let made: { value: T } | undefined;
	return () => {
		made ??= { value: make() };
		return made.value;
	};
}

function countPresent(column: Column): number {
	let present = 0;
	if (column.kind === 'number') for (const value of column.values) present += +Number.isFinite(value);
	else for (const code of column.codes) present += +(code >= 0);
	return present;
}

function numbersOf({ values, type }: NumberColumn): NumberSample {
	const finite = values.filter(Number.isFinite);
	return {
		values: finite,
		ascending: sorted(finite),
		whole: type === 'integer' && finite.length === values.length,
	};
}

function textsOf({ codes, dictionary }: StringColumn): string[] {
	const texts: string[] = [];
	for (const code of codes) {
		if (code >= 0) texts.push(dictionary[code] as string);
	}
	return texts;
}

/** Numbers are the same category where they are equal, whatever their type, as in Python; text never equals a number. */
function countCategories(reference: Column, current: Column): Counts {
	const codeOf = new Map<number | string, number>();
	for (const column of [reference, current]) {
		for (const key of keysOf(column)) codeOf.set(key, 0);
	}
	const keys = [...codeOf.keys()].sort((a, b) => (a === b ? 0 : a < b ? -1 : 1));
	for (const [code, key] of keys.entries()) codeOf.set(key, code);
	const codes = () => ({ reference: codesOf(reference, codeOf), current: codesOf(current, codeOf) });
	const coded = codes();
	const count = (sample: Int32Array) => {
		const counts = new Uint32Array(keys.length);
		for (const code of sample) counts[code] = (counts[code] as number) + 1;
		return counts;
	};
	return {
		reference: count(coded.reference),
		current: count(coded.current),
		sizes: { reference: coded.reference.length, current: coded.current.length },
		mixed: reference.kind !== current.kind,
		codes,
	};
}

/** The different values that occur; -0 is 0. */
function keysOf(column: Column): Set<number | string> {
	if (column.kind === 'number') {
		const keys = new Set<number>();
		for (const value of column.values) if (Number.isFinite(value)) keys.add(value + 0);
		return keys;
	}
	const used = new Set<number>();
	for (const code of column.codes) if (code >= 0) used.add(code);
	return new Set([...used].map((code) => column.dictionary[code] as string));
}

function codesOf(column: Column, codeOf: ReadonlyMap<number | string, number>): Int32Array {
	if (column.kind === 'number') {
		return Int32Array.from(column.values.filter(Number.isFinite), (value) => codeOf.get(value + 0) as number);
	}
	const translated = column.dictionary.map((word) => codeOf.get(word) ?? -1);
	return column.codes.filter((code) => code >= 0).map((code) => translated[code] as number);
}
