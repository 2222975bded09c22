import assert from 'node:assert/strict';
import { age, bytes, count, driftSentence, escapeMarkdown, figure, markdownTable, percent } from './words.ts';

describe('words', () => {
	it('says an age in its largest whole unit', () => {
		const now = Date.UTC(2026, 0, 31);
		const before = [30_000, 60_000, 59 * 60_000, 3_600_000, 2 * 86_400_000, 45 * 86_400_000, 800 * 86_400_000];
		assert.deepEqual(
			before.map((gone) => age(now - gone, now)),
			['just now', '1 min ago', '59 min ago', '1 hour ago', '2 days ago', '1 month ago', '2 years ago'],
		);
	});

	it('says figures with three digits and leaves whole numbers alone', () => {
		assert.deepEqual([0.912345, 12345.678, 42, 0.00001234, null, Number.NaN].map(figure), [
			'0.912',
			'12300',
			'42',
			'1.23e-5',
			'n/a',
			'n/a',
		]);
	});

	it('says counts, shares and sizes', () => {
		assert.deepEqual([count(1, 'row'), count(5000, 'row')], ['1 row', '5,000 rows']);
		assert.deepEqual([0.1, 0.005, 1, 1 / 3].map(percent), ['10 %', '0.5 %', '100 %', '33.3 %']);
		assert.deepEqual([0, 640, 1200, 5_250_000].map(bytes), ['0 B', '640 B', '1.2 kB', '5.25 MB']);
	});

	it('says what a report found', () => {
		const report = { drift: true, drifted: 3, columns: 9, psi_max: 0.4149 };
		assert.equal(driftSentence(report), '3 of 9 columns drifted · PSI max 0.41');
		assert.equal(driftSentence({ ...report, psi_max: null, columns: 1, drifted: 0 }), '0 of 1 column drifted');
	});

	it('escapes what could format, link or break a table', () => {
		assert.equal(escapeMarkdown('[a](command:x) | <b>\nc'), '\\[a\\]\\(command:x\\) \\| &lt;b\\> c');
		assert.equal(markdownTable(['a'], [['x|y']]), '| a |\n| --- |\n| x\\|y |');
	});
});
