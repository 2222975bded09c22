/** What the sections `data`, `split`, `prepare` and `validate` cannot be with the model that they are for. */
import { childOf } from '../../daemon/protocol/project/shapes.ts';
import { type Asked, addColumn, type Impossible, isNoNumber, type Rule } from './asked.ts';

export const dataRules: readonly Rule[] = [target, split, windows, weight, prepare, validate];

type Found = ReturnType<Rule>;

function target({ at, has, type, task, predicts, typeOf, columnsOf }: Asked): Found {
	const path = ['data', 'target'];
	const found = typeOf(at(...path));
	const name = JSON.stringify(at(...path));
	const held = found === 'string' ? 'text' : 'times';
	return [
		predicts &&
			!has(...path) && {
				path: ['model', 'type'],
				message: `${type} learns to predict a column: name it in data.target.`,
				add: addColumn('target', columnsOf('double', 'integer', 'boolean', 'string').reverse()),
			},
		task === 'regression' &&
			isNoNumber(found) && {
				path,
				message: `${name} holds ${held}, and regression takes numbers.`,
				instead: columnsOf('double', 'integer'),
			},
		task === 'classification' &&
			isNoNumber(found) &&
			found !== 'string' && { path, message: `${name} holds times, which are no classes.` },
		task === 'anomaly' &&
			isNoNumber(found) && {
				path,
				message: `${name} holds ${held}, and labels of anomalies are 0 and 1, false and true, or 1 and −1.`,
				instead: columnsOf('boolean', 'integer'),
			},
	];
}

function split({ at, has, type, task, columnsOf }: Asked): Found {
	const by = at('split', 'by');
	const path = ['split', 'by'];
	return [
		by === 'time' &&
			!has('data', 'time') && {
				...{ path, message: 'A split by time needs data.time, the column of time.', instead: ['random'] },
				add: addColumn('time', columnsOf('timestamp', 'date')),
			},
		by === 'group' &&
			!has('data', 'key') && {
				...{ path, message: 'A split by group needs data.key, the column of groups.', instead: ['random'] },
				add: addColumn('key', columnsOf('string', 'integer')),
			},
		by === 'stratified' &&
			task === 'regression' && { path, message: 'A number has no classes to stratify by.', instead: ['random'] },
		by === 'stratified' &&
			task === 'anomaly' &&
			!has('data', 'target') && {
				...{ path, message: 'Only labels in data.target say what is to be stratified.', instead: ['random'] },
			},
		type === 'lstm' &&
			typeof by === 'string' &&
			by !== 'time' && {
				...{ path, message: 'An lstm is measured on the last rows of each series.', instead: ['time'] },
			},
	];
}

function windows({ at, has, type, task }: Asked): Found {
	const features = at('data', 'window', 'features');
	const [forecast, columns] = [at('data', 'target'), at('data', 'columns')];
	const steps = at('prepare');
	const isForecast = type === 'lstm' && task === 'forecast';
	return [
		type === 'lstm' &&
			!has('data', 'window') && {
				path: ['model', 'type'],
				message: 'An lstm takes windows of a series as they are: it needs data.window with features: raw.',
				add: [{ path: ['data', 'window'], value: '{size: 30, features: raw}' }],
			},
		type === 'lstm' &&
			has('data', 'window') &&
			features !== 'raw' && {
				path: features === undefined ? ['data', 'window'] : ['data', 'window', 'features'],
				message: 'An lstm takes the rows of a window as they are: features: raw.',
				...(features === undefined
					? { add: [{ path: ['data', 'window', 'features'], value: 'raw' }] }
					: { instead: ['raw'] }),
			},
		isForecast &&
			typeof forecast === 'string' &&
			Array.isArray(columns) &&
			!columns.includes(forecast) && {
				path: ['data', 'target'],
				message: `${JSON.stringify(forecast)} is forecast from its own past: it belongs into data.columns too.`,
				instead: columns.map(String),
			},
		type === 'lstm' &&
			task === 'anomaly' &&
			typeof at('model', 'params', 'horizon') === 'number' &&
			at('model', 'params', 'horizon') !== 1 && {
				path: ['model', 'params', 'horizon'],
				message: 'An anomaly is told by the next row: horizon is 1.',
				instead: ['1'],
			},
		...(type === 'lstm' && Array.isArray(steps) ? steps : []).map(
			(step: unknown, index): Impossible | false =>
				step !== null &&
				typeof step === 'object' &&
				!('parse' in step) && {
					path: ['prepare', index],
					message: 'An lstm scales its columns itself, and takes a gap for the last value: only parse comes before it.',
				},
		),
	];
}

function weight({ at, has, type, predicts, typeOf }: Asked): Found {
	const path = ['data', 'weight'];
	const isOfWindows = has('data', 'window');
	return [
		has(...path) &&
			(!predicts || type === 'command' || isOfWindows) && {
				path,
				message: `${isOfWindows ? 'Windows of a series' : `The rows that ${type} learns from`} all count alike.`,
				remove: true,
			},
		isNoNumber(typeOf(at(...path))) && { path, message: 'A weight is a number.' },
	];
}

/** Steps that take numbers, on columns of text. */
function prepare({ at, typeOf }: Asked): Found {
	const steps = at('prepare');
	return (Array.isArray(steps) ? steps : []).flatMap((step: unknown, index) =>
		['impute', 'clip', 'log', 'scale'].flatMap((kind) => {
			const columns = childOf(childOf(step, kind), 'columns');
			return (Array.isArray(columns) ? columns : []).map(
				(name: unknown, place): Impossible | false =>
					typeOf(name) === 'string' && {
						path: ['prepare', index, kind, 'columns', place],
						message: `${JSON.stringify(name)} holds text, and ${kind} takes numbers: parse what it holds first, or encode it.`,
					},
			);
		}),
	);
}

function validate({ at, has }: Asked): Found {
	const compared = at('validate');
	return (Array.isArray(compared) ? compared : []).map(
		(rule: unknown, index): Impossible | false =>
			childOf(rule, 'not_worse_than') === 'production' &&
			!has('register') && {
				path: ['validate', index, 'not_worse_than'],
				message: 'Nothing is in production of a model without register.',
				add: [{ path: ['register', 'as'], value: String(at('name') ?? 'model') }],
			},
	);
}
