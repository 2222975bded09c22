/** What a model says of a block of rows, as columns of a file. */
import { type Column, numberColumn, stringColumn, type Table } from '../../data/table.ts';
import type { ModelDescription } from '../../onnx/description.ts';
import type { Predictions } from '../../onnx/model.ts';
import type { ModelBlock } from './modelBlocks.ts';

/** The answers to a block; rows that are refused have none. */
export function answersOf(
	rows: number,
	first: readonly Column[],
	{ outputs, task, classes, forecast: ahead = [] }: ModelDescription,
	predictions: Predictions,
	{ places, refused }: ModelBlock,
): Table {
	const inPlace = (values: ArrayLike<number> = []): Float64Array => {
		if (places === null && refused.size === 0) return Float64Array.from(values);
		const placed = new Float64Array(rows).fill(Number.NaN);
		for (let index = 0; index < values.length; index++) {
			const row = places === null ? index : (places[index] as number);
			if (!refused.has(row)) placed[row] = values[index] as number;
		}
		return placed;
	};
	const { label, score, anomaly_score: anomalyScore, prediction, proba, forecast } = predictions;
	const columns: Column[] = [...first];
	if (outputs.prediction !== undefined && ahead.length > 1) {
		columns.push(...ahead.map((name, index) => numberColumn(`prediction_${name}`, inPlace(forecast?.values[index]))));
	} else if (outputs.prediction !== undefined) {
		columns.push(
			task === 'classification'
				? stringColumn('prediction', wordsInPlace(rows, prediction as string[] | undefined, places, refused))
				: numberColumn('prediction', inPlace(prediction as Float64Array | undefined)),
		);
	}
	if (outputs.label !== undefined) columns.push(numberColumn('label', inPlace(label), 'integer'));
	if (outputs.score !== undefined) {
		columns.push(numberColumn('score', inPlace(score)), numberColumn('anomaly_score', inPlace(anomalyScore)));
	}
	if (outputs.proba !== undefined) {
		const { classes: names, values } = proba ?? { classes, values: [] };
		columns.push(...names.map((name, index) => numberColumn(`proba_${name}`, inPlace(values[index]))));
	}
	return { rows, columns };
}

function wordsInPlace(
	rows: number,
	words: readonly string[] = [],
	places: Uint32Array | null,
	refused: ReadonlyMap<number, unknown>,
): (string | null)[] {
	const placed = new Array<string | null>(rows).fill(null);
	words.forEach((word, index) => {
		const row = places === null ? index : (places[index] as number);
		if (!refused.has(row)) placed[row] = word;
	});
	return placed;
}
