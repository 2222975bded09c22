import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ModelVersion } from '../../daemon/protocol/models.ts';
import { changesOf, rollbackEffect } from './changes.ts';
import { sampleVersion as version } from './sampleVersion.ts';

const model = (...versions: ModelVersion[]) => ({ name: 'vitalwatch', created_at: 0, versions });

describe('changesOf', () => {
	it('offers what the status allows', () => {
		assert.deepEqual(changesOf(version(1), false), ['promote', 'archive']);
		assert.deepEqual(changesOf(version(1, { aliases: ['production'] }), false), ['archive']);
		assert.deepEqual(changesOf(version(1, { status: 'archived' }), false), ['restore']);
		assert.deepEqual(changesOf(version(1, { status: 'failed' }), false), []);
	});

	it('offers nothing in Restricted Mode', () => {
		assert.deepEqual(changesOf(version(1), true), []);
	});
});

describe('rollbackEffect', () => {
	it('ends a candidate first, then gives production back, and else does nothing', () => {
		const candidate = version(3, { aliases: ['candidate'] });
		const production = version(2, { aliases: ['production'] });
		assert.match(rollbackEffect(model(candidate, production, version(1))) ?? '', /candidate, version 3/);
		assert.match(rollbackEffect(model(production, version(1))) ?? '', /from version 2/);
		assert.equal(rollbackEffect(model(version(1))), undefined);
	});
});
