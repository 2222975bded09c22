import { type Document, parseDocument } from 'yaml';
import { PerchError } from '../protocol/errors.ts';

/** Applies overrides such as `model.params.trees=200` or `canary.steps[0].share=20%` to a document. Values are YAML. */
export function applyOverrides(document: Document, overrides: readonly string[]): void {
	for (const text of overrides) {
		const equals = text.indexOf('=');
		if (equals < 1) {
			throw new PerchError('invalid_arguments', `--set ${text}: expected path.to.key=value.`, {
				field: 'set',
				hint: 'For example --set model.params.trees=200.',
			});
		}
		const value = parseDocument(text.slice(equals + 1));
		if (value.errors.length > 0) {
			throw new PerchError('invalid_arguments', `--set ${text}: the value is not YAML.`, { field: 'set' });
		}
		document.setIn(keyPath(text.slice(0, equals).trim()), value.toJS());
	}
}

function keyPath(text: string): (string | number)[] {
	return text.split('.').flatMap((part) => {
		const [, name = part, indices = ''] = /^([^[]*)((?:\[\d+\])*)$/.exec(part) ?? [];
		const numbers = [...indices.matchAll(/\d+/g)].map(([digits]) => Number(digits));
		return name === '' ? numbers : [name, ...numbers];
	});
}
