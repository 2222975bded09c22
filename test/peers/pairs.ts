/** Pairs of samples that a statistic may meet: ties, constants, nulls, tiny and unequal sizes, heavy tails. */
import { createRandom, type Random } from '../../daemon/stats/random.ts';

export interface NumberPairGiven {
	name: string;
	a: (number | null)[];
	b: (number | null)[];
}

export interface CountPairGiven {
	name: string;
	a: number[];
	b: number[];
}

const shapes: Record<string, (random: Random) => number> = {
	normal: (random) => random.normal(),
	shifted: (random) => 1e6 + random.normal(),
	uniform: (random) => random.next(),
	lognormal: (random) => Math.exp(2 * random.normal()),
	cauchy: (random) => Math.tan(Math.PI * (random.next() - 0.5)),
	dice: (random) => random.integer(6),
	halves: (random) => random.integer(9) / 2,
	counts: (random) => Math.floor(-20 * Math.log(1 - random.next())),
	binary: (random) => +(random.next() < 0.3),
	mostlyZero: (random) => (random.next() < 0.8 ? 0 : random.normal() ** 2),
	constant: () => 7.25,
	minutes: (random) => Math.round(60 * random.next()) / 60,
	tiny: (random) => 1e-9 * random.normal(),
};

const sizes = [
	[2, 2],
	[1, 9],
	[3, 5],
	[7, 7],
	[8, 60],
	[5, 20],
	[20, 20],
	[24, 24],
	[19, 21],
	[25, 30],
	[60, 45],
	[100, 13],
	[150, 400],
	[1000, 1000],
	[900, 40],
	[3000, 2500],
] as const;

/** Each with a name that tells how it was made; the same ones at every call. */
export function numberPairs(count: number): NumberPairGiven[] {
	const random = createRandom('peers', 'numbers');
	const names = Object.keys(shapes);
	return Array.from({ length: count }, (_, index) => {
		const shape = names[index % names.length] as string;
		const [n, m] = sizes[Math.floor(index / names.length + index) % sizes.length] as readonly [number, number];
		const [shift, scale] = [[0, 1] as const, [0.3, 1] as const, [0, 1.7] as const, [2, 1] as const][index % 4] as [
			number,
			number,
		];
		const nulls = index % 5 === 0 ? 0.1 : 0;
		const draw = shapes[shape] as (random: Random) => number;
		const sample = (size: number, change: (value: number) => number) =>
			Array.from({ length: size }, (_, i) => (i > 1 && random.next() < nulls ? null : change(draw(random))));
		const whole = ['dice', 'binary', 'counts'].includes(shape);
		const moved = (value: number) => (whole ? Math.round(value * scale + shift) : value * scale + shift);
		return {
			name: `pair ${index}: ${shape}, ${n} and ${m}, shift ${shift}, scale ${scale}`,
			a: sample(n, (value) => value),
			b: sample(m, moved),
		};
	});
}

export function countPairs(count: number): CountPairGiven[] {
	const random = createRandom('peers', 'counts');
	return Array.from({ length: count }, (_, index) => {
		const categories = [1, 2, 2, 3, 4, 8, 20][index % 7] as number;
		const [n, m] = sizes[index % sizes.length] as readonly [number, number];
		const second = index % 3 === 0 ? n : m;
		const draw = (size: number, bend: number) => {
			const counts = new Array<number>(categories).fill(0);
			for (let i = 0; i < size; i++) {
				const code = Math.floor(categories * random.next() ** bend);
				counts[code] = (counts[code] as number) + 1;
			}
			return counts;
		};
		return { name: `counts ${index}`, a: draw(n, 1), b: draw(second, index % 2 === 0 ? 1 : 1.3) };
	});
}
