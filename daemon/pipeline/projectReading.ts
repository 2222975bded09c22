import type { Project } from '../project/loadProject.ts';
import type { ColumnType } from '../protocol/columnType.ts';
import { parseSteps } from '../protocol/project/prepare.ts';
import { type Reading, readingOf } from '../protocol/reading.ts';

/** How the files of a project are read: as a call says, else as its data section does. */
export function projectReading(project: Project | null, said: Reading): Reading {
	const reading = readingOf(said, project?.data);
	return project === null || reading.on_bad !== 'quarantine' ? reading : { ...reading, types: typesOf(project) };
}

/** What the project takes columns for: parsed and encoded as text, else what a check asks for. */
function typesOf({ checks, prepare }: Project): Record<string, ColumnType> {
	const encoded = prepare.flatMap((step) => ('encode' in step ? step.encode.columns : []));
	const texts = [...encoded, ...parseSteps(prepare).map(({ column }) => column)];
	const checked = checks.flatMap((check) =>
		'column' in check && check.type !== undefined ? [[check.column, check.type] as const] : [],
	);
	return {
		...Object.fromEntries(checked),
		...Object.fromEntries(texts.map((column) => [column, 'string'] as const)),
	};
}
