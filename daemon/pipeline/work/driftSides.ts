/** The two sides of a drift report, opened. */
import { type ColumnSource, tableSource, withColumns } from '../../data/columnSource.ts';
import { simulate } from '../../data/simulate.ts';
import type { DriftReport } from '../../protocol/drift.ts';
import type { DataSection } from '../../protocol/project/data.ts';
import type { Reading } from '../../protocol/reading.ts';
import { readRequestRows } from '../../serve/requestHistory.ts';
import { sourceName } from './rows.ts';

/** One side of a report. */
export type DriftSource =
	| { kind: 'file'; path: string }
	| { kind: 'source'; source: DataSection['source'] }
	/** The rows that a version was trained on, as the model saw them; the model file tells how raw rows become such rows. */
	| { kind: 'training'; file: string; model: string; name: string; digest: string | null }
	/** The logged inputs of a deployment, both arms, since a moment. */
	| { kind: 'live'; requests: string; deployment: string; since: number };

/** A side whose columns can be read. */
export interface OpenSide {
	source: ColumnSource;
	side: Omit<DriftReport['reference'], 'rows'>;
	/** Whether the digest of the side is that of the rows that are read. */
	digested: boolean;
}

/** Opens a side for `work`. */
export async function withSide<T>(
	source: DriftSource,
	reading: Reading,
	work: (side: OpenSide) => Promise<T>,
): Promise<T> {
	switch (source.kind) {
		case 'file':
		case 'source': {
			const from = source.kind === 'file' ? source.path : source.source;
			const side = { name: sourceName(from), digest: null };
			if (typeof from === 'string') {
				return await withColumns(from, reading, (columns) => work({ source: columns, side, digested: true }));
			}
			return await work({ source: tableSource(simulate(from.simulate)), side, digested: true });
		}
		case 'training': {
			const side = { name: source.name, digest: source.digest };
			return await withColumns(source.file, {}, (columns) => work({ source: columns, side, digested: false }));
		}
		case 'live': {
			const { table, from, to } = await readRequestRows(source.requests, source.deployment, { since: source.since });
			const side = { name: 'production', digest: null, from, to };
			return await work({ source: tableSource(table), side, digested: false });
		}
	}
}
