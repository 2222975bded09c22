import { eachTiedValue } from './tiedRanks.ts';
import type { TestResult } from './tTest.ts';

/** Table 2 of Scholz and Stephens, by level: a critical value for k samples is b0 + b1 / √(k − 1) + b2 / (k − 1). */
const table = [
	[0.675, -0.245, -0.105],
	[1.281, 0.25, -0.305],
	[1.645, 0.678, -0.362],
	[1.96, 1.149, -0.391],
	[2.326, 1.822, -0.396],
	[2.573, 2.364, -0.345],
	[3.085, 3.615, -0.154],
] as const;
/** For two samples. */
const critical = table.map(([b0, b1, b2]) => b0 + b1 + b2);
const levels = [0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001] as const;

/**
 * Do two samples come from one distribution? The k-sample Anderson-Darling test for two samples, which gives the tails more
 * weight than Cramér-von Mises. Equal values are taken at their middle rank.
 *
 * Both samples ascending and not empty, at least two different values and four values in all. The statistic is
 * standardized, about −1.3 and up. p is interpolated between the levels of the published table by a parabola in its
 * logarithm, and capped: never above 0.25 nor below 0.001, as in SciPy's anderson_ksamp.
 *
 * Worked value: 1 2 3 4 against 5 6 7 8 gives 3.6866, p = 0.0106.
 * Source: Scholz and Stephens, JASA 82 (1987) 918-924, equation 7 and table 2.
 */
export function andersonDarlingTest(a: Float64Array, b: Float64Array): TestResult {
	const [n, m] = [a.length, b.length];
	const all = n + m;
	let [first, second] = [0, 0];
	eachTiedValue(a, b, ({ inFirst, inSecond, belowFirst, belowSecond }) => {
		const tied = inFirst + inSecond;
		const below = belowFirst + belowSecond + tied / 2;
		const weight = tied / all / (below * (all - below) - (all * tied) / 4);
		first += weight * (all * (belowFirst + inFirst / 2) - below * n) ** 2;
		second += weight * (all * (belowSecond + inSecond / 2) - below * m) ** 2;
	});
	const squared = ((first / n + second / m) * (all - 1)) / all;
	const statistic = (squared - 1) / Math.sqrt(varianceOf(n, m));
	return { statistic, p: tableP(statistic) };
}

/** The variance of the statistic for two samples, equation 4 of Scholz and Stephens. */
function varianceOf(n: number, m: number): number {
	const all = n + m;
	let [h, g] = [0, 0];
	for (let i = 1; i <= all - 2; i++) {
		h += 1 / (all - i);
		g += h / (i + 1);
	}
	h += 1;
	const inverse = 1 / n + 1 / m;
	const a = 4 * g - 6 + (10 - 6 * g) * inverse;
	const b = (2 * g - 4) * 4 + 16 * h + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6;
	const c = (6 * h + 2 * g - 2) * 4 + (4 * h - 4 * g + 6) * 2 + (2 * h - 6) * inverse + 4 * h;
	const d = (2 * h + 6) * 4 - 8 * h;
	return (a * all ** 3 + b * all ** 2 + c * all + d) / ((all - 1) * (all - 2) * (all - 3));
}

function tableP(statistic: number): number {
	if (statistic < (critical[0] as number)) return levels[0];
	if (statistic > (critical.at(-1) as number)) return levels.at(-1) as number;
	const [constant, slope, bend] = parabola;
	return Math.exp(constant + slope * statistic + bend * statistic ** 2);
}

/** The parabola nearest to the logarithms of the levels over the critical values, by least squares. */
const parabola = fitParabola(critical, levels.map(Math.log));

function fitParabola(xs: readonly number[], ys: readonly number[]): [number, number, number] {
	const power = (k: number) => xs.reduce((sum, x) => sum + x ** k, 0);
	const moment = (k: number) => xs.reduce((sum, x, i) => sum + x ** k * (ys[i] as number), 0);
	const rows = [0, 1, 2].map((k) => [power(k), power(k + 1), power(k + 2), moment(k)]);
	const determinant = (columns: readonly number[]) => {
		const at = (row: number, column: number) => rows[row]?.[columns[column] as number] as number;
		return (
			at(0, 0) * (at(1, 1) * at(2, 2) - at(1, 2) * at(2, 1)) -
			at(0, 1) * (at(1, 0) * at(2, 2) - at(1, 2) * at(2, 0)) +
			at(0, 2) * (at(1, 0) * at(2, 1) - at(1, 1) * at(2, 0))
		);
	};
	const whole = determinant([0, 1, 2]);
	return [determinant([3, 1, 2]) / whole, determinant([0, 3, 2]) / whole, determinant([0, 1, 3]) / whole];
}
