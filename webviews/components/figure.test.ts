import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { pointer } from './figure.ts';

describe('pointer', () => {
	it('escapes as RFC 6901, section 5, has it', () => {
		assert.equal(pointer(), '');
		assert.equal(pointer('foo', 0), '/foo/0');
		assert.equal(pointer('a/b'), '/a~1b');
		assert.equal(pointer('m~n'), '/m~0n');
		assert.equal(pointer(''), '/');
	});
});
