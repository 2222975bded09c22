import type { ModelVersion } from '../../daemon/protocol/models.ts';

/** For tests: a version of `vitalwatch` with nothing said of it but what is given. */
export function sampleVersion(number: number, change: Partial<ModelVersion> = {}): ModelVersion {
	return {
		name: 'vitalwatch',
		version: number,
		aliases: [],
		status: 'ready',
		created_at: 0,
		run_id: null,
		dataset: null,
		metrics: {},
		main_metric: null,
		source: 'training',
		sha256: '',
		size: 0,
		task: 'anomaly',
		description: '',
		...change,
	};
}
