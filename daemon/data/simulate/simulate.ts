/** Tables from a seed: the same description gives the same bytes, and a new column or series leaves the others as they were. */
import { PerchError } from '../../protocol/errors.ts';
import type { SimulateSection } from '../../protocol/project/simulate.ts';
import { createRandom, type Random } from '../../stats/random.ts';
import { type Column, numberColumn, type StringColumn, type Table } from '../table.ts';

type NumberSection = Extract<SimulateSection['columns'][string], { base: number }>;
type CategorySection = Exclude<SimulateSection['columns'][string], NumberSection>;
type Change = SimulateSection['shifts'][number]['columns'][string];

/** How strongly each row of a series lies in an episode, 0 to 1: it sets in and fades over a quarter of its length. */
type Strength = Float64Array;

const largestTable = 100_000_000;

/**
 * Makes the table: `time`, the series column where there are series, the columns in their order, then `label`. Rows are
 * ordered by time and within it by series. Every draw comes from a stream named by the seed, the column and the series.
 * Throws `invalid_config` for a description that contradicts itself.
 */
export function simulate(section: SimulateSection): Table {
	const start = check(section);
	const count = section.series?.count ?? 1;
	const total = section.rows * count;
	const strengths = Array.from({ length: count }, (_, series) =>
		section.episodes.map((episode) => episodeStrength(section, episode, series)),
	);

	const times = new Float64Array(total);
	for (let row = 0; row < total; row++) times[row] = start + Math.floor(row / count) * section.every * 1000;
	const columns: Column[] = [numberColumn(section.time, times, 'timestamp')];
	if (section.series !== undefined) columns.push(seriesColumn(section, section.series));
	for (const [name, column] of Object.entries(section.columns)) {
		columns.push(
			'base' in column
				? simulateNumbers(section, name, column, { times, count, strengths })
				: simulateCategories(section, name, column, count),
		);
	}
	if (section.label !== undefined) columns.push(labelColumn(section.label, strengths, section.rows, count));
	return { rows: total, columns };
}

function seriesColumn({ rows }: SimulateSection, series: NonNullable<SimulateSection['series']>): StringColumn {
	const { column, count, prefix } = series;
	const width = String(count).length;
	const dictionary = Array.from({ length: count }, (_, index) => `${prefix}${String(index + 1).padStart(width, '0')}`);
	return {
		kind: 'string',
		name: column,
		type: 'string',
		codes: Int32Array.from({ length: rows * count }, (_, row) => row % count),
		dictionary,
	};
}

function simulateNumbers(
	section: SimulateSection,
	name: string,
	column: NumberSection,
	{ times, count, strengths }: { times: Float64Array; count: number; strengths: readonly Strength[][] },
): Column {
	const { seed, rows } = section;
	const values = new Float64Array(rows * count);
	const shock = column.noise * Math.sqrt(1 - column.memory ** 2);
	const scale = 10 ** column.decimals;
	const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = column;
	// Of a logarithm, the value moves around that of its level, and is taken back at the end.
	const base = column.log ? Math.log(column.base) : column.base;
	const toValue = column.log ? Math.exp : (value: number) => value;
	for (let series = 0; series < count; series++) {
		const draw = (purpose: string) => createRandom(seed, 'column', name, series, purpose);
		const noise = draw('noise');
		const missing = draw('missing');
		const level = base + column.spread * draw('level').normal();
		const shifts = shiftsOf(section, name, series, count);
		const episodes = section.episodes.flatMap((episode, index) => {
			const change = episode.columns[name];
			return change === undefined ? [] : [{ change, strength: strengths[series]?.[index] as Strength }];
		});
		let deviation = column.noise * noise.normal();
		for (let row = 0; row < rows; row++) {
			const at = row * count + series;
			if (row > 0) deviation = column.memory * deviation + shock * noise.normal();
			let value = level + seasonAt(column, times[at] as number) + deviation;
			for (const { from, change } of shifts) if (row >= from) value = changed(value, base, change, 1);
			for (const { strength, change } of episodes) value = changed(value, base, change, strength[row] as number);
			const rounded = Math.round(Math.min(max, Math.max(min, toValue(value))) * scale) / scale;
			values[at] = missing.next() < column.missing ? Number.NaN : rounded + 0;
		}
	}
	return numberColumn(name, values, column.decimals === 0 ? 'integer' : 'double');
}

function seasonAt({ season }: NumberSection, time: number): number {
	let sum = 0;
	for (const { period, amplitude, phase } of season) {
		sum += amplitude * Math.cos(2 * Math.PI * (((time / 1000 / period) % 1) - phase));
	}
	return sum;
}

/** Widens the deviation from the base and moves the value, both by as much as `strength` (0 to 1) says. */
function changed(value: number, base: number, { add, scale }: Change, strength: number): number {
	return base + (value - base) * (1 + (scale - 1) * strength) + add * strength;
}

/** The shifts that hold for a column of a series, with the row from which they do. */
function shiftsOf({ shifts, rows }: SimulateSection, name: string, series: number, count: number) {
	return shifts.flatMap((shift) => {
		const change = shift.columns[name];
		const concerned = change !== undefined && series < Math.round(shift.series * count);
		return concerned ? [{ from: Math.round(shift.from * rows), change }] : [];
	});
}

