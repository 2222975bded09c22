import assert from 'node:assert/strict';
import {
	type CsvText,
	cellSpan,
	columnIndex,
	type DataText,
	dataText,
	type Lines,
	recordAt,
	rowLines,
	type Span,
} from './cellRange.ts';

const linesOf = (text: string): Lines => {
	const all = text.split(/\r?\n/);
	return { count: all.length, at: (line) => all[line] ?? '' };
};
/** What stands in a span. */
const between = (lines: Lines, span: Span | null): string => {
	if (span === null) return 'nothing';
	const { start, end } = span;
	if (start.line === end.line) return lines.at(start.line).slice(start.character, end.character);
	const inner = Array.from({ length: end.line - start.line - 1 }, (_, at) => lines.at(start.line + 1 + at));
	return [lines.at(start.line).slice(start.character), ...inner, lines.at(end.line).slice(0, end.character)].join('\n');
};
const textOf = (path: string, lines: Lines) => dataText(path, lines) as DataText;

describe('the place of a cell', () => {
	it('is found behind quotes, delimiters inside them and doubled quotes', () => {
		const lines = linesOf('\nid,"full, name",city\n1,"a ""b"", c",Rome\n2,x,\n');
		const text = textOf('a.csv', lines);
		assert.deepEqual(text, { kind: 'csv', delimiter: ',', header: 1, names: ['id', 'full, name', 'city'] });
		const cell = (line: number, column: string) => between(lines, cellSpan(text, lines, line, column, null));
		assert.equal(cell(2, 'full, name'), '"a ""b"", c"');
		assert.equal(cell(2, 'city'), 'Rome');
		assert.equal(cell(3, 'city'), '');
		assert.equal(cell(3, 'gone'), '2,x,', 'the row where the column is not known');
		assert.equal(cellSpan(text, lines, 99, 'id', null), null);
	});

	it('spans the lines of a quoted line end, and the row below is found', () => {
		const lines = linesOf('a;b\r\n1;"two\r\nlines"\r\n2;z');
		const text = textOf('a.csv', lines);
		assert.equal(between(lines, cellSpan(text, lines, 1, 'b', null)), '"two\nlines"');
		assert.deepEqual(rowLines(text, lines, 1), { first: 1, next: 3 });
		assert.equal(between(lines, cellSpan(text, lines, 3, 'b', null)), 'z');
		assert.equal(recordAt(lines, 1, ';').fields[1]?.value, 'two\nlines');
	});

	it('takes tabs for .tsv, and the delimiter that divides the header most else', () => {
		const lines = linesOf('a,b\tc\td\n');
		assert.deepEqual((textOf('x.tsv', lines) as CsvText).names, ['a,b', 'c', 'd']);
		assert.equal((textOf('x.csv', lines) as CsvText).delimiter, '\t');
		assert.equal(dataText('x.csv', linesOf('')), null);
		assert.equal(dataText('x.md', lines), null);
	});

	it('knows repeated and empty names as the daemon gives them', () => {
		const names = ['a', '', 'a', 'a', 'b_1'];
		assert.deepEqual(
			['a', 'column1', 'a_1', 'a_2', 'b_1', 'c'].map((name) => columnIndex(names, name)),
			[0, 1, 2, 3, 4, -1],
		);
	});

	it('is found in JSON lines, and in objects of a list over several lines', () => {
		const lines = linesOf('{"a": 1, "b": {"a": 5}}\n{"b": "x, \\"y\\"", "a": 22}\n');
		const text = textOf('a.jsonl', lines);
		assert.equal(between(lines, cellSpan(text, lines, 1, 'a', 22)), '22');
		assert.equal(between(lines, cellSpan(text, lines, 1, 'b', null)), '"x, \\"y\\""');
		const list = linesOf('[\n  {\n    "a": 1,\n    "b": "long"\n  },\n  {"a": 2}, {"a": 3}\n]');
		const json = textOf('a.json', list);
		assert.equal(between(list, cellSpan(json, list, 1, 'b', 'long')), '"long"');
		assert.deepEqual(cellSpan(json, list, 1, 'b', 'long')?.start, { line: 3, character: 9 });
		assert.equal(between(list, cellSpan(json, list, 5, 'a', 3)), '3', 'rows that share a line are told apart');
		assert.equal(between(list, cellSpan(json, list, 5, 'c', 3)), '  {"a": 2}, {"a": 3}');
	});
});
