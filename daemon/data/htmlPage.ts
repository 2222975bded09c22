import { createHash } from 'node:crypto';

/** A bundle of webviews/, as text. */
export interface PageAssets {
	script: string;
	style: string;
}

/**
 * One HTML file that holds everything: a report as inert JSON, and the script and style that show it. Its policy lets
 * nothing in from outside and runs no script but that one, known by its hash; the script puts data on the page as text only.
 */
export function htmlPage(title: string, report: unknown, { script, style }: PageAssets): string {
	const body = `<main><noscript>This report draws itself with JavaScript, which is turned off.</noscript></main>
<script type="application/json" id="report-data">${inertJson(report)}</script>
<script>${script}</script>`;
	return htmlDocument(title, { style, script, body });
}

interface DocumentParts {
	readonly style: string;
	/** The one script that may run, which stands in the body. */
	readonly script?: string;
	/** Escaped already. */
	readonly body: string;
}

/** A document that needs nothing from outside, and whose policy lets nothing in. */
export function htmlDocument(title: string, { style, script, body }: DocumentParts): string {
	const policy = [
		"default-src 'none'",
		...(script === undefined ? [] : [`script-src ${hashSource(script)}`]),
		`style-src ${hashSource(style)}`,
		'img-src data:',
		"base-uri 'none'",
		"form-action 'none'",
	].join('; ');
	return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeText(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

/** The text between the tags exactly as it stands there; parsers turn CR into LF before they hash, so it may hold none. */
function hashSource(text: string): string {
	return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** JSON that no HTML parser takes for markup, whatever names and cells it holds. */
function inertJson(value: unknown): string {
	return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => {
		return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
	});
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text between tags. */
export function escapeText(text: string): string {
	return text.replace(/[&<>]/g, (character) => entities[character] ?? character);
}
