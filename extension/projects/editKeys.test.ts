import assert from 'node:assert/strict';
import { addKey, removeKey } from './editKeys.ts';
import type { TextChange } from './editProject.ts';

function applied(text: string, change: TextChange | null): string | null {
	return change === null ? null : text.slice(0, change.from) + change.text + text.slice(change.to);
}

describe('keys of a perch.yaml', () => {
	it('are added in blocks and in flow, at any depth', () => {
		const block = 'name: x # keep\ndata:\n  source: a.csv   # and this\n';
		const added = applied(block, addKey(block, ['data', 'key'], 'patient'));
		assert.equal(added, 'name: x # keep\ndata:\n  key: patient\n  source: a.csv   # and this\n');
		const flow = 'data: {source: a.csv}\n';
		assert.equal(
			applied(flow, addKey(flow, ['data', 'window'], '{size: 30}')),
			'data: {window: {size: 30}, source: a.csv}\n',
		);
		assert.equal(applied(flow, addKey(flow, ['register', 'as'], 'x')), 'register: {as: x}\ndata: {source: a.csv}\n');
		assert.equal(addKey(flow, ['data', 'source'], 'b'), null);
		assert.equal(addKey('data: 3\n', ['data', 'key'], 'b'), null);
	});

	it('are taken out with what they say, and nothing else', () => {
		const block = 'model:\n  threshold:\n    quantile: 0.9\n  type: linear # kept\nname: x\n';
		assert.equal(applied(block, removeKey(block, ['model', 'threshold'])), 'model:\n  type: linear # kept\nname: x\n');
		assert.equal(applied(block, removeKey(block, ['name'])), block.replace('name: x\n', ''));
		const flow = 'model: {type: linear, threshold: {quantile: 1}}\n';
		assert.equal(applied(flow, removeKey(flow, ['model', 'threshold'])), 'model: {type: linear}\n');
		assert.equal(applied(flow, removeKey(flow, ['model', 'type'])), 'model: {threshold: {quantile: 1}}\n');
		assert.equal(removeKey(flow, ['model', 'tune']), null);
	});
});
