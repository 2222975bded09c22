/** Errors on their way into an HTTP answer: a status, and a body without paths or stack traces. */
import type { FastifyReply } from 'fastify';
import { type ErrorBody, type ErrorCode, type ErrorDetail, isPerchError, PerchError } from '../protocol/errors.ts';

/** The statuses of codes that have one of their own; the rest is 500. */
const statusOfCode: Partial<Record<ErrorCode, number>> = {
	unauthorized: 401,
	invalid_arguments: 400,
	invalid_config: 400,
	invalid_data: 400,
	empty_data: 400,
	unknown_column: 400,
	file_not_found: 404,
	not_found: 404,
	already_exists: 409,
	not_serving: 503,
	gateway_unavailable: 503,
	daemon_unavailable: 503,
	disk_full: 507,
};

const statuses = new WeakMap<PerchError, number>();

/** An error with the HTTP status that it shall have, where the code alone does not tell. */
export function refuse(status: number, code: ErrorCode, message: string, detail: ErrorDetail = {}): PerchError {
	const error = new PerchError(code, message, detail);
	statuses.set(error, status);
	return error;
}

/** What a caller is told of an error. `unexpected` is true for what should be looked into: its text stays in the log. */
export interface Refusal {
	status: number;
	body: { error: ErrorBody };
	unexpected: boolean;
}

/** The answer for anything that was thrown while a request was handled. Files and causes stay inside. */
export function refusalOf(error: unknown): Refusal {
	if (isPerchError(error)) {
		const { file: _, line: __, ...body } = error.toBody();
		const status = statuses.get(error) ?? statusOfCode[error.code] ?? 500;
		if (error.code !== 'internal') return { status, body: { error: body }, unexpected: status === 500 };
	}
	const known =
		error instanceof Error ? frameworkRefusal(error as Error & { code?: string; statusCode?: number }) : null;
	if (known !== null) return { ...known, unexpected: false };
	return {
		status: 500,
		body: {
			error: {
				code: 'internal',
				message: 'The request could not be answered.',
				hint: 'The log tells why: perch daemon logs.',
			},
		},
		unexpected: true,
	};
}

/** The framework's own refusals (too large, not JSON, bad address) in Perch's words. */
function frameworkRefusal({
	code,
	statusCode,
}: {
	code?: string;
	statusCode?: number;
}): Omit<Refusal, 'unexpected'> | null {
	const say = (status: number, message: string, hint?: string) => ({
		status,
		body: { error: { code: 'invalid_arguments' as const, message, ...(hint !== undefined && { hint }) } },
	});
	switch (code) {
		case 'FST_ERR_CTP_BODY_TOO_LARGE':
			return say(413, 'The body is too large.', 'Send the rows in several requests.');
		case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
			return say(415, 'The content type is not taken here.', 'Send the header "Content-Type: application/json".');
		case 'FST_ERR_CTP_EMPTY_JSON_BODY':
			return say(400, 'The body is empty.', 'Send JSON.');
		case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
			return say(400, 'The body has another length than its header Content-Length says.');
		case 'FST_ERR_BAD_URL':
		case 'FST_ERR_INVALID_URL':
			return say(400, 'The address cannot be read.');
		default:
			return statusCode !== undefined && statusCode >= 400 && statusCode < 500
				? say(statusCode, 'The request cannot be taken.')
				: null;
	}
}

/** Sends the answer for an error. */
export function sendRefusal(reply: FastifyReply, { status, body }: Refusal): FastifyReply {
	if (status === 401) reply.header('www-authenticate', 'Bearer realm="perch"');
	if (status === 503) reply.header('retry-after', '1');
	return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}
