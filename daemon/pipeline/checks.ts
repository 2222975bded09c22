/** Checks of data files, by command and as the gate of training. */
import { checksRefusal } from '../data/check/checksRefusal.ts';
import type { Project } from '../project/loadProject.ts';
import type { CheckReport } from '../protocol/checks.ts';
import { PerchError } from '../protocol/errors.ts';
import type { ParsedParams, Result } from '../protocol/methods.ts';
import type { Reading } from '../protocol/reading.ts';
import type { Request } from './daemon.ts';
import { projectReading } from './projectReading.ts';
import { projectOf } from './projects.ts';
import { jobOptions, located, type Rooms } from './rooms.ts';
import type { CheckInput } from './work/check.ts';

/** `perch check`: a file, or the data of the project, against the checks of its perch.yaml. */
export async function check(rooms: Rooms, params: ParsedParams<'check'>, call: Request): Promise<Result<'check'>> {
	const project = projectOf(rooms.root, params);
	if (project.checks.length === 0) {
		throw new PerchError('invalid_config', `${project.file} has no checks.`, {
			file: project.file,
			hint: 'perch checks infer FILE proposes some.',
		});
	}
	const { file = project.data.source, examples } = params;
	return await holdAgainst(rooms, project, { source: file, examples, reading: projectReading(project, params) }, call);
}

/**
 * Stops a training whose data do not hold what its project asks of them: throws `validation_failed`. Checks that only
 * warn come back as sentences.
 */
export async function requireChecks(
	rooms: Rooms,
	project: Project | null,
	reading: Reading,
	call: Request,
): Promise<string[]> {
	if (project === null || project.checks.length === 0) return [];
	const asked = { source: project.data.source, examples: 1, reading };
	const report = await holdAgainst(rooms, project, asked, call);
	const refusal = checksRefusal(report);
	if (refusal !== null) throw refusal;
	return report.checks
		.filter(({ passed }) => !passed)
		.map(
			({ check: words, failures, message }) => `check "${words}" does not hold: ${message ?? `${failures} rows fail`}`,
		);
}

async function holdAgainst(
	{ jobs }: Rooms,
	project: Project,
	asked: Omit<CheckInput, 'checks' | 'derivation'>,
	call: Request,
): Promise<CheckReport> {
	const { derive, filter } = project.data;
	const input: CheckInput = { ...asked, checks: project.checks, derivation: { derive, filter } };
	try {
		return await jobs.run<CheckReport, CheckReport>(
			'check',
			input,
			jobOptions(`Checking the data of ${project.name}`, call),
			(made) => made,
		);
	} catch (error) {
		throw located(error, project);
	}
}
