import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { isPerchError } from '../../protocol/errors.ts';
import { cells } from '../fixtures/cells.ts';
import { scratchFiles } from '../fixtures/scratchFiles.ts';
import { filesOf } from '../read/family.ts';
import { type ReadOptions, readTable, readWithOrigin } from '../read/read.ts';
import { linesOfRows } from '../rowLines.ts';
import { cellOf, schemaOf } from '../table.ts';

interface Aside {
	line: number;
	row: number;
	column: string | null;
	reason: string;
	text: string;
}

describe('rows set aside', () => {
	const { file } = scratchFiles();

	async function read(path: string, options: ReadOptions = {}) {
		const { table, origin, quarantined } = await readWithOrigin(path, { on_bad: 'quarantine', ...options });
		const kept = `${path}.quarantine.jsonl`;
		const aside: Aside[] = existsSync(kept)
			? readFileSync(kept, 'utf8')
					.trimEnd()
					.split('\n')
					.map((line) => JSON.parse(line))
			: [];
		assert.deepEqual(quarantined, aside.length === 0 ? [] : [{ file: path, rows: aside.length, quarantine: kept }]);
		const lines = await linesOfRows(
			origin,
			Array.from({ length: table.rows }, (_, row) => row),
		);
		return { table, aside, lines: [...lines.values()] };
	}

	it('are those with a wrong number of cells, bytes that are no text and quotes that do not close', async () => {
		const bytes = Buffer.concat([
			Buffer.from('a,b\r\n1,x\r\n2\r\n"3",y,z\r\n\r\n4,caf'),
			Buffer.from([0xe9]),
			Buffer.from('\r\n5,"two\r\nlines"\r\n6,"until\r\n7,"x"\r\n8,w\r\n9,"open\r\n10,w'),
		]);
		for (const path of [await file(bytes), await file(gzipSync(bytes), 'csv.gz')]) {
			const { table, aside, lines } = await read(path);
			assert.deepEqual(cells(table), [
				[1, 'x'],
				[5, 'two\r\nlines'],
				[8, 'w'],
				[10, 'w'],
			]);
			assert.deepEqual(lines, [2, 7, 11, 13]);
			assert.deepEqual(
				aside.map(({ row }) => row),
				[2, 3, 4, 6, 8],
			);
			assert.deepEqual(
				aside.map(({ line, column, reason, text }) => [line, column, reason, text]),
				[
					[3, null, 'it has 1 value where the header names 2 columns', '2'],
					[4, null, 'it has 3 values where the header names 2 columns', '"3",y,z'],
					[6, 'b', 'its bytes are not UTF-8', '4,caf\ufffd'],
					[9, 'b', 'text follows a closing quote', '6,"until\r\n7,"x"'],
					[12, 'b', 'a quote opens and is never closed', '9,"open'],
				],
			);
		}
	});

	it('are those with a cell that is not of the type of nine tenths of its column', async () => {
		const rows = Array.from({ length: 40 }, (_, i) => `${i},${i}.5,2024-01-0${1 + (i % 9)},${i % 2 === 0},w${i},NA`);
		rows[7] = '7,x,2024-01-01,true,w,';
		rows[20] = '20,1.5,never,true,w,';
		rows[21] = '21,1.5,2024-02-30,maybe,w,';
		rows[22] = '1_000,1.5,2024-02-20,true,w,';
		const { table, aside, lines } = await read(await file(`n,d,day,flag,word,none\n${rows.join('\n')}\n`));
		assert.deepEqual(
			schemaOf(table).map(({ type }) => type),
			['integer', 'double', 'date', 'boolean', 'string', 'double'],
		);
		assert.equal(table.rows, 36);
		assert.deepEqual(lines.slice(6, 9), [8, 10, 11]);
		assert.deepEqual(
			aside.map(({ line, column, reason }) => [line, column, reason]),
			[
				[9, 'd', '"x" is not a number'],
				[22, 'day', '"never" is not a date such as 2024-01-31'],
				[23, 'day', '"2024-02-30" is not a date such as 2024-01-31'],
				[24, 'n', '"1_000" is not a number'.replace('a number', 'a whole number')],
			],
		);
		assert.equal(aside[0]?.text, '7,x,2024-01-01,true,w,');
	});

	it('follow the types that are told, and leave text alone', async () => {
		const path = await file('a,b\n1,x\n2.5,y\n3,z\nx,1\n');
		const strict = await read(path, { types: { a: 'integer' } });
		assert.deepEqual(cells(strict.table), [
			[1, 'x'],
			[3, 'z'],
		]);
		assert.deepEqual(
			strict.aside.map(({ reason }) => reason),
			['"2.5" is not a whole number', '"x" is not a whole number'],
		);
		const rows = Array.from({ length: 20 }, (_, i) => `${i}`);
		const codes = await file(`code\n${rows.join('\n')}\nA1\n`);
		assert.equal((await read(codes, { types: { code: 'string' } })).aside.length, 0);
		assert.equal((await read(codes)).aside.length, 1);
	});

	it('take decimal commas and other encodings into account', async () => {
		const rows = Array.from({ length: 20 }, (_, i) => `${i},5;Köln\r\n`);
		rows[3] = 'drei;Köln\r\n';
		rows[5] = '5,5\r\n';
		const path = await file(Buffer.from(`zahl;ort\r\n${rows.join('')}`, 'latin1'));
		const { table, aside, lines } = await read(path, { encoding: 'windows-1252' });
		assert.deepEqual([table.rows, table.columns[0]?.type, lines[3]], [18, 'double', 6]);
		assert.deepEqual(
			aside.map(({ line, row, text }) => [line, row, text]),
			[
				[5, 4, 'drei;Köln'],
				[7, 6, '5,5'],
			],
		);
		const broken = Buffer.concat([
			Buffer.from('a,b\n1,'),
			Buffer.from([0x93, 0x8c]),
			Buffer.from('\n2,'),
			Buffer.from([0x93, 0x20, 0x0a]),
		]);
		const japanese = await read(await file(broken), { encoding: 'shift_jis' });
		assert.deepEqual(cells(japanese.table), [[1, '東']]);
		assert.deepEqual(
			japanese.aside.map(({ line, reason }) => [line, reason]),
			[[3, 'its bytes are not shift_jis']],
		);
	});

	it('are lines of JSON lines that are no JSON, and values of another kind than the others', async () => {
		const lines = Array.from({ length: 30 }, (_, i) => `{"a":${i},"b":"x"}`);
		lines[3] = '{"a":3';
		lines[10] = '{"a":"ten","b":"x"}';
		const found = await read(await file(lines.join('\n'), 'jsonl'));
		assert.equal(found.table.rows, 28);
		assert.equal(found.table.columns[0]?.kind, 'number');
		assert.deepEqual(
			found.aside.map(({ line, column, reason, text }) => [line, column, reason, text]),
			[
				[4, null, 'it is not sound JSON', '{"a":3'],
				[11, 'a', '"ten" is not a number', '{"a":"ten","b":"x"}'],
			],
		);
		assert.deepEqual(found.lines.slice(2, 4), [3, 5]);
		const list = await read(await file(`[${lines.toSpliced(3, 1).join(',\n')}]`, 'json'));
		assert.deepEqual(
			list.aside.map(({ line, text }) => [line, JSON.parse(text)]),
			[[10, { a: 'ten', b: 'x' }]],
		);
	});

	it('are records of a JSON list that holds one a line', async () => {
		const records = Array.from({ length: 12 }, (_, i) => `{"a":${i},"b":[${i}]}`);
		records[4] = '{"a":4,"b":[4]';
		records[7] = '{"a":"seven","b":[7]}';
		const list = `[\n  ${records.join(',\n  ')}\n]\n`;
		const found = await read(await file(list, 'json'));
		assert.deepEqual(
			found.table.columns.map((column) => cellOf(column, 4)),
			[5, '[5]'],
		);
		assert.deepEqual([found.table.rows, found.lines[4]], [10, 7]);
		assert.deepEqual(
			found.aside.map(({ line, row, column, reason, text }) => [line, row, column, reason, text.trim()]),
			[
				[6, 5, null, 'it is not sound JSON', '{"a":4,"b":[4],'],
				[9, 8, 'a', '"seven" is not a number', '{"a":"seven","b":[7]},'],
			],
		);
		// Over several lines a broken record could be any part of the others, and an open list may go on.
		for (const text of ['[\n{\n"a": 1\n},\n{\n"a"\n},\n{\n"a": 3\n}\n]', '[\n{"a":1},\n{"a":2},\n{"a":']) {
			const path = await file(text, 'json');
			await assert.rejects(read(path), (error: unknown) => isPerchError(error) && error.code === 'invalid_data');
		}
	});

	it('leave a refusal where nothing is left, and where the default stops', async () => {
		const path = await file('a,b\n1\n2\n');
		await assert.rejects(readTable(path, { on_bad: 'quarantine' }), (error: unknown) => {
			assert.ok(isPerchError(error));
			assert.deepEqual([error.code, error.detail.file], ['empty_data', path]);
			assert.match(error.detail.hint ?? '', /quarantine\.jsonl/);
			return true;
		});
		await assert.rejects(readTable(path), (error: unknown) => isPerchError(error) && error.detail.line === 2);
	});

	it('are forgotten when their file is sound again, and are no members of a family', async () => {
		const path = await file('{"a":1}\n{"a":\n', 'jsonl');
		assert.equal((await read(path)).aside.length, 1);
		assert.deepEqual(filesOf(path.replace(/f(\d+)\.jsonl$/, 'f$1*.jsonl')), [path]);
		await writeFile(path, '{"a":1}\n{"a":2}\n');
		assert.equal((await read(path)).aside.length, 0);
		assert.ok(!existsSync(`${path}.quarantine.jsonl`));
	});

	it('and those that are read make up the file', async () => {
		const line = fc.constantFrom('1,2', '3,"x\ny"', '4', '5,6,7', '"8"9,1', '"10', 'x,1', '');
		await fc.assert(
			fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 12 }), async (lines) => {
				const { table, aside, lines: kept } = await read(await file(`a,b\n0,0\n${lines.join('\n')}\n`));
				const [rows, bad] = [table.rows, aside.length];
				const text = lines.join('\n').split('\n');
				const covered = new Set([...kept, ...aside.map(({ line: at }) => at)]);
				assert.equal(covered.size, rows + bad, 'no row is told twice');
				// Every line that is not blank is the first of a row, or within one that began above.
				const within = [...aside.map((one) => one.text), ...cells(table).flat().map(String)].join('\n');
				for (const [index, one] of text.entries()) {
					assert.ok(
						one === '' || covered.has(index + 3) || within.includes(one.replaceAll('"', '')) || within.includes(one),
					);
				}
			}),
			{ numRuns: 60 },
		);
	});
});
