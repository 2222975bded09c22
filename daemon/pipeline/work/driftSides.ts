/** The two sides of a drift report, opened. */
import { type ColumnSource, tableSource, withColumns } from '../../data/columnSource.ts';
import type { Fingerprint } from '../../data/fingerprint/fingerprint.ts';
import type { DriftReport } from '../../protocol/drift.ts';
import type { DataSection } from '../../protocol/project/data.ts';
import type { Reading } from '../../protocol/reading.ts';
import type { DatasetVersion } from '../../protocol/runs.ts';
import { readRequestRows } from '../../serve/requestHistory.ts';
import { changeRows, type RowRules } from '../rowRules.ts';
import { type DatasetClaim, type Identity, startIdentity } from './identify.ts';
import { readProjectRows } from './projectRows.ts';
import type { Origin } from './rowPlaces.ts';
import { sourceName } from './rows.ts';

/** One side of a report. */
export type DriftSource =
	| { kind: 'file'; path: string; dataset: DatasetClaim }
	| { kind: 'source'; source: DataSection['source']; dataset: DatasetClaim }
	/** The rows that a version was trained on, as the model saw them; the model file tells how raw rows become such rows. */
	| { kind: 'training'; file: string; model: string; name: string; dataset: DatasetVersion | null }
	/** The logged inputs of a deployment, both arms, since a moment and to before another; `model` says what its rows are. */
	| { kind: 'live'; requests: string; deployment: string; since: number; until: number | null; model: string };

/** A side whose columns can be read. */
export interface OpenSide {
	source: ColumnSource;
	side: Omit<DriftReport['reference'], 'rows'>;
	/** The row of the files for each row, where rows were left out. */
	kept?: Uint32Array | null;
	/** Which dataset its rows are, as far as that is known before they are read. */
	identity: Identity | null;
	/** Tells it by what was read; null where nothing is to be told. */
	identify: ((print: Fingerprint) => Promise<Identity>) | null;
	/** When each row was logged; files have a column for that. */
	times?: Float64Array;
}

/** Where the rows of a side stand in its files. */
export function originOf({ source, kept }: OpenSide): Origin {
	return { files: source.files, kept: kept ?? null };
}

/** Opens a side for `work`; `rules` are those of the project whose files are compared. */
export async function withSide<T>(
	source: DriftSource,
	reading: Reading,
	rules: RowRules,
	work: (side: OpenSide) => Promise<T>,
): Promise<T> {
	const unnamed = { identity: null, identify: null };
	switch (source.kind) {
		case 'file':
		case 'source': {
			const from = source.kind === 'file' ? source.path : source.source;
			const side = { name: sourceName(from), digest: null };
			if (typeof from !== 'string' || changeRows(rules)) {
				const read = await readProjectRows(from, source.dataset, reading, rules);
				const { table, origin, notes, quarantined, identity, filtered } = read;
				const told = filtered > 0 ? { ...side, filtered } : side;
				const rows = tableSource(table, { files: origin.files, notes, quarantined });
				return await work({ source: rows, side: told, identity, identify: null, kept: origin.kept ?? null });
			}
			const { known, byContent } = await startIdentity(from, source.dataset, reading);
			const opened = { side, identity: known, identify: known === null ? byContent : null };
			return await withColumns(from, reading, (columns) => work({ ...opened, source: columns }));
		}
		case 'training': {
			const { file, name, dataset } = source;
			const side = { name, digest: dataset?.digest ?? null, ...(dataset !== null && { dataset }) };
			return await withColumns(file, {}, (columns) => work({ ...unnamed, source: columns, side }));
		}
		case 'live': {
			const { requests, deployment, since, until } = source;
			const period = { since, until: until ?? undefined };
			const { table, times, from, to } = await readRequestRows(requests, deployment, period);
			const side = { name: 'production', digest: null, from, to };
			return await work({ ...unnamed, times, source: tableSource(table), side });
		}
	}
}
