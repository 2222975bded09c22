import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { contentPolicy, pageHtml } from './page.ts';

const parts = {
	title: 'Registry: </title><script>alert(1)</script>',
	script: 'https://file+.vscode-resource.vscode-cdn.net/dist/webviews/registry.js?a=1&b="2"',
	style: 'https://file+.vscode-resource.vscode-cdn.net/dist/webviews/registry.css',
	cspSource: 'https://*.vscode-cdn.net',
	nonce: 'bm9uY2U',
};

describe('pageHtml', () => {
	it('allows nothing by default, and script and style by nonce alone', () => {
		const policy = new Map(
			contentPolicy({ cspSource: 'https://cdn', nonce: 'n' })
				.split('; ')
				.map((directive) => [directive.split(' ')[0], directive]),
		);
		assert.equal(policy.get('default-src'), "default-src 'none'");
		assert.equal(policy.get('script-src'), "script-src 'nonce-n'");
		assert.equal(policy.get('style-src'), "style-src https://cdn 'nonce-n'");
		assert.deepEqual([...policy.keys()].sort(), ['default-src', 'font-src', 'img-src', 'script-src', 'style-src']);
		assert.doesNotMatch([...policy.values()].join(), /unsafe-|\*|http:/);
	});

	it('has one script, with the nonce', () => {
		const html = pageHtml(parts);
		assert.deepEqual(html.match(/<script[^>]*nonce="[^"]*"/g), ['<script nonce="bm9uY2U"']);
		assert.equal(html.match(/<script/g)?.length, 1);
	});

	it('escapes what it is given', () => {
		const html = pageHtml(parts);
		assert.ok(html.includes('<title>Registry: &lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>'));
		assert.ok(html.includes('registry.js?a=1&amp;b=&quot;2&quot;"'));
	});
});
