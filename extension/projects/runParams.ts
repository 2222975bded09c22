import { type Document, isCollection, isMap, parseDocument, stringify } from 'yaml';
import { type ModelType, modelTypeOf, modelTypes } from '../../daemon/protocol/project/modelTypes.ts';

type Params = Readonly<Record<string, string>>;

/** What the params of a run alone make again; others need what stands beside them in perch.yaml. */
const whole: readonly string[] = Object.keys(modelTypes).filter((type) => type !== 'ensemble' && type !== 'command');

/**
 * The text of a perch.yaml with the model that a run had: its type, and those of its params that differ from what is
 * written there or from what holds untold. Comments stay; text without a known model stays as it is. A single trial is
 * trained again without `tune`.
 */
export function withParams(text: string, params: Params, { keepTuning = true }: { keepTuning?: boolean } = {}): string {
	const document = parseDocument(text, { logLevel: 'silent' });
	if (document.errors.length > 0 || !isMap(document.contents)) return text;
	const type = document.getIn(['model', 'type']);
	const had = params['model.type'];
	const isOther = had !== undefined && had !== type && whole.includes(had) && typeof type === 'string';
	const known = modelTypeOf(isOther ? had : type);
	if (known === null) return text;
	let changed = false;
	if (isOther) {
		document.setIn(['model', 'type'], had);
		for (const stray of ['params', 'models', 'run', 'folder', 'timeout', 'env', 'secrets']) {
			document.deleteIn(['model', stray]);
		}
		changed = true;
	}
	if (!keepTuning) changed = document.deleteIn(['model', 'tune']) || changed;
	const defaults = defaultsOf(known);
	for (const key of new Set([...Object.keys(known.params.shape), ...paramsIn(document)])) {
		const value = params[key];
		const written = document.getIn(['model', 'params', key]);
		const holds = (isCollection(written) ? written.toJSON() : written) ?? defaults[key];
		if (value === undefined || textOf(holds) === value) continue;
		document.setIn(['model', 'params', key], paramOf(value));
		changed = true;
	}
	return changed ? document.toString({ lineWidth: 0 }) : text;
}

/** A perch.yaml that trains on a data file what a run of the command line did. */
export function projectForFile(file: string, name: string, params: Params): string {
	const type = params['model.type'];
	const known = modelTypeOf(type);
	const defaults = known === null ? {} : defaultsOf(known);
	const own = Object.keys(known?.params.shape ?? {}).flatMap((key) => {
		const value = params[key];
		return value === undefined || value === textOf(defaults[key]) ? [] : [[key, paramOf(value)] as const];
	});
	const target = params['data.target'];
	return stringify({
		name,
		data: { source: file, ...(target !== undefined && { target }) },
		model: { type, ...(own.length > 0 && { params: Object.fromEntries(own) }) },
		register: { as: name },
	});
}

function defaultsOf({ params }: ModelType): Record<string, unknown> {
	const parsed = params.safeParse({});
	return parsed.success ? parsed.data : {};
}

/** Those that are written: what a command takes is its own. */
function paramsIn(document: Document): string[] {
	const params = document.getIn(['model', 'params']);
	return isMap(params) ? params.items.map(({ key }) => String(key)) : [];
}

/** Runs keep params as text, and those that have names inside as JSON. */
function textOf(value: unknown): string {
	return value !== null && typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function paramOf(text: string): unknown {
	if (text.startsWith('{')) return JSON.parse(text);
	if (text === 'true' || text === 'false') return text === 'true';
	return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
