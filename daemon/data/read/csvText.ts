/** The text of CSV files: their delimiter and header, and where exactly a broken one breaks. */
import { PerchError } from '../../protocol/errors.ts';
import { badBytes } from '../encoding/badBytes.ts';
import { bytesOf, rawBytes, startOf, type TextFile } from '../encoding/textBytes.ts';
import { type CsvRecord, createScan, longestValue } from './csvScan.ts';

/** How a file is written. Quotes are `"`, doubled inside quoted values. */
export interface CsvDialect {
	delimiter: string;
	/** Distinct names: a repeated one gets `_1`, `_2`, …, an empty one is `column` with its 0-based position. */
	names: string[];
	/** Empty lines above the header. */
	skip: number;
}

/**
 * Finds delimiter and header. Throws `empty_data` for a file without a header and `invalid_data` for one whose header is
 * no text, or alone exceeds 4 MiB.
 */
export async function readDialect(file: TextFile): Promise<CsvDialect> {
	const { path } = file;
	const start = await startOf(file, longestValue);
	const delimiter = /\.tsv(\.(gz|zst))?$/i.test(path) ? '\t' : chooseDelimiter(start);
	const [header] = recordsOf(start, delimiter, 1);
	if (header === undefined || (header.values.length === 1 && header.values[0] === '')) {
		throw new PerchError('empty_data', `${path} is empty.`, {
			file: path,
			hint: 'It needs a header and at least one row.',
		});
	}
	if (header.values.some((name) => name.includes('\ufffd')) && file.lenient && file.encoding !== 'utf-8') {
		const bad = await badBytes(path, file.encoding, rawBytes(path));
		if (bad !== null) throw bad;
	}
	if (header.fault !== null) throw await faultOf(file, header, header.values);
	return { delimiter, names: distinctNames(header.values), skip: header.line - 1 };
}

/**
 * The delimiter by which the first ten records have the same number of values, the largest such number; where none
 * fits, the one that divides the header most.
 */
function chooseDelimiter(start: Buffer): string {
	let chosen = { delimiter: ',', even: false, width: 1 };
	for (const delimiter of [',', ';', '\t', '|']) {
		const widths = recordsOf(start, delimiter, 10).map((record) => record.values.length);
		const width = widths[0] ?? 1;
		const even = widths.every((other) => other === width);
		if (width > 1 && (even ? !chosen.even || width > chosen.width : !chosen.even && width > chosen.width)) {
			chosen = { delimiter, even, width };
		}
	}
	return chosen.delimiter;
}

function recordsOf(bytes: Buffer, delimiter: string, limit: number): CsvRecord[] {
	const records: CsvRecord[] = [];
	const scan = createScan(delimiter, (record) => records.push(record) < limit);
	if (scan.push(bytes)) scan.end();
	return records;
}

function distinctNames(header: readonly string[]): string[] {
	const taken = new Set(header);
	const used = new Set<string>();
	return header.map((given, position) => {
		const name = given === '' ? `column${position}` : given;
		if (!used.has(name) && (given !== '' || !taken.has(name))) {
			used.add(name);
			return name;
		}
		let count = 1;
		while (used.has(`${name}_${count}`) || taken.has(`${name}_${count}`)) count++;
		used.add(`${name}_${count}`);
		return `${name}_${count}`;
	});
}

/**
 * Looks through a file that DuckDB refused for the first record that does not fit its header, and returns the error that
 * names line and column; null where every record fits.
 */
export async function findFault(file: TextFile, dialect: CsvDialect): Promise<PerchError | null> {
	let found: CsvRecord | null = null as CsvRecord | null;
	const scan = createScan(dialect.delimiter, (record) => {
		const blank = record.values.length === 1 && record.values[0] === '';
		if (record.fault !== null || (record.values.length !== dialect.names.length && !blank)) {
			found = record;
		}
		return found === null;
	});
	let more = true;
	for await (const part of bytesOf(file)) {
		more = scan.push(part);
		if (!more) break;
	}
	if (more) scan.end();
	return found === null ? null : await faultOf(file, found, dialect.names);
}

const setAsideHint = 'on_bad: quarantine (--on-bad quarantine) sets such rows aside.';

/** The error about a record that is at fault. */
export async function faultOf(
	{ path, encoding }: TextFile,
	record: CsvRecord,
	names: readonly string[],
): Promise<PerchError> {
	const { line, values, fault } = record;
	const name = names[record.faultAt];
	const where = { file: path, line, ...(fault !== null && name !== undefined && { field: name }) };
	const inColumn = name === undefined ? '' : ` in column ${JSON.stringify(name)}`;
	if (fault === 'open_quote') {
		return new PerchError('invalid_data', `${path}, line ${line}: a quote that opens${inColumn} is never closed.`, {
			...where,
			hint: `Close the quote, or double it where it belongs to the text. ${setAsideHint}`,
		});
	}
	if (fault === 'after_quote') {
		return new PerchError('invalid_data', `${path}, line ${line}: text follows the closing quote${inColumn}.`, {
			...where,
			hint: `Double the quotes that belong to the text. ${setAsideHint}`,
		});
	}
	if (fault === 'not_text') {
		// The records above are sound: the first such bytes of the file are those of this one.
		const bad = await badBytes(path, encoding, rawBytes(path));
		if (bad !== null) return new PerchError(bad.code, bad.message, { ...where, ...bad.detail });
	}
	const text = values.join(' | ');
	const found = `${values.length} ${values.length === 1 ? 'value' : 'values'}`;
	const named = `${names.length} ${names.length === 1 ? 'column' : 'columns'}`;
	return new PerchError(
		'invalid_data',
		`${path}, line ${line} has ${found} where the header names ${named}: ${text.length > 80 ? `${text.slice(0, 77)}...` : text}`,
		{
			...where,
			hint:
				names.length === 1 && values.length > 1
					? 'The first line must name the columns: remove what stands above it.'
					: `Give every row one value a column, or remove the line. ${setAsideHint}`,
		},
	);
}
