import assert from 'node:assert/strict';
import { perchYamlPage } from './perchYaml.ts';

describe('the reference of perch.yaml', () => {
	const lines = perchYamlPage().split('\n');

	it('has a section for each part of the file, and a line for each key', () => {
		const sections = lines.filter((line) => line.startsWith('## ')).map((line) => line.slice(3).replaceAll('`', ''));
		assert.deepEqual(sections.slice(0, 3), ['name', 'data', 'prepare']);
		assert.ok(
			lines.includes(
				'| `target` | column or null |  | The label; an anomaly model is only measured with it, never trained on it. |',
			),
		);
		assert.ok(
			lines.includes(
				'| `[].severity` | `warn` or `fail` | `"fail"` | A failing check stops training, unless it only warns. |',
			),
		);
	});

	it('has the params of each type of model', () => {
		const forest = lines.slice(lines.indexOf('### `random_forest`'));
		assert.equal(forest[2], 'Tasks: regression, classification.');
		assert.ok(forest.includes('| `max_depth` | integer, 0 to 60 | `16` | 0: until the leaves are pure. |'));
	});
});
