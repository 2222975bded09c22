import assert from 'node:assert/strict';
import * as zlib from 'node:zlib';
import fc from 'fast-check';
import { type ErrorBody, isPerchError } from '../../protocol/errors.ts';
import { cells } from '../fixtures/cells.ts';
import { scratchFiles } from '../fixtures/scratchFiles.ts';
import { type ReadOptions, readTable, readWithOrigin } from '../read/read.ts';
import { linesOfRows } from '../rowLines.ts';

describe('encodings of data files', () => {
	const { file } = scratchFiles();

	async function refusal(path: string, options: ReadOptions = {}): Promise<ErrorBody> {
		const error = await readTable(path, options).then(
			() => null,
			(thrown: unknown) => thrown,
		);
		assert.ok(isPerchError(error), String(error));
		return error.toBody();
	}
	const swapped = (text: string) => Buffer.from(text, 'utf16le').swap16();
	const text = 'ort,preis\nKöln,1\n"Zü\nrich",2\n\u{1f600},3\n';
	const expected = [
		['Köln', 1],
		['Zü\nrich', 2],
		['\u{1f600}', 3],
	];

	it('reads UTF-16 by its mark, and without one when told', async () => {
		for (const bytes of [Buffer.from(`\ufeff${text}`, 'utf16le'), swapped(`\ufeff${text}`)]) {
			assert.deepEqual(cells(await readTable(await file(bytes))), expected);
			assert.deepEqual(cells(await readTable(await file(zlib.gzipSync(bytes), 'csv.gz'))), expected);
		}
		for (const [bytes, encoding] of [
			[Buffer.from(text, 'utf16le'), 'utf-16le'],
			[swapped(text), 'utf-16be'],
		] as const) {
			const path = await file(bytes);
			const { line, hint, message } = await refusal(path);
			assert.match(message, /UTF-16 text without a byte order mark, from offset 0/);
			assert.equal(line, 1);
			assert.ok(hint?.includes(`encoding: ${encoding}`));
			assert.deepEqual(cells(await readTable(path, { encoding })), expected);
		}
	});

	it('transcodes what it is told to, by the names of the Encoding Standard', async () => {
		// é is E9 in windows-1252, which has € at 80; 東 is 93 8C in Shift_JIS; привет is EF F0 E8 E2 E5 F2 in windows-1251.
		const cases: [string, number[], string][] = [
			['windows-1252', [0xe9, 0x80], 'é€'],
			['latin1', [0xe9, 0x80], 'é€'],
			['shift_jis', [0x93, 0x8c], '東'],
			['windows-1251', [0xef, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2], 'привет'],
		];
		for (const [encoding, bytes, word] of cases) {
			const csv = Buffer.concat([Buffer.from('a;b\r\n1;'), Buffer.from(bytes), Buffer.from('\r\n')]);
			assert.deepEqual(cells(await readTable(await file(csv), { encoding })), [[1, word]]);
			const lines = Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}\n')]);
			assert.deepEqual(cells(await readTable(await file(lines, 'jsonl'), { encoding })), [[word]]);
			const list = Buffer.concat([Buffer.from('['), lines, Buffer.from(']')]);
			assert.deepEqual(cells(await readTable(await file(zlib.gzipSync(list), 'json.gz'), { encoding })), [[word]]);
		}
	});

	it('reads zstd', async function () {
		if (!('zstdCompressSync' in zlib)) this.skip();
		assert.deepEqual(cells(await readTable(await file(zlib.zstdCompressSync(Buffer.from(text)), 'csv.zst'))), expected);
		const lines = zlib.zstdCompressSync(Buffer.from('{"a":1}\n{"a":2}\n'));
		assert.deepEqual(cells(await readTable(await file(lines, 'jsonl.zst'))), [[1], [2]]);
		const broken = zlib.zstdCompressSync(Buffer.from('a,b\n1,2\n1,2,3\n'));
		assert.equal((await refusal(await file(broken, 'csv.zst'))).line, 3);
		assert.match((await refusal(await file('a,b\n1,2\n', 'csv.zst'))).message, /not a sound zstd file/);
	});

	it('finds the first byte that is no UTF-8 wherever it stands, with its offset, its line and a likely encoding', async () => {
		// Rows of two lines each, and one that fills what is left up to offset 480,000.
		const head = 'k,value\n';
		const rows = Array.from({ length: 29_999 }, (_, row) => `"a\n${String(row).padStart(8, '0')}",x\n`).join('');
		const lead = `${head}${rows}`;
		const padding = `${'p'.repeat(480_000 - lead.length - 'z,caf'.length - 3)},y\n`;
		const bytes = Buffer.concat([Buffer.from(`${lead}${padding}z,caf`), Buffer.from([0xe9]), Buffer.from('\nz,ü\n')]);
		assert.equal(bytes.indexOf(0xe9), 480_000);
		const line = 1 + 2 * 29_999 + 2;
		for (const path of [await file(bytes), await file(zlib.gzipSync(bytes), 'csv.gz')]) {
			const body = await refusal(path);
			assert.deepEqual([body.code, body.line, body.field], ['invalid_data', line, 'value']);
			assert.match(body.message, /0xE9 at offset 480000/);
			assert.match(body.hint ?? '', /mixes encodings; the byte may be windows-1252/);
		}
		const alone = await refusal(await file(Buffer.from('a,b\n1,Stra\xdfe\n', 'latin1')));
		assert.match(alone.hint ?? '', /encoding: windows-1252/);
	});

	it('names likely encodings of other scripts', async () => {
		const cases: [string, number[]][] = [
			['windows-1251', [0xef, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]],
			// こんにちは
			['shift_jis', [0x82, 0xb1, 0x82, 0xf1, 0x82, 0xc9, 0x82, 0xbf, 0x82, 0xcd]],
			// 안녕하세요
			['euc-kr', [0xbe, 0xc8, 0xb3, 0xe7, 0xc7, 0xcf, 0xbc, 0xbc, 0xbf, 0xe4]],
		];
		for (const [encoding, bytes] of cases) {
			const body = await refusal(await file(Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from(bytes)])));
			assert.ok(body.hint?.includes(`encoding: ${encoding}`), body.hint);
		}
	});

	it('refuses bytes that the named encoding does not know, in JSON too', async () => {
		const broken = Buffer.concat([Buffer.from('a,b\n1,2\n3,'), Buffer.from([0x81, 0x20, 0x0a])]);
		const csv = await refusal(await file(broken), { encoding: 'shift_jis' });
		assert.deepEqual([csv.line, /0x81 at offset 10 is not shift_jis/.test(csv.message)], [3, true], csv.message);
		const half = Buffer.concat([
			Buffer.from('\ufeffa,b\n1,', 'utf16le'),
			Buffer.from([0x00, 0xd8]),
			Buffer.from('\n', 'utf16le'),
		]);
		const utf16 = await refusal(await file(half));
		assert.deepEqual([utf16.line, /at offset 14 is not utf-16le/.test(utf16.message)], [2, true], utf16.message);
		const lines = await refusal(await file(Buffer.from('{"a":"x"}\n{"a":"\xe9"}\n', 'latin1'), 'jsonl'));
		assert.deepEqual([lines.line, /0xE9 at offset 16 /.test(lines.message)], [2, true], lines.message);
		const list = await refusal(await file(Buffer.from('[{"a":"x"},\n\n{"a":"\xe9"}]', 'latin1'), 'json'));
		assert.equal(list.line, 3);
	});

	it('keeps the lines of the original in refusals and rows', async () => {
		const csv = 'a,b\r\n"x\r\ny",1\r\n\r\n2,3\r\n4\r\n';
		for (const bytes of [Buffer.from(`\ufeff${csv}`, 'utf16le'), swapped(`\ufeff${csv}`)]) {
			assert.equal((await refusal(await file(bytes))).line, 6);
		}
		const sound = await file(Buffer.from(`\ufeff${csv.slice(0, -3)}`, 'utf16le'));
		assert.deepEqual(
			[...(await linesOfRows((await readWithOrigin(sound, {})).origin, [0, 1]))],
			[
				[0, 2],
				[1, 5],
			],
		);
	});

	it('reads any text alike in UTF-8 and UTF-16', async () => {
		const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).filter((found) => !found.includes('\0'));
		await fc.assert(
			fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 8 }), async (words) => {
				const csv = `a,b\n${words.map((one) => `"x${one.replaceAll('"', '""')}",1\n`).join('')}`;
				const read = async (bytes: Buffer) => cells(await readTable(await file(bytes)));
				assert.deepEqual(await read(Buffer.from(`\ufeff${csv}`, 'utf16le')), await read(Buffer.from(csv)));
			}),
			{ numRuns: 60 },
		);
	});
});
