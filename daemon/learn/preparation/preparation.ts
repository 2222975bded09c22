/**
 * What happens to raw columns before an estimator: nulls of numbers filled in, text one-hot, useless columns left out.
 * It is learned from the training rows, travels inside the graph (preparationGraph.ts), and is applied here the same way.
 */
import {
	type Column,
	columnOf,
	type NumberColumn,
	type StringColumn,
	stringColumn,
	type Table,
} from '../../data/table.ts';
import { greatestFloat } from '../../onnx/description.ts';
import { textOf } from '../../onnx/feeds.ts';
import { PerchError } from '../../protocol/errors.ts';
import { type NumberFacts, namesRows, needsDouble, numberFacts, type TextFacts, textFacts } from './columnFacts.ts';
import { type FeatureMatrix, sharedColumn } from './featureMatrix.ts';
import { applyTransform, fitTransforms, type NumberTransform } from './numberTransforms.ts';
import { type ColumnPlan, type PreparationSpec, readPlan } from './preparationPlan.ts';

/** A number as one feature. */
export interface NumberStep {
	kind: 'number';
	column: string;
	/** double where float32 would lose what tells rows apart. */
	input: 'float' | 'double';
	/** Takes the place of null; NaN where the estimator takes missing values as they are. */
	impute: number;
	/** Taken off before the value becomes float32; 0 for float inputs. */
	center: number;
	transforms: readonly NumberTransform[];
}

/** Text as one feature a category, 1 where it holds. Null is 0 in all of them. */
export interface OneHotStep {
	kind: 'one_hot';
	column: string;
	categories: string[];
	/** A last feature for all other values, in training the rare ones; without it they are 0 in all. */
	shared: boolean;
}

/**
 * Text as the code of its category, in the order of `categories`, the most frequent first; one more for all other values,
 * and the last for null.
 */
export interface CategoryStep {
	kind: 'category';
	column: string;
	categories: string[];
}

/** The steps in the order of the features: float inputs first, then double, of each those without transforms first, then one-hot text, then categories. */
export interface Preparation {
	numbers: NumberStep[];
	texts: OneHotStep[];
	categories: CategoryStep[];
}

const mostCategories = 50;
const mostAskedCategories = 1000;
/** Beside one for all other values and one for null. */
const mostCodes = 10_000;
/** From this share of different values on, a column may identify its rows. */
const identifies = 0.95;

export interface PreparationOptions {
	/** Nulls of numbers stay, unless a step fills them in. */
	keepMissing?: boolean;
	/** Of text with many values the most frequent are encoded and the others share a feature; else it is left out. */
	shareRare?: boolean;
	/** Text becomes categories, where no step asks otherwise. */
	asCategories?: boolean;
}

/**
 * Decides for every column what becomes of it; with `keepMissing` nulls stay unless a step fills them in. A warning names each column that is left out, and why.
 * Throws `unknown_column` or `invalid_config` for a spec that does not fit, `invalid_data` when no column is usable.
 */
export function fitPreparation(
	table: Table,
	spec: PreparationSpec,
	{ keepMissing = false, shareRare = false, asCategories = false }: PreparationOptions = {},
): { preparation: Preparation; warnings: string[] } {
	const plan = readPlan(table, spec);
	const preparation: Preparation = { numbers: [], texts: [], categories: [] };
	const warnings: string[] = [];
	for (const name of plan.columns) {
		const column = columnOf(table, name);
		const options = { ...(keepMissing && { impute: Number.NaN }), shareRare, asCategories };
		const step = prepareColumn(column, { ...options, ...plan.of(name) });
		if (typeof step === 'string') warnings.push(`Column ${JSON.stringify(name)} is left out: ${step}.`);
		else if (step.kind === 'number') preparation.numbers.push(step);
		else if (step.kind === 'category') preparation.categories.push(step);
		else preparation.texts.push(step);
	}
	const place = ({ input, transforms }: NumberStep) => 2 * +(input === 'double') + +(transforms.length > 0);
	preparation.numbers.sort((a, b) => place(a) - place(b));
	if (inputColumns(preparation).length === 0) {
		throw new PerchError('invalid_data', `No column is left to learn from. ${warnings.join(' ')}`.trim(), {
			hint: 'The data needs a column of numbers, booleans or categories whose values differ.',
		});
	}
	return { preparation, warnings };
}

