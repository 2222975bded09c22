import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Session } from './session.ts';
import type { Window } from './window.ts';

/** Two windows on one folder, and one window on two folders. */
export function windows({ window, perch, openWindow }: Session): void {
	describe('Two windows', () => {
		let other: Window;

		it('share one daemon', async () => {
			const before = await perch.json<'daemon/status'>('daemon', 'status');
			other = await openWindow();
			await other.openContainer();
			await other.item('Models', /^v2 production/).waitFor();
			const after = await perch.json<'daemon/status'>('daemon', 'status');
			assert.equal(after.pid, before.pid);
			assert.equal(after.clients, before.clients + 1);
		});

		it('show each other what they do', async () => {
			await window.command('Perch: Archive Version');
			await window.choose(/^v1/);
			await window.answer('shown in two windows');
			const seen = ({ item }: Window) => item('Models', /^v1 archived/).waitFor();
			await seen(window);
			const from = performance.now();
			await seen(other);
			console.log(`      the other window shows it ${Math.round(performance.now() - from)} ms later`);
			await other.command('Perch: Restore Version');
			await other.answer('and back again');
			await window.item('Models', /^v1 (?!archived)/).waitFor();
		});

		it('go on when one of them closes', async () => {
			await other.page.close();
			await window.command('Perch: Refresh');
			await window.item('Models', /^v2 production/).waitFor();
		});
	});

	describe('One window on two folders', () => {
		it('shows both, each by its name', async () => {
			const both = await openWindow('ward');
			await both.openContainer();
			await both.item('Models', /^vitalwatch/).waitFor();
			await both.item('Models', /^v2 production/).waitFor();
			await both.item('Models', /^ward/).waitFor();
			await both.page.close();
		});
	});
}
