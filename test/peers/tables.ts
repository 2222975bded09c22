/** Pairs of tables as users have them, to be judged by both: numbers and categories of many kinds, small and large. */
import { type Column, numberColumn, stringColumn, type Table, tableOf } from '../../daemon/data/table.ts';
import type { EvidentlyTest } from '../../daemon/protocol/driftTests.ts';
import { createRandom, type Random } from '../../daemon/stats/random.ts';

export interface TablePair {
	name: string;
	reference: Table;
	current: Table;
	/** The test that is asked for of each column; auto for Evidently's choice. */
	asked: { column: string; test: 'auto' | EvidentlyTest }[];
}

type Make = (name: string, rows: number, random: Random, moved: boolean) => Column;

const words = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta'];

function numbers(
	draw: (random: Random, moved: boolean, row: number) => number | null,
	type: 'double' | 'integer' | 'boolean' = 'double',
): Make {
	return (name, rows, random, moved) =>
		numberColumn(
			name,
			Array.from({ length: rows }, (_, row) => draw(random, moved, row)),
			type,
		);
}

function texts(draw: (random: Random, moved: boolean) => string | null): Make {
	return (name, rows, random, moved) =>
		stringColumn(
			name,
			Array.from({ length: rows }, () => draw(random, moved)),
		);
}

const makers: Record<string, Make> = {
	normal: numbers((random, moved) => random.normal() + (moved ? 0.2 : 0)),
	heavy: numbers((random) => Math.tan(Math.PI * (random.next() - 0.5))),
	withNulls: numbers((random, moved) => (random.next() < 0.2 ? null : random.normal() * (moved ? 1.3 : 1))),
	nullsInOne: numbers((random, moved) => (moved && random.next() < 0.3 ? null : random.integer(40)), 'integer'),
	fewDoubles: numbers((random, moved) => random.integer(moved ? 4 : 5) / 2),
	twoDoubles: numbers((random, moved) => +(random.next() < (moved ? 0.4 : 0.3))),
	rounded: numbers((random) => Math.round(random.normal() * 5) / 5),
	count: numbers((random, moved) => Math.floor(-(moved ? 25 : 20) * Math.log(1 - random.next())), 'integer'),
	narrowCount: numbers((random) => 40 + random.integer(25), 'integer'),
	dice: numbers((random, moved) => random.integer(moved ? 7 : 6), 'integer'),
	flag: numbers((random, moved) => +(random.next() < (moved ? 0.5 : 0.45)), 'boolean'),
	constantNumber: numbers(() => 3),
	constantCount: numbers(() => 3, 'integer'),
	constantText: texts(() => 'same'),
	changedText: texts((_, moved) => (moved ? 'new' : 'old')),
	category: texts((random, moved) => words[random.integer(moved ? 5 : 4)] ?? null),
	rare: texts((random) => words[Math.floor(7 * random.next() ** 4)] ?? null),
	two: texts((random, moved) => (random.next() < (moved ? 0.35 : 0.3) ? 'no' : 'yes')),
	gaps: texts((random) => (random.next() < 0.3 ? null : (words[random.integer(3)] as string))),
	free: texts(
		(random, moved) =>
			`${Array.from({ length: 6 }, () => words[Math.floor(7 * random.next() ** (moved ? 1.6 : 1))]).join(' ')} ${random.integer(5000)}`,
	),
	allNull: numbers((_, moved) => (moved ? null : 1)),
	becomesText: (name, rows, random, moved) =>
		(moved ? texts((one) => words[one.integer(3)] as string) : numbers((one) => one.normal()))(
			name,
			rows,
			random,
			moved,
		),
};

/** In turn for columns of numbers, beside Evidently's choice. */
const ofNumbers: EvidentlyTest[] = [
	'ks',
	'psi',
	'wasserstein',
	'jensenshannon',
	'kl_div',
	'anderson',
	'cramer_von_mises',
	'es',
	'mannw',
	't_test',
	'hellinger',
	'ed',
	'empirical_mmd',
];
const ofTexts: EvidentlyTest[] = ['abs_text_content_drift', 'perc_text_content_drift'];
const ofCategories: EvidentlyTest[] = [
	'psi',
	'jensenshannon',
	'kl_div',
	'chisquare',
	'z',
	'g_test',
	'fisher_exact',
	'hellinger',
	'TVD',
];

/** Evidently takes many seconds for these on larger samples. */
const slow: ReadonlySet<EvidentlyTest> = new Set(['TVD', 'empirical_mmd']);

const sizes = [
	[40, 30],
	[60, 60],
	[250, 300],
	[1000, 400],
	[1001, 900],
	[2500, 1800],
] as const;

export function tablePairs(count: number): TablePair[] {
	return Array.from({ length: count }, (_, index) => {
		const [before, after] = sizes[index % sizes.length] as readonly [number, number];
		const side = (rows: number, current: boolean) =>
			tableOf(
				Object.entries(makers).map(([name, make]) =>
					make(name, rows, createRandom('peers', 'tables', index, name, +current), current && index % 2 === 0),
				),
			);
		const [reference, current] = [side(before, false), side(after, true)];
		const asked = current.columns.flatMap(({ name, type }, place) => {
			const tests =
				name === 'free'
					? ofTexts
					: type === 'string' || type === 'boolean' || ['dice', 'constantCount'].includes(name)
						? ofCategories
						: ofNumbers;
			const wanted = tests[(index + place) % tests.length] as EvidentlyTest;
			const test = before > 300 && slow.has(wanted) ? (tests[0] as EvidentlyTest) : wanted;
			return [
				{ column: name, test: 'auto' as const },
				{ column: name, test },
			];
		});
		return { name: `table ${index}`, reference, current, asked };
	});
}
