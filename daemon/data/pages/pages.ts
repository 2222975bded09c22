/** Pages of an open file, in the order and with the filter that are asked for. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { PerchError } from '../../protocol/errors.ts';
import type { Reading } from '../../protocol/reading.ts';
import type { TableFilter, TableFormat, TableSort } from '../../protocol/table.ts';
import { connectDuckdb, rowsOf } from '../duckdb.ts';
import { knownColumns } from '../table.ts';
import { openPaged, type PagedColumn, type PagedFile, rowNumber } from './pagedFile.ts';
import { tableText } from './tableText.ts';

export interface View {
	sort: TableSort | null;
	filter: readonly TableFilter[];
}

export interface PageRequest extends View {
	offset: number;
	limit: number;
	/** Names; all unless told. */
	columns?: readonly string[] | undefined;
}

export interface Page {
	total: number;
	numbers: number[];
	cells: (string | null)[][];
}

/** Tells how far an order has come, 0 to 1. */
type Tell = (message: string, share?: number) => void;

export interface Pages {
	readonly file: PagedFile;
	/** Cells longer than `longest` are cut. */
	rows(request: PageRequest, longest: number, tell: Tell): Promise<Page>;
	copy(request: PageRequest, format: TableFormat, tell: Tell): Promise<string>;
}

/** An order or a filter: the numbers of the rows that it leaves, kept by DuckDB as a table of a connection of its own. */
interface Order {
	key: string;
	connection: Promise<DuckDBConnection>;
	total: Promise<number>;
}

/** DuckDB plans wide queries slowly: this many columns are asked for at once. */
const columnsAtOnce = 100;

