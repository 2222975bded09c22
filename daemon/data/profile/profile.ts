/** Everything that can be said of a file's columns without holding the file in memory. */
import type { ColumnProfile, ProfileReport } from '../../protocol/profile.ts';
import type { Reading } from '../../protocol/reading.ts';
import { isText } from '../chunks.ts';
import { quoteText, rowsOf } from '../duckdb.ts';
import { numberRows } from '../numberedRows.ts';
import { withSource } from '../read/source.ts';
import type { Column } from '../table.ts';
import { correlate } from './correlate.ts';
import { lookAtColumns } from './moments.ts';
import { type ProfiledRows, sampleLimit, sampleOf } from './profiledRows.ts';
import { distributionOf, type Spread } from './quantiles.ts';
import { countValues, estimateValues, type TopValues } from './topValues.ts';

export interface ProfileOptions {
	/** An existing folder for what does not fit in memory; files are left in it. */
	scratch: string;
	onProgress?: (message: string, share: number) => void;
	reading?: Reading;
}

/** What DuckDB may hold at once; more is put aside in the scratch folder. */
const memory = '800MB';

/** Cells of the sample in memory: 64 MB of numbers. A query for each column would cost wide files minutes. */
const cellsAtOnce = 8_000_000;

const nearlyAll = 0.95;

/**
 * Profiles a file. DuckDB aggregates over it; only samples of at most a million rows are
 * held, eight million cells at a time and those of the correlations. Up to a million rows everything is exact. Beyond, quantiles, histograms, frequent
 * values of columns with more than a million of them, duplicate rows and correlations come from the sample.
 * Throws as `readTable` does.
 */
export async function profileFile(
	path: string,
	{ scratch, onProgress = () => undefined, reading = {} }: ProfileOptions,
): Promise<ProfileReport> {
	return await withSource(path, reading, async (connection, source) => {
		if (source.rows > sampleLimit) {
			await connection.run(`SET temp_directory = ${quoteText(`${scratch}/spill`)}`);
			await connection.run(`SET memory_limit = '${memory}'`);
		}
		const numbered = await numberRows(connection, source, { copy: `${scratch}/profiled.parquet` });
		const every = Math.ceil(source.rows / sampleLimit);
		const data: ProfiledRows = { connection, ...numbered, rows: source.rows, every };

		onProgress('Counting', 0.1);
		const looks = await lookAtColumns(data);
		const columns: ColumnProfile[] = [];
		const atOnce = Math.max(1, Math.floor(cellsAtOnce / Math.min(source.rows, sampleLimit)));
		for (let start = 0; start < looks.length; start += atOnce) {
			const group = looks.slice(start, start + atOnce);
			onProgress(`Looking at ${group[0]?.name}`, 0.2 + (0.5 * start) / looks.length);
			const sample = await sampleOf(data, group, every);
			for (const [index, look] of group.entries()) {
				const column = sample.columns[index] as Column;
				const top = every === 1 ? countValues(column) : await estimateValues(data, look, column);
				columns.push(columnProfile(look, source.rows, top, distributionOf(column, every > 1)));
			}
		}
		onProgress('Looking for repeated rows', 0.7);
		const duplicates = await countDuplicates(data);
		onProgress('Correlating', 0.8);
		const correlations = await correlate(data, columns);
		return {
			file: path,
			created_at: Date.now(),
			dataset: null,
			rows: source.rows,
			columns,
			duplicates,
			duplicate_columns: sameColumns(looks),
			quarantined: source.quarantined === null ? [] : [source.quarantined],
			correlations,
			sample: every === 1 ? null : await describeSample(data),
		};
	});
}

type Look = Awaited<ReturnType<typeof lookAtColumns>>[number];

function columnProfile(
	look: Look,
	rows: number,
	{ distinct, top, estimated }: TopValues,
	spread: Spread | null,
): ColumnProfile {
	const nulls = rows - look.count;
	const contents = distinct + +(nulls > 0) + +((look.infinities ?? 0) > 0);
	const most = Math.max(nulls, top[0]?.count ?? Math.min(1, look.count));
	return {
		column: look.name,
		type: look.type,
		count: look.count,
		nulls,
		distinct,
		min: look.min,
		max: look.max,
		mean: look.mean,
		std: look.std,
		quantiles: spread?.quantiles ?? null,
		zeros: look.zeros,
		infinities: look.infinities,
		lengths: look.lengths,
		top,
		histogram: spread?.histogram ?? null,
		constant: contents <= 1,
		near_constant: contents > 1 && most >= nearlyAll * rows,
		estimated: [...estimated, ...(spread?.estimated === true ? (['quantiles', 'histogram'] as const) : [])],
	};
}

/**
 * Rows that repeat an earlier one. Rows are told apart by a 64-bit hash of all their values. Of many rows those whose
 * hash falls into one part of `every` are counted, all copies of a row or none, and the count is scaled.
 */
async function countDuplicates({ connection, from, planned, every }: ProfiledRows): Promise<number> {
	const hashes = `SELECT hash(${planned.map(({ sql }) => sql).join(', ')}) AS h FROM ${from}`;
	const [[found] = []] = await rowsOf(
		connection,
		`SELECT count(*) - count(DISTINCT h) FROM (${hashes}) WHERE h % ${every} = 0`,
	);
	return Number(found) * every;
}

/** Groups of columns of one kind with the same digest. */
function sameColumns(looks: readonly Look[]): string[][] {
	const groups = new Map<string, string[]>();
	for (const { name, type, digest } of looks) {
		const key = `${isText(type)} ${digest}`;
		groups.set(key, [...(groups.get(key) ?? []), name]);
	}
	return [...groups.values()].filter(({ length }) => length > 1);
}

async function describeSample({ connection, from, row, every }: ProfiledRows): Promise<ProfileReport['sample']> {
	const [[rows] = []] = await rowsOf(connection, `SELECT count(*) FROM ${from} WHERE hash(${row}) % ${every} = 0`);
	return {
		rows: Number(rows),
		rule: `rows whose number has a hash divisible by ${every}; repeated rows by their own hash`,
	};
}
