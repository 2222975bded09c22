import { drawAllSparks } from './spark.ts';

/** Shows the JSON that lies in an HTML file, and keeps the file readable on paper. */
export function showInlined<Report>(build: (report: Report) => readonly HTMLElement[]): void {
	const source = document.getElementById('report-data');
	const main = document.querySelector('main');
	if (source !== null && main !== null) main.replaceChildren(...build(JSON.parse(source.textContent) as Report));

	// Paper is white: the page and its canvases take the light colours while it prints.
	window.addEventListener('beforeprint', () => {
		document.documentElement.style.colorScheme = 'light';
		drawAllSparks();
	});
	window.addEventListener('afterprint', () => {
		document.documentElement.style.colorScheme = '';
	});
}
