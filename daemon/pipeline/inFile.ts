import { isPerchError, PerchError } from '../protocol/errors.ts';

/** An error of what a file holds, with the file; other errors as they are. */
export function inFile(error: unknown, file: string): unknown {
	if (!isPerchError(error) || error.detail.file !== undefined) return error;
	if (!['invalid_data', 'empty_data', 'unknown_column'].includes(error.code)) return error;
	const message = error.message.includes(file) ? error.message : `${file}: ${error.message}`;
	return new PerchError(error.code, message, { ...error.detail, file, cause: error });
}