/** The step for a column, or why it is left out. */
function prepareColumn(column: Column, plan: ColumnPlan): NumberStep | OneHotStep | CategoryStep | string {
	if (column.name === '') return 'it has no name';
	if (column.type === 'other') return 'it holds nested values';
	if (plan.encode !== undefined) {
		const text = column.kind === 'string' ? column : asText(column);
		return encodeAsAsked(text, textFacts(text), plan.encode, plan.asCategories === true);
	}
	if (column.kind === 'string') return encodeText(column, textFacts(column), plan);
	if (column.type === 'date' || column.type === 'timestamp') return `it holds a ${column.type}`;
	return prepareNumber(column, numberFacts(column), plan);
}

function prepareNumber(column: NumberColumn, facts: NumberFacts, plan: ColumnPlan): NumberStep | string {
	if (facts.count === 0) return 'it is empty in every row';
	const asked = plan.impute ?? 'median';
	const impute = typeof asked === 'number' ? asked : facts[asked];
	const differs = facts.distinct > 1 || (facts.nulls > 0 && impute !== facts.median);
	if (!differs) return `it is ${facts.median} in every row`;
	const unique = facts.distinct > identifies * facts.count;
	if (!plan.chosen && column.type === 'integer' && unique && (facts.counts || namesRows(column.name))) {
		return facts.counts ? 'it counts the rows' : 'it identifies the rows';
	}
	const input = needsDouble(column, facts) ? 'double' : 'float';
	const transforms = fitTransforms(filled(column.values, input, impute), plan.transforms ?? []);
	const center = input === 'double' ? transforms.reduce((value, one) => applyTransform(one, value), facts.median) : 0;
	return { kind: 'number', column: column.name, input, impute, center, transforms };
}

function encodeText({ name }: StringColumn, facts: TextFacts, plan: ColumnPlan): OneHotStep | CategoryStep | string {
	const { values, count, nulls } = facts;
	if (count === 0) return 'it is empty in every row';
	if (values.length === 1 && nulls === 0) return `it is ${JSON.stringify(values[0]?.value)} in every row`;
	if (values.some(({ value }) => value.includes('\0'))) return zeroBytes;
	const identifying = !plan.chosen && values.length > 1 && values.length > identifies * count;
	const almost = identifying || values.length > mostCategories ? almostNumbers(facts) : null;
	if (almost !== null) return almost;
	if (identifying) return 'it identifies the rows';
	if (plan.asCategories === true) return categoryStep(name, values);
	if (values.length > mostCategories && plan.shareRare === true) {
		const most = [...values].sort((a, b) => b.count - a.count).slice(0, mostCategories);
		return { kind: 'one_hot', column: name, categories: most.map(({ value }) => value), shared: true };
	}
	if (values.length > mostCategories) {
		return `it is text of ${values.length} values, and up to ${mostCategories} are encoded unless prepare says so`;
	}
	return { kind: 'one_hot', column: name, categories: values.map(({ value }) => value), shared: false };
}

const zeroBytes = 'it holds text with zero bytes, which no model can take';

/** Names the cell that made text of a column of numbers; null for a column that is mostly text. */
function almostNumbers({ values, count }: TextFacts): string | null {
	const isNumber = (text: string) => text.trim() !== '' && Number.isFinite(Number(text));
	const others = values.filter(({ value }) => !isNumber(value));
	const numbers = count - others.reduce((sum, one) => sum + one.count, 0);
	const [other] = others;
	if (other === undefined || numbers < count / 2) return null;
	const found = other.value.length > 40 ? `${other.value.slice(0, 37)}...` : other.value;
	return `it is text, for ${count - numbers} of its ${count} values are no numbers, such as ${JSON.stringify(found)}`;
}

function encodeAsAsked(
	{ name }: StringColumn,
	facts: TextFacts,
	{ as, minCount, field }: NonNullable<ColumnPlan['encode']>,
	asCategories: boolean,
): OneHotStep | CategoryStep | string {
	const { values, count, nulls } = facts;
	const frequent = values.filter((value) => value.count >= minCount);
	const shared = frequent.length < values.length;
	if (count === 0) return 'it is empty in every row';
	if (values.some(({ value }) => value.includes('\0'))) return zeroBytes;
	if (frequent.length + +shared === 1 && nulls === 0) return 'it has one category in every row';
	if (as === 'category') {
		if (asCategories) return categoryStep(name, frequent);
		throw new PerchError(
			'invalid_config',
			`Column ${JSON.stringify(name)} is to be a category, and the model takes numbers.`,
			{
				field,
				hint: 'random_forest and gradient_boosting take categories; say as: one_hot for other models.',
			},
		);
	}
	if (frequent.length > mostAskedCategories) {
		throw new PerchError('invalid_config', `Column ${JSON.stringify(name)} has ${frequent.length} categories.`, {
			field,
			hint: `At most ${mostAskedCategories} are encoded: raise min_count, so that rarer values share one column.`,
		});
	}
	return { kind: 'one_hot' as const, column: name, categories: frequent.map(({ value }) => value), shared };
}

