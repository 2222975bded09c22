import type { Daemon, Handlers, Pipeline, PipelineMethod } from './daemon.ts';

/** Adds training, serving and decisions to a daemon. */
export function openPipeline(_daemon: Daemon): Pipeline {
	return {
		handlers: {} as Handlers<PipelineMethod>,
		deployments: () => [],
		servingUri: () => null,
		stopGateway: async () => [],
		close: async () => undefined,
	};
}
