/** `checks:` as questions to DuckDB: each asks for the rows in which it does not hold. */
import type { CheckResult } from '../../protocol/checks.ts';
import type { ColumnType } from '../../protocol/datasets.ts';
import type { Check, ColumnCheck, Severity } from '../../protocol/project/checks.ts';
import { isText } from '../chunks.ts';
import { quoteText } from '../duckdb.ts';
import { isTime } from '../profile/moments.ts';
import { knownColumns } from '../table.ts';
import type { CheckedColumn } from './checkedColumns.ts';

interface Named {
	check: string;
	index: number;
	column: string | null;
	rule: CheckResult['rule'];
	severity: Severity;
}

/** One condition of one entry of `checks:`. */
export type Rule = Named &
	(
		| { kind: 'rows'; fails: string; shown: CheckedColumn }
		/** Rows that repeat the values of an earlier one. */
		| { kind: 'repeats'; columns: CheckedColumn[] }
		| { kind: 'newest'; of: CheckedColumn; within: number }
		| { kind: 'count'; min?: number | undefined; max?: number | undefined }
		/** Fails as it stands, whatever the rows hold. */
		| { kind: 'never'; message: string }
	);

/** The rules of an entry. A column that the file lacks fails each of its rules. */
export function rulesOf(check: Check, index: number, columns: ReadonlyMap<string, CheckedColumn>): Rule[] {
	const { severity } = check;
	if ('column' in check) return columnRules(check, index, columns);
	if ('rows' in check) {
		return (['min', 'max'] as const)
			.filter((side) => check.rows[side] !== undefined)
			.map((side) => ({
				...{ check: `rows ${side} ${check.rows[side]}`, index, column: null, rule: 'rows', severity },
				...{ kind: 'count', [side]: check.rows[side] },
			}));
	}
	const names = 'key' in check ? check.key : [check.relation[0], check.relation[2]];
	const named: Named =
		'key' in check
			? { check: `key ${names.join(', ')}`, index, column: null, rule: 'key', severity }
			: { check: check.relation.join(' '), index, column: names[0] as string, rule: 'relation', severity };
	const missing = names.find((name) => !columns.has(name));
	if (missing !== undefined) return [absent(named, missing, columns)];
	const found = names.map((name) => columns.get(name) as CheckedColumn);
	if ('key' in check) {
		const empty = found.map((column) => column.nothing(column.type)).join(' OR ');
		return [
			{ ...named, kind: 'repeats', columns: found },
			{ ...named, check: `${named.check} not empty`, kind: 'rows', fails: empty, shown: found[0] as CheckedColumn },
		];
	}
	return [relationRule(named, found as [CheckedColumn, CheckedColumn], check.relation[1])];
}

function absent(named: Named, name: string, columns: ReadonlyMap<string, unknown>): Rule {
	const message = `The file has no column ${JSON.stringify(name)}. ${knownColumns([...columns.keys()])}`;
	return { ...named, kind: 'never', message };
}

function columnRules(check: ColumnCheck, index: number, columns: ReadonlyMap<string, CheckedColumn>): Rule[] {
	const { column: name, severity, type, nullable, min, max, allowed, pattern, unique, freshness } = check;
	const named = (rule: Named['rule'], words: string): Named => ({
		...{ check: `${name} ${words}`, index, column: name, rule, severity },
	});
	const asked: { named: Named; make(column: CheckedColumn): Rule }[] = [];
	const add = (rule: Named, make: (column: CheckedColumn) => Rule) => asked.push({ named: rule, make });
	const addRows = (rule: Named, fails: (column: CheckedColumn) => string) =>
		add(rule, (shown) => ({ ...rule, kind: 'rows', fails: fails(shown), shown }));
	/** Fails where there is a value and it does not hold, also where it cannot be read as what is asked of it. */
	const addValues = (rule: Named, holds: (column: CheckedColumn) => string) =>
		addRows(rule, (column) => `NOT ${column.nothing(type ?? column.type)} AND (${holds(column)}) IS NOT TRUE`);

	if (type !== undefined) addValues(named('type', `type ${type}`), (column) => isOfType(column, type));
	if (nullable === false) addRows(named('nullable', 'not null'), (column) => column.nothing(type ?? column.type));
	if (min !== undefined) addValues(named('min', `min ${min}`), (column) => `${sideOf(column, min)} >= ${boundOf(min)}`);
	if (max !== undefined) addValues(named('max', `max ${max}`), (column) => `${sideOf(column, max)} <= ${boundOf(max)}`);
	if (allowed !== undefined) {
		const list = allowed.length > 5 ? `${allowed.slice(0, 5).join(', ')}, …` : allowed.join(', ');
		addValues(named('allowed', `allowed ${list}`), (column) => isAmong(column, allowed));
	}
	if (pattern !== undefined) {
		addValues(
			named('pattern', `pattern ${pattern}`),
			({ text }) => `regexp_full_match(${text}, ${quoteText(pattern)})`,
		);
	}
	if (unique === true) {
		const rule = named('unique', 'unique');
		add(rule, (column) => ({ ...rule, kind: 'repeats', columns: [column] }));
	}
	if (freshness !== undefined) {
		const rule = named('freshness', `no older than ${freshness} s`);
		add(rule, (of) => ({ ...rule, kind: 'newest', of, within: freshness }));
	}
	const column = columns.get(name);
	return asked.map((one) => (column === undefined ? absent(one.named, name, columns) : one.make(column)));
}

