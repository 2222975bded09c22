import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { readTable, readWithOrigin } from '../../data/read/read.ts';
import { detectDrift } from '../../drift/detectDrift.ts';
import { sampleRows } from '../../drift/segments/sampleRows.ts';
import { explainDrift } from './explainDrift.ts';

describe('example rows of a file', () => {
	it('name the line on which each begins, below quoted line breaks', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'perch-explain-'));
		try {
			const write = (name: string, kind: (row: number) => string) => {
				const rows = Array.from(
					{ length: 200 },
					(_, row) => `${row},${kind(row)},${row % 3 ? 'plain' : '"two\nlines"'}`,
				);
				writeFileSync(join(folder, name), `id,kind,note\n${rows.join('\n')}\n`);
				return join(folder, name);
			};
			const [before, after] = [write('a.csv', () => 'old'), write('b.csv', (row) => (row % 2 ? 'new' : 'old'))];
			const reference = await readTable(before);
			const { table: current, origin } = await readWithOrigin(after, {});
			const report = detectDrift(reference, current, {
				threshold: 0.5,
				referenceSide: { name: before, rows: 200, digest: null },
				currentSide: { name: after, rows: 200, digest: null },
			});
			await explainDrift(report, {
				reference: sampleRows(reference, 'reference'),
				current: sampleRows(current, 'current'),
				origin: { files: [{ path: after, rows: 200, origin }] },
			});
			const examples = report.columns.find(({ column }) => column === 'kind')?.examples;
			assert.deepEqual(examples?.columns, ['kind', 'id', 'note']);
			const lines = readFileSync(after, 'utf8').split('\n');
			for (const { line, row, cells } of examples?.rows ?? []) {
				assert.equal(cells[0], 'new');
				assert.equal(cells[1], row - 1);
				assert.ok(lines[(line ?? 0) - 1]?.startsWith(`${cells[1]},new,`), `${line}: ${cells[1]}`);
			}
			assert.equal(examples?.rows.length, 5);
			assert.equal(report.sample, undefined, 'every row was looked at');
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});
