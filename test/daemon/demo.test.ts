import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkplace } from './commandLine.ts';

interface Demo {
	as_expected: boolean;
	promoted: number;
	rolled_back: number | null;
	drift: boolean;
	report: string;
	audit_valid: boolean;
}

describe('perch demo', () => {
	const place = createWorkplace();
	after(() => place.end());

	it('promotes a good candidate and rolls a bad one back on drift', () => {
		const demo = place.json<Demo>('demo', '--folder', join(place.folder, 'drifting'));
		assert.deepEqual(
			[demo.as_expected, demo.promoted, demo.rolled_back, demo.drift, demo.audit_valid],
			[true, 2, 3, true, true],
		);
		assert.ok(existsSync(demo.report));
	});

	it('rolls nothing back when the traffic does not drift', () => {
		const demo = place.json<Demo>('demo', '--without-drift', '--folder', join(place.folder, 'calm'));
		assert.deepEqual([demo.as_expected, demo.promoted, demo.rolled_back, demo.drift], [true, 2, null, false]);
	});
});
