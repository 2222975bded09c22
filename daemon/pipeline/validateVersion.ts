/** The rules of `validate:`: whether a new version may have an alias. */
import type { ModelVersion } from '../protocol/models.ts';
import { type Comparison, describeComparison, direction, holds } from '../protocol/project/comparison.ts';
import type { ValidationResult } from '../protocol/training.ts';
import type { TrainOutcome } from './work/train.ts';

type Compared = TrainOutcome['compared'];

/**
 * What becomes of each rule. `not_worse_than: production` holds where even the worse end of the 95 % interval of the
 * difference, on rows that neither version chose, is within `by` of what production reaches there. Metrics that rows do
 * not give, and a version that came into production meanwhile, are compared by what their runs say.
 */
export function validateVersion(
	rules: readonly Comparison[],
	metrics: Readonly<Record<string, number>>,
	production: ModelVersion | null,
	compared: Compared,
): ValidationResult[] {
	return rules.map((rule) => {
		const value = metrics[rule.metric] ?? null;
		const check = describeComparison(rule);
		const pair = rule.not_worse_than === undefined ? undefined : compared?.metrics[rule.metric];
		if (pair !== undefined && compared) {
			const { rows, other, difference, low, high } = pair;
			const slack = Math.abs(other) * (rule.by ?? 0);
			const notWorse = direction(rule.metric) === 'less' ? high <= slack : low >= -slack;
			const { not_worse_than: _, by: __, ...fixed } = rule;
			return {
				check,
				passed: notWorse && holds(fixed, value, null),
				value: pair.value,
				compared: { version: compared.version, rows, value: other, difference, low, high },
				reason: null,
			};
		}
		if (rule.not_worse_than !== undefined && compared?.reason) {
			return { check, passed: false, value, compared: null, reason: compared.reason };
		}
		return {
			check,
			passed: holds(rule, value, production?.metrics[rule.metric] ?? null),
			value,
			compared: null,
			reason: null,
		};
	});
}

/** What a run keeps of the comparison, as metrics. */
export function comparisonMetrics(compared: Compared): Record<string, number> {
	return Object.fromEntries(
		Object.entries(compared?.metrics ?? {}).flatMap(([metric, { other, difference, low, high }]) => [
			[`production_${metric}`, other],
			[`difference_${metric}`, difference],
			[`difference_${metric}_low`, low],
			[`difference_${metric}_high`, high],
		]),
	);
}

/** A result in words, for the run and the command line. */
export function describeValidation({ check, passed, value, compared, reason }: ValidationResult): string {
	const figure = (number: number | null) => (number === null ? 'nothing' : String(Number(number.toPrecision(5))));
	const found =
		compared === null
			? `found ${figure(value)}`
			: `found ${figure(value)} against ${figure(compared.value)} of version ${compared.version} on the same ${compared.rows} rows, difference ${figure(compared.difference)}, 95 % interval ${figure(compared.low)} to ${figure(compared.high)}`;
	return `${passed ? 'Held' : 'Not held'}: ${check} (${reason ?? found})`;
}

/** Where a run keeps the words, a line a rule. */
export const validationTag = 'perch.validation';

/** Whether everything held that a run was asked to reach. */
export function validationHeld(tags: Readonly<Record<string, string>>): boolean {
	return !(tags[validationTag] ?? '').split('\n').some((line) => line.startsWith('Not held'));
}
