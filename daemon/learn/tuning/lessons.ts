/** What a trial learns from and is measured with; the arrays lie in memory that all threads share. */
import { alone } from '../../kernels/team.ts';
import type { ModelSection } from '../../protocol/project/model.ts';
import { createRandom, shuffle } from '../../stats/random.ts';
import { type AnyReady, estimatorOf } from '../estimators.ts';
import { foldOf, scoreSequenceFold } from '../neural/sequence/sequenceFolds.ts';
import type { SequenceRows } from '../neural/sequence/sequenceRows.ts';
import type { Target } from '../target.ts';
import type { PreparedFold } from '../validation/crossValidate.ts';
import { type DetectorRows, scoreDetectorFold } from '../validation/detectorFolds.ts';
import { scoreFold } from '../validation/predictorFolds.ts';
import type { Measurement, Metrics } from './trial.ts';

interface Lesson {
	readonly model: ModelSection;
	readonly seed: number;
	/** A folder for what an external trainer reads and writes. */
	readonly dir?: string | undefined;
}

/** Of a model that predicts. */
interface PredictorLesson extends Lesson {
	readonly kind: 'predictor';
	readonly target: Target;
	readonly folds: readonly PreparedFold[];
}

/** Of a model of anomalies. */
interface DetectorLesson extends Lesson {
	readonly kind: 'anomaly';
	readonly rows: DetectorRows;
	readonly folds: readonly PreparedFold[];
}

/** Of a net on series, whose parts follow from the params that are tried. */
interface SequenceLesson extends Lesson {
	readonly kind: 'sequence';
	readonly rows: SequenceRows;
	readonly folds: number;
}

export type TrialLesson = PredictorLesson | DetectorLesson | SequenceLesson;

/** Learns from the asked share of the rows of each fold and measures with the others; more rows hold those of fewer. */
export async function measureTrial(lesson: TrialLesson, { params, folds, share }: Measurement): Promise<Metrics[]> {
	const { model, dir } = lesson;
	const estimator = estimatorOf({ ...model, params: { ...model.params, ...params } }, { team: alone, dir });
	const measured: Metrics[] = [];
	for (const number of folds) measured.push(await measureFold(lesson, estimator, number, share));
	return measured;
}

async function measureFold(lesson: TrialLesson, estimator: AnyReady, number: number, share: number): Promise<Metrics> {
	const some = <P extends { readonly train: Uint32Array }>(parts: P): P => ({
		...parts,
		train: someOf(parts.train, share, lesson.seed, number),
	});
	if (lesson.kind === 'sequence' && estimator.kind === 'sequence') {
		const { rows, folds } = lesson;
		const { learner } = estimator;
		return scoreSequenceFold(rows, learner, some(foldOf(rows, learner, number, folds)), () => undefined);
	}
	if (lesson.kind === 'predictor' && estimator.kind === 'predictor') {
		return scoreFold(some(lesson.folds[number] as PreparedFold), lesson.target, estimator, () => undefined);
	}
	if (lesson.kind === 'anomaly' && estimator.kind === 'anomaly') {
		return scoreDetectorFold(some(lesson.folds[number] as PreparedFold), lesson.rows, estimator, () => undefined);
	}
	throw new Error(`${lesson.model.type} is no model of ${lesson.kind}.`);
}

/** A share of the rows in their order. */
function someOf(rows: Uint32Array, share: number, seed: number, fold: number): Uint32Array {
	if (share === 1) return rows;
	const count = Math.max(1, Math.round(share * rows.length));
	return shuffle(rows.slice(), createRandom(seed, 'rows', fold))
		.slice(0, count)
		.sort();
}

/** The same, its arrays of numbers copied to memory that threads share. */
export function shareLesson(lesson: TrialLesson): TrialLesson {
	return shared(lesson, new Map()) as TrialLesson;
}

/** `copies` keeps what is the same in several places the same. */
function shared(value: unknown, copies: Map<object, unknown>): unknown {
	if (typeof value !== 'object' || value === null) return value;
	const known = copies.get(value);
	if (known !== undefined) return known;
	const copy = ArrayBuffer.isView(value) ? sharedArray(value as Uint8Array) : sharedParts(value, copies);
	copies.set(value, copy);
	return copy;
}

function sharedParts(value: object, copies: Map<object, unknown>): object {
	if (!Array.isArray(value)) {
		return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shared(part, copies)]));
	}
	// Words of a column are many, and none of them is shared.
	return typeof value[0] === 'object' ? value.map((part) => shared(part, copies)) : value;
}

function sharedArray<A extends Uint8Array>(values: A): A {
	if (values.buffer instanceof SharedArrayBuffer) return values;
	const Kind = values.constructor as new (buffer: SharedArrayBuffer) => A;
	const copy = new Kind(new SharedArrayBuffer(values.byteLength));
	copy.set(values);
	return copy;
}
