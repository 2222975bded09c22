/** What the page of a panel is made of; URIs as `webview.asWebviewUri` gives them. */
export interface PageParts {
	readonly title: string;
	readonly script: string;
	readonly style: string;
	/** `webview.cspSource`. */
	readonly cspSource: string;
	/** New for every load, from a cryptographic source. */
	readonly nonce: string;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
	return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}

/** The policy of every panel: nothing from outside, no script or style without the nonce, no connection at all. */
export function contentPolicy({ cspSource, nonce }: Pick<PageParts, 'cspSource' | 'nonce'>): string {
	return [
		`default-src 'none'`,
		`img-src ${cspSource} data:`,
		`font-src ${cspSource}`,
		`style-src ${cspSource} 'nonce-${nonce}'`,
		`script-src 'nonce-${nonce}'`,
	].join('; ');
}

/**
 * The HTML of a panel: an empty body, which the script fills from messages alone. The toolkit tries out a style element
 * when it loads, and takes the nonce for it from `csp-nonce`.
 */
export function pageHtml(parts: PageParts): string {
	return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(contentPolicy(parts))}">
<meta property="csp-nonce" content="${escaped(parts.nonce)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(parts.title)}</title>
<link rel="stylesheet" nonce="${escaped(parts.nonce)}" href="${escaped(parts.style)}">
</head>
<body>
<script nonce="${escaped(parts.nonce)}" src="${escaped(parts.script)}"></script>
</body>
</html>
`;
}
