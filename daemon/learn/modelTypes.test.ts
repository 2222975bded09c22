import assert from 'node:assert/strict';
import { isPerchError } from '../protocol/errors.ts';
import { type ModelSection, modelType, task } from '../protocol/project/model.ts';
import { modelTypes } from '../protocol/project/modelTypes.ts';
import { estimatorOf } from './estimators.ts';

/** Why the estimator refuses a section; null where it takes it. */
function refusal(section: ModelSection): { field?: string | undefined; hint?: string | undefined } | null {
	try {
		estimatorOf(section);
		return null;
	} catch (error) {
		assert.ok(isPerchError(error), String(error));
		return error.detail;
	}
}

describe('the types of models, as they are explained', () => {
	for (const type of modelType.options) {
		it(`${type} does the tasks and takes the params that are told of it`, () => {
			const { tasks, params } = modelTypes[type];
			const done = task.options.filter((one) => refusal({ type, task: one, params: {} })?.field !== 'model.task');
			assert.deepEqual(done.sort(), [...tasks].sort());
			if (type === 'command') return;
			const unknown = refusal({ type, params: { no_such_param: 1 } });
			assert.equal(unknown?.hint, `Known here: ${Object.keys(params.shape).join(', ')}.`);
		});
	}
});
