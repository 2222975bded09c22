import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { PerchError } from '../protocol/errors.ts';
import type { MethodName, Result } from '../protocol/methods.ts';
import { action, dist } from './command.ts';
import type { Output } from './output.ts';

const demos = {
	vitalwatch: 'Vital signs: train, serve, promote a good candidate, roll a bad one back on drift.',
} as const;

/** `perch demo`: a sample's way from nothing, with public commands and routes alone. */
export function demoCommand(program: Command): void {
	program
		.command('demo')
		.description('run a sample from nothing, printing each command')
		.argument('[name]', 'which sample', 'vitalwatch')
		.option('--list', 'name the samples')
		.option('--without-drift', 'send the last candidate only traffic like the training data')
		.option('--folder <folder>', 'where to work; a new temporary folder unless told')
		.action(
			action(async ({ output }, name: string, options: { list?: boolean; withoutDrift?: boolean; folder?: string }) => {
				if (options.list === true) {
					output.answer(demos, () =>
						Object.entries(demos)
							.map(([sample, text]) => `${sample}  ${text}`)
							.join('\n'),
					);
					return 0;
				}
				if (!(name in demos)) {
					throw new PerchError('not_found', `There is no demo ${name}.`, {
						hint: `Demos: ${Object.keys(demos).join(', ')}.`,
					});
				}
				const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'perch-demo-'));
				if (existsSync(folder) && readdirSync(folder).length > 0) {
					throw new PerchError('already_exists', `${folder} is not empty.`, {
						file: folder,
						hint: 'Name a new folder: the demo writes a project into it.',
					});
				}
				cpSync(join(dist, 'samples', name), folder, { recursive: true });
				const result = await vitalwatch(folder, output, options.withoutDrift === true);
				output.answer(result, () => closingWords(result));
				return result.as_expected ? 0 : 1;
			}),
		);
}

interface DemoResult {
	folder: string;
	as_expected: boolean;
	promoted: number | null;
	rolled_back: number | null;
	drift: boolean | null;
	report: string | null;
	audit_valid: boolean;
}

/** The whole way of the vitalwatch sample. */
async function vitalwatch(folder: string, output: Output, withoutDrift: boolean): Promise<DemoResult> {
	const { perch, read } = createRunner(folder, output);
	output.note(`Working in ${folder}\n`);
	try {
		output.note('1. Train the first version: it becomes production.');
		perch('train');
		output.note('2. Serve it, and ask it as a client would.');
		perch('serve');
		await ask(read<'daemon/status'>('daemon', 'status').serving_uri ?? '', output);
		output.note('3. Train a candidate: it gets 10 % of the traffic.');
		perch('train', '--set', 'model.params.trees=150', '--set', 'model.params.seed=11');
		perch('simulate', 'load', '--data', 'data/ward.csv', '--requests', '600', '--seed', '1');
		perch('canary', 'decide');
		output.note('4. The traffic is like the training data and the guard holds: promote the candidate.');
		perch('models', 'promote', 'vitalwatch', '--reason', 'the guard held over 600 requests');
		const promoted = read<'canary/status'>('canary', 'status').deployment.version;
		output.note(
			withoutDrift
				? '5. Train another candidate; the traffic stays as it was.'
				: '5. Train another candidate; then patients arrive whom the model has not seen the like of.',
		);
		perch('train', '--set', 'model.params.trees=60', '--set', 'model.params.seed=23');
		perch(
			'simulate',
			'load',
			'--data',
			withoutDrift ? 'data/ward.csv' : 'data/shifted.csv',
			'--requests',
			'600',
			'--seed',
			'2',
		);
		perch('canary', 'decide');
		perch('canary', 'status');
		output.note('6. What was decided, and the trail of it.');
		perch('models', 'show', 'vitalwatch');
		perch('drift', 'list');
		perch('audit', 'verify');
		const { canary } = read<'canary/status'>('canary', 'status').deployment;
		const [report] = read<'drift/list'>('drift', 'list').reports;
		const rolledBack = canary?.status === 'rolled_back' ? canary.candidate : null;
		return {
			folder,
			as_expected: promoted === 2 && rolledBack === (withoutDrift ? null : 3) && report?.drift === !withoutDrift,
			promoted,
			rolled_back: rolledBack,
			drift: report?.drift ?? null,
			report: report?.html ?? null,
			audit_valid: read<'audit/verify'>('audit', 'verify').valid,
		};
	} finally {
		perch('daemon', 'stop');
	}
}

