import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { build } from 'esbuild';
import { before, describe, it } from 'mocha';
import { numberColumn, stringColumn, tableOf } from '../../data/table.ts';
import type { DriftReport } from '../../protocol/drift.ts';
import { createRandom } from '../../stats/random.ts';
import { detectDrift } from '../detectDrift.ts';
import { type ReportAssets, renderHtml } from './renderHtml.ts';

const hostile = [
	'</script><script>alert(1)</script>',
	'<img src=x onerror=alert(1)>',
	'<!--<script>',
	'\'"&\u2028\u202e',
];

function hostileReport(): DriftReport {
	const random = createRandom(2, 'renderHtml.test');
	const table = (shift: number) =>
		tableOf(
			hostile.flatMap((name) => [
				numberColumn(
					name,
					Array.from({ length: 200 }, () => random.normal() + shift),
				),
				stringColumn(
					`text ${name}`,
					Array.from({ length: 200 }, () => hostile[random.integer(3 + shift)] as string),
				),
			]),
		);
	return detectDrift(table(0), table(1), {
		threshold: 0.5,
		project: hostile[0] as string,
		referenceSide: { name: '</title><script>alert(2)</script>', rows: 200, digest: null },
		currentSide: { name: hostile[1] as string, rows: 200, digest: null },
	});
}

/** Text that stands in the elements of one name. */
function contents(html: string, tag: string): string[] {
	return [...html.matchAll(new RegExp(`<${tag}(?: [^>]*)?>(.*?)</${tag}>`, 'gs'))].map(([, text]) => text ?? '');
}

describe('renderHtml', () => {
	const assets: ReportAssets = { script: 'document.title', style: 'main{color:red}' };

	it('keeps hostile names and categories inside of the JSON, and the JSON whole', () => {
		const report = hostileReport();
		const html = renderHtml(report, assets);
		const [json, script, ...more] = contents(html, 'script');
		assert.deepEqual(more, []);
		assert.equal(script, assets.script);
		assert.deepEqual(JSON.parse(json ?? ''), JSON.parse(JSON.stringify(report)));
		assert.ok(!/[<>&\u2028]/.test(json ?? ''));
		assert.ok(!/<img|onerror=alert\(1\)>|<\/title><script>/.test(html));
		assert.equal(contents(html, 'title').length, 1);
	});

	it('lets in nothing from outside and runs nothing but its own script, known by its hash', () => {
		const html = renderHtml(hostileReport(), assets);
		const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
		const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
		assert.deepEqual(policy.split('; ').sort(), [
			"base-uri 'none'",
			"default-src 'none'",
			"form-action 'none'",
			'img-src data:',
			`script-src ${hash(assets.script)}`,
			`style-src ${hash(assets.style)}`,
		]);
		assert.ok(html.indexOf('Content-Security-Policy') < html.indexOf('<style>'));
		assert.ok(!/ (on\w+|style)=/.test(html.slice(html.indexOf('<body>')).replace(/<script.*<\/script>/gs, '')));
	});

	describe('with the real bundle', () => {
		let real: ReportAssets;

		before(async function () {
			this.timeout(60_000);
			const built = await build({
				entryPoints: [join(import.meta.dirname, '../../../webviews/report/page.ts')],
				bundle: true,
				platform: 'browser',
				format: 'iife',
				target: 'es2023',
				minify: true,
				legalComments: 'none',
				write: false,
				outdir: '.',
			});
			const text = (end: string) => built.outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
			real = { script: text('.js'), style: text('.css') };
		});

		it('has nothing in it that would end its element or load from elsewhere', () => {
			assert.ok(real.script.length > 50_000 && real.style.length > 1000);
			assert.ok(!/<\/script|<!--|\r/i.test(real.script));
			assert.ok(!/<\/style|\r|url\(|@import/i.test(real.style));
			assert.ok(!/https?:/.test(renderHtml(hostileReport(), real)));
		});

		it('stays under 500 kB for 20 columns of 20,000 rows', () => {
			const random = createRandom(8, 'size');
			const table = tableOf(
				Array.from({ length: 20 }, (_, k) =>
					k < 15
						? numberColumn(
								`number ${k}`,
								Float64Array.from({ length: 20_000 }, () => random.normal()),
							)
						: stringColumn(
								`text ${k}`,
								Array.from({ length: 20_000 }, () => `category ${random.integer(300)}`),
							),
				),
			);
			const side = { name: 'a.csv', rows: 20_000, digest: null };
			const report = detectDrift(table, table, { threshold: 0.5, referenceSide: side, currentSide: side });
			assert.ok(Buffer.byteLength(renderHtml(report, real)) < 500_000);
		});
	});
});
