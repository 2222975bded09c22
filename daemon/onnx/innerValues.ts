/** What flows inside a graph, for who wants to know why it gives what it gives. */
import type { Table } from '../data/table.ts';
import { PerchError } from '../protocol/errors.ts';
import type { CheckedFile } from './checkFile.ts';
import type { ModelDescription } from './description.ts';
import { bindFeeds, planFeeds, tensorOf } from './feeds.ts';
import { valueInfo } from './graph.ts';
import { createSession } from './model.ts';
import { ModelProto } from './proto.ts';
import { signatureOf } from './signature.ts';

const blockRows = 8192;

/** Rows of float32 values, `width` a row. */
export interface InnerValues {
	rows: number;
	width: number;
	values: Float32Array;
}

/**
 * Runs raw rows through a graph up to the value of that name, which has to be float32, `[N]` or `[N, width]`.
 * Throws as a model's `infer` does, and `invalid_data` for a row that the model cannot take.
 */
export async function innerValues(
	checked: CheckedFile,
	description: Pick<ModelDescription, 'inputs'>,
	name: string,
	table: Table,
): Promise<InnerValues> {
	const { inputs } = signatureOf(checked, {});
	const feeds = planFeeds(
		description.inputs,
		[],
		(input) => inputs.find((one) => one.name === input)?.shape.length ?? 2,
	);
	const bound = bindFeeds(feeds, table, ({ row, reason }) => {
		throw new PerchError('invalid_data', `Row ${row + 1}: ${reason}.`, {
			hint: 'Give values as the model takes them.',
		});
	});
	const graph = { ...checked.graph, output: [valueInfo(name, 'float', ['N', 'K'])] };
	const session = await createSession(ModelProto.encode({ ...checked.model, graph }).finish(), 1, {});
	try {
		const blocks: Float32Array[] = [];
		for (let from = 0; from < table.rows; from += blockRows) {
			const to = Math.min(table.rows, from + blockRows);
			const fed = Object.fromEntries(bound.map((one) => [one.feed.name, tensorOf(one, from, to)]));
			const { [name]: answer } = await session.run(fed, [name]);
			blocks.push(answer?.data as Float32Array);
		}
		const values = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
		let at = 0;
		for (const block of blocks) {
			values.set(block, at);
			at += block.length;
		}
		return { rows: table.rows, width: table.rows === 0 ? 0 : values.length / table.rows, values };
	} finally {
		await session.release();
	}
}
