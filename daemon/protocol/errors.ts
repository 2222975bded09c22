import * as z from 'zod/mini';
import './schema.ts';

/**
 * Every code that an error of Perch can carry: its number on the wire (outside JSON-RPC's reserved range)
 * and the exit code of the command line (1: the work failed, 2: wrong use, 3: a check did not hold).
 */
export const errorCodes = {
	internal: { number: 1000, exit: 1 },
	unauthorized: { number: 1001, exit: 1 },
	incompatible_protocol: { number: 1002, exit: 1 },
	not_initialized: { number: 1003, exit: 1 },
	read_only: { number: 1004, exit: 1 },
	cancelled: { number: 1005, exit: 1 },
	unsupported_node: { number: 1006, exit: 1 },
	daemon_unavailable: { number: 1007, exit: 1 },
	invalid_arguments: { number: 1100, exit: 2 },
	invalid_config: { number: 1101, exit: 2 },
	file_not_found: { number: 1102, exit: 2 },
	not_found: { number: 1103, exit: 2 },
	already_exists: { number: 1104, exit: 2 },
	unknown_column: { number: 1105, exit: 2 },
	permission_denied: { number: 1106, exit: 2 },
	invalid_data: { number: 1200, exit: 1 },
	empty_data: { number: 1201, exit: 1 },
	unsupported_format: { number: 1202, exit: 2 },
	invalid_model: { number: 1300, exit: 1 },
	model_mismatch: { number: 1301, exit: 1 },
	not_serving: { number: 1400, exit: 1 },
	port_in_use: { number: 1401, exit: 1 },
	gateway_unavailable: { number: 1402, exit: 1 },
	job_failed: { number: 1500, exit: 1 },
	disk_full: { number: 1501, exit: 1 },
	corrupt_artifact: { number: 1502, exit: 1 },
	corrupt_catalog: { number: 1503, exit: 1 },
	newer_catalog: { number: 1504, exit: 1 },
	validation_failed: { number: 1600, exit: 3 },
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** What an error says: the same shape on the wire, in `--json`, in HTTP answers and in the editor. */
export const errorBody = z.object({
	code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
	message: z.string(),
	hint: z.optional(z.string()),
	file: z.optional(z.string()),
	line: z.optional(z.number()),
	field: z.optional(z.string()),
});
export type ErrorBody = z.infer<typeof errorBody>;

/** Where an error was found: a file with a 1-based line, a field such as `canary.guard[0]`, and what to do about it. */
export type ErrorDetail = Omit<ErrorBody, 'code' | 'message'>;

/** The one kind of error that crosses a border of Perch. */
export class PerchError extends Error {
	readonly code: ErrorCode;
	readonly detail: ErrorDetail;

	constructor(code: ErrorCode, message: string, detail: ErrorDetail & { cause?: unknown } = {}) {
		const { cause, ...rest } = detail;
		super(message, cause === undefined ? {} : { cause });
		this.name = 'PerchError';
		this.code = code;
		this.detail = rest;
	}

	toBody(): ErrorBody {
		return { code: this.code, message: this.message, ...this.detail };
	}

	static fromBody({ code, message, ...detail }: ErrorBody): PerchError {
		return new PerchError(code, message, detail);
	}
}

export function isPerchError(error: unknown): error is PerchError {
	return error instanceof Error && error.name === 'PerchError' && 'code' in error && 'detail' in error;
}

/** Any thrown value as a PerchError: what the system says of a file keeps its meaning, the rest is `internal`. */
export function toPerchError(error: unknown): PerchError {
	if (isPerchError(error)) return error;
	const cause = error instanceof Error ? error : new Error(String(error));
	const code = (cause as NodeJS.ErrnoException).code;
	const path = (cause as NodeJS.ErrnoException).path;
	const where = path === undefined ? {} : { file: path };
	if (code === 'ENOSPC') {
		return new PerchError('disk_full', 'No space is left on the disk.', {
			...where,
			hint: 'Free some space and run the command again; nothing was half-written.',
			cause,
		});
	}
	if (code === 'ENOENT' && path !== undefined) {
		return new PerchError('file_not_found', `${path} does not exist.`, { ...where, hint: 'Check the path.', cause });
	}
	if ((code === 'EACCES' || code === 'EPERM' || code === 'EROFS') && path !== undefined) {
		const hint = 'Give yourself the right to it, or name another place.';
		return new PerchError('permission_denied', `${path} may not be opened by this user.`, { ...where, hint, cause });
	}
	if ((code === 'EISDIR' || code === 'ENOTEMPTY') && path !== undefined) {
		return new PerchError('invalid_arguments', `${path} is a folder.`, { ...where, hint: 'Name a file.', cause });
	}
	if ((code === 'ENOTDIR' || code === 'EEXIST') && path !== undefined) {
		return new PerchError('file_not_found', `A part of ${path} is no folder.`, {
			...where,
			hint: 'Check the path.',
			cause,
		});
	}
	return new PerchError('internal', cause.message, { cause });
}
