import assert from 'node:assert/strict';
import { printable, shortened, table } from './output.ts';

describe('what a terminal is shown', () => {
	it('spells out what would move its cursor, change its colours or turn the writing', () => {
		assert.equal(printable('a\x1b[31mb\rc\u202ed\x07'), 'a\\u001b[31mb\\u000dc\\u202ed\\u0007');
		assert.equal(printable('größe\n日本 🚀'), 'größe\n日本 🚀');
		assert.ok(!table(['column'], [['x\x1b]0;title\x07']], '').includes('\x1b'));
	});

	it('shortens by what is left out at the end', () => {
		assert.equal(shortened('abcdef', 4), 'abc…');
		assert.equal(shortened('abcd', 4), 'abcd');
	});
});