/** Of values in their order, the most frequent first. */
function categoryStep(column: string, values: TextFacts['values']): CategoryStep {
	return { kind: 'category', column, categories: values.slice(0, mostCodes).map(({ value }) => value) };
}

/** Codes that a category may have. */
const codesOf = ({ categories }: CategoryStep) => categories.length + 2;

function asText(column: NumberColumn): StringColumn {
	const at = textOf(column);
	return stringColumn(
		column.name,
		Array.from(column.values, (value, row) => (Number.isNaN(value) ? null : at(row))),
	);
}

/** The raw columns that the preparation takes, in the order of the graph's inputs. */
export function inputColumns({ numbers, texts, categories }: Preparation): string[] {
	return [...numbers, ...texts, ...categories].map(({ column }) => column);
}

/** Names of the features: the column, or `column=value` where it is one-hot, and `column=…` for what shares one. */
export function featureNames({ numbers, texts, categories }: Preparation): string[] {
	const encoded = texts.flatMap(({ column, categories: values, shared }) =>
		[...values, ...(shared ? ['…'] : [])].map((category) => `${column}=${category}`),
	);
	const column = (step: NumberStep | CategoryStep) => step.column;
	return [...numbers.map(column), ...encoded, ...categories.map(column)];
}

/** The features of the rows of a table, exactly as the graph computes them. Throws `unknown_column`. */
export function applyPreparation(preparation: Preparation, table: Table): FeatureMatrix {
	const { numbers, texts, categories } = preparation;
	const numeric = numbers.map((step) => applyNumber(step, columnOf(table, step.column)));
	const encoded = texts.flatMap((step) => applyOneHot(step, columnOf(table, step.column)));
	const coded = categories.map((step) => applyCategory(step, columnOf(table, step.column)));
	const columns = [...numeric, ...encoded, ...coded];
	const plain = columns.length - coded.length;
	return {
		...{ rows: table.rows, columns, names: featureNames(preparation) },
		...(coded.length > 0 && { categories: [...new Array<number>(plain).fill(0), ...categories.map(codesOf)] }),
	};
}

function applyNumber({ column: name, input, impute, center, transforms }: NumberStep, column: Column): Float32Array {
	if (column.kind !== 'number') throw wrongKind(name, 'text');
	const values = filled(column.values, input, impute);
	const feature = sharedColumn(values.length);
	for (let row = 0; row < values.length; row++) {
		let value = values[row] as number;
		for (const transform of transforms) value = applyTransform(transform, value);
		feature[row] = Math.max(-greatestFloat, Math.min(greatestFloat, value - center));
	}
	return feature;
}

/** Values as the input of the graph holds them, with what is missing filled in: what is no number, and what is infinite there. */
function filled(values: Float64Array, input: NumberStep['input'], impute: number): Float64Array {
	const held = input === 'float' ? Math.fround : (value: number) => value;
	const filler = held(impute);
	return values.map((value) => {
		const kept = held(value);
		return Number.isFinite(kept) ? kept : filler;
	});
}

function applyOneHot({ categories, shared }: OneHotStep, column: Column): Float32Array[] {
	const { codes, dictionary } = column.kind === 'string' ? column : asText(column);
	const places = new Map(categories.map((category, index) => [category, index]));
	const place = dictionary.map((word) => (word === '' ? -1 : (places.get(word) ?? (shared ? categories.length : -1))));
	const features = Array.from({ length: categories.length + +shared }, () => sharedColumn(codes.length));
	for (let row = 0; row < codes.length; row++) {
		const feature = features[place[codes[row] as number] ?? -1];
		if (feature !== undefined) feature[row] = 1;
	}
	return features;
}

function applyCategory({ categories }: CategoryStep, column: Column): Float32Array {
	const { codes, dictionary } = column.kind === 'string' ? column : asText(column);
	const places = new Map(categories.map((category, index) => [category, index]));
	const [other, nothing] = [categories.length, categories.length + 1];
	const place = dictionary.map((word) => (word === '' ? nothing : (places.get(word) ?? other)));
	const feature = sharedColumn(codes.length);
	for (let row = 0; row < feature.length; row++) feature[row] = place[codes[row] as number] ?? nothing;
	return feature;
}

function wrongKind(name: string, found: string): PerchError {
	return new PerchError('invalid_data', `Column ${JSON.stringify(name)} holds ${found}, the model takes numbers.`, {
		field: name,
		hint: 'Give the column the type that it had in training.',
	});
}