/** `perch` runs a command and shows it as it would be typed, with what it prints; `read` asks for JSON without showing it. */
function createRunner(folder: string, output: Output) {
	const start = (args: string[], stdout: 'pipe' | 'inherit' | 2) =>
		spawnSync(process.execPath, [join(dist, 'perch.cjs'), ...args], {
			cwd: folder,
			encoding: 'utf8',
			stdio: ['ignore', stdout, 'inherit'],
		});
	return {
		perch(...args: string[]): void {
			output.note(`$ perch ${args.map((arg) => (/\s/.test(arg) ? `"${arg}"` : arg)).join(' ')}`);
			const { status } = start(args, output.json ? 2 : 'inherit');
			if (status !== 0) throw new PerchError('job_failed', `perch ${args.join(' ')} ended with exit code ${status}.`);
			output.note('');
		},
		read<M extends MethodName>(...args: string[]): Result<M> {
			return JSON.parse(start([...args, '--json'], 'pipe').stdout) as Result<M>;
		},
	};
}

/** What half an hour of a patient looks like: the level of a calm and of an alarming one, and how much it moves. */
const levels: Record<string, { calm: number; alarming: number; std: number }> = {
	heart_rate: { calm: 76, alarming: 148, std: 3.6 },
	spo2: { calm: 97, alarming: 84, std: 0.75 },
	respiration: { calm: 16, alarming: 31, std: 1.4 },
	temperature: { calm: 36.9, alarming: 39.6, std: 0.13 },
};

/** One calm and one alarming row of features, in the order in which the model names them. */
function featureRows(inputs: readonly string[]): number[][] {
	const row = (mood: 'calm' | 'alarming') =>
		inputs.map((input) => {
			const cut = input.lastIndexOf('_');
			const vital = levels[input.slice(0, cut)];
			if (vital === undefined) return 0;
			const features: Record<string, number> = {
				mean: vital[mood],
				std: vital.std,
				min: vital[mood] - 2 * vital.std,
				max: vital[mood] + 2 * vital.std,
				slope: 0,
			};
			return Number((features[input.slice(cut + 1)] ?? 0).toFixed(2));
		});
	return [row('calm'), row('alarming')];
}

async function ask(uri: string, output: Output): Promise<void> {
	output.note(`$ curl -s ${uri}/model/info`);
	const info = (await (await fetch(`${uri}/model/info`)).json()) as { inputs: { name: string }[] };
	output.note(`${JSON.stringify(info).slice(0, 300)}...\n`);
	const body = JSON.stringify({ data: featureRows(info.inputs.map(({ name }) => name)) });
	output.note(`$ curl -s ${uri}/predict -H 'content-type: application/json' -d '${body}'`);
	const answer = await fetch(`${uri}/predict`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body,
	});
	output.note(`${await answer.text()}\n`);
}

function closingWords({ folder, rolled_back, report }: DemoResult): string {
	const story =
		rolled_back === null
			? 'Version 2 was promoted; the last candidate is still being tried.'
			: `Version 2 was promoted; version ${rolled_back} was rolled back on drift and archived.`;
	return [
		story,
		report === null
			? ''
			: `The drift report: ${report}\n  open it in a browser, or in VS Code: Perch: Open Drift Report`,
		`The folder of the demo, to go on with: ${folder}`,
	]
		.filter((line) => line !== '')
		.join('\n');
}