function isOfType(column: CheckedColumn, type: ColumnType): string {
	const { number, text, time } = column;
	const whole = `isfinite(${number}) AND ${number} = trunc(${number})`;
	if (!column.isText) {
		if (type === 'integer' && column.type === 'double') return whole;
		const wider = (type === 'double' && column.type === 'integer') || (type === 'timestamp' && column.type === 'date');
		return String(wider || column.type === type);
	}
	if (type === 'integer') return whole;
	if (type === 'double') return `${number} IS NOT NULL`;
	if (type === 'boolean') return `lower(trim(${text})) IN ('true', 'false')`;
	if (type === 'date') return `${time} % 86400000 = 0 AND length(trim(${text})) = 10`;
	return type === 'timestamp' ? `${time} IS NOT NULL` : 'true';
}

function sideOf({ number, time, type, isText: cells }: CheckedColumn, bound: number | string): string {
	if (typeof bound === 'string') return time;
	// A typed time is no number, although it is kept as one.
	return isTime(type) && !cells ? 'NULL::DOUBLE' : number;
}

function boundOf(bound: number | string): string {
	return typeof bound === 'number' ? `${bound}::DOUBLE` : `epoch_us(${quoteText(bound)}::TIMESTAMPTZ) / 1000::DOUBLE`;
}

function isAmong({ text, number, type }: CheckedColumn, allowed: readonly (string | number | boolean)[]): string {
	const numbers = allowed.filter((value) => typeof value === 'number');
	const words = allowed.filter((value) => typeof value === 'string');
	const booleans = allowed.filter((value) => typeof value === 'boolean');
	const parts = [
		numbers.length > 0 && !isTime(type) && `${number} IN (${numbers.map((value) => `${value}::DOUBLE`).join(', ')})`,
		words.length > 0 && `${text} IN (${words.map(quoteText).join(', ')})`,
		booleans.length > 0 && `lower(trim(${text})) IN (${booleans.map((value) => `'${value}'`).join(', ')})`,
	].filter((part) => part !== false);
	return parts.length === 0 ? 'false' : parts.map((part) => `(${part}) IS TRUE`).join(' OR ');
}

/** Times are compared with times, numbers with numbers, and text only with text. */
function relationRule(named: Named, [left, right]: [CheckedColumn, CheckedColumn], sign: string): Rule {
	const kind = ({ type }: CheckedColumn): 'text' | 'time' | 'number' =>
		isText(type) ? 'text' : isTime(type) ? 'time' : 'number';
	const [one, other] = [kind(left), kind(right)];
	const common = one === other ? one : one === 'text' ? other : other === 'text' ? one : null;
	const readable = (column: CheckedColumn) => column.isText || kind(column) === common;
	if (common === null || !readable(left) || !readable(right)) {
		const types = `${left.name} is ${left.type} and ${right.name} is ${right.type}`;
		return { ...named, kind: 'never', message: `The columns cannot be compared: ${types}.` };
	}
	const type = common === 'text' ? 'string' : common === 'time' ? 'timestamp' : 'double';
	const present = `NOT ${left.nothing(type)} AND NOT ${right.nothing(type)}`;
	const holds = `${left[common]} ${sign} ${right[common]}`;
	return { ...named, kind: 'rows', fails: `${present} AND (${holds}) IS NOT TRUE`, shown: left };
}
