/** The report as an HTML file of its own: reads the JSON that lies in the page. */
import '../components/perch.css';
import './report.css';
import './details.css';
import './page.css';
import type { DriftReport } from '../../daemon/protocol/drift.ts';
import { showInlined } from './inlined.ts';
import { createReport } from './report.ts';

showInlined<DriftReport>((data) => {
	const report = createReport({ view: {}, onView: () => {} });
	report.show(data);
	return report.parts;
});
