import { availableParallelism } from 'node:os';
import type { DriftLook } from '../../canary/guards.ts';
import {
	moved,
	type SimulationSettings,
	simulateRepetition,
	summarizeRepetitions,
	type Traffic,
} from '../../canary/simulation.ts';
import { type PrepareRepetitions, spreadRepetitions } from '../../canary/simulationThreads.ts';
import { type FamilyFile, readFamily } from '../../data/read/family.ts';
import { readTable } from '../../data/read/read.ts';
import { selectColumns, type Table } from '../../data/table.ts';
import { createSoundGuard } from '../../drift/sound/soundGuard.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import { inspectModel } from '../../onnx/model.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { Result } from '../../protocol/methods.ts';
import { describeComparison } from '../../protocol/project/comparison.ts';
import { type DriftSection, shareThreshold } from '../../protocol/project/drift.ts';
import type { Reading } from '../../protocol/reading.ts';
import { readRequestRows } from '../../serve/requestHistory.ts';
import { rowsForModel } from './windowed.ts';

export interface SimulateCanaryInput extends Omit<SimulationSettings, 'block'> {
	/** Rows that stay together; null for what suits the traffic. */
	block: number | null;
	/** The training rows as the model saw them, and the model. */
	reference: { file: string; model: string };
	/** Where traffic comes from; null: the log where it holds enough rows, else the training rows. */
	traffic: { kind: 'log' } | { kind: 'training' } | { kind: 'file'; path: string } | null;
	/** How that file is read. */
	reading: Reading;
	/** The log of a deployment, where there is one. */
	log: { requests: string; deployment: string } | null;
	drift: Pick<DriftSection, 'threshold' | 'columns'>;
	repetitions: number;
	threads: number | null;
}

/** Under so many logged rows the log is too small to be drawn from. */
const fewestRows = 100;
/** The twins with harm: the traffic moved by so many standard deviations. */
const harms = [0.25, 0.5, 1];

/** What every thread needs, as plain tables. */
interface Prepared {
	settings: SimulationSettings;
	drift: SimulateCanaryInput['drift'];
	reference: Table;
	pool: Table;
	requests: Traffic['requests'];
}

/** Replays traffic through the guards, with an A/A twin and twins with harm beside. */
export async function simulateCanaryWork(
	input: SimulateCanaryInput,
	{ progress }: JobContext,
): Promise<Result<'canary/simulate'>> {
	progress('Reading', 0);
	const { description } = await inspectModel(input.reference.model);
	const inputs = description.inputs.map(({ name }) => name);
	const reference = selectColumns(await readTable(input.reference.file), inputs);
	const { name, pool, requests } = await trafficOf(input, reference, async (table, files) =>
		selectColumns(await rowsForModel(table, description, { files }), inputs),
	);
	const { requests: length, share, every, seed, guard, repetitions } = input;
	const block = input.block ?? (name === 'log' ? 50 : 1);
	const settings: SimulationSettings = { requests: length, block, share, every, seed, guard };
	const rows = await spreadRepetitions<Prepared>(
		{ settings, drift: input.drift, reference, pool, requests },
		prepareTwins,
		{
			repetitions,
			threads: Math.min(input.threads ?? availableParallelism(), repetitions),
			entry: process.argv[1] ?? '',
			onDone: (done) => progress(`Repetition ${done} of ${repetitions}`, done / repetitions),
		},
	);
	const [own, aa, ...harm] = Array.from({ length: 2 + harms.length }, (_, twin) =>
		summarizeRepetitions(rows.map((row) => row[twin] ?? { rolledBackAt: Number.NaN, exposure: 0 })),
	);
	if (own === undefined || aa === undefined) throw new PerchError('internal', 'A simulation has no outcome.');
	return {
		...own,
		aa,
		harm: harm.map((outcome, index) => ({ shift: harms[index] ?? 0, outcome })),
		settings: {
			...{ traffic: name, rows: pool.rows, repetitions, requests: length, block, share, every, seed },
			guard: guard.map((one) => ('drift' in one ? 'drift' : describeComparison(one))),
		},
	};
}

/**
 * One repetition of the traffic itself, of its A/A twin (rows of the reference, drawn one by one: nothing differs, and
 * what rolls back is a false alarm), and of twins with harm.
 */
export const prepareTwins: PrepareRepetitions<Prepared> = ({ settings, drift, reference, pool, requests }) => {
	const guard = createSoundGuard(reference, {
		threshold: shareThreshold(drift),
		...(drift.columns !== undefined && { columns: drift.columns }),
	});
	const traffic = (table: Table, logged: Traffic['requests']): Traffic => {
		const watch = guard.watch(table);
		const look = (): DriftLook => {
			const { drift: drifted, share, rows, reason } = watch.look();
			return { drift: drifted, share, rows, reason };
		};
		return { rows: table.rows, requests: logged, watch: { ...watch, look } };
	};
	const twins = [
		{ traffic: traffic(pool, requests), settings },
		{ traffic: traffic(reference, null), settings: { ...settings, block: 1 } },
		...harms.map((shift) => ({ traffic: traffic(moved(pool, shift), requests), settings })),
	];
	return (repetition) => twins.map((twin) => simulateRepetition(twin.traffic, twin.settings, repetition));
};

interface Drawn {
	name: string;
	pool: Table;
	requests: Traffic['requests'];
}

async function trafficOf(
	{ traffic, log, reading }: SimulateCanaryInput,
	reference: Table,
	forModel: (table: Table, files: FamilyFile[]) => Promise<Table>,
): Promise<Drawn> {
	if (traffic?.kind === 'training') return { name: 'training', pool: reference, requests: null };
	if (traffic?.kind === 'file') {
		const { table, files } = await readFamily(traffic.path, reading);
		return { name: traffic.path, pool: await forModel(table, files), requests: null };
	}
	const logged = log === null ? null : await readRequestRows(log.requests, log.deployment, {});
	if (logged !== null && logged.table.rows >= fewestRows)
		return { name: 'log', pool: await forModel(logged.table, []), requests: logged.requests };
	if (traffic === null) return { name: 'training', pool: reference, requests: null };
	throw new PerchError(
		'empty_data',
		`The request log holds ${logged?.table.rows ?? 0} rows; ${fewestRows} are needed.`,
		{
			hint: 'Serve the model and send it traffic first, or draw from --traffic training.',
		},
	);
}
