/** What trials may choose from. */
import type { DimensionSection, TuneSection } from '../../protocol/project/tune.ts';
import type { Random } from '../../stats/random.ts';

export type ParamValue = number | string | boolean;
export type Params = Readonly<Record<string, ParamValue>>;

/** A param and its values. */
export type Dimension =
	| {
			readonly name: string;
			readonly kind: 'int' | 'float';
			readonly min: number;
			readonly max: number;
			readonly log: boolean;
	  }
	| { readonly name: string; readonly kind: 'choice'; readonly choices: readonly ParamValue[] };

/** The space as perch.yaml says it, in the order of its names there. */
export function readSpace(space: TuneSection['space']): Dimension[] {
	return Object.entries(space).map(([name, section]) => readDimension(name, section));
}

function readDimension(name: string, section: DimensionSection): Dimension {
	if (Array.isArray(section)) {
		const [first, second] = section;
		if (section.length !== 2 || typeof first !== 'number' || typeof second !== 'number') {
			return { name, kind: 'choice', choices: section };
		}
		const [min, max] = [Math.min(first, second), Math.max(first, second)];
		return { name, kind: kindOf(min, max), min, max, log: false };
	}
	if ('choices' in section) return { name, kind: 'choice', choices: section.choices };
	const { min, max, log, type } = section;
	return { name, kind: type ?? kindOf(min, max), min, max, log };
}

function kindOf(min: number, max: number): 'int' | 'float' {
	return Number.isInteger(min) && Number.isInteger(max) ? 'int' : 'float';
}

/**
 * A dimension as a stretch of the line on which it is searched: logarithms where asked, whole numbers with half a step on
 * either side, choices by their place.
 */
export function stretchOf(dimension: Dimension): { low: number; high: number } {
	if (dimension.kind === 'choice') return { low: -0.5, high: dimension.choices.length - 0.5 };
	const { kind, min, max, log } = dimension;
	const [low, high] = kind === 'int' ? [min - 0.5, max + 0.5] : [min, max];
	return log ? { low: Math.log(low), high: Math.log(high) } : { low, high };
}

/** Where a value lies on that stretch. */
export function placeOf(dimension: Dimension, value: ParamValue): number {
	if (dimension.kind === 'choice') return dimension.choices.indexOf(value);
	return dimension.log ? Math.log(Number(value)) : Number(value);
}

/** The value at a place of the stretch. */
export function valueAt(dimension: Dimension, place: number): ParamValue {
	if (dimension.kind === 'choice') {
		const last = dimension.choices.length - 1;
		return dimension.choices[Math.min(last, Math.max(0, Math.round(place)))] as ParamValue;
	}
	const value = dimension.log ? Math.exp(place) : place;
	const held = dimension.kind === 'int' ? Math.round(value) : value;
	return Math.min(dimension.max, Math.max(dimension.min, held));
}

/** A point of the space, every place of each stretch as likely. */
export function drawPoint(space: readonly Dimension[], random: Random): Params {
	return Object.fromEntries(
		space.map((dimension) => {
			const { low, high } = stretchOf(dimension);
			return [dimension.name, valueAt(dimension, low + (high - low) * random.next())];
		}),
	);
}
