import assert from 'node:assert/strict';
import { printable, shortened, table } from './output.ts';

describe('what a terminal is shown', () => {
	it('spells out what would move its cursor, change its colours or turn the writing', () => {
		assert.equal(printable('a\x1b[31mb\rc\u202ed\x07'), 'a\\u001b[31mb\\u000dc\\u202ed\\u0007');
		assert.equal(printable('größe\n日本 🚀'), 'größe\n日本 🚀');
		assert.ok(!table(['column\x1b'], [['x\x1b]0;title\x07']], '').includes('\x1b'));
		assert.equal(printable('\u200fa\u2028'), '\\u200fa\\u2028');
		assert.equal(table(['a\nb', 'c'], [['d\ne', 1]], ''), 'a\\nb  c\nd\\ne  1');
		assert.equal(printable(`no ${'x'.repeat(10_000)}.`), `no ${'x'.repeat(60)}… (10,001 characters)`);
	});

	it('shortens by what is left out at the end', () => {
		assert.equal(shortened('abcdef', 4), 'abc…');
		assert.equal(shortened('abcd', 4), 'abcd');
	});
});
