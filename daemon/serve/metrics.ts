/** What Prometheus reads from the gateway. Label values come from the registry and from `serve.routes` alone. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Arm } from '../protocol/serving.ts';
import type { ServedVersion } from './deploymentConfig.ts';

export interface AnsweredRequest {
	deployment: string;
	version: Pick<ServedVersion, 'model' | 'version'>;
	arm: Arm;
	status: number;
	seconds: number;
	/** Rows of the request, and those that no model could answer. */
	rows: number;
	rejected: number;
}

export interface GatewayMetrics {
	answered(request: AnsweredRequest): void;
	/** Counts a request in flight; call the result when it was answered. */
	begin(deployment: string): () => void;
	loaded(version: ServedVersion, seconds: number): void;
	retired(version: ServedVersion): void;
	/** The candidate's share of a deployment; null when the deployment is gone. */
	share(deployment: string, share: number | null): void;
	dropped(deployment: string, requests: number): void;
	/** The text that Prometheus reads, and its content type. */
	expose(): Promise<string>;
	readonly contentType: string;
}

export function createMetrics(): GatewayMetrics {
	const register = new Registry();
	const registers = [register];
	collectDefaultMetrics({ register, prefix: 'perch_gateway_' });
	// Gauges by the names of counters: promtool refuses them, and the ones without `_total` say the same by type.
	for (const what of ['handles', 'requests', 'resources']) {
		register.removeSingleMetric(`perch_gateway_nodejs_active_${what}_total`);
	}
	const arm = ['deployment', 'model', 'version', 'variant'] as const;
	const requests = new Counter({
		name: 'perch_inference_requests_total',
		help: 'Requests by the version that answered and the status of the answer.',
		labelNames: [...arm, 'code'],
		registers,
	});
	const duration = new Histogram({
		name: 'perch_inference_duration_seconds',
		help: 'Seconds from the parsed body to the answer.',
		labelNames: arm,
		buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
		registers,
	});
	const rows = new Counter({ name: 'perch_inference_rows_total', help: 'Rows answered.', labelNames: arm, registers });
	const rejected = new Counter({
		name: 'perch_inference_rejected_rows_total',
		help: 'Rows that got null, such as those before the first full window.',
		labelNames: arm,
		registers,
	});
	const inFlight = new Gauge({
		name: 'perch_inference_in_flight',
		help: 'Requests that wait for their answer.',
		labelNames: ['deployment'],
		registers,
	});
	const load = new Gauge({
		name: 'perch_model_load_seconds',
		help: 'Seconds that loading and warming up a version took.',
		labelNames: ['model', 'version'],
		registers,
	});
	const info = new Gauge({
		name: 'perch_model_info',
		help: '1 for each version in memory.',
		labelNames: ['model', 'version', 'digest'],
		registers,
	});
	const weight = new Gauge({
		name: 'perch_canary_weight',
		help: 'Share of the keys that the candidate answers, 0 to 1.',
		labelNames: ['deployment'],
		registers,
	});
	const lost = new Counter({
		name: 'perch_request_log_dropped_total',
		help: 'Requests that were answered and not logged.',
		labelNames: ['deployment'],
		registers,
	});

	return {
		answered({ deployment, version: { model, version }, arm: variant, status, seconds, rows: count, rejected: nulls }) {
			const labels = { deployment, model, version: String(version), variant };
			requests.inc({ ...labels, code: String(status) });
			duration.observe(labels, seconds);
			rows.inc(labels, count - nulls);
			if (nulls > 0) rejected.inc(labels, nulls);
		},
		begin(deployment) {
			inFlight.inc({ deployment });
			return () => inFlight.dec({ deployment });
		},
		loaded({ model, version, sha256 }, seconds) {
			load.set({ model, version: String(version) }, seconds);
			info.set({ model, version: String(version), digest: sha256 }, 1);
		},
		retired({ model, version, sha256 }) {
			load.remove({ model, version: String(version) });
			info.remove({ model, version: String(version), digest: sha256 });
		},
		share(deployment, share) {
			if (share === null) weight.remove({ deployment });
			else weight.set({ deployment }, share);
		},
		dropped: (deployment, count) => lost.inc({ deployment }, count),
		expose: () => register.metrics(),
		contentType: register.contentType,
	};
}
