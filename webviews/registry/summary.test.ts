import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ModelVersion } from '../../daemon/protocol/models.ts';
import { sampleVersion as version } from './sampleVersion.ts';
import { metricNames, summary } from './summary.ts';

const model = (...versions: ModelVersion[]) => ({ name: 'vitalwatch', created_at: 0, versions });

describe('summary', () => {
	it('says who is in production and who is the candidate', () => {
		assert.equal(
			summary(model(version(3, { aliases: ['candidate'] }), version(2, { aliases: ['production'] }))),
			'2 versions · version 2 in production · version 3 as candidate',
		);
		assert.equal(summary(model(version(1))), '1 version · none in production · no candidate');
	});
});

describe('metricNames', () => {
	it('lists the metrics of all versions, the main one first', () => {
		const versions = [
			version(2, { metrics: { recall: 1, f1: 1 }, main_metric: 'f1' }),
			version(1, { metrics: { accuracy: 1 } }),
		];
		assert.deepEqual(metricNames(versions), ['f1', 'accuracy', 'recall']);
	});
});
