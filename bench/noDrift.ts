/**
 * How often does profile sound call drift where nothing differs, and does it find what does? Pairs of tables drawn from one
 * distribution, of 100 to 100,000 rows and 20 columns, half of them of independent rows, half of rows that keep 0.9 of the
 * row before; and pairs of 1,000 independent rows with one column moved by half a standard deviation.
 *
 *     node bench/noDrift.ts [--pairs 500] [--moved 1000]
 */
import { parseArgs } from 'node:util';
import { numberColumn, type Table, tableOf } from '../daemon/data/table.ts';
import { detectDrift } from '../daemon/drift/detectDrift.ts';
import type { DriftReport } from '../daemon/protocol/drift.ts';
import { createRandom } from '../daemon/stats/random.ts';

const { values } = parseArgs({
	options: { pairs: { type: 'string', default: '500' }, moved: { type: 'string', default: '1000' } },
});
const columns = 20;
const random = createRandom(1, 'noDrift');

function draw(rows: number, rho: number, shift = 0): Table {
	const fresh = Math.sqrt(1 - rho * rho);
	return tableOf(
		Array.from({ length: columns }, (_, index) => {
			let value = random.normal();
			const series = Float64Array.from({ length: rows }, () => {
				const now = value + (index === 0 ? shift : 0);
				value = rho * value + fresh * random.normal();
				return now;
			});
			return numberColumn(`column ${index}`, series);
		}),
	);
}

function compare(reference: Table, current: Table): DriftReport {
	const side = { name: 'drawn', rows: 0, digest: null };
	return detectDrift(reference, current, { threshold: 0.5, referenceSide: side, currentSide: side });
}

function rate(hits: number, of: number): string {
	return `${hits} of ${of} (${((100 * hits) / Math.max(1, of)).toFixed(2)} %)`;
}

const pairs = Number(values.pairs);
const limit = 5 + 300 * Math.sqrt((0.05 * 0.95) / pairs);
console.log(`Without drift, ${pairs} pairs; at most 5 % and three deviations: ${limit.toFixed(2)} %`);
for (const rho of [0, 0.9]) {
	const rounds = Math.floor(pairs / 2);
	let [tables, anyColumn, called, told, few] = [0, 0, 0, 0, 0];
	for (let round = 0; round < rounds; round++) {
		const size = () => Math.round(10 ** (2 + 3 * random.next()));
		const report = compare(draw(size(), rho), draw(size(), rho));
		const drifted = report.columns.filter(({ drift }) => drift === true).length;
		tables += +(report.drift === true);
		anyColumn += +(drifted > 0);
		called += drifted;
		told += report.columns.filter(({ drift }) => drift !== null).length;
		few += report.columns.filter(({ rows_needed, drift }) => drift === null && rows_needed !== null).length;
	}
	console.log(`correlation ${rho}: table ${rate(tables, rounds)}; any column ${rate(anyColumn, rounds)}`);
	console.log(`   columns ${rate(called, told)} of those told; too few rows in ${rate(few, rounds * columns)}`);
}

const moved = Number(values.moved);
let [found, others] = [0, 0];
for (let round = 0; round < moved; round++) {
	const [first, ...rest] = compare(draw(1000, 0), draw(1000, 0, 0.5)).columns;
	found += +(first?.drift === true);
	others += rest.filter(({ drift }) => drift === true).length;
}
console.log(
	`half a deviation in one of ${columns} columns: found in ${rate(found, moved)}; others ${rate(others, moved * (columns - 1))}`,
);
