/** Checks that a file passes, as a start for those that its successors must pass. */
import type { ColumnProfile } from '../../protocol/profile.ts';
import type { Check } from '../../protocol/project/checks.ts';
import type { Quarantined, Reading } from '../../protocol/reading.ts';
import { quoteText, rowsOf } from '../duckdb.ts';
import { type ProfileOptions, profileFile } from '../profile/profile.ts';
import { withSource } from '../read/source.ts';

/** Text with more different values is no list of categories. */
const mostAllowed = 20;
/** A list of categories repeats itself: so many rows a category at least. */
const rowsEach = 10;
/** In fewer rows it is no wonder that all values differ. */
const leastUnique = 100;

/**
 * What must go on as it is fails: types, columns without gaps, columns that tell rows apart. What may well change with
 * the next file warns: ranges of numbers, categories, the one shape that all texts of a column have, and a number of rows
 * between half and twice that of the file. Columns without a value propose nothing. Throws as `readTable` does.
 */
export async function inferChecks(
	path: string,
	options: ProfileOptions,
): Promise<{ checks: Check[]; quarantined: Quarantined }> {
	const { columns, rows, quarantined } = await profileFile(path, options);
	const texts = columns.filter(({ type, count }) => type === 'string' && count > 0);
	const found = await lookAtTexts(path, texts, options.reading);
	const checks: Check[] = [
		{ rows: { min: Math.floor(rows / 2), max: rows * 2 }, severity: 'warn' },
		...columns.filter(({ count, type }) => count > 0 && type !== 'other').flatMap((one) => proposals(one, found, rows)),
	];
	return { checks, quarantined };
}

function proposals(profile: ColumnProfile, texts: ReadonlyMap<string, TextLook>, rows: number): Check[] {
	const { column, type, nulls, distinct, count, estimated, min, max } = profile;
	if (type === 'other') return [];
	const unique = rows >= leastUnique && distinct === rows && count === rows && !estimated.includes('distinct');
	const names = type === 'integer' || type === 'string';
	const checks: Check[] = [
		{
			...{ column, type },
			...(nulls === 0 && { nullable: false }),
			...(unique && names && { unique: true as const }),
			severity: 'fail',
		},
	];
	if (type === 'integer' || type === 'double') {
		if (!unique && typeof min === 'number' && typeof max === 'number') {
			checks.push({ column, min, max, severity: 'warn' });
		}
		return checks;
	}
	const { words, shapes } = texts.get(column) ?? { words: null, shapes: [] };
	if (words !== null && count >= rowsEach * words.length) {
		checks.push({ column, allowed: words, severity: 'warn' });
	} else if (shapes.length === 1 && shapes[0]?.includes('0') === true) {
		checks.push({ column, pattern: patternOf(shapes[0]), severity: 'warn' });
	}
	return checks;
}

interface TextLook {
	/** Its different values in order; null for too many. */
	words: string[] | null;
	/** The values with every number in them as 0: two of them, where there are more. */
	shapes: string[];
}

async function lookAtTexts(
	path: string,
	texts: readonly ColumnProfile[],
	reading: Reading = {},
): Promise<Map<string, TextLook>> {
	if (texts.length === 0) return new Map();
	const columns = texts.map(({ column }) => column);
	return await withSource(path, { ...reading, columns }, async (connection, { from, planned }) => {
		const looks = new Map<string, TextLook>();
		for (const [index, { name, sql }] of planned.entries()) {
			const value =
				(texts[index]?.distinct ?? 0) <= mostAllowed ? sql : `regexp_replace(${sql}, ${quoteText('[0-9]+')}, '0', 'g')`;
			const list = `SELECT DISTINCT ${value} AS v FROM ${from} WHERE v IS NOT NULL`;
			const limit = value === sql ? mostAllowed : 2;
			const values = (await rowsOf(connection, `SELECT v FROM (${list}) ORDER BY v LIMIT ${limit}`)).map(([v]) =>
				String(v),
			);
			looks.set(name, value === sql ? { words: values, shapes: [] } : { words: null, shapes: values });
		}
		return looks;
	});
}

/** A shape as a pattern: `s-0` is `s-[0-9]+`. */
function patternOf(shape: string): string {
	return shape.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('0', '[0-9]+');
}
