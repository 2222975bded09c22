import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { pino } from 'pino';
import { type Catalog, openCatalog } from '../catalog/catalog.ts';
import { PerchError } from '../protocol/errors.ts';
import type { DeploymentConfig } from '../serve/deploymentConfig.ts';
import type { GatewayLink } from '../serve/gatewayLink.ts';
import type { Request } from './daemon.ts';
import { createDeployments, type Deployments } from './deployments.ts';
import type { Rooms } from './rooms.ts';

/** The other end of the link as a test wants it: it waits, refuses, or is gone. */
interface FakeGateway {
	/** What is in force, by name. */
	served: Map<string, DeploymentConfig>;
	refuse: (config: DeploymentConfig) => PerchError | null;
	/** Runs before a command is answered. */
	meanwhile: () => void;
	link: GatewayLink;
}

function fakeGateway(): FakeGateway {
	const gateway: FakeGateway = {
		served: new Map(),
		refuse: () => null,
		meanwhile: () => undefined,
		link: {
			adopt: async () => null,
			state: async () => null,
			async apply(config) {
				await new Promise(setImmediate);
				const { meanwhile } = gateway;
				gateway.meanwhile = () => undefined;
				meanwhile();
				const refusal = gateway.refuse(config);
				if (refusal !== null) throw refusal;
				gateway.served.set(config.name, config);
				return { deployment: { port: 4100 } as never, warnings: [] };
			},
			async remove(name) {
				gateway.served.delete(name);
			},
			stop: async () => undefined,
			close: () => undefined,
		},
	};
	return gateway;
}

describe('deployments', () => {
	let folder: string;
	let catalog: Catalog;
	let gateway: FakeGateway;
	let deployments: Deployments;
	const author = { actor: 'user' };
	const call = { author: (reason?: string) => (reason === undefined ? author : { ...author, reason }) } as Request;
	beforeEach(async () => {
		folder = mkdtempSync(join(tmpdir(), 'perch-deployments-'));
		catalog = openCatalog(folder);
		gateway = fakeGateway();
		const known = { root: folder, folder, catalog, gateway: gateway.link, log: pino({ level: 'silent' }) };
		deployments = createDeployments({ ...known, notify: () => undefined } as unknown as Rooms);
		for (const text of ['one', 'two', 'three']) {
			const kept = await catalog.artifacts.put(Buffer.from(text), 'model.onnx');
			const { sha256, size } = kept;
			catalog.models.createVersion(
				{ name: 'pumps', sha256, size, task: 'anomaly', origin: 'import', source: text },
				author,
			);
		}
		catalog.models.setAlias('pumps', 'production', 1, author);
		await deployments.serve({ model: 'pumps@production', set: [] }, call);
	});
	afterEach(() => {
		catalog.close();
		rmSync(folder, { recursive: true });
	});

	const state = () => deployments.find('pumps').state;
	const served = () => gateway.served.get('pumps');
	const mismatch = new PerchError('model_mismatch', 'It has other inputs.');
	/** What is kept and what is in force are the same. */
	const agree = () => {
		const { version, canary } = state();
		const candidate = canary?.status === 'running' ? canary.candidate : null;
		assert.deepEqual([served()?.baseline.version, served()?.candidate?.version ?? null], [version, candidate]);
	};

	it('lose no figure that is counted while the gateway is commanded', async () => {
		gateway.meanwhile = () => deployments.refresh('pumps', { ...state(), requests: 7 });
		await deployments.startCanary('pumps', 2, 0.1, author);
		assert.deepEqual([state().requests, state().canary?.candidate, state().port], [7, 2, 4100]);
		gateway.meanwhile = () => deployments.refresh('pumps', { ...state(), requests: 8 });
		await deployments.moveAlias('pumps', 'production', 2, author);
		assert.deepEqual([state().requests, state().version, state().canary?.status], [8, 2, 'promoted']);
		agree();
	});

	it('keep nothing of what the gateway refuses', async () => {
		const before = state();
		gateway.refuse = ({ candidate, baseline }) => ((candidate ?? baseline).version === 1 ? null : mismatch);
		await assert.rejects(deployments.startCanary('pumps', 2, 0.1, author), mismatch);
		await assert.rejects(deployments.moveAlias('pumps', 'production', 2, author), mismatch);
		assert.deepEqual(state(), before);
		assert.equal(catalog.models.behind('pumps', 'production')?.version, 1);
		agree();
	});

	it('move all that follow an alias, or none', async () => {
		await deployments.serve({ model: 'pumps@production', name: 'second', set: [] }, call);
		gateway.refuse = ({ name, baseline }) => (name === 'second' && baseline.version === 2 ? mismatch : null);
		await assert.rejects(deployments.moveAlias('pumps', 'production', 2, author), mismatch);
		assert.deepEqual([state().version, deployments.find('second').state.version], [1, 1]);
		agree();
	});

	it('take the gateway back when what it took over cannot be kept', async () => {
		gateway.meanwhile = () => void catalog.models.archive('pumps', 2, author);
		await assert.rejects(deployments.moveAlias('pumps', 'production', 2, author), /archived/);
		assert.equal(state().version, 1);
		agree();
	});

	it('end a candidate while another change is on its way', async () => {
		await deployments.startCanary('pumps', 2, 0.1, author);
		let ending: Promise<void> | undefined;
		gateway.meanwhile = () => {
			ending = deployments.endCandidate('pumps', 2, 'rolled_back', { actor: 'guard', reason: 'drift' });
		};
		await deployments.moveAlias('pumps', 'production', 3, author);
		await ending;
		assert.deepEqual([state().version, state().canary?.status], [3, 'rolled_back']);
		agree();
	});

	it('end a candidate though the gateway cannot be told, which follows when it is back', async () => {
		await deployments.startCanary('pumps', 2, 0.1, author);
		gateway.refuse = () => new PerchError('gateway_unavailable', 'The gateway ended.');
		await deployments.endCandidate('pumps', 2, 'rolled_back', { actor: 'guard', reason: 'drift' });
		assert.equal(catalog.models.version('pumps', 2).status, 'archived');
		assert.equal(served()?.candidate?.version, 2);
		gateway.refuse = () => null;
		await deployments.reconcile();
		agree();
	});

	it('archive no candidate that is also production or what another one answers with', async () => {
		await deployments.serve({ model: 'pumps/2', name: 'pinned', set: [] }, call);
		await deployments.startCanary('pinned', 1, 0.5, author);
		await deployments.endCandidate('pumps', 1, 'rolled_back', { actor: 'guard', reason: 'drift' });
		assert.equal(catalog.models.version('pumps', 1).status, 'ready');
		assert.equal(gateway.served.get('pinned')?.candidate, null);
		assert.equal(deployments.find('pinned').state.canary?.status, 'rolled_back');
	});

	it('take no change once they are closed, after the last one is through', async () => {
		const last = deployments.startCanary('pumps', 2, 0.1, author);
		await deployments.close();
		await last;
		await assert.rejects(deployments.startCanary('pumps', 3, 0.1, author), { code: 'cancelled' });
		agree();
	});
});
