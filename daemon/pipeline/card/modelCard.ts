/** What a model card says, whatever it is written in. */
import type { ModelDescription } from '../../onnx/description.ts';
import type { Explanations } from '../../protocol/explanations.ts';
import type { Result } from '../../protocol/methods.ts';
import type { ModelVersion } from '../../protocol/models.ts';
import { sideBySide } from '../../protocol/sideBySide.ts';

/** What is known of a version. */
export interface CardFacts {
	readonly version: ModelVersion;
	readonly description: ModelDescription;
	/** Null for a version that was made elsewhere. */
	readonly run: Result<'runs/show'> | null;
	readonly explanations: Explanations | null;
}

export interface CardTable {
	readonly head: readonly string[];
	readonly rows: readonly (readonly (string | number | null)[])[];
	/** The column of numbers that a bar shows beside them. */
	readonly bars?: number;
}

export interface CardSection {
	readonly title: string;
	readonly text: readonly string[];
	readonly table: CardTable | null;
}

export interface ModelCard {
	readonly title: string;
	readonly facts: readonly (readonly [string, string])[];
	readonly sections: readonly CardSection[];
}

const mostColumns = 15;
const mostInputs = 100;
const mostClasses = 20;

export function modelCard(facts: CardFacts): ModelCard {
	const { version, description, run } = facts;
	const params = run?.run.params ?? {};
	return {
		title: `${version.name} version ${version.version}`,
		facts: [
			['Task', version.task],
			['Type', params['model.type'] ?? 'made elsewhere'],
			['Status', [version.status, ...version.aliases].join(', ')],
			['Made', new Date(version.created_at).toISOString()],
			...(version.description === '' ? [] : [['Description', version.description] as const]),
			['File', `sha256 ${version.sha256}, ${version.size} bytes`],
		],
		sections: [
			...measured(facts),
			...why(facts),
			...warnings(run),
			...(run === null ? [] : [dataOf(run)]),
			signature(description),
			...(run === null ? [] : [made(run)]),
		],
	};
}

function section(title: string, table: CardTable | null, ...text: string[]): CardSection {
	return { title, text, table };
}

function measured({ version, run }: CardFacts): CardSection[] {
	const metrics = run?.run.metrics ?? version.metrics;
	const { heads, rows } = sideBySide(metrics);
	const validation = run?.run.tags['perch.validation'];
	return [
		section(
			'Metrics',
			{ head: ['metric', 'value', ...heads], rows: rows.map(({ name, values }) => [name, ...values]) },
			...(validation === undefined ? [] : validation.split('\n')),
		),
	];
}

function why({ explanations }: CardFacts): CardSection[] {
	if (explanations === null) return [];
	const { importance, contributions, confusion, calibration, residuals } = explanations;
	const rows = `${explanations.rows} of ${explanations.of} ${explanations.part === 'held_out' ? 'rows that were not learned from' : 'rows learned from'}`;
	const abnormal = contributions?.abnormal;
	return [
		...(importance === null
			? []
			: [
					section(
						'Importance of the columns',
						{
							head: ['column', `how much worse ${importance.metric} becomes`, 'deviation'],
							rows: importance.columns.slice(0, mostColumns).map(({ column, mean, std }) => [column, mean, std]),
							bars: 1,
						},
						`When the values of a column change places between rows; ${importance.rows} rows, ${importance.repeats} times.`,
					),
				]),
		...(contributions?.outputs.slice(0, mostClasses) ?? []).map((output) =>
			section(
				`What columns add to the ${contributions?.unit.replaceAll('_', ' ')}${output.class === null ? '' : ` of ${output.class}`}`,
				{
					head: ['column', 'mean size', 'mean'],
					rows: output.columns
						.slice(0, mostColumns)
						.map(({ column, mean_absolute, mean }) => [column, mean_absolute, mean]),
					bars: 1,
				},
				`Over ${contributions?.rows} rows, from ${shown(output.base)}.`,
			),
		),
		...(abnormal
			? [
					section(
						'What makes the most abnormal rows so',
						{
							head: ['column', 'mean'],
							rows: abnormal.columns.slice(0, mostColumns).map(({ column, mean }) => [column, mean]),
							bars: 1,
						},
						`${abnormal.rows} rows.`,
					),
				]
			: []),
		...(confusion === null || confusion.classes.length > mostClasses
			? []
			: [
					section(
						'Confusion',
						{
							head: ['class', ...confusion.classes.map((name) => `said ${name}`)],
							rows: confusion.counts.map((line, code) => [confusion.classes[code] ?? '', ...line]),
						},
						`${rows}.`,
					),
				]),
		...(calibration ?? []).map(({ class: name, bins }) =>
			section(`Calibration of ${name}`, {
				head: ['mean probability', 'share that was so', 'rows'],
				rows: bins.map(({ predicted, observed, rows: count }) => [predicted, observed, count]),
				bars: 1,
			}),
		),
		...(residuals === null
			? []
			: [
					section(
						'Prediction − truth',
						{
							head: Object.keys(residuals.quantiles).map((name) => `${name.slice(1)} %`),
							rows: [Object.values(residuals.quantiles)],
						},
						`Quantiles over ${rows}.`,
					),
				]),
	];
}

function warnings(run: CardFacts['run']): CardSection[] {
	const found = run?.warnings ?? [];
	return found.length === 0 ? [] : [section('Warnings', null, ...found)];
}

function dataOf({ datasets }: Result<'runs/show'>): CardSection {
	return section('Data', {
		head: ['for', 'version', 'rows', 'digest', 'source'],
		rows: datasets.map(({ context, name, version, rows, digest, source }) => [
			context,
			`${name}@${version}`,
			rows,
			digest,
			source,
		]),
	});
}

function signature({ inputs, outputs, key, time, threshold, persistence, score }: ModelDescription): CardSection {
	const more = inputs.length - mostInputs;
	return section(
		'Signature',
		{
			head: ['input', 'type'],
			rows: inputs
				.slice(0, mostInputs)
				.map(({ name, type, width }) => [name, width === 1 ? type : `${type} × ${width ?? 'any'}`]),
		},
		...(more > 0 ? [`And ${more} more inputs.`] : []),
		`Outputs: ${Object.values(outputs).join(', ')}.`,
		...(threshold === null
			? []
			: [`A row is an anomaly where its score is ${score === 'path' ? 'below' : 'above'} ${shown(threshold)}.`]),
		...(persistence === undefined
			? []
			: [`Its series is in alarm while this holds for ${persistence.k} of the last ${persistence.n} rows.`]),
		...(key === null ? [] : [`Series are told apart by ${key}.`]),
		...(time === null ? [] : [`Rows are ordered by ${time}.`]),
	);
}

function made({ run, environment }: Result<'runs/show'>): CardSection {
	return section(
		'How it was made',
		{
			head: ['name', 'value'],
			rows: [
				...Object.entries(run.params),
				...(run.commit === null ? [] : [['commit', run.commit] as const]),
				...Object.entries(environment),
			],
		},
		`Run ${run.name} of ${run.experiment}, ${new Date(run.start_time).toISOString()}.`,
	);
}

/** A number as a person reads it. */
export function shown(value: number | null): string {
	return value === null ? '–' : String(Number(value.toPrecision(4)));
}
