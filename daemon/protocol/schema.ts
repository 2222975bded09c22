/** The one schema library of Perch, set up once: English messages, and no code generation, which strict content policies forbid. */
import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';

z.config({ ...en(), jitless: true });

export { z };

/** Attaches the sentence that the generated references show for a field. */
export function described<S extends z.core.$ZodType>(schema: S, description: string): S {
	z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), description });
	return schema;
}
