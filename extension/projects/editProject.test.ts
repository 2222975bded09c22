import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { addAllowed, setReference, type TextChange } from './editProject.ts';

const folder = resolve('/work/home');
const project = join(folder, 'perch.yaml');
const applied = (text: string, change: TextChange | null): string => {
	assert.ok(change);
	return text.slice(0, change.from) + change.text + text.slice(change.to);
};

describe('changes of a perch.yaml', () => {
	it('adds an allowed value in either style and keeps all else', () => {
		const flow =
			'checks:\n  - {column: city, allowed: [Rome,  Oslo], severity: warn} # two\n  - {column: n, allowed: [1, 2]}\n';
		assert.equal(
			applied(flow, addAllowed(flow, 0, 'city', 'New York, NY')),
			flow.replace('Oslo]', 'Oslo, "New York, NY"]'),
		);
		assert.equal(applied(flow, addAllowed(flow, 1, 'n', '3')), flow.replace('[1, 2]', '[1, 2, 3]'));
		assert.equal(applied(flow, addAllowed(flow, 1, 'n', 'many')), flow.replace('[1, 2]', '[1, 2, many]'));
		const block =
			'checks:\n  # where they live\n  - column: city\n    allowed:\n      - Rome # the first\n      - "no"\n    severity: fail\n';
		const changed = applied(block, addAllowed(block, 0, 'city', 'true'));
		assert.equal(changed, block.replace('- "no"\n', '- "no"\n      - "true"\n'));
		assert.deepEqual(parse(changed).checks[0].allowed, ['Rome', 'no', 'true']);
	});

	it('leaves a file alone that has changed meanwhile', () => {
		assert.equal(addAllowed('checks:\n  - {column: town, allowed: [Rome]}\n', 0, 'city', 'Oslo'), null);
		assert.equal(addAllowed('checks:\n  - {column: city, min: 3}\n', 0, 'city', 'Oslo'), null);
		assert.equal(addAllowed('checks: [', 0, 'city', 'Oslo'), null);
	});

	it('names a reference, in place of one or anew', () => {
		const file = join(folder, 'data', 'old rows.csv');
		const cases = [
			[
				'drift: {reference: training, threshold: 50%} # as ever\n',
				'drift: {reference: "data/old rows.csv", threshold: 50%} # as ever\n',
			],
			['drift: {threshold: 50%}\n', 'drift: {reference: "data/old rows.csv", threshold: 50%}\n'],
			[
				'drift:\n  # share\n  threshold: 50%\n',
				'drift:\n  # share\n  reference: "data/old rows.csv"\n  threshold: 50%\n',
			],
			['name: a', 'name: a\ndrift: {reference: "data/old rows.csv"}\n'],
		] as const;
		for (const [before, after] of cases) {
			const changed = applied(before, setReference(before, project, file));
			assert.equal(changed, after);
			assert.equal(parse(changed).drift.reference, 'data/old rows.csv');
		}
		assert.equal(setReference('drift: 5\n', project, file), null);
	});
});