function simulateCategories(
	{ seed, rows }: SimulateSection,
	name: string,
	column: CategorySection,
	count: number,
): Column {
	const dictionary = Object.keys(column.categories);
	let sum = 0;
	const ends = Object.values(column.categories).map((weight) => (sum += weight));
	const pick = (random: Random) => {
		const drawn = random.next() * sum;
		return ends.findIndex((end) => drawn < end);
	};
	const codes = new Int32Array(rows * count);
	for (let series = 0; series < count; series++) {
		const drawn = createRandom(seed, 'column', name, series, 'value');
		const missing = createRandom(seed, 'column', name, series, 'missing');
		const kept = pick(drawn);
		for (let row = 0; row < rows; row++) {
			const code = column.per === 'series' ? kept : pick(drawn);
			codes[row * count + series] = missing.next() < column.missing ? -1 : code;
		}
	}
	return { kind: 'string', name, type: 'string', codes, dictionary };
}

/**
 * Episodes of random length at random places of a series, without overlap among those of one kind. Their lengths add up to
 * the share asked for; what is left at the end is one more episode with the chance that keeps the mean right.
 */
function episodeStrength(
	section: SimulateSection,
	episode: SimulateSection['episodes'][number],
	series: number,
): Strength {
	const { rows, seed } = section;
	const random = createRandom(seed, 'episode', episode.name, series);
	const [shortest, longest] = episode.length;
	const lengths: number[] = [];
	let left = Math.min(episode.share * rows, rows);
	for (;;) {
		const length = Math.min(rows, shortest + random.integer(longest - shortest + 1));
		if (length > left && random.next() * length >= left) break;
		lengths.push(length);
		left -= length;
		if (left <= 0) break;
	}
	const free = Math.max(0, rows - lengths.reduce((sum, length) => sum + length, 0));
	const gaps = lengths.map(() => random.integer(free + 1)).sort((a, b) => a - b);
	const strength = new Float64Array(rows);
	let before = 0;
	lengths.forEach((length, index) => {
		const first = (gaps[index] as number) + before;
		const ramp = Math.ceil(length / 4);
		for (let i = 0; i < length && first + i < rows; i++) {
			const part = Math.min(1, (i + 1) / ramp, (length - i) / ramp);
			strength[first + i] = part * part * (3 - 2 * part);
		}
		before += length;
	});
	return strength;
}

function labelColumn(name: string, strengths: readonly Strength[][], rows: number, count: number): Column {
	const labels = new Float64Array(rows * count);
	for (let row = 0; row < labels.length; row++) {
		const kinds = strengths[row % count] as Strength[];
		labels[row] = +kinds.some((strength) => (strength[Math.floor(row / count)] as number) > 0);
	}
	return numberColumn(name, labels, 'integer');
}

/** Refuses what no table fulfils; returns the first time in milliseconds. */
function check(section: SimulateSection): number {
	const start = Date.parse(section.start);
	if (Number.isNaN(start))
		refuse('start', `${JSON.stringify(section.start)} is no time`, 'Write it as 2024-01-01T00:00:00Z.');
	const rows = section.rows * (section.series?.count ?? 1);
	if (rows > largestTable)
		refuse('rows', `${rows} rows are more than ${largestTable}`, 'Ask for fewer rows or series.');

	const names = [section.time, section.series?.column, ...Object.keys(section.columns), section.label];
	const twice = names.find((name, index) => name !== undefined && names.indexOf(name) !== index);
	if (twice !== undefined)
		refuse('columns', `two columns would be called ${JSON.stringify(twice)}`, 'Give each its own name.');

	for (const [name, column] of Object.entries(section.columns)) {
		const weights = 'categories' in column ? Object.values(column.categories) : [1];
		if (!weights.some((weight) => weight > 0))
			refuse(`columns.${name}.categories`, 'no category has a weight', 'Give one a weight above 0.');
		if ('base' in column && column.log && column.base <= 0)
			refuse(`columns.${name}.base`, `${column.base} has no logarithm`, 'Give a base above 0, or leave log out.');
		if ('base' in column && (column.min ?? Number.NEGATIVE_INFINITY) > (column.max ?? Number.POSITIVE_INFINITY)) {
			refuse(`columns.${name}.min`, 'min is above max', 'Exchange them.');
		}
	}
	section.episodes.forEach(({ length, columns }, index) => {
		if (length[0] > length[1])
			refuse(`episodes[${index}].length`, 'the shortest length is above the longest', 'Exchange them.');
		checkChanges(section, `episodes[${index}]`, columns);
	});
	section.shifts.forEach(({ columns }, index) => {
		checkChanges(section, `shifts[${index}]`, columns);
	});
	return start;
}

function checkChanges(section: SimulateSection, place: string, columns: Record<string, Change>): void {
	const numeric = Object.entries(section.columns).flatMap(([name, column]) => ('base' in column ? [name] : []));
	const unknown = Object.keys(columns).find((name) => !numeric.includes(name));
	if (unknown !== undefined) {
		refuse(
			`${place}.columns.${unknown}`,
			`there is no numeric column ${JSON.stringify(unknown)}`,
			`Numeric columns: ${numeric.join(', ')}.`,
		);
	}
}

function refuse(field: string, what: string, hint: string): never {
	throw new PerchError('invalid_config', `simulate.${field}: ${what}.`, { field: `simulate.${field}`, hint });
}
