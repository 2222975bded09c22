/** The report as an HTML file of its own: reads the JSON that lies in the page. */
import '../components/perch.css';
import './report.css';
import './details.css';
import './page.css';
import type { DriftReport } from '../../daemon/protocol/drift.ts';
import { createReport } from './report.ts';
import { drawAllSparks } from './spark.ts';

const source = document.getElementById('report-data');
const main = document.querySelector('main');
if (source !== null && main !== null) {
	const report = createReport({ view: {}, onView: () => {} });
	main.replaceChildren(...report.parts);
	report.show(JSON.parse(source.textContent) as DriftReport);
}

// Paper is white: the page and its canvases take the light colours while it prints.
window.addEventListener('beforeprint', () => {
	document.documentElement.style.colorScheme = 'light';
	drawAllSparks();
});
window.addEventListener('afterprint', () => {
	document.documentElement.style.colorScheme = '';
});
