/** Rows as text for a clipboard, from cells that are text already, so that no digit is lost. */
import type { ColumnType } from '../../protocol/datasets.ts';
import type { TableFormat } from '../../protocol/table.ts';

type Cells = readonly (readonly (string | null)[])[];
type Columns = readonly { name: string; type: ColumnType }[];

/** With a header. Nulls are empty in CSV, TSV and Markdown and `null` in JSON, where numbers keep every digit. */
export function tableText(columns: Columns, rows: Cells, format: TableFormat): string {
	const names = columns.map(({ name }) => name);
	switch (format) {
		case 'csv':
			return lines([names, ...rows], ',', /[",\r\n]|^\s|\s$/);
		case 'tsv':
			return lines([names, ...rows], '\t', /["\t\r\n]/);
		case 'markdown':
			return markdown(columns, rows);
		case 'json':
			return json(columns, rows);
	}
}

function lines(rows: Cells, separator: string, special: RegExp): string {
	const quoted = (text: string) => (special.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
	return rows.map((row) => `${row.map((cell) => quoted(cell ?? '')).join(separator)}\n`).join('');
}

function markdown(columns: Columns, rows: Cells): string {
	const cell = (text: string | null) =>
		(text ?? '')
			.replaceAll('\\', '\\\\')
			.replaceAll('|', '\\|')
			.replace(/\r?\n|\r/g, '<br>');
	const line = (cells: readonly (string | null)[]) => `| ${cells.map(cell).join(' | ')} |\n`;
	const rule = columns.map(({ type }) => (isNumber(type) ? '---:' : '---'));
	return [line(columns.map(({ name }) => name)), `| ${rule.join(' | ')} |\n`, ...rows.map(line)].join('');
}

const isNumber = (type: ColumnType) => type === 'integer' || type === 'double';

function json(columns: Columns, rows: Cells): string {
	const value = (text: string | null, type: ColumnType): string => {
		if (text === null) return 'null';
		if (isNumber(type) && /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return text;
		if (type === 'boolean' && /^(true|false)$/i.test(text)) return text.toLowerCase();
		return JSON.stringify(text);
	};
	const objects = rows.map(
		(row) =>
			`  {${columns.map(({ name, type }, at) => `${JSON.stringify(name)}: ${value(row[at] ?? null, type)}`).join(', ')}}`,
	);
	return objects.length === 0 ? '[]\n' : `[\n${objects.join(',\n')}\n]\n`;
}
