import { plain } from '../../data/markdownText.ts';
import { type CardSection, type ModelCard, shown } from './modelCard.ts';

/** GitHub-flavoured Markdown; whatever names hold is shown as text. */
export function markdownCard({ title, facts, sections }: ModelCard): string {
	const lines = [`# ${plain(title)}`, '', ...facts.map(([name, value]) => `- **${name}:** ${plain(value)}`)];
	return `${[...lines, ...sections.flatMap(sectionLines)].join('\n')}\n`;
}

function sectionLines({ title, text, table }: CardSection): string[] {
	const lines = ['', `## ${plain(title)}`, ...text.flatMap((line) => ['', plain(line)])];
	if (table === null) return lines;
	const row = (cells: readonly (string | number | null)[]) =>
		`| ${cells.map((cell) => (typeof cell === 'string' ? plain(cell) : shown(cell))).join(' | ')} |`;
	const marks = table.head.map((_, column) => (typeof table.rows[0]?.[column] === 'string' ? '---' : '---:'));
	return [...lines, '', row(table.head), `| ${marks.join(' | ')} |`, ...table.rows.map(row)];
}
