import { escapeText, htmlDocument } from '../../data/htmlPage.ts';
import { type CardSection, type CardTable, type ModelCard, shown } from './modelCard.ts';

const style = `
:root { color-scheme: light dark; --text: #1f2328; --soft: #59636e; --line: #d1d9e0; --back: #fff; --bar: #0969da; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9198a1; --line: #3d444d; --back: #0d1117; --bar: #4493f8; } }
body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; margin: 0 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; margin: 0; }
dt, .soft { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: .5rem 0; min-width: 50%; }
th, td { padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--soft); font-weight: 600; }
td { overflow-wrap: anywhere; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
svg { display: block; } rect { fill: var(--bar); }
@media print { main { max-width: none; } h2 { break-after: avoid; } }
`;

/** One HTML file without script, light or dark as the reader has it; its policy lets nothing in. */
export function htmlCard({ title, facts, sections }: ModelCard): string {
	const list = facts.map(([name, value]) => `<dt>${escapeText(name)}</dt><dd>${escapeText(value)}</dd>`).join('');
	const body = `<main>
<h1>${escapeText(title)}</h1>
<dl>${list}</dl>
${sections.map(sectionHtml).join('\n')}
</main>`;
	return htmlDocument(title, { style, body });
}

function sectionHtml({ title, text, table }: CardSection): string {
	const lines = text.map((line) => `<p${table === null ? '' : ' class="soft"'}>${escapeText(line)}</p>`).join('');
	return `<section><h2>${escapeText(title)}</h2>${lines}${table === null ? '' : tableHtml(table)}</section>`;
}

function tableHtml({ head, rows, bars }: CardTable): string {
	const isNumber = head.map((_, column) => typeof rows[0]?.[column] !== 'string');
	const kind = (column: number) => (isNumber[column] ? ' class="number"' : '');
	const most = bars === undefined ? 0 : Math.max(...rows.map((row) => Math.abs(Number(row[bars]))));
	const heads = head.map((name, column) => `<th scope="col"${kind(column)}>${escapeText(name)}</th>`).join('');
	const lines = rows.map((row) => {
		const cells = row.map(
			(cell, column) => `<td${kind(column)}>${escapeText(typeof cell === 'string' ? cell : shown(cell))}</td>`,
		);
		return `<tr>${cells.join('')}${bars === undefined ? '' : `<td>${bar(Number(row[bars]), most)}</td>`}</tr>`;
	});
	const last = bars === undefined ? '' : '<td></td>';
	return `<div class="wide"><table><thead><tr>${heads}${last}</tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
}

function bar(value: number, most: number): string {
	const width = most > 0 ? Math.max(0, Math.round((200 * value) / most)) : 0;
	return `<svg width="200" height="14" aria-hidden="true"><rect y="3" width="${width}" height="10" rx="2"></rect></svg>`;
}
