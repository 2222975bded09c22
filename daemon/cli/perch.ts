/** The perch command: a client of the daemon like any other. */
import { Command, CommanderError } from 'commander';
import { PerchError } from '../protocol/errors.ts';
import { version } from '../protocol/version.ts';
import { canaryCommands } from './canary.ts';
import { checkCommands } from './checks.ts';
import { daemonCommands } from './daemon.ts';
import { datasetCommands } from './datasets.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { driftCommands } from './drift.ts';
import { modelCommands } from './models.ts';
import { printError } from './output.ts';
import { profileCommand } from './profile.ts';
import { runCommands } from './runs.ts';
import { servingCommands } from './serving.ts';
import { trainingCommands } from './training.ts';

const program = new Command('perch')
	.description('Train, track, serve, canary, watch for drift and roll back small models, beside the files.')
	.version(version)
	.option('--json', 'one JSON value on stdout')
	.showHelpAfterError('See perch --help.')
	.exitOverride();

trainingCommands(program);
driftCommands(program);
datasetCommands(program);
profileCommand(program);
checkCommands(program);
runCommands(program);
modelCommands(program);
servingCommands(program);
canaryCommands(program);
daemonCommands(program);
doctorCommand(program);
demoCommand(program);

/** `--json` may stand anywhere; wrong use then is an error object too. */
function settle(command: Command): void {
	if (command !== program) command.option('--json', 'one JSON value on stdout');
	command.exitOverride();
	if (process.argv.includes('--json')) command.configureOutput({ writeErr: () => undefined });
	for (const child of command.commands) settle(child);
}
settle(program);

async function main(): Promise<void> {
	try {
		await program.parseAsync();
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		process.exitCode = error.exitCode === 0 ? 0 : 2;
		if (process.exitCode === 2 && process.argv.includes('--json')) {
			const message =
				error.code === 'commander.help' ? 'The command is not complete.' : error.message.replace(/^error: /, '');
			printError(new PerchError('invalid_arguments', message, { hint: 'See perch --help.' }), true);
		}
	}
}

// A reader that has seen enough, such as `head`, is no trouble.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
	if (error.code !== 'EPIPE') throw error;
	process.exit();
});

void main();
