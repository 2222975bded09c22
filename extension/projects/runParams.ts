import { isMap, parseDocument } from 'yaml';
import { modelTypes } from '../../daemon/protocol/project/modelTypes.ts';

/**
 * The text of a perch.yaml with the params that a run had, where they are params of its model and differ from those
 * written there or from what holds untold. Comments stay; text without a known model stays as it is.
 */
export function withParams(text: string, params: Readonly<Record<string, string>>): string {
	const document = parseDocument(text, { logLevel: 'silent' });
	const type: unknown = document.getIn(['model', 'type']);
	const known = Object.entries(modelTypes).find(([name]) => name === type)?.[1];
	if (known === undefined || document.errors.length > 0 || !isMap(document.contents)) return text;
	const defaults = known.params.safeParse({}) as { success: boolean; data?: Record<string, unknown> };
	let changed = false;
	for (const key of Object.keys(known.params.shape)) {
		const had = params[key];
		const written: unknown = document.getIn(['model', 'params', key]);
		const holds = written ?? defaults.data?.[key];
		if (had === undefined || String(holds) === had) continue;
		document.setIn(['model', 'params', key], paramOf(had));
		changed = true;
	}
	return changed ? document.toString({ lineWidth: 0 }) : text;
}

/** Runs keep params as text. */
function paramOf(text: string): string | number | boolean {
	if (text === 'true' || text === 'false') return text === 'true';
	return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
