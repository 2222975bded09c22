/** Plain sentences beside the verdict of a column: what no test of its values tells. */
import { finiteOnly } from './numberSample.ts';

/** Both samples sorted. */
export function aboutInfinite(reference: Float64Array, current: Float64Array): string[] {
	return [reference, current].flatMap((sorted, side) => {
		const infinite = sorted.length - finiteOnly(sorted).length;
		if (infinite === 0) return [];
		const where = side === 0 ? 'the reference' : 'the current data';
		const values = infinite === 1 ? '1 infinite value' : `${infinite} infinite values`;
		return [`${values} in ${where}: ranked by the tests, left out of mean and deviation.`];
	});
}
