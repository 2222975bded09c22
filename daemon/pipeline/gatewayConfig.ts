import { join } from 'node:path';
import type { ModelVersion } from '../protocol/models.ts';
import type { DeploymentConfig, ServedVersion } from '../serve/deploymentConfig.ts';
import { type DeploymentState, runningCanary } from './deploymentState.ts';
import { trainFiles } from './jobFiles.ts';
import type { Rooms } from './rooms.ts';

/** The state of a deployment as the gateway takes it, with the files of its versions. */
export function gatewayConfig(rooms: Rooms, name: string, state: DeploymentState): DeploymentConfig {
	const { serve, model } = state;
	const trial = runningCanary(state);
	const { models } = rooms.catalog;
	return {
		name,
		project: state.project,
		auth: serve.auth,
		tokenFile: join(rooms.folder, 'token'),
		log: serve.log,
		routes: serve.routes,
		baseline:
			state.file === null
				? served(rooms, models.version(model, state.version), state.follows)
				: foreign(model, state.file),
		candidate: trial === null ? null : served(rooms, models.version(model, trial.candidate), 'candidate'),
		share: trial?.share ?? 0,
		salt: trial?.salt ?? '',
		key: state.key,
		port: serve.port === 0 ? state.port : serve.port,
		portFixed: serve.port !== 0,
	};
}

function served({ catalog }: Rooms, version: ModelVersion, alias: string | null): ServedVersion {
	return {
		model: version.name,
		version: version.version,
		file: catalog.artifacts.pathOf(version.sha256, trainFiles.model),
		sha256: version.sha256,
		alias,
		metrics: version.metrics,
		trained_at: version.created_at,
		dataset: version.dataset,
	};
}

function foreign(model: string, { path, sha256 }: { path: string; sha256: string }): ServedVersion {
	return { model, version: 0, file: path, sha256, alias: null, metrics: {}, trained_at: null, dataset: null };
}
