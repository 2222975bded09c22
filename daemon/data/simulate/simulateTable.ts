import { PerchError } from '../../protocol/errors.ts';
import type { SimulateSection } from '../../protocol/project/simulate.ts';
import { deriveTable } from '../derive/derive.ts';
import { knownColumns, type Table } from '../table.ts';
import { simulate } from './simulate.ts';

/** The table that a `simulate:` describes, with its derived columns and without those that it drops. Throws `invalid_config`. */
export async function simulateTable(section: SimulateSection): Promise<Table> {
	const { table } = await deriveTable(simulate(section), section, { place: 'simulate' });
	const names = table.columns.map(({ name }) => name);
	const stranger = section.drop.find((name) => !names.includes(name));
	if (stranger !== undefined) {
		throw new PerchError('invalid_config', `simulate.drop: there is no column ${JSON.stringify(stranger)}.`, {
			field: 'simulate.drop',
			hint: knownColumns(names),
		});
	}
	return { rows: table.rows, columns: table.columns.filter(({ name }) => !section.drop.includes(name)) };
}
