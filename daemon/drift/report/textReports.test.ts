import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { numberColumn, stringColumn, tableOf } from '../../data/table.ts';
import type { DriftReport } from '../../protocol/drift.ts';
import { detectDrift } from '../detectDrift.ts';
import { junitReport } from './junitReport.ts';
import { markdownReport } from './markdownReport.ts';

const numbers = (shift: number) => Array.from({ length: 200 }, (_, row) => (row % 17) + shift);

/** A column that drifts, one that does not, and one that cannot be told, under these names. */
function reportOf(drifted: string, stable = 'stable', untold = 'empty'): DriftReport {
	const table = (shift: number) =>
		tableOf([
			numberColumn(drifted, numbers(shift)),
			numberColumn(stable, numbers(0)),
			stringColumn(
				untold,
				Array.from({ length: 200 }, () => null),
			),
		]);
	return detectDrift(table(0), table(40), {
		threshold: 0.5,
		referenceSide: { name: drifted, rows: 200, digest: null },
		currentSide: { name: 'b.csv', rows: 200, digest: null },
	});
}

/** A name as hostile as names come, that no other column has. */
const hostileNames = fc
	.oneof(
		fc.string({ unit: 'binary' }),
		fc.string(),
		fc.constantFrom(']]>', '<!--', '&#0;', '`|`', '| --- |', '@ada', '![x](http://x)', '\ufffe'),
	)
	.filter((name) => name !== 'stable' && name !== 'empty');

describe('a report as Markdown', () => {
	it('names what drifted and what could not be told, and no more', () => {
		assert.equal(
			markdownReport(reportOf('heart_rate')),
			[
				'### Drift found',
				'',
				'1 of 2 columns drifted (50 %, drift from 50 % on).',
				'',
				'Reference <code>heart_rate</code> (200 rows), current <code>b.csv</code> (200 rows), profile sound.',
				'',
				'| column | verdict | test | effect | threshold | why |',
				'| --- | --- | --- | ---: | ---: | --- |',
				'| <code>heart_rate</code> | **drift** | ks | 1 | 0.1 |  |',
				'| <code>empty</code> | cannot be told | – | – | – | No values in either sample. |',
				'',
				'Beside the distributions:',
				'',
				'- <code>heart_rate</code>: 100 % of the current values lie outside the range of the reference, 0 to 16 (without drift about 1 %)',
				'',
			].join('\n'),
		);
	});

	it('shows a name as text, whatever it holds', () => {
		fc.assert(
			fc.property(hostileNames, (name) => {
				const text = markdownReport(reportOf(name));
				const row = text.split('\n').find((line) => line.includes('**drift**'));
				// Six cells have seven bars; what stands in the first is letters, digits and entities alone.
				assert.equal(row?.split('|').length, 8, row);
				const cell = /^\| (?:<code>(.*)<\/code>|\(blank\)) \| \*\*drift/su.exec(row ?? '')?.[1] ?? '';
				assert.doesNotMatch(cell.replaceAll(/&#\d+;/g, ''), /[<>`*[\]!@:|\\#&~^$]/);
				assert.equal(text.split('\n').length, 15);
			}),
		);
	});
});

/** With a category that is new, and a verdict on all columns together. */
function reportWith(category: string): DriftReport {
	const words = (last: string) =>
		tableOf([
			stringColumn(
				'word',
				Array.from({ length: 200 }, (_, row) => (row % 10 === 0 ? last : row % 2 === 0 ? 'a' : 'b')),
			),
		]);
	const side = { name: 'a.csv', rows: 200, digest: null };
	const report = detectDrift(words('b'), words(category), { threshold: 0.5, referenceSide: side, currentSide: side });
	report.multivariate = {
		...{ drift: true, reason: null, auc: 0.7123, p_value: 1e-9, interval: { low: 0.65, high: 0.77 } },
		...{ rows: { reference: 200, current: 200 }, effective_rows: { reference: 100, current: 100 } },
		columns: [{ column: category, auc: 0.69 }],
	};
	return report;
}

describe('what a report tells beside its verdicts', () => {
	it('stands in both texts', () => {
		const report = reportWith('new & <b>');
		const markdown = markdownReport(report).split('\n');
		assert.ok(
			markdown.includes(
				'All columns together: a classifier tells the samples apart (area under the ROC curve 0.712, 0.65 to 0.77; p 1e-9); most by new &#38; &#60;b&#62; (0.69).',
			),
		);
		assert.ok(
			markdown.includes(
				'- <code>word</code>: 1 category is new, 10 % of the current data: new &#38; &#60;b&#62; (10 %)',
			),
		);
		const junit = junitReport(report);
		assert.match(junit, /name="all columns together" time="0"><failure type="drift"/);
		assert.match(junit, /tests="3" failures="3"/);
		assert.match(
			junit,
			/<system-out>word: 1 category is new, 10 % of the current data: new &amp; &lt;b&gt; \(10 %\)<\/system-out>/,
		);
	});

	it('shows categories as text, whatever they hold', () => {
		const tags = (text: string) => text.match(/<[^>]*>/g)?.length;
		const [plain, lines] = [tags(junitReport(reportWith('c'))), markdownReport(reportWith('c')).split('\n').length];
		fc.assert(
			fc.property(
				hostileNames.filter((name) => name !== 'a' && name !== 'b'),
				(name) => {
					const report = reportWith(name);
					assert.equal(tags(junitReport(report)), plain);
					assert.equal(markdownReport(report).split('\n').length, lines);
				},
			),
		);
	});
});

describe('a report as JUnit XML', () => {
	it('has a failed case for a column that drifted, a skipped one for one that cannot be told', () => {
		const lines = junitReport(reportOf('a "b" <c> & d')).split('\n');
		assert.deepEqual(
			lines.filter((line) => line.includes('<testcase')).map((line) => line.trim()),
			[
				'<testcase classname="perch.drift.columns" name="a &quot;b&quot; &lt;c&gt; &amp; d" time="0"><failure type="drift" message="ks: score 1, threshold 0.1">ks: score 1, threshold 0.1</failure></testcase>',
				'<testcase classname="perch.drift.columns" name="stable" time="0"/>',
				'<testcase classname="perch.drift.columns" name="empty" time="0"><skipped message="No values in either sample."/></testcase>',
				'<testcase classname="perch.drift" name="share of drifted columns" time="0"><failure type="drift" message="0.5 of the columns drifted, drift from 0.5 on">0.5 of the columns drifted, drift from 0.5 on</failure></testcase>',
			],
		);
		assert.match(lines[2] ?? '', /tests="4" failures="2" errors="0" skipped="1"/);
	});

	it('holds only what XML 1.0 allows, and no tag of a name', () => {
		const tags = (text: string) => text.match(/<[^>]*>/g)?.length;
		const plain = tags(junitReport(reportOf('plain')));
		fc.assert(
			fc.property(hostileNames, (name) => {
				const text = junitReport(reportOf(name));
				// XML 1.0, production 2, without the pairs, which well-formed text has whole.
				assert.match(text, /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
				assert.equal(tags(text), plain);
			}),
		);
	});
});
