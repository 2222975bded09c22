/** What the cells of a CSV file mean, as SQL over their text. */

import { noValues } from './noValues.ts';

/** The words that stand for no value, as a list in SQL. */
export const noValueList = noValues.map((word) => `'${word}'`).join(', ');

/** Dates as patterns of RE2, for the whole cell. */
export const isoDate = '\\s*\\d{4}-\\d{2}-\\d{2}\\s*';
/** The same for times. */
export const isoTimestamp =
	'\\s*\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?\\s*(Z|z|[+-]\\d{2}(:?\\d{2})?)?\\s*';

/** A number with a decimal comma, null where the cell is none. */
export const commaAsNumber = (cell: string) =>
	`CASE WHEN regexp_full_match(${cell}, '${commaNumber}') THEN ${number(withPoint(cell))} END`;

/** `1,5` and `1.234,5`, as half of the world writes numbers; `1,234` may be either. */
export const commaNumber = '\\s*[-+]?(\\d{1,3}(\\.\\d{3})+|\\d*)(,\\d+)?\\s*';
export const commaThousands = '\\s*[-+]?\\d{1,3}(,\\d{3})+\\s*';

export const number = (cell: string) => `TRY_CAST(${cell} AS DOUBLE)`;
export const time = (cell: string) => `TRY_CAST(${cell} AS TIMESTAMPTZ)`;
/** Counts by CASE: FILTER clauses cost DuckDB time by the square of their number, seconds at 100 columns. */
export const count = (condition: string) => `count(CASE WHEN ${condition} THEN 1 END)`;

/** Milliseconds since 1970 of a SQL time; null for the infinite ones. */
export const milliseconds = (sql: string) => `CASE WHEN isfinite(${sql}) THEN epoch_us(${sql}) / 1000::DOUBLE END`;

/** A number with a decimal comma as one with a point. */
export const withPoint = (cell: string) => `replace(replace(${cell}, '.', ''), ',', '.')`;
