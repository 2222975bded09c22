/**
 * What does a profile of ten million rows cost in memory, and how does the part that DuckDB's SUMMARIZE also gives
 * (counts, distinct values, extremes, moments, quartiles) stand against SUMMARIZE itself on the same file?
 * node bench/profile.ts [million rows]     (10 unless told; the files are made with DuckDB, about 1.5 GB in the temporary folder)
 *
 * Node 24.21, AMD EPYC, 2 cores shared with much other work, 10 million rows: a profile of 20 columns holds at most 852 MB;
 * of 10 columns SUMMARIZE takes 32 s and the same by a profile 17 s, 0.51 times as long (0.46 at another time: 73 s and 34 s).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { quoteText, rowsOf, withDuckdb } from '../daemon/data/duckdb.ts';
import { numberRows } from '../daemon/data/numberedRows.ts';
import { lookAtColumns } from '../daemon/data/profile/moments.ts';
import { profileFile } from '../daemon/data/profile/profile.ts';
import { sampleLimit, sampleOf } from '../daemon/data/profile/profiledRows.ts';
import { distributionOf } from '../daemon/data/profile/quantiles.ts';
import { withSource } from '../daemon/data/read/source.ts';

const repeats = 3;
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function seconds(work: () => Promise<unknown>): Promise<number> {
	const begun = performance.now();
	await work();
	return (performance.now() - begun) / 1000;
}

/** Three quarters numbers of many values, then whole numbers, numbers with nulls, and text of few and of many values. */
async function writeRows(path: string, columns: number, rows: number): Promise<void> {
	const kinds = [
		(k: number) => `(i * ${k * 7919 + 31}) % 1000 AS whole_${k}`,
		(k: number) => `CASE WHEN i % 10 = 0 THEN NULL ELSE (i % 97)::DOUBLE END AS holes_${k}`,
		(k: number) => `'group ' || (hash(i + ${k}) % 20) AS few_${k}`,
		(k: number) => `'name ' || (hash(i + ${k}) % 300000) AS many_${k}`,
	];
	const list = Array.from({ length: columns }, (_, k) =>
		k < 0.75 * columns ? `(hash(i * 31 + ${k}) % 1000003) / 997.0 AS number_${k}` : kinds[k % 4]?.(k),
	);
	await withDuckdb((connection) =>
		connection.run(`COPY (SELECT ${list.join(', ')} FROM range(${rows}) t(i)) TO ${quoteText(path)} (FORMAT parquet)`),
	);
}

/** Counts, distinct values, extremes, moments and quantiles of every column, as a profile finds them. */
async function summarized(path: string, scratch: string): Promise<void> {
	await withSource(path, {}, async (connection, source) => {
		const numbered = await numberRows(connection, source, { copy: join(scratch, 'copy.parquet') });
		const every = Math.ceil(source.rows / sampleLimit);
		const data = { connection, ...numbered, rows: source.rows, every };
		const looks = await lookAtColumns(data);
		for (const column of (await sampleOf(data, looks, every)).columns) distributionOf(column, every > 1);
	});
}

/** A process of its own, which tells how long a profile took and the most memory that it held. */
async function profileAlone(path: string, scratch: string): Promise<void> {
	const took = await seconds(() => profileFile(path, { scratch }));
	console.log(`${took.toFixed(1)} s, at most ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
}

async function compare(rows: number): Promise<void> {
	const scratch = mkdtempSync(join(tmpdir(), 'perch-bench-'));
	try {
		const [ten, twenty] = [join(scratch, 'ten.parquet'), join(scratch, 'twenty.parquet')];
		await writeRows(ten, 10, rows);
		await writeRows(twenty, 20, rows);
		console.log(`node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model}; ${rows} rows`);
		const alone = spawnSync(process.execPath, [import.meta.filename, 'alone', twenty, scratch], { encoding: 'utf8' });
		console.log(`profile of 20 columns: ${alone.stdout.trim()}${alone.stderr}`);
		const ask = () => withDuckdb((connection) => rowsOf(connection, `SUMMARIZE FROM read_parquet(${quoteText(ten)})`));
		const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
		for (let repeat = 0; repeat < repeats; repeat++) {
			times.theirs.push(await seconds(ask));
			times.ours.push(await seconds(() => summarized(ten, scratch)));
			console.log(
				`SUMMARIZE ${times.theirs.at(-1)?.toFixed(1)} s, the same by a profile ${times.ours.at(-1)?.toFixed(1)} s`,
			);
		}
		const [ours, theirs] = [median(times.ours), median(times.theirs)];
		console.log(
			`10 columns, medians: ${ours.toFixed(1)} s, SUMMARIZE ${theirs.toFixed(1)} s, ratio ${(ours / theirs).toFixed(2)}`,
		);
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

const [asked = '10', file = '', folder = ''] = process.argv.slice(2);
if (asked === 'alone') await profileAlone(file, folder);
else await compare(Number(asked) * 1_000_000);
