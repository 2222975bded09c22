import type { AuditEvent } from '../../daemon/protocol/audit.ts';
import { h } from '../components/element.ts';
import { digest, nothing, pointer } from '../components/figure.ts';
import { formatAge, formatTime } from '../components/format.ts';
import type { TableColumn } from '../components/table.ts';

/** An event, and where it stands in the answer of models/show. */
export interface HistoryRow {
	readonly event: AuditEvent;
	readonly index: number;
}

/** The columns of the audit history: who did what to which version, and why. */
export const historyColumns: readonly TableColumn<HistoryRow>[] = [
	{
		id: 'time',
		title: 'Time',
		header: true,
		value: ({ event }) => event.seq,
		cell: ({ event }) => h('span', { title: formatAge(event.timestamp) }, formatTime(event.timestamp)),
	},
	{ id: 'event', title: 'Event', value: ({ event }) => event.event, cell: ({ event }) => event.event },
	{ id: 'subject', title: 'Subject', value: ({ event }) => event.subject, cell: ({ event }) => event.subject },
	{ id: 'actor', title: 'By', value: ({ event }) => event.actor, cell: ({ event }) => event.actor },
	{
		id: 'reason',
		title: 'Reason',
		wide: true,
		value: ({ event }) => event.reason,
		cell: ({ event }) => (event.reason === '' ? nothing() : event.reason),
	},
	{
		id: 'hash',
		title: 'Hash',
		cell: ({ event, index }) => digest(pointer('history', index, 'hash'), event.hash),
	},
];
