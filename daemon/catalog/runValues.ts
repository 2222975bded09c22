/** Limits and special values of what a run logs, as in MLflow. */
import { PerchError } from '../protocol/errors.ts';

export interface MetricPoint {
	step: number;
	timestamp: number;
	value: number | null;
}

const longestKey = 250;
const longestText = 8000;

/** A name of a param, metric or tag: 1 to 250 characters, none of them a control character. */
export function checkKey(kind: 'param' | 'metric' | 'tag', key: string): string {
	if (key === '' || key === '__proto__' || key.length > longestKey || /\p{Cc}/u.test(key)) {
		throw new PerchError('invalid_arguments', `${JSON.stringify(key.slice(0, 60))} is no name for a ${kind}.`, {
			field: key.slice(0, longestKey),
			hint: `A name has 1 to ${longestKey} characters and no line breaks.`,
		});
	}
	return key;
}

export function checkText(kind: 'param' | 'tag', key: string, value: string): string {
	if (value.length > longestText) {
		throw new PerchError('invalid_arguments', `The ${kind} ${key} has ${value.length} characters.`, {
			field: key,
			hint: `A ${kind} holds up to ${longestText}; keep longer text as an artifact.`,
		});
	}
	return value;
}

/** NaN is kept as 0 with a mark, infinities as the largest double: MLflow's convention. */
export function storedMetric(value: number): { value: number; is_nan: 0 | 1 } {
	if (Number.isNaN(value)) return { value: 0, is_nan: 1 };
	return { value: Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value)), is_nan: 0 };
}

/** The value as the protocol has it: null is not a number. */
export function metricValue({ value, is_nan }: { value: number; is_nan: number }): number | null {
	return is_nan === 1 ? null : value;
}
