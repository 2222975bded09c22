/** The registry panel: the versions of a model, what may be done to them, and what was. */
import '../components/perch.css';
import { h, setChildren } from '../components/element.ts';
import { openPage, type Page, type Panel } from '../components/frame.ts';
import type { Sort } from '../components/sort.ts';
import { createTable } from '../components/table.ts';
import { button, dropdown, setOptions } from '../components/toolkit.ts';
import {
	archive,
	openRun,
	promote,
	type RegistryState,
	type RegistryView,
	registryState,
	restore,
	rollback,
	select,
	show,
} from '../messages/registry.ts';
import { type Change, changeEffects, changeNames, rollbackEffect } from './changes.ts';
import { type HistoryRow, historyColumns } from './history.ts';
import { createReasonForm } from './reasonForm.ts';
import { summary } from './summary.ts';
import { type VersionRow, versionColumns } from './versions.ts';

function build(page: Page<RegistryState>): Panel<RegistryView> {
	let view: RegistryView | undefined;
	let sort: Sort | undefined = page.kept?.sort;
	const form = createReasonForm();
	const title = h('h1');
	const line = h('p', { class: 'muted' });
	const restricted = h('p', { class: 'muted' }, 'Restricted Mode: trust this folder to change versions.');
	const models = dropdown('Model', [], '', (name) => {
		if (name !== '' && name !== view?.model.name) attempt(page.channel.request(select, { name }));
	});
	const back = button('Roll Back…', askRollback, { 'data-focus': 'rollback' });
	const versions = createTable<VersionRow>({
		caption: 'Versions',
		captionHidden: true,
		columns: [],
		key: ({ version }) => String(version.version),
		sort,
		onSort(next) {
			sort = next;
			keep();
		},
		empty: 'No versions.',
	});
	const history = createTable<HistoryRow>({
		caption: 'History',
		captionHidden: true,
		columns: historyColumns,
		key: ({ event }) => String(event.seq),
		empty: 'Nothing has happened yet.',
	});

	function keep(): void {
		if (view !== undefined) {
			page.keep({ version: 1, root: view.root, model: view.model.name, ...(sort !== undefined && { sort }) });
		}
	}

	function attempt(work: Promise<unknown>): void {
		work.catch(page.complain);
	}

	/** Focus goes back to the button that asked, or to the versions where the change took it away. */
	function returnTo(name: string): () => void {
		return () => {
			const asker = [...document.querySelectorAll<HTMLElement>('[data-focus]')].find(
				({ dataset, hidden }) => dataset['focus'] === name && !hidden,
			);
			(asker ?? versions.element).focus();
		};
	}

	function askRollback(): void {
		if (view === undefined) return;
		const { name } = view.model;
		form.ask(
			{
				title: `Roll back ${name}`,
				effect: rollbackEffect(view.model) ?? '',
				verb: 'Roll Back',
				async submit(reason) {
					const { version, archived } = await page.channel.request(rollback, { model: name, reason });
					page.announce(
						archived === null
							? `Version ${version.version} is in production again.`
							: `Version ${archived} is archived; version ${version.version} serves.`,
					);
				},
			},
			returnTo('rollback'),
		);
	}

	function askChange(kind: Change, version: number): void {
		if (view === undefined) return;
		const model = view.model.name;
		const type = { promote, archive, restore }[kind];
		form.ask(
			{
				title: `${changeNames[kind]} version ${version}${kind === 'promote' ? ' to production' : ''}`,
				effect: changeEffects[kind],
				verb: changeNames[kind],
				async submit(reason) {
					await page.channel.request(type, { model, version, reason });
					page.announce(`Version ${version}: ${kind} done.`);
				},
			},
			returnTo(`${kind}-${version}`),
		);
	}

	return {
		parts: [
			h(
				'div',
				{ class: 'bar' },
				h('div', { class: 'heading' }, title, line),
				h('div', { class: 'bar end' }, models, back),
			),
			restricted,
			form.element,
			h('section', { class: 'section' }, h('h2', {}, 'Versions'), versions.element),
			h('section', { class: 'section' }, h('h2', {}, 'History'), history.element),
		],
		show(next) {
			if (view !== undefined && view.model.name !== next.model.name) form.dismiss();
			view = next;
			const { model, names, readOnly } = next;
			setChildren(title, model.name);
			setChildren(line, summary(model));
			restricted.hidden = !readOnly;
			models.hidden = names.length < 2;
			setOptions(
				models,
				names.map((name) => ({ value: name, text: name })),
				model.name,
			);
			back.hidden = readOnly || rollbackEffect(model) === undefined;
			versions.update(
				model.versions.map((version, index) => ({ version, index })),
				versionColumns(model.versions, readOnly, (id) => attempt(page.channel.request(openRun, { id })), askChange),
			);
			history.update(next.history.map((event, index) => ({ event, index })));
			keep();
		},
	};
}

openPage('Registry', registryState, show, build);
