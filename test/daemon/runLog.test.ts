import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '../../daemon/protocol/methods.ts';
import { createWorkplace } from './commandLine.ts';

describe('a run at work', () => {
	const place = createWorkplace();
	after(() => place.end());

	it('leaves what it told of its way, and cannot be cancelled after its end', () => {
		const rows = Array.from({ length: 300 }, (_, at) => `${at % 17},${(at * 7) % 23}`);
		writeFileSync(join(place.folder, 'a.csv'), `x,y\n${rows.join('\n')}\n`);
		const { run } = place.json<Result<'train'>>('train', '--data', 'a.csv', '--model', 'isolation_forest');
		const params = JSON.stringify({ id: run.id });
		const log = place.json<Result<'runs/log'>>('rpc', 'runs/log', params);
		assert.equal(log.lines[0]?.message, 'Reading the data');
		assert.deepEqual([log.progress, log.figures], [null, []]);
		assert.equal(place.refused('rpc', 'runs/cancel', params).code, 2);
	});
});
