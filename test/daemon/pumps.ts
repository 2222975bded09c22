/** A small project that trains in half a second: sensors of pumps that run well or are worn. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../../daemon/stats/random.ts';

export interface Reading {
	pump: string;
	flow: number;
	heat: number;
	hum: number;
}

/** Readings of eight pumps; `wear` moves every sensor by so many standard deviations. */
export function readings(rows: number, seed: number, wear = 0): Reading[] {
	const random = createRandom('pumps', seed);
	return Array.from({ length: rows }, () => ({
		pump: `pump ${random.integer(8)}`,
		flow: 10 + random.normal() - wear,
		heat: 60 + 5 * (random.normal() + wear),
		hum: 3 + 0.5 * (random.normal() + wear),
	}));
}

export function writeReadings(path: string, rows: readonly Reading[]): void {
	const lines = rows.map(({ pump, flow, heat, hum }) => `${pump},${flow},${heat},${hum}`);
	writeFileSync(path, `pump,flow,heat,hum\n${lines.join('\n')}\n`);
}

/** What a perch.yaml says of serving, beside the data and the model. */
export interface Serving {
	name?: string;
	share?: string;
	/** As in YAML, such as `[{drift: true}]`. */
	guard?: string;
	every?: number;
}

/** Writes the training data and a perch.yaml (or a file of another name) that tries candidates. */
export function writeProject(folder: string, serving: Serving = {}, file = 'perch.yaml'): void {
	const { name = 'pumps', share = '50%', guard = '[{drift: true}]', every = 100 } = serving;
	writeReadings(join(folder, 'train.csv'), readings(600, 1));
	writeFileSync(
		join(folder, file),
		`name: ${name}
data: {source: train.csv, columns: [flow, heat, hum]}
model: {type: isolation_forest, params: {trees: 20}}
register: {as: ${name}}
serve: {port: 0, auth: none}
canary: {key: pump, steps: [{share: ${share}}], guard: ${guard}}
drift: {every: ${every}}
`,
	);
}

export interface Answered {
	status: number;
	arm: string | null;
	version: number;
	predictions: unknown[];
}

/** Asks a deployment about rows, one a request and a few at a time, as its clients would. */
export async function send(uri: string, deployment: string, rows: readonly object[]): Promise<Answered[]> {
	const answers: Answered[] = [];
	for (let start = 0; start < rows.length; start += 10) {
		const batch = rows.slice(start, start + 10).map(async (row) => {
			const answer = await fetch(`${uri}/deployments/${deployment}/predict`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(row),
			});
			const { version, predictions } = (await answer.json()) as Pick<Answered, 'version' | 'predictions'>;
			return { status: answer.status, arm: answer.headers.get('x-perch-arm'), version, predictions };
		});
		answers.push(...(await Promise.all(batch)));
	}
	return answers;
}
