/** The types that columns of data files have in Perch. */
import * as z from 'zod/mini';

export const columnType = z.enum(['integer', 'double', 'boolean', 'string', 'date', 'timestamp', 'other']);
export type ColumnType = z.infer<typeof columnType>;
