import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { PerchError } from '../protocol/errors.ts';
import type { ModelVersion } from '../protocol/models.ts';
import { absolute, action, given, modelRef, several } from './command.ts';
import { readRow, rowLines } from './explanationLines.ts';
import { age, eventsTable, figure, table } from './output.ts';

/** `perch models list|show|explain|card|promote|rollback|archive|restore|export|import|register`. */
export function modelCommands(program: Command): void {
	const models = program.command('models').description('the registry: models, versions, aliases');

	models
		.command('list')
		.description('list models with their versions')
		.action(
			action(async ({ request, output }) => {
				const result = await request('models/list', {});
				output.answer(result, () => versionsTable(result.models.flatMap(({ versions }) => versions)));
				return 0;
			}),
		);

	models
		.command('show')
		.description('show a model and the history of its changes')
		.argument('<name>')
		.action(
			action(async ({ request, output }, name: string) => {
				const result = await request('models/show', { name });
				output.answer(result, () => {
					return `${versionsTable(result.model.versions)}\n\n${eventsTable(result.history)}`;
				});
				return 0;
			}),
		);

	models
		.command('promote')
		.description('make a version production')
		.argument('<model>', 'a name, or name/version')
		.option('--alias <alias>', 'another alias to move')
		.option('--reason <text>', 'kept in the audit')
		.action(
			action(async ({ request, output }, model: string, options: { alias?: string; reason?: string }) => {
				const result = await request('models/promote', {
					...nameAndVersion(model),
					...given({ alias: options.alias, reason: options.reason }),
				});
				output.answer(
					result,
					() =>
						`${result.version.name} version ${result.version.version} is now ${result.version.aliases.join(', ')}${result.previous === null ? '' : ` (before: version ${result.previous})`}`,
				);
				return 0;
			}),
		);

	models
		.command('rollback')
		.description('end the candidate, or give production back to the version before')
		.argument('<name>')
		.option('--reason <text>', 'kept in the audit')
		.action(
			action(async ({ request, output }, name: string, options: { reason?: string }) => {
				const result = await request('models/rollback', { name, ...given({ reason: options.reason }) });
				output.answer(
					result,
					() =>
						`${result.version.name} is served by version ${result.version.version}${result.archived === null ? '' : `; version ${result.archived} is archived`}`,
				);
				return 0;
			}),
		);

	for (const verb of ['archive', 'restore'] as const) {
		models
			.command(verb)
			.description(
				verb === 'archive'
					? 'archive a version: its aliases go, its files stay'
					: 'make an archived version ready again',
			)
			.argument('<version>', 'name/version')
			.option('--reason <text>', 'kept in the audit')
			.action(
				action(async ({ request, output }, model: string, options: { reason?: string }) => {
					const result = await request(`models/${verb}`, {
						...exactVersion(model),
						...given({ reason: options.reason }),
					});
					output.answer(
						result,
						() => `${result.version.name} version ${result.version.version} is ${result.version.status}`,
					);
					return 0;
				}),
			);
	}

	models
		.command('explain')
		.description('say what each column adds to the answer for a row')
		.argument('<model>', 'name@alias, name@latest, name/version, or the path of an .onnx file')
		.requiredOption('--row <json>', 'a raw row such as \'{"size": 80}\', several times for several', several)
		.action(
			action(async ({ request, output }, model: string, options: { row: string[] }) => {
				const result = await request('models/explain', { model: modelRef(model), rows: options.row.map(readRow) });
				output.answer(result, () => rowLines(result));
				return 0;
			}),
		);

	models
		.command('card')
		.description('write the card of a version: what it is, how good, why, and of what it was made')
		.argument('<model>', 'a name, name@alias, name@latest or name/version')
		.option('--html <file>', 'also as one HTML file')
		.option('--markdown <file>', 'into a file, in place of the terminal')
		.action(
			action(async ({ request, output }, model: string, options: { html?: string; markdown?: string }) => {
				const html = options.html === undefined ? {} : { html: absolute(options.html) };
				const result = await request('models/card', { model, ...html });
				if (options.markdown !== undefined) writeFileSync(absolute(options.markdown), result.markdown);
				output.answer(result, () =>
					options.markdown === undefined ? result.markdown : `Wrote the card of ${result.model} to ${options.markdown}`,
				);
				return 0;
			}),
		);

	models
		.command('export')
		.description('write the .onnx file of a version')
		.argument('<model>', 'name@alias, name@latest or name/version')
		.requiredOption('-o, --output <file>', 'where to write it')
		.action(
			action(async ({ request, output }, model: string, options: { output: string }) => {
				const result = await request('models/export', { model, output: absolute(options.output) });
				output.answer(result, () => `Wrote ${result.output} (${result.size} bytes)`);
				return 0;
			}),
		);

	models
		.command('import')
		.description('register an ONNX file made elsewhere; exits with 3 when it can be kept and not served')
		.requiredOption('--name <name>', 'of the model')
		.requiredOption('--file <file>', 'an .onnx file')
		.option('--alias <alias>', 'to give it; production where nothing is')
		.option('--description <text>', 'kept beside the version')
		.action(
			action(
				async ({ request, output }, options: { name: string; file: string; alias?: string; description?: string }) => {
					const result = await request('models/import', {
						name: options.name,
						file: absolute(options.file),
						...given({ alias: options.alias, description: options.description }),
					});
					output.answer(result, () => {
						const lines = versionsTable([result.version]);
						return result.unservable === null
							? lines
							: `${lines}\n\nIt is kept, and cannot be served: ${result.unservable}`;
					});
					return result.unservable === null ? 0 : 3;
				},
			),
		);

	models
		.command('register')
		.description('register the model that a run left')
		.argument('<run>', 'an id, the start of one, or a name')
		.requiredOption('--name <name>', 'of the model')
		.option('--alias <alias>', 'to give it; production where nothing is')
		.option('--description <text>', 'kept beside the version')
		.action(
			action(
				async ({ request, output }, run: string, options: { name: string; alias?: string; description?: string }) => {
					const result = await request('models/register', { run, ...given({ ...options }), name: options.name });
					output.answer(result, () => versionsTable([result.version]));
					return result.version.status === 'ready' ? 0 : 3;
				},
			),
		);
}

function versionsTable(versions: ModelVersion[]): string {
	const rows = versions.map((one) => [
		one.name,
		one.version,
		one.aliases.join(', '),
		one.status,
		one.main_metric === null ? '–' : `${one.main_metric} ${figure(one.metrics[one.main_metric])}`,
		age(one.created_at),
	]);
	return table(
		['model', 'version', 'aliases', 'status', 'metric', 'made'],
		rows,
		'No models yet. Make one with perch train.',
	);
}

function nameAndVersion(text: string): { name: string; version?: number } {
	const [, name = text, version] = /^(.*)\/(\d+)$/.exec(text) ?? [];
	return version === undefined ? { name } : { name, version: Number(version) };
}

function exactVersion(text: string): { name: string; version: number } {
	const { name, version } = nameAndVersion(text);
	if (version === undefined) {
		throw new PerchError('invalid_arguments', `${text} names no version.`, {
			field: 'version',
			hint: `For example ${text}/1.`,
		});
	}
	return { name, version };
}
