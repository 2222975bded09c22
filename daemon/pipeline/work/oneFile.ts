import { join } from 'node:path';
import { type FamilyFile, filesOf, readFamily } from '../../data/read/family.ts';
import { simulateTable } from '../../data/simulate/simulateTable.ts';
import { writeTable } from '../../data/write.ts';
import type { DataSection } from '../../protocol/project/data.ts';
import type { Quarantined, Reading } from '../../protocol/reading.ts';

/** Rows as one file: itself, or a copy of a family or of made rows in `folder`, with the files that the rows came from. */
export async function oneFile(
	source: DataSection['source'],
	folder: string,
	reading: Reading,
): Promise<{ path: string; files: FamilyFile[]; quarantined: Quarantined }> {
	const copy = join(folder, 'rows.parquet');
	if (typeof source !== 'string') {
		await writeTable(await simulateTable(source.simulate), copy);
		return { path: copy, files: [], quarantined: [] };
	}
	const [only, ...others] = filesOf(source);
	if (only !== undefined && others.length === 0) return { path: only, files: [], quarantined: [] };
	const { table, files, quarantined } = await readFamily(source, reading);
	await writeTable(table, copy);
	return { path: copy, files, quarantined };
}
