/** Reading rows and saying which version of which dataset they are. */

import { digestFiles, sameStamps, stampFiles } from '../../data/fingerprint/fileStamps.ts';
import { type Fingerprint, fingerprint } from '../../data/fingerprint/fingerprint.ts';
import { type Family, filesOf } from '../../data/read/family.ts';
import type { DatasetColumn, DatasetFile } from '../../protocol/datasets.ts';
import type { DataSection } from '../../protocol/project/data.ts';
import { type Reading, readingOf } from '../../protocol/reading.ts';
import type { DatasetVersion } from '../../protocol/runs.ts';
import { readRows, sourceName } from './rows.ts';

/** What the daemon knows of a dataset before it is read. */
export interface DatasetClaim {
	name: string;
	/** Nothing that a perch.yaml says changes the rows of its files. */
	plain: boolean;
	versions: readonly DatasetVersion[];
	/** What the same files held when they were read last; null where that does not help. */
	last: { version: DatasetVersion; files: readonly DatasetFile[] } | null;
}

/** What a job found, for the daemon to record. */
export interface FoundDataset {
	name: string;
	digest: string;
	rows: number;
	source: string;
	columns: DatasetColumn[];
	files: DatasetFile[];
	plain: boolean;
}

export interface Identity {
	/** Of content that is new it is the next version. */
	version: DatasetVersion;
	/** null for files that did not change since they were recorded: nothing was computed anew. */
	found: FoundDataset | null;
}

export interface IdentifiedRows extends Family {
	identity: Identity;
}

/** Reads rows as `readRows` does. Files that stand as they were recorded are known by that; all others by their content. */
export async function readIdentified(
	source: DataSection['source'],
	claim: DatasetClaim,
	reading: Reading,
): Promise<IdentifiedRows> {
	const { known, byContent } = await startIdentity(source, claim, reading);
	const family = await readRows(source, reading);
	return { ...family, identity: known ?? (await byContent(fingerprint(family.table))) };
}

/** What is known of a source before its rows are, and what its rows then make of it. */
export interface StartedIdentity {
	/** Of files that stand as they were recorded. */
	known: Identity | null;
	byContent(print: Fingerprint): Promise<Identity>;
}

/** Asked for before the rows are read, so that a change meanwhile is noticed. */
export async function startIdentity(
	source: DataSection['source'],
	claim: DatasetClaim,
	reading: Reading,
): Promise<StartedIdentity> {
	const stamps = typeof source === 'string' ? await stampFiles(filesOf(source)) : [];
	const { last, name, versions } = claim;
	const plain = claim.plain && Object.keys(readingOf(reading)).length === 0;
	const stands = plain && last !== null && sameStamps(stamps, last.files);
	return {
		known: stands ? { version: last.version, found: null } : null,
		async byContent(print) {
			const files = await digestFiles(stamps);
			const known = versions.find(({ digest }) => digest === print.digest);
			const next = 1 + Math.max(0, ...versions.map(({ version }) => version));
			return {
				version: known ?? { name, version: next, digest: print.digest },
				found: { ...print, name, source: sourceName(source), files, plain },
			};
		},
	};
}
