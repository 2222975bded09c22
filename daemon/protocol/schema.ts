/**
 * The one schema library of Perch, set up once: English messages, and no code generation, which strict content policies
 * forbid. Files that parse import this one beside `zod/mini`, whose namespace bundlers can then take apart.
 */
import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';

z.config({ ...en(), jitless: true });

/** The same schema with the sentence that the generated references show for a field; one that is used in several places keeps its own. */
export function described<S extends z.core.$ZodType>(schema: S, description: string): S {
	const own = z.clone(schema);
	z.globalRegistry.add(own, { ...z.globalRegistry.get(schema), description });
	return own;
}
