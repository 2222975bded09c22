import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { numberColumn, type Table, tableOf } from '../../data/table.ts';
import { createRandom } from '../../stats/random.ts';
import { detectDrift } from '../detectDrift.ts';

/** A smaller form of `bench/noDrift.ts`, with a fixed seed. */
describe('profile sound where nothing differs', () => {
	const random = createRandom(2, 'noDrift.test');

	function draw(rows: number, rho: number): Table {
		const columns = Array.from({ length: 20 }, (_, index) => {
			let value = random.normal();
			const series = Float64Array.from({ length: rows }, () => {
				const now = value;
				value = rho * value + Math.sqrt(1 - rho * rho) * random.normal();
				return now;
			});
			return numberColumn(`column ${index}`, series);
		});
		return tableOf(columns);
	}

	for (const [rho, rows] of [
		[0, 'independent rows'],
		[0.9, 'rows that keep 0.9 of the row before'],
	] as const) {
		it(`calls a column drifted in at most 5 % of tables of ${rows}`, () => {
			const rounds = 60;
			const side = { name: 'drawn', rows: 0, digest: null };
			let [tables, any] = [0, 0];
			for (let round = 0; round < rounds; round++) {
				const size = () => Math.round(10 ** (2 + 1.5 * random.next()));
				const options = { threshold: 0.5, referenceSide: side, currentSide: side };
				const { drift, columns } = detectDrift(draw(size(), rho), draw(size(), rho), options);
				tables += +(drift === true);
				any += +columns.some(({ drift: drifted }) => drifted === true);
			}
			const most = rounds * 0.05 + 3 * Math.sqrt(rounds * 0.05 * 0.95);
			assert.ok(any <= most, `${any} of ${rounds}`);
			assert.ok(tables <= most, `${tables} of ${rounds}`);
		});
	}
});
