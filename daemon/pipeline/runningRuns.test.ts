import assert from 'node:assert/strict';
import type { Request } from './daemon.ts';
import { createRunningRuns } from './runningRuns.ts';

describe('runs at work', () => {
	const told: unknown[] = [];
	const running = createRunningRuns({ notify: (name, params) => void told.push([name, params]) });
	const heard: unknown[] = [];
	const call = (signal: AbortSignal): Request => ({
		...{ client: { name: 'test', version: '0' }, signal, author: () => ({ actor: 'test' }) },
		progress: (message, share) => void heard.push([message, share]),
	});

	it('tell their caller and every client, and keep each word and figure', () => {
		const run = running.begin(() => 'a', call(new AbortController().signal));
		const figures = [{ step: 1, values: { loss: 0.5 } }];
		run.call.progress('Preparing', 0.1);
		run.call.progress('Preparing', 0.2, figures);
		run.call.progress('Epoch 1', 0.3);
		assert.deepEqual(heard, [
			['Preparing', 0.1],
			['Preparing', 0.2],
			['Epoch 1', 0.3],
		]);
		assert.deepEqual(told, [['runs/progress', { id: 'a', message: 'Preparing', share: 0.1 }]]);
		const { progress, lines, figures: kept } = running.of('a') ?? {};
		assert.deepEqual([progress, kept], [{ message: 'Epoch 1', share: 0.3 }, figures]);
		assert.deepEqual(
			lines?.map(({ message }) => message),
			['Preparing', 'Epoch 1'],
		);
		assert.equal(new TextDecoder().decode(run.log()).split('\n').length, 3);
		run.end();
		assert.equal(running.of('a'), null);
	});
});
