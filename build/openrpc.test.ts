import assert from 'node:assert/strict';
import { errorCodes } from '../daemon/protocol/errors.ts';
import { methods } from '../daemon/protocol/methods.ts';
import { notifications } from '../daemon/protocol/notifications.ts';
import { openRpc } from './openrpc.ts';

interface Described {
	name: string;
	params: { name: string; required: boolean; schema: object }[];
	errors: { $ref: string }[];
}

describe('the document of the protocol', () => {
	const document = JSON.parse(openRpc()) as {
		methods: Described[];
		'x-notifications': Described[];
		components: { errors: Record<string, { code: number }> };
	};
	const method = (name: string) => document.methods.find((one) => one.name === name);

	it('holds every method, notification and error', () => {
		assert.deepEqual(
			document.methods.map(({ name }) => name),
			Object.keys(methods),
		);
		assert.deepEqual(
			document['x-notifications'].map(({ name }) => name),
			Object.keys(notifications),
		);
		assert.deepEqual(Object.keys(document.components.errors), Object.keys(errorCodes));
		assert.equal(document.components.errors['not_found']?.code, 1103);
	});

	it('tells what a caller must give, and what has a default', () => {
		const required = method('predict')?.params.filter((param) => param.required);
		assert.deepEqual(
			required?.map(({ name }) => name),
			['model', 'input', 'output'],
		);
		const lines = method('daemon/logs')?.params.find(({ name }) => name === 'lines');
		assert.deepEqual(
			[lines?.required, lines?.schema],
			[false, { default: 200, type: 'integer', minimum: 1, maximum: 10_000 }],
		);
	});

	it('names errors that it describes', () => {
		for (const { errors } of document.methods) {
			for (const { $ref } of errors) assert.ok(($ref.split('/').at(-1) ?? '') in document.components.errors, $ref);
		}
		assert.ok(!method('runs/list')?.errors.some(({ $ref }) => $ref.endsWith('read_only')));
		assert.ok(method('runs/delete')?.errors.some(({ $ref }) => $ref.endsWith('read_only')));
	});
});
