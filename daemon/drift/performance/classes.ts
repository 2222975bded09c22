/** Truth and predictions of classification as codes into one list of classes. */
import { type Column, lengthOf } from '../../data/table.ts';

export interface ClassCodes {
	/** Of both samples, truth and predictions: numbers in their order, then text in its own. */
	classes: string[];
	/** By column given, by row: the place in `classes`; −1 for null. */
	codes: Int32Array[];
}

/**
 * The classes that these columns hold, whatever kind they have: 1, 1.0 and `1` are one class; beside booleans 0 and 1, and
 * `True` in any case, are booleans too. An empty text is null, as a model answers it for a rejected row.
 */
export function codeClasses(columns: readonly Column[]): ClassCodes {
	const booleans = columns.some(({ kind, type }) => kind === 'number' && type === 'boolean');
	const found = new Map<string, number>();
	const codeOf = (label: string): number => {
		if (label === '') return -1;
		const known = found.get(label);
		if (known !== undefined) return known;
		found.set(label, found.size);
		return found.size - 1;
	};
	const first = columns.map((column) => {
		if (column.kind === 'string') {
			const words = Int32Array.from(column.dictionary, () => -2);
			return column.codes.map((code) => {
				if (code < 0) return -1;
				if (words[code] === -2) words[code] = codeOf(className(column.dictionary[code] as string, booleans));
				return words[code] as number;
			});
		}
		const numbers = new Map<number, number>();
		const codes = new Int32Array(lengthOf(column));
		for (const [row, value] of column.values.entries()) {
			let code = Number.isNaN(value) ? -1 : numbers.get(value);
			if (code === undefined) {
				const asBoolean = column.type === 'boolean' ? String(value !== 0) : String(value + 0);
				code = codeOf(className(asBoolean, booleans));
				numbers.set(value, code);
			}
			codes[row] = code;
		}
		return codes;
	});
	const labels = [...found.keys()];
	const order = labels.map((_, code) => code).sort((a, b) => compare(labels[a] as string, labels[b] as string));
	const place = new Int32Array(labels.length);
	for (const [at, code] of order.entries()) place[code] = at;
	return {
		classes: order.map((code) => labels[code] as string),
		codes: first.map((codes) => codes.map((code) => (code < 0 ? -1 : (place[code] as number)))),
	};
}

/** The name of a class as all columns write it. */
export function className(label: string, booleans: boolean): string {
	const text = label.trim();
	if (booleans) {
		const lower = text.toLowerCase();
		if (lower === 'true' || lower === '1') return 'true';
		if (lower === 'false' || lower === '0') return 'false';
	}
	return text !== '' && Number.isFinite(Number(text)) && /^[+-]?[\d.]+$/.test(text) ? String(Number(text)) : text;
}

function compare(a: string, b: string): number {
	const [x, y] = [Number(a), Number(b)];
	const [first, second] = [Number.isNaN(x), Number.isNaN(y)];
	if (first !== second) return +first - +second;
	return first ? (a < b ? -1 : +(a > b)) : x - y;
}
