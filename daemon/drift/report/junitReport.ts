/** A drift report as JUnit XML: a test case a column, so that build servers list what drifted beside failed tests. */
import type { DriftColumn, DriftReport } from '../../protocol/drift.ts';
import { findingText, multivariateText } from './findingText.ts';

/**
 * Valid by the schema of Ant's JUnit task (github.com/windyroad/JUnit-Schema) and by that of Jenkins. A column that
 * drifted has failed, one that cannot be told was skipped; then all columns together, and the verdict on the whole last. What
 * changed beside the distributions is in the output of the suite.
 */
export function junitReport(report: DriftReport): string {
	const { drift, reason, share, threshold, project, multivariate } = report;
	const cases = [
		...report.columns.map((column) => testCase('perch.drift.columns', column.column, column.drift, columnText(column))),
		...(multivariate === undefined
			? []
			: [testCase('perch.drift', 'all columns together', multivariate.drift, multivariateText(multivariate))]),
		testCase(
			'perch.drift',
			'share of drifted columns',
			drift,
			drift === null ? (reason ?? '') : `${figure(share)} of the columns drifted, drift from ${figure(threshold)} on`,
		),
	];
	const together = multivariate === undefined ? [] : [multivariate.drift];
	const verdicts = [...report.columns.map((column) => column.drift), ...together, drift];
	const findings = report.columns.flatMap(({ column, type, findings: found = [] }) =>
		found.map((finding) => `${column}: ${findingText(finding, type)}`),
	);
	const count = (verdict: boolean | null) => String(verdicts.filter((one) => one === verdict).length);
	const suite = attributes({
		name: `drift${project === null ? '' : ` of ${project}`}`,
		package: 'perch',
		id: '0',
		// The schema takes no fraction and no zone.
		timestamp: new Date(report.created_at).toISOString().slice(0, 19),
		hostname: 'localhost',
		tests: String(cases.length),
		failures: count(true),
		errors: '0',
		skipped: count(null),
		time: '0',
	});
	const properties = Object.entries({
		report: report.id,
		profile: report.profile,
		reference: `${report.reference.name} (${report.reference.rows} rows)`,
		current: `${report.current.name} (${report.current.rows} rows)`,
		...(report.missing.length > 0 && { missing: report.missing.join(', ') }),
		...(report.added.length > 0 && { added: report.added.join(', ') }),
	});
	return [
		'<?xml version="1.0" encoding="UTF-8"?>',
		'<testsuites>',
		`\t<testsuite ${suite}>`,
		'\t\t<properties>',
		...properties.map(([name, value]) => `\t\t\t<property ${attributes({ name, value })}/>`),
		'\t\t</properties>',
		...cases.map((line) => `\t\t${line}`),
		findings.length === 0 ? '\t\t<system-out/>' : `\t\t<system-out>${findings.map(escaped).join('\n')}</system-out>`,
		'\t\t<system-err/>',
		'\t</testsuite>',
		'</testsuites>',
		'',
	].join('\n');
}

function testCase(classname: string, name: string, drift: boolean | null, text: string): string {
	const open = `<testcase ${attributes({ classname, name, time: '0' })}`;
	if (drift === false) return `${open}/>`;
	if (drift === null) return `${open}><skipped ${attributes({ message: text })}/></testcase>`;
	return `${open}><failure ${attributes({ type: 'drift', message: text })}>${escaped(text)}</failure></testcase>`;
}

function columnText({ drift, reason, test, score, threshold }: DriftColumn): string {
	if (reason !== null) return reason;
	return drift === true ? `${test}: score ${figure(score)}, threshold ${figure(threshold)}` : '';
}

function figure(value: number | null): string {
	return value === null ? 'none' : String(Number(value.toPrecision(6)));
}

function attributes(values: Readonly<Record<string, string>>): string {
	return Object.entries(values)
		.map(([name, value]) => `${name}="${escaped(value)}"`)
		.join(' ');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML 1.0 has no control characters but tab and line ends, no halves of pairs, and no U+FFFE and U+FFFF: they are spelt out. */
function escaped(text: string): string {
	return text
		.replaceAll(/[\p{Cc}\p{Cs}\ufffe\uffff\u202a-\u202e\u2066-\u2069]/gu, (sign) => {
			return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
		})
		.replaceAll(/[&<>"]/g, (sign) => entities[sign] ?? sign);
}
