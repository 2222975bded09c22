import { complaints, fieldPath } from '../../daemon/protocol/parse.ts';
import { type SimulationSettings, simulationSettings } from '../messages/simulation.ts';

/** What stands in the fields of the form, as text. */
export interface FieldTexts {
	readonly traffic: string;
	/** Only read where traffic is `file`. */
	readonly file: string;
	readonly repetitions: string;
	readonly requests: string;
	readonly block: string;
	readonly share: string;
	readonly seed: string;
}

/** Settings as field texts; the traffic `auto` stands for null, `file` for a path. */
export function toTexts({ traffic, repetitions, requests, block, share, seed }: SimulationSettings): FieldTexts {
	const known = traffic === null || traffic === 'log' || traffic === 'training';
	return {
		traffic: known ? (traffic ?? 'auto') : 'file',
		file: known ? '' : traffic,
		repetitions: String(repetitions),
		requests: String(requests),
		block: block === null ? '' : String(block),
		share: share === null ? '' : String(share),
		seed: String(seed),
	};
}

function number(text: string): number | undefined {
	return text.trim() === '' ? undefined : Number(text);
}

/** Field texts as settings, or what is wrong with them by field. */
export function fromTexts(
	texts: FieldTexts,
): { settings: SimulationSettings } | { problems: ReadonlyMap<string, string> } {
	const { traffic, file } = texts;
	const settings = {
		traffic: traffic === 'auto' ? null : traffic === 'file' ? file.trim() : traffic,
		repetitions: number(texts.repetitions),
		requests: number(texts.requests),
		block: number(texts.block) ?? null,
		share: number(texts.share) ?? null,
		seed: number(texts.seed),
	};
	const problems = new Map(
		complaints(simulationSettings, settings).map(({ path, message }) => [
			fieldPath(path),
			message.replace(/^Invalid input: /, '').replace(/^Too (small|big): /, ''),
		]),
	);
	if (settings.traffic === '') problems.set('file', 'name a data file');
	return problems.size > 0 ? { problems } : { settings: settings as SimulationSettings };
}
