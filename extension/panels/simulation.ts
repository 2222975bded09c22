import type { Progress } from '../../daemon/protocol/core.ts';
import { PerchError } from '../../daemon/protocol/errors.ts';
import type { Params } from '../../daemon/protocol/methods.ts';
import {
	cancel,
	progress,
	run,
	type SimulationResult,
	type SimulationSettings,
	type SimulationState,
	show,
	simulationState,
} from '../../webviews/messages/simulation.ts';
import { change } from '../commands/change.ts';
import type { PanelKind } from './kind.ts';

/** What the form shows first; as canary/simulate has it. */
export const firstSettings: SimulationSettings = {
	traffic: null,
	repetitions: 500,
	requests: 2000,
	block: null,
	share: null,
	seed: 1,
};

/** A canary tried out beforehand. */
export const simulationPanel: PanelKind<SimulationState> = {
	viewType: 'perch.simulation',
	state: simulationState,
	title: ({ deployment }) => (deployment === null ? 'Canary simulation' : `Canary simulation: ${deployment}`),
	key: ({ root, deployment, config }) => `${root}|${deployment ?? ''}|${config ?? ''}`,
	reads: [],
	connect({ root, channel, state, update, readOnly }) {
		let result: SimulationResult | null = null;
		let running: { progress: Progress; abort: AbortController } | null = null;

		function send(): void {
			const { deployment, config, settings } = state();
			channel.notify(show, {
				root: root.path,
				readOnly: readOnly(),
				deployment,
				config,
				settings,
				result,
				running: running?.progress ?? null,
			});
		}

		function params({ traffic, share, block, ...settings }: SimulationSettings): Params<'canary/simulate'> {
			const { deployment, config } = state();
			return {
				...settings,
				...(block !== null && { block }),
				...(traffic !== null && { traffic }),
				...(share !== null && { share }),
				...(deployment !== null && { deployment }),
				...(config !== null && { config }),
			};
		}

		channel.onRequest(run, async ({ settings }) => {
			if (running !== null) throw new PerchError('already_exists', 'A simulation runs already in this panel.');
			update({ ...state(), settings });
			const abort = new AbortController();
			const job = { progress: { message: 'Starting' }, abort };
			running = job;
			send();
			try {
				result = await change(root.connection, 'canary/simulate', params(settings), {
					signal: abort.signal,
					onProgress(value) {
						if (running === job) job.progress = value;
						channel.notify(progress, value);
					},
				});
			} finally {
				running = null;
				send();
			}
			return {};
		});
		channel.onRequest(cancel, () => {
			running?.abort.abort();
			return {};
		});
		return {
			show: async () => send(),
			dispose: () => running?.abort.abort(),
		};
	},
};
