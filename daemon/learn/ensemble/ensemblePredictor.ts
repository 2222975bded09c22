/** Several predictors asked together: the mean of what they say, their votes, or a linear model over it (stacking). */
import { alone } from '../../kernels/team.ts';
import type { Graph } from '../../onnx/graph.ts';
import { PerchError } from '../../protocol/errors.ts';
import { createRandom } from '../../stats/random.ts';
import { linearPredictor } from '../linear/linearPredictor.ts';
import type { FittedPredictor, Lesson } from '../predictor.ts';
import { type FeatureMatrix, takeMatrixRows } from '../preparation/featureMatrix.ts';
import { shuffled } from '../split.ts';
import type { Target } from '../target.ts';
import { addVotes, votes } from './votes.ts';

type OnStep = (message: string, share: number) => void;

/** One of the models, as the table of estimators has it. */
export interface Member {
	type: string;
	fit(lesson: Lesson, onStep: OnStep): FittedPredictor | Promise<FittedPredictor>;
}

export interface EnsembleParams {
	combine: 'average' | 'vote' | 'stack' | 'max';
	folds: number;
	alpha: number;
	seed: number;
}

/** Makes one answer of those of the members. */
interface Combination {
	/** Of answers that stand one below the other, model by model. */
	numbers(answers: readonly Float64Array[], rows: number): Float64Array | Promise<Float64Array>;
	nodes(graph: Graph, answers: readonly string[]): string;
}

/** Trains each of the members, and what combines them. */
export async function fitEnsemble(
	lesson: Lesson,
	members: readonly Member[],
	params: EnsembleParams,
	onStep: OnStep,
): Promise<FittedPredictor> {
	const { combine } = params;
	if (combine === 'max') {
		throw new PerchError('invalid_config', 'model.params.combine: max is for models of anomalies.', {
			field: 'model.params.combine',
			hint: 'Use average, vote or stack.',
		});
	}
	if (combine === 'vote' && lesson.target.task === 'regression') {
		throw new PerchError('invalid_config', 'model.params.combine: votes are for classes, and the target is a number.', {
			field: 'model.params.combine',
			hint: 'Use average or stack.',
		});
	}
	const trainings = members.length * (combine === 'stack' ? params.folds + 1 : 1);
	let done = 0;
	const teach = async (rows: Uint32Array, at: number, title: string) => {
		const before = done++;
		const member = members[at] as Member;
		return member.fit({ ...lesson, rows }, (message, share) =>
			onStep(`${title}: ${message}`, (before + share) / trainings),
		);
	};
	const fitted: FittedPredictor[] = [];
	for (const [at, { type }] of members.entries()) fitted.push(await teach(lesson.rows, at, `${at + 1} (${type})`));
	const combination =
		combine === 'stack'
			? await stacked(lesson, params, members.length, (rows, at, fold) =>
					teach(rows, at, `Fold ${fold + 1}, ${at + 1}`),
				)
			: combine === 'vote'
				? voted(outputsOf(lesson.target))
				: averaged(members.length);
	return {
		params: {
			combine,
			...(combine === 'stack' && { folds: params.folds, alpha: params.alpha, seed: params.seed }),
			...Object.fromEntries(fitted.flatMap((one, at) => memberParams(one, members[at]?.type ?? '', at))),
		},
		history: {},
		async predict(matrix) {
			const answers = await Promise.all(fitted.map((one) => one.predict(matrix)));
			return combination.numbers(answers, matrix.rows);
		},
		addToGraph: (graph, features) =>
			combination.nodes(
				graph,
				fitted.map((one) => one.addToGraph(graph, features)),
			),
	};
}

/** The params of a member, by its place among them. */
export function memberParams(
	{ params }: Pick<FittedPredictor, 'params'>,
	type: string,
	at: number,
): [string, string | number][] {
	const own = Object.entries(params).map(([name, value]): [string, string | number] => [
		`models.${at + 1}.${name}`,
		value,
	]);
	return [[`models.${at + 1}.type`, type], ...own];
}

function outputsOf(target: Target): number {
	return target.task === 'regression' ? 1 : target.classes.length;
}

function averaged(members: number): Combination {
	return {
		numbers: (answers) => {
			const mean = new Float64Array(answers[0]?.length ?? 0);
			for (const answer of answers)
				for (let at = 0; at < mean.length; at++) mean[at] = (mean[at] as number) + (answer[at] as number) / members;
			return mean;
		},
		nodes: (graph, answers) => graph.node('Mean', answers),
	};
}

function voted(classes: number): Combination {
	return {
		numbers: (answers) =>
			averaged(answers.length).numbers(
				answers.map((answer) => votes(answer, classes)),
				0,
			),
		nodes: (graph, answers) =>
			graph.node(
				'Mean',
				answers.map((answer) => addVotes(graph, answer, classes)),
			),
	};
}

/** Learns how to weigh the members from what they say of rows that they did not learn from. */
async function stacked(
	{ matrix, target, rows }: Lesson,
	{ folds, alpha, seed }: EnsembleParams,
	members: number,
	teach: (rows: Uint32Array, member: number, fold: number) => Promise<FittedPredictor>,
): Promise<Combination> {
	if (rows.length < folds) {
		throw new PerchError('empty_data', `There are ${rows.length} rows for the ${folds} folds of a stack.`, {
			field: 'model.params.folds',
			hint: 'Give more rows, or use combine: average.',
		});
	}
	const outputs = outputsOf(target);
	const mixed = shuffled(rows, createRandom(seed, 'stack'));
	const said = emptyColumns(members * outputs, matrix.rows);
	for (let fold = 0; fold < folds; fold++) {
		const held = mixed.filter((_, index) => index % folds === fold);
		const learned = mixed.filter((_, index) => index % folds !== fold).sort();
		const asked = takeMatrixRows(matrix, held);
		for (let member = 0; member < members; member++) {
			const answers = await (await teach(learned, member, fold)).predict(asked);
			for (const [index, row] of held.entries()) {
				for (let output = 0; output < outputs; output++) {
					(said[member * outputs + output] as Float32Array)[row] = answers[index * outputs + output] as number;
				}
			}
		}
	}
	const params = { penalty: 'l2', alpha, standardize: true, class_weight: 'none' } as const;
	const judge = linearPredictor.fit(
		{ matrix: { rows: matrix.rows, columns: said }, target, rows },
		params,
		() => {},
		alone,
	);
	return {
		numbers: (answers, count) => judge.predict(sideBySide(answers, outputs, count)),
		nodes: (graph, answers) => judge.addToGraph(graph, graph.node('Concat', answers, { axis: { int: 1 } })),
	};
}

function emptyColumns(count: number, rows: number): Float32Array[] {
	return Array.from({ length: count }, () => new Float32Array(rows));
}

/** What the members say as the features of one that judges them. */
function sideBySide(answers: readonly Float64Array[], outputs: number, rows: number): FeatureMatrix {
	const columns = answers.flatMap((answer) =>
		Array.from({ length: outputs }, (_, output) =>
			Float32Array.from({ length: rows }, (_unused, row) => answer[row * outputs + output] as number),
		),
	);
	return { rows, columns };
}
