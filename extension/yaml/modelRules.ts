/** What the parts of the section `model` cannot be with one another and with the data. */
import { tuningMetrics } from '../../daemon/protocol/project/tuneMetrics.ts';
import { type Asked, addColumn, type Impossible, isNoNumber, type Rule } from './asked.ts';

export const modelRules: readonly Rule[] = [tasksOf, threshold, params, tune];

type Found = ReturnType<Rule>;

function tasksOf({ at, type, tasks }: Asked): Found {
	const task = at('model', 'task');
	return [
		typeof task === 'string' &&
			!tasks.some((one) => one === task) && {
				path: ['model', 'task'],
				message: `${type} does not do ${task}. It does ${tasks.join(' and ')}.`,
				instead: tasks,
			},
	];
}

function threshold({ at, has, task, columnsOf }: Asked): Found {
	const path = ['model', 'threshold'];
	if (!has(...path)) return [];
	if (task !== 'anomaly') {
		return [{ path, message: 'A threshold goes with models of anomalies.', remove: true }];
	}
	const needsTime = (['alarms_per_day', 'clean'] as const).filter((field) => has(...path, field));
	return [
		at(...path, 'per_key') === true &&
			!has('data', 'key') && {
				path: [...path, 'per_key'],
				message: 'A threshold for each key needs data.key, the column that tells one series from another.',
				...{ instead: ['false'], add: addColumn('key', columnsOf('string', 'integer')) },
			},
		...needsTime.map(
			(field): Impossible | false =>
				!has('data', 'time') && {
					path: [...path, field],
					message: `${field} needs data.time, the column of time.`,
					add: addColumn('time', columnsOf('timestamp', 'date')),
				},
		),
	];
}

function params(asked: Asked): Found {
	const { at, type, task } = asked;
	const members = at('model', 'models');
	const owners: (string | number)[][] = [
		['model'],
		...(Array.isArray(members) ? members.map((_, index) => ['model', 'models', index]) : []),
	];
	const weighs = (value: unknown) => value !== undefined && value !== 'none';
	return [
		type === 'ensemble' &&
			at('model', 'params', 'combine') === 'vote' &&
			task === 'regression' && {
				path: ['model', 'params', 'combine'],
				message: 'Votes are for classes, and the target is a number.',
				instead: ['average', 'stack'],
			},
		...owners.flatMap((owner): (Impossible | false)[] => [
			at(...owner, 'params', 'penalty') === 'l1' &&
				task === 'classification' && {
					path: [...owner, 'params', 'penalty'],
					message: 'l1 is for regression, and the target has classes.',
					instead: ['l2', 'none'],
				},
			weighs(at(...owner, 'params', 'class_weight')) &&
				task === 'regression' && {
					path: [...owner, 'params', 'class_weight'],
					message: 'There are no classes to weigh: the target is a number.',
					remove: true,
				},
			...monotone(asked, [...owner, 'params', 'monotone']),
		]),
	];
}

function monotone({ at, typeOf }: Asked, path: (string | number)[]): Found {
	const directions = at(...path);
	const apart = ['target', 'key', 'time', 'weight', 'exclude'].map((field) => at('data', field));
	const [out, columns] = [new Set(apart.flat()), at('data', 'columns')];
	return Object.keys(directions !== null && typeof directions === 'object' ? directions : {}).flatMap((name) => {
		const isTaken = !out.has(name) && (!Array.isArray(columns) || columns.includes(name));
		const here = { path: [...path, name], part: 'key', remove: true } as const;
		return [
			!isTaken && { ...here, message: `${JSON.stringify(name)} is none of the columns that the model learns from.` },
			isTaken &&
				isNoNumber(typeOf(name)) && { ...here, message: `${JSON.stringify(name)} holds no numbers that rise or fall.` },
		];
	});
}

function tune({ at, has, type, task }: Asked): Found {
	const [path, metric] = [['model', 'tune', 'metric'], at('model', 'tune', 'metric')];
	const byLabels = has('data', 'target');
	const bySelf = type === 'autoencoder' || type === 'lstm';
	if (!has('model', 'tune')) return [];
	if (task === 'anomaly' && !bySelf && !byLabels) {
		const message = `Only labels say which ${type} is better: name their column in data.target.`;
		return [{ path: ['model', 'tune'], part: 'key', message, remove: true }];
	}
	const known = tuningMetrics(task, { byLabels, bySelf });
	return [
		typeof metric === 'string' &&
			!known.includes(metric) && {
				path,
				message: `${metric} is not what ${task ?? type} is tuned by. It is one of ${known.join(', ')}.`,
				instead: known,
			},
	];
}
