/** Colours of the theme as a canvas understands them: it does not resolve `var(--x)`. */

export interface Theme {
	readonly highContrast: boolean;
	readonly text: string;
	readonly muted: string;
	readonly background: string;
	readonly border: string;
	/** Faint lines behind a chart. */
	readonly grid: string;
	readonly ok: string;
	readonly warning: string;
	readonly error: string;
	/** Reference and current data of a drift report. */
	readonly reference: string;
	readonly current: string;
	/** Colours of series, in order. */
	readonly series: readonly string[];
	readonly fontFamily: string;
	/** CSS pixels. */
	readonly fontSize: number;
}

/** The names in perch.css, which give each a fallback outside of VS Code. */
const colors = {
	text: '--perch-text',
	muted: '--perch-muted',
	background: '--perch-background',
	border: '--perch-border',
	grid: '--perch-grid',
	ok: '--perch-ok',
	warning: '--perch-warning',
	error: '--perch-error',
	reference: '--perch-reference',
	current: '--perch-current',
} as const;
const seriesCount = 6;

/** Reads the theme as it is now. */
export function readTheme(): Theme {
	const probe = document.createElement('span');
	probe.hidden = true;
	document.body.append(probe);
	const resolve = (name: string): string => {
		probe.style.color = `var(${name})`;
		return getComputedStyle(probe).color;
	};
	const resolved = Object.fromEntries(
		Object.entries(colors).map(([name, variable]) => [name, resolve(variable)]),
	) as Record<keyof typeof colors, string>;
	const series = Array.from({ length: seriesCount }, (_, index) => resolve(`--perch-series-${index + 1}`));
	probe.remove();
	const body = getComputedStyle(document.body);
	return {
		...resolved,
		series,
		highContrast:
			document.body.classList.contains('vscode-high-contrast') || matchMedia('(forced-colors: active)').matches,
		fontFamily: body.fontFamily,
		fontSize: Number.parseFloat(body.fontSize) || 13,
	};
}

const listeners = new Set<(theme: Theme) => void>();

function changed(): void {
	if (listeners.size === 0) return;
	const theme = readTheme();
	for (const listener of listeners) listener(theme);
}

let watching = false;

/** VS Code tells of a new theme by the classes and attributes of the body, a browser by its media queries. */
function watch(): void {
	if (watching) return;
	watching = true;
	new MutationObserver(changed).observe(document.body, {
		attributes: true,
		attributeFilter: ['class', 'data-vscode-theme-id', 'data-vscode-theme-kind'],
	});
	new MutationObserver(changed).observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
	for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
		matchMedia(query).addEventListener('change', changed);
	}
}

/** Calls back with every new theme until the returned function is called. */
export function onThemeChange(listener: (theme: Theme) => void): () => void {
	watch();
	listeners.add(listener);
	return () => {
		listeners.delete(listener);
	};
}
