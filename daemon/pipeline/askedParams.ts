import type { DataSection } from '../protocol/project/data.ts';
import type { ModelSection } from '../protocol/project/model.ts';
import { modelTypes } from '../protocol/project/modelTypes.ts';

/** What a training was asked for, defaults filled in: the params of its run until it has come to its end. */
export function askedParams(model: ModelSection, { target }: Pick<DataSection, 'target'>): Record<string, string> {
	const known = modelTypes[model.type].params.safeParse(model.params);
	const asked: Record<string, unknown> = known.success ? known.data : model.params;
	return Object.fromEntries([
		['model.type', model.type],
		...Object.entries(asked).map(([name, value]) => [
			name,
			typeof value === 'object' ? JSON.stringify(value) : String(value),
		]),
		...(typeof target === 'string' ? [['data.target', target]] : []),
	]);
}
