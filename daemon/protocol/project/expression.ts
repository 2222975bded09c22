import * as z from 'zod/mini';
import '../schema.ts';

/** An expression of DuckDB over the columns of a row; the job that runs it says whether it is one. */
export const expression = z.string().check(z.refine((text) => text.trim() !== '', 'must be an expression'));
