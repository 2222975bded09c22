/** From two columns to the samples that Evidently's tests take. */

import type { Column, NumberColumn, StringColumn } from '../../data/table.ts';
import { codesFrom } from '../../stats/gather.ts';
import { sorted } from '../../stats/sort.ts';
import { countCodes } from '../categoryCounts.ts';
import { finiteOnly } from '../numberSample.ts';
import type { Counts, NumberSample, Samples, SampleType } from './sample.ts';

/** Why two columns cannot be compared, or their samples. */
export function samplesOf(
	type: SampleType,
	reference: Column,
	current: Column,
	sort = sorted,
): Samples | { failure: string } {
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
	return { type, reference: numbersOf(reference, sort), current: numbersOf(current, sort), counts };
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
	if (column.kind === 'number') {
		const { values } = column;
		for (let row = 0; row < values.length; row++) present += +Number.isFinite(values[row] as number);
	} else {
		const { codes } = column;
		for (let row = 0; row < codes.length; row++) present += +((codes[row] as number) >= 0);
	}
	return present;
}

function numbersOf({ values, type }: NumberColumn, sort: typeof sorted): NumberSample {
	const ascending = finiteOnly(sort(values));
	const finite = ascending.length === values.length ? values : values.filter(Number.isFinite);
	return {
		values: finite,
		ascending,
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
	const [first, second] = [countsOf(reference, codeOf), countsOf(current, codeOf)];
	const sum = (counts: Uint32Array) => counts.reduce((total, count) => total + count, 0);
	return {
		reference: first,
		current: second,
		sizes: { reference: sum(first), current: sum(second) },
		mixed: reference.kind !== current.kind,
		codes: () => ({ reference: codesOf(reference, codeOf), current: codesOf(current, codeOf) }),
	};
}

/** How often each category occurs in a column. */
function countsOf(column: Column, codeOf: ReadonlyMap<number | string, number>): Uint32Array {
	const counts = new Uint32Array(codeOf.size);
	const add = (key: number | string, times: number) => {
		const code = codeOf.get(key);
		if (code !== undefined) counts[code] = (counts[code] as number) + times;
	};
	if (column.kind === 'number') {
		for (const value of column.values) if (Number.isFinite(value)) add(value + 0, 1);
	} else {
		const words = countCodes(column.codes, column.dictionary.length);
		for (const [code, word] of column.dictionary.entries()) add(word, words[code] as number);
	}
	return counts;
}

/** The different values that occur; -0 is 0. */
function keysOf(column: Column): Set<number | string> {
	if (column.kind === 'number') {
		const keys = new Set<number>();
		for (const value of column.values) if (Number.isFinite(value)) keys.add(value + 0);
		return keys;
	}
	const counts = countCodes(column.codes, column.dictionary.length);
	return new Set(column.dictionary.filter((_, code) => (counts[code] as number) > 0));
}

function codesOf(column: Column, codeOf: ReadonlyMap<number | string, number>): Int32Array {
	if (column.kind === 'number') {
		return codesFrom(column.values.filter(Number.isFinite), (value) => codeOf.get(value + 0) as number);
	}
	const translated = column.dictionary.map((word) => codeOf.get(word) ?? -1);
	return column.codes.filter((code) => code >= 0).map((code) => translated[code] as number);
}