/** Opens a file for paging; a copy, where one is needed, goes into `scratch`. */
export async function openPages(path: string, scratch: string, reading: Reading = {}): Promise<Pages> {
	const file = await openPaged(path, scratch, reading);
	const connection = await connectDuckdb();
	const columns = new Map(file.columns.map((column) => [column.name, column]));
	let order: Order | null = null;

	const named = (name: string): PagedColumn => {
		const found = columns.get(name);
		if (found !== undefined) return found;
		throw new PerchError('unknown_column', `${path} has no column ${JSON.stringify(name)}.`, {
			file: path,
			field: name,
			hint: knownColumns([...columns.keys()]),
		});
	};

	/** The order that a view asks for, made unless it is the one at hand; null for the order of the file. */
	function orderOf({ sort, filter }: View, tell: Tell): Order | null {
		if (sort === null && filter.length === 0) return null;
		const key = JSON.stringify([sort, filter]);
		if (order?.key === key) return order;
		if (order !== null) void end(order);
		const own = connectDuckdb();
		const total = own.then((it) => makeOrder(it, { sort, filter }, tell));
		const made: Order = { key, connection: own, total };
		total.catch(() => {
			if (order === made) order = null;
		});
		order = made;
		return made;
	}

	/** Stops the making of an order that nobody looks at any more, and frees its memory. */
	async function end({ connection: own, total }: Order): Promise<void> {
		const it = await own;
		// Again and again: a query that is about to begin does not hear it.
		const interrupting = setInterval(() => it.interrupt(), 20);
		await total.catch(() => undefined);
		clearInterval(interrupting);
		await it.run('DROP TABLE IF EXISTS ordered');
	}

	async function makeOrder(own: DuckDBConnection, { sort, filter }: View, tell: Tell): Promise<number> {
		const values: string[] = [];
		const conditions: string[] = [];
		for (const one of filter) {
			const column = named(one.column);
			if (takesValue(one)) {
				await mustRead(own, column, one);
				values.push(one.value);
			}
			conditions.push(conditionOf(column, one, `$${values.length}`));
		}
		const by = sort === null ? [] : [`${named(sort.column).value} ${sort.descending ? 'DESC' : 'ASC'} NULLS LAST`];
		const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
		const what = sort === null ? 'Filtering' : `Sorting by ${sort.column}`;
		tell(what, 0);
		await own.run('SET enable_progress_bar = true; SET enable_progress_bar_print = false');
		const ticking = setInterval(() => tell(what, Math.max(0, own.progress.percentage) / 100), 100);
		try {
			const list = `SELECT ${rowNumber} AS number FROM ${file.from}${where} ORDER BY ${[...by, rowNumber].join(', ')}`;
			await own.run(`CREATE TEMP TABLE ordered AS ${list}`, values);
		} catch (error) {
			throw /^(Error: )?INTERRUPT/.test(String(error)) ? outrun(error) : error;
		} finally {
			clearInterval(ticking);
		}
		const [[total] = []] = await rowsOf(own, 'SELECT count(*) FROM ordered');
		return Number(total);
	}

	/** The numbers of the rows of a page, in its order. */
	async function numbersOf({ offset, limit, sort, filter }: PageRequest, tell: Tell) {
		const asked = orderOf({ sort, filter }, tell);
		const total = asked === null ? file.rows : await asked.total;
		const count = Math.max(0, Math.min(limit, total - offset));
		if (asked === null || count === 0) return { total, numbers: Array.from({ length: count }, (_, at) => offset + at) };
		const slice = `SELECT number FROM ordered WHERE rowid >= ${offset} AND rowid < ${offset + count} ORDER BY rowid`;
		const rows = await rowsOf(await asked.connection, slice).catch((error: unknown) => {
			throw order === asked ? error : outrun(error);
		});
		return { total, numbers: rows.map(([number]) => Number(number)) };
	}

	async function cellsOf(numbers: readonly number[], shown: readonly PagedColumn[], longest: number | null) {
		const cells: (string | null)[][] = numbers.map(() => []);
		const first = numbers[0];
		if (first === undefined) return cells;
		const inOrder = numbers.every((number, at) => number === first + at);
		const which = inOrder
			? `${rowNumber} BETWEEN ${first} AND ${first + numbers.length - 1}`
			: `${rowNumber} IN (${numbers.join(', ')})`;
		const places = new Map(numbers.map((number, at) => [number, at]));
		for (let start = 0; start < shown.length; start += columnsAtOnce) {
			const list = shown.slice(start, start + columnsAtOnce).map(({ text }) => cut(text, longest));
			for (const [number, ...texts] of await rowsOf(
				connection,
				`SELECT ${[rowNumber, ...list].join(', ')} FROM ${file.from} WHERE ${which}`,
			)) {
				cells[places.get(Number(number)) as number]?.push(...(texts as (string | null)[]));
			}
		}
		return cells;
	}

	return {
		file,
		async rows(request, longest, tell) {
			const shown = request.columns?.map(named) ?? file.columns;
			const { total, numbers } = await numbersOf(request, tell);
			return { total, numbers: numbers.map((number) => number + 1), cells: await cellsOf(numbers, shown, longest) };
		},
		async copy(request, format, tell) {
			const shown = request.columns?.map(named) ?? file.columns;
			const { numbers } = await numbersOf(request, tell);
			const parts: (string | null)[][] = [];
			for (let start = 0; start < numbers.length; start += 1000) {
				parts.push(...(await cellsOf(numbers.slice(start, start + 1000), shown, null)));
				tell('Copying', Math.min(1, (start + 1000) / numbers.length));
			}
			return tableText(shown, parts, format);
		},
	};
}

function outrun(cause: unknown): PerchError {
	return new PerchError('cancelled', 'Another order or filter was asked for.', { cause });
}

function takesValue({ operator }: TableFilter): boolean {
	return operator !== 'is_null' && operator !== 'not_null';
}

/** A value that its column cannot have would silently leave no row. */
async function mustRead(connection: DuckDBConnection, column: PagedColumn, { operator, value }: TableFilter) {
	if (operator === 'contains') return;
	const [[read] = []] = (
		await connection.runAndReadAll(`SELECT ${column.parse('$1')} IS NOT NULL`, [value])
	).getRowsJS();
	if (read === true) return;
	throw new PerchError('invalid_arguments', `${JSON.stringify(value)} is no ${column.type}.`, {
		field: column.name,
		hint: `${column.name} holds values of the type ${column.exact}.`,
	});
}

function conditionOf({ text, value, parse }: PagedColumn, { operator }: TableFilter, parameter: string): string {
	switch (operator) {
		case 'is_null':
			return `${value} IS NULL`;
		case 'not_null':
			return `${value} IS NOT NULL`;
		case 'contains':
			return `contains(lower(${text}), lower(${parameter}))`;
		default:
			return `${value} ${operator} ${parse(parameter)}`;
	}
}

function cut(text: string, longest: number | null): string {
	return longest === null
		? text
		: `CASE WHEN length(${text}) > ${longest} THEN left(${text}, ${longest}) || '…' ELSE ${text} END`;
}
