/** What a trainer says on stdout: a JSON object a line, all else is its log. */
import type { History } from '../estimator.ts';

const mostPoints = 100_000;

/**
 * Numbers of a line with a `step` are points of curves, those of a line without one are figures of the whole; `progress`
 * (0 to 1) and `message` tell how far it is. Lines of any other shape are not taken.
 */
export function reportReader(onStep: (message: string, share: number) => void) {
	const history: History = {};
	const metrics: Record<string, number> = {};
	let share = 0;
	let points = 0;
	return {
		history,
		metrics,
		take(line: string): boolean {
			const said = readLine(line);
			if (said === null) return false;
			const { step, progress, message, ...rest } = said;
			const figures = Object.entries(rest).filter((entry): entry is [string, number] => Number.isFinite(entry[1]));
			const hasStep = Number.isSafeInteger(step) && (step as number) >= 0;
			if (figures.length === 0 && typeof progress !== 'number' && typeof message !== 'string') return false;
			for (const [name, value] of figures) {
				if (!hasStep) metrics[name] = value;
				else if (points++ < mostPoints) {
					history[name] ??= [];
					history[name].push({ step: step as number, value });
				}
			}
			if (typeof progress === 'number' && progress >= 0 && progress <= 1) share = progress;
			const shown = figures.map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`).join(', ');
			onStep(typeof message === 'string' ? message : hasStep ? `Step ${step}: ${shown}` : shown || 'Training', share);
			return true;
		},
	};
}

function readLine(line: string): Record<string, unknown> | null {
	if (!line.startsWith('{')) return null;
	try {
		const value: unknown = JSON.parse(line);
		return typeof value === 'object' && value !== null ? { ...value } : null;
	} catch {
		return null;
	}
}
