import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
	type CanaryRecord,
	carriedOver,
	type DeploymentState,
	endedCanary,
	newCanary,
	runningCanary,
	takenOver,
} from './deploymentState.ts';

const state = (change: Partial<DeploymentState> = {}): DeploymentState => ({
	...{ project: 'pumps', config: null, model: 'pumps', version: 1, follows: 'production', file: null, key: null },
	serve: { port: 0, auth: 'none', log: 1, routes: {} },
	...{ port: 0, canary_share: 0.1, guard: [], started_at: 5, canary: null, requests: 0, errors: 0 },
	drift: { reference: 'training', profile: 'sound', threshold: 0.5, every: 500 } as DeploymentState['drift'],
	...{ position: null, last_drift: null },
	...change,
});
const ready = () => true;

describe('takenOver', () => {
	it('promotes the candidate that becomes the baseline', () => {
		const canary = newCanary(2, 0.1, 'salt');
		const promoted = takenOver(state({ canary }), 2, 'it held');
		assert.deepEqual([promoted.version, promoted.canary?.status, promoted.canary?.reason], [2, 'promoted', 'it held']);
		assert.equal(promoted.canary?.share, 0.1, 'the share that it was tried with');
	});

	it('goes on trying another candidate with the same callers, and compares it with the new baseline alone', () => {
		const canary = { ...newCanary(2, 0.1, 'salt', 1000), looked_at: 300 };
		const next = takenOver(state({ canary }), 3, '').canary;
		assert.deepEqual({ ...next, started_at: 0 }, newCanary(2, 0.1, 'salt', 0));
		assert.ok((next?.started_at ?? 0) > 1000);
		assert.deepEqual(takenOver(state({ canary }), 1, 'served again').canary, canary);
	});
});

describe('carriedOver', () => {
	const served = state({ port: 4000, requests: 7, errors: 1, position: { segment: '1-0', offset: 9 } });
	const serve = (before: DeploymentState, trial: CanaryRecord | null = null, isReady: (n: number) => boolean = ready) =>
		carriedOver(state(), before, trial, isReady);

	it('keeps port, figures and position', () => {
		const { port, requests, errors, position } = serve(served);
		assert.deepEqual([port, requests, errors, position], [4000, 7, 1, { segment: '1-0', offset: 9 }]);
	});

	it('keeps a running canary with its salt and figures', () => {
		const canary = { ...newCanary(2, 0.1, 'first'), looked_at: 300 };
		assert.deepEqual(serve({ ...served, canary }, newCanary(2, 0.1, 'second')).canary, canary);
	});

	it('leaves one that was stopped, and tries another candidate', () => {
		const stopped = endedCanary(newCanary(2, 0.1, 'first'), 'stopped', 'lunch');
		assert.deepEqual(serve({ ...served, canary: stopped }, newCanary(2, 0.1, 'second')).canary, stopped);
		assert.equal(serve({ ...served, canary: stopped }, newCanary(3, 0.1, 'third')).canary?.salt, 'third');
	});

	it('ends one whose candidate was archived meanwhile, or is what is served now', () => {
		const canary = newCanary(2, 0.1, 'salt');
		assert.equal(serve({ ...served, canary }, null, () => false).canary?.status, 'stopped');
		const now = carriedOver(state({ version: 2 }), { ...served, canary }, null, ready);
		assert.deepEqual([now.canary?.status, runningCanary(now)], ['promoted', null]);
	});

	it('keeps nothing of the canary of another model', () => {
		const canary = newCanary(2, 0.1, 'salt');
		assert.equal(serve({ ...served, model: 'fans', canary }).canary, null);
		const file = { path: '/x.onnx', sha256: '' };
		assert.equal(carriedOver(state({ file, version: 0 }), { ...served, canary }, null, ready).canary, null);
	});
});
