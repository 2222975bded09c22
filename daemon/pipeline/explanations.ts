import type { Catalog } from '../catalog/catalog.ts';
import { type Explanations, explanations, explanationsFile } from '../protocol/explanations.ts';
import type { Result } from '../protocol/methods.ts';
import { parse } from '../protocol/parse.ts';

/** The explanations that a run kept; null where it kept none. Throws `corrupt_artifact`. */
export async function explanationsOf({ artifacts }: Catalog, run: Result<'runs/show'>): Promise<Explanations | null> {
	const kept = run.artifacts.find(({ path }) => path === explanationsFile);
	if (kept === undefined) return null;
	const text = (await artifacts.read(kept.sha256, kept.path)).toString();
	return parse(explanations, JSON.parse(text), 'corrupt_artifact');
}
