import Table from 'cli-table3';
import type { AuditEvent } from '../protocol/audit.ts';
import { errorCodes, type PerchError } from '../protocol/errors.ts';
import { sideBySide } from '../protocol/sideBySide.ts';

/** Prints answers: one JSON value on stdout with `--json`, tables and sentences without. */
export interface Output {
	readonly json: boolean;
	/** The answer of a command, and how a person reads it. */
	answer(value: unknown, human: () => string): void;
	/** Something beside the answer; always on stderr. */
	note(text: string): void;
}

export function createOutput(json: boolean): Output {
	return {
		json,
		answer: (value, human) => process.stdout.write(`${json ? JSON.stringify(value) : human()}\n`),
		note: (text) => process.stderr.write(`${printable(text)}\n`),
	};
}

/** Prints an error as the command line shows it and returns the exit code that it means. */
export function printError(error: PerchError, json: boolean): number {
	if (json) {
		process.stdout.write(`${JSON.stringify({ error: error.toBody() })}\n`);
	} else {
		const below = [whereText(error), error.detail.hint]
			.filter((line) => line !== undefined)
			.map((line) => `  ${line}\n`);
		process.stderr.write(printable(`perch: ${error.message}\n${below.join('')}`));
	}
	return errorCodes[error.code].exit;
}

/** Where an error was found, as far as its message does not say it. */
function whereText({ message, detail: { file, line, field } }: PerchError): string | undefined {
	const place = file === undefined ? '' : line === undefined ? file : `${file}:${line}`;
	const parts = [place, field ?? ''].filter((part) => part !== '' && !message.includes(part));
	return parts.length === 0 ? undefined : `at ${parts.join(', ')}`;
}

/** The trail of changes, newest first. */
export function eventsTable(events: readonly AuditEvent[]): string {
	const rows = events.map(({ seq, timestamp, actor, event, subject, reason }) => [
		...[seq, age(timestamp), actor, event, subject],
		reason,
	]);
	return table(['seq', 'when', 'who', 'event', 'subject', 'reason'], rows, 'Nothing has happened yet.');
}

/** A table without rules, as terminals show lists. */
export function table(head: string[], rows: (string | number)[][], empty: string): string {
	if (rows.length === 0) return empty;
	const none = {
		top: '',
		'top-mid': '',
		'top-left': '',
		'top-right': '',
		bottom: '',
		'bottom-mid': '',
		'bottom-left': '',
		'bottom-right': '',
		left: '',
		'left-mid': '',
		mid: '',
		'mid-mid': '',
		right: '',
		'right-mid': '',
		middle: '  ',
	};
	const grid = new Table({
		head: head.map(oneLine),
		chars: none,
		style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
	});
	for (const row of rows) grid.push(row.map((cell) => oneLine(String(cell))));
	return grid
		.toString()
		.split('\n')
		.map((line) => line.trimEnd())
		.join('\n');
}

/**
 * Text of files and names as a terminal may show it: what would move the cursor or turn the writing is spelt out, and a
 * word that would fill the screen is cut.
 */
export function printable(text: string): string {
	return text
		.replaceAll(/\S{1000,}/g, (word) => `${word.slice(0, 60)}… (${word.length.toLocaleString('en-US')} characters)`)
		.replaceAll(
			/(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
			(sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
		);
}

/** The same as a cell of a table. */
function oneLine(text: string): string {
	return printable(text).replaceAll('\n', '\\n');
}

/** At most `length` characters of a text. */
export function shortened(text: string, length: number): string {
	return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** A number with four significant digits; a dash for none. */
export function figure(value: number | null | undefined): string {
	if (value === null || value === undefined) return '–';
	return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

export function percent(share: number): string {
	return `${Number((share * 100).toPrecision(3))} %`;
}

/** How long ago a moment was, in the largest unit that fits. */
export function age(timestamp: number, now = Date.now()): string {
	const seconds = Math.max(0, Math.round((now - timestamp) / 1000));
	const units: [number, string][] = [
		[86_400, 'd'],
		[3600, 'h'],
		[60, 'm'],
		[1, 's'],
	];
	const [size, unit] = units.find(([length]) => seconds >= length) ?? [1, 's'];
	return `${Math.floor(seconds / size)} ${unit} ago`;
}

/** Metrics with what stands beside them. */
export function metricTable(metrics: Readonly<Record<string, number | null>>, empty: string): string {
	const { heads, rows } = sideBySide(metrics);
	return table(
		['metric', 'value', ...heads],
		rows.map(({ name, values }) => [name, ...values.map((value) => (value === null ? '' : figure(value)))]),
		empty,
	);
}
