/** Ten weeks of drift reports over columns that drift early, late and never. */
import type { ColumnHistory } from '../../daemon/protocol/driftHistory.ts';
import type { HistoryView } from '../../webviews/messages/history.ts';
import { hostile } from './samples.ts';

const week = 7 * 86_400_000;
const start = Date.UTC(2026, 2, 2, 9, 30);
const id = (index: number) => `${index}a`.padEnd(32, '4');

/** Scores rise to `most`; the column drifts from the report on that is beyond the threshold, and cannot be told in the fourth. */
function column(name: string, most: number): ColumnHistory {
	const points = Array.from({ length: 10 }, (_, index) => {
		const score = (most * (index + 1)) / 10 + Math.sin(index * 1.7) / 90;
		const untold = index === 3;
		return {
			...{ report: id(index), created_at: start + index * week, threshold: untold ? null : 0.1 },
			...{ drift: untold ? null : score >= 0.1, score: untold ? null : score, psi: untold ? null : score * 1.3 },
		};
	});
	const first = points.find(
		({ drift }, index) => drift === true && points.slice(index).every((p) => p.drift !== false),
	);
	return { column: name, drift: points.at(-1)?.drift ?? null, since: first?.created_at ?? null, points };
}

export const historyView: HistoryView = {
	...{ root: '/home/ada/vitalwatch', readOnly: false, name: hostile, current: '/home/ada/vitalwatch/data/new.csv' },
	...{ config: '/home/ada/vitalwatch/perch.yaml', file: '/home/ada/vitalwatch/data/new.csv' },
	history: {
		reports: Array.from({ length: 10 }, (_, index) => ({
			...{ id: id(index), created_at: start + index * week, threshold: 0.5 },
			...{ drift: index === 3 ? null : index > 7, share: index / 14 },
			...{ reference: 'training', current: '/home/ada/vitalwatch/data/new.csv' },
		})),
		columns: [column('spo2', 0.06), column('heart_rate', 0.42), column(hostile, 0.21), column('temperature', 0.02)],
	},
};
