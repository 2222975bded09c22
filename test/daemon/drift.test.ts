import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '../../daemon/protocol/methods.ts';
import { createWorkplace } from './commandLine.ts';

/** 100 rows: `x` holds `from` to `from` + 49, twice, `c` is a, b, a, b, … */
function rows(from: number): string {
	return `x,c\n${Array.from({ length: 100 }, (_, row) => `${from + ((row * 37) % 50)},${'ab'[row % 2]}`).join('\n')}\n`;
}

describe('perch drift', () => {
	const place = createWorkplace();
	after(() => place.end());

	it('writes what a pull request and a build server read, and ends with 3 where that is asked for', () => {
		writeFileSync(join(place.folder, 'a.csv'), rows(0));
		writeFileSync(join(place.folder, 'b.csv'), rows(50));
		const files = ['--reference', 'a.csv', '--current', 'b.csv', '--markdown', 'out/s.md', '--junit', 'out/d.xml'];
		assert.equal(place.perch('drift', ...files, '--fail-on-drift').code, 3);
		const read = (name: string) => readFileSync(join(place.folder, 'out', name), 'utf8');
		assert.match(read('s.md'), /^### Drift found\n\n1 of 2 columns drifted \(50 %, drift from 50 % on\)\./);
		assert.match(read('d.xml'), /<testsuite .* tests="3" failures="2" errors="0" skipped="0"/);
	});

	it('does not fail on what it cannot tell', () => {
		writeFileSync(join(place.folder, 'few.csv'), 'x,c\n1,a\n2,b\n');
		const { code, stdout } = place.perch('drift', '--reference', 'a.csv', '--current', 'few.csv', '--fail-on-drift');
		assert.equal(code, 0);
		assert.match(stdout, /Cannot tell/);
	});

	it('compares means alone where perch.yaml or the call says so', () => {
		// The mean of x goes from 24.5 to 74.5.
		const expected = { x: { drift_percentage: (50 / 24.5) * 100, significant_drift: true } };
		const called = place.json<Result<'drift'>>(
			'drift',
			'--reference',
			'a.csv',
			'--current',
			'b.csv',
			'--method',
			'mean',
		);
		assert.deepEqual([called.overall_drift_detected, called.drift_indicators], [true, expected]);
		writeFileSync(
			join(place.folder, 'perch.yaml'),
			'name: homes\ndata: {source: a.csv, current: b.csv}\nmodel: {type: isolation_forest}\ndrift: {method: mean, tests: {x: {threshold: 3}}}\n',
		);
		const { drift, profile, drift_indicators } = place.json<Result<'drift'>>('drift');
		assert.deepEqual([drift, profile, drift_indicators?.['x']?.significant_drift], [false, 'mean', false]);
		assert.equal(place.refused('drift', '--method', 'mean', '--profile', 'sound').code, 2);
	});
});
