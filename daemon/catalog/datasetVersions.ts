/** The contents that a dataset went through: known by their digest, counted by name. */
import type { DatasetColumn, DatasetFile } from '../protocol/datasets.ts';
import { PerchError } from '../protocol/errors.ts';
import type { DatasetRef, DatasetVersion } from '../protocol/runs.ts';
import type { Author } from './audit.ts';
import type { Ledger } from './ledger.ts';

/** What a job found a dataset to be; its version follows from the digest. */
export interface DatasetRecord extends Omit<DatasetRef, 'version'> {
	columns: DatasetColumn[];
	files: DatasetFile[];
	/** Its files were read as they stand, without anything that a perch.yaml says of them. */
	plain: boolean;
}

export interface KeptDataset extends DatasetRecord {
	version: number;
	created_at: number;
}

export interface DatasetVersions {
	/** The version with this content, made where there is none yet. */
	record(dataset: DatasetRecord, author: Author): KeptDataset;
	/** Newest first. */
	list(): KeptDataset[];
	/** `train@2`, `train@v2`, `train/2`, `train@latest`, or `train` for the newest. Throws `not_found`. */
	find(ref: string): KeptDataset;
	/** The version of that number; null where there is none. */
	at(name: string, version: number): KeptDataset | null;
	/** The versions of a name, oldest first. */
	of(name: string): DatasetVersion[];
	/** The version that the last plain reading of a path gave. */
	lastFrom(path: string): KeptDataset | null;
	/** The name for a file that is read as it stands: the one that it has, else after the file, with as much of its folder as tells it from others and from `taken`. */
	nameFor(path: string, taken?: string): string;
}

interface Row {
	name: string;
	version: number;
	digest: string;
	row_count: number;
	source: string;
	columns: string;
	files: string;
	plain: number;
	creation_time: number;
}

export function createDatasetVersions({ db, transaction, record }: Ledger): DatasetVersions {
	const byDigest = db.prepare<[string, string], Row>('SELECT * FROM dataset_versions WHERE name = ? AND digest = ?');
	const byNumber = db.prepare<[string, number], Row>('SELECT * FROM dataset_versions WHERE name = ? AND version = ?');
	const newest = db.prepare<[string], Row>(
		'SELECT * FROM dataset_versions WHERE name = ? ORDER BY version DESC LIMIT 1',
	);
	const bySource = db.prepare<[string], Row>(
		'SELECT * FROM dataset_versions WHERE source = ? AND plain ORDER BY seen_time DESC, rowid DESC LIMIT 1',
	);
	const all = db.prepare<[], Row>('SELECT * FROM dataset_versions ORDER BY creation_time DESC, rowid DESC');
	const named = db.prepare<[string], DatasetVersion>(
		'SELECT name, version, digest FROM dataset_versions WHERE name = ? ORDER BY version',
	);
	// Of two readings in one millisecond the later counts.
	const next = 'max(@now, (SELECT coalesce(max(seen_time), 0) + 1 FROM dataset_versions))';
	const insert = db.prepare(
		`INSERT INTO dataset_versions VALUES (@name,
		(SELECT coalesce(max(version), 0) + 1 FROM dataset_versions WHERE name = @name),
		@digest, @rows, @source, @columns, @files, @plain, @now, ${next})`,
	);
	const see = db.prepare(
		`UPDATE dataset_versions SET files = @files, plain = 1, seen_time = ${next} WHERE name = @name AND digest = @digest`,
	);

	const find = (ref: string): KeptDataset => {
		const exact = newest.get(ref);
		if (exact !== undefined) return fromRow(exact);
		const [, name = ref, number] = /^(.+?)[@/](?:v?(\d+)|latest)$/.exec(ref) ?? [];
		const row = number === undefined ? newest.get(name) : byNumber.get(name, Number(number));
		if (row !== undefined) return fromRow(row);
		const known = named.all(name).map(({ version }) => version);
		throw new PerchError('not_found', `No dataset is called ${ref}.`, {
			hint:
				known.length > 0
					? `${name} has the versions ${known.join(', ')}.`
					: '`perch datasets list` shows those that runs and reports used.',
		});
	};

	return {
		record(dataset, author) {
			return transaction(() => {
				const { name, digest, rows, source, columns, files, plain } = dataset;
				const known = byDigest.get(name, digest);
				if (known !== undefined) {
					if (plain && known.source === source)
						see.run({ name, digest, files: JSON.stringify(files), now: Date.now() });
					return fromRow(known);
				}
				const text = { columns: JSON.stringify(columns), files: JSON.stringify(files) };
				insert.run({ name, digest, rows, source, ...text, plain: +plain, now: Date.now() });
				const kept = fromRow(byDigest.get(name, digest) as Row);
				const sums = files.map(({ path, sha256 }) => ({ path, sha256 }));
				record('datasets/changed', {
					event: 'dataset.recorded',
					subject: `${name}/${kept.version}`,
					author,
					detail: { digest, rows, source, files: sums },
				});
				return kept;
			});
		},
		list: () => all.all().map(fromRow),
		find,
		at(name, version) {
			const row = byNumber.get(name, version);
			return row === undefined ? null : fromRow(row);
		},
		of: (name) => named.all(name),
		lastFrom(path) {
			const row = bySource.get(path);
			return row === undefined ? null : fromRow(row);
		},
		nameFor(path, taken) {
			const known = bySource.get(path);
			if (known !== undefined) return known.name;
			const parts = path.split(/[\\/]/);
			let name = fileStem(parts.pop() ?? '');
			while (name === '' || name === taken || newest.get(name) !== undefined) {
				const folder = parts.pop();
				if (folder === undefined) return path;
				name = name === '' ? folder : `${folder}/${name}`;
			}
			return name;
		},
	};
}

function fromRow(row: Row): KeptDataset {
	const columns = JSON.parse(row.columns) as (Pick<DatasetColumn, 'name' | 'type'> & Partial<DatasetColumn>)[];
	return {
		name: row.name,
		version: row.version,
		digest: row.digest,
		rows: row.row_count,
		source: row.source,
		columns: columns.map((column) => ({ ...unknown, ...column })),
		files: JSON.parse(row.files) as DatasetFile[],
		plain: row.plain === 1,
		created_at: row.creation_time,
	};
}

/** `train.csv.gz` is `train`; of a pattern or a range of months what stands before it: `trips_{2021-01..2021-03}.parquet` is `trips`. */
function fileStem(file: string): string {
	const stem = file.replace(/\.(gz|zst)$/i, '').replace(/\.[^.{}]*$/, '');
	return stem.replace(/[{*?[].*$/, '').replace(/[-_. ]+$/, '');
}

/** What is not known of a column that was recorded before versions were kept. */
const unknown = { digest: null, nulls: null, distinct: null, mean: null, std: null, min: null, max: null };
