import assert from 'node:assert/strict';
import { pageHtml } from '../../webviews/messages/page.ts';
import { bundles } from './bundles.ts';

/** What desktop VS Code gives: its own star is not ours to judge, so a plain origin stands for it. */
const cspSource = 'https://file.vscode-resource.invalid';
const hostile = '"><script>alert(1)</script><img src=http://x onerror=1>';

interface Tag {
	name: string;
	attributes: Map<string, string>;
}

function tagsOf(html: string): Tag[] {
	return [...html.matchAll(/<([a-z][\w-]*)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*>/gi)].map(([, name = '', rest = '']) => ({
		name: name.toLowerCase(),
		attributes: new Map([...rest.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value])),
	}));
}

function page(name: string, nonce: string, title: string = name): Tag[] {
	const script = `${cspSource}/dist/webviews/${name}.js`;
	const style = `${cspSource}/dist/webviews/${name}.css`;
	return tagsOf(pageHtml({ title, script, style, cspSource, nonce }));
}

function policyOf(tags: readonly Tag[]): Map<string, string[]> {
	const metas = tags.filter(({ attributes }) => attributes.get('http-equiv') === 'Content-Security-Policy');
	assert.equal(metas.length, 1);
	const content = (metas[0]?.attributes.get('content') ?? '').replaceAll('&#39;', "'");
	return new Map(
		content.split(';').map((directive) => {
			const [name = '', ...sources] = directive.trim().split(/\s+/);
			return [name, sources];
		}),
	);
}

describe('the content policy of the panels', () => {
	for (const [viewType, name] of Object.entries(bundles)) {
		it(`lets ${viewType} load its own files alone`, () => {
			const policy = policyOf(page(name, 'N0nce'));
			assert.deepEqual(Object.fromEntries(policy), {
				'default-src': ["'none'"],
				'img-src': [cspSource, 'data:'],
				'font-src': [cspSource],
				'style-src': [cspSource, "'nonce-N0nce'"],
				'script-src': ["'nonce-N0nce'"],
			});
			for (const source of [...policy.values()].flat()) {
				assert.doesNotMatch(source, /unsafe-|\*|^http:|^blob:/, source);
			}
		});

		it(`gives every script of ${viewType} the nonce, and holds none inline`, () => {
			const tags = page(name, 'N0nce');
			const scripts = tags.filter((tag) => tag.name === 'script');
			assert.equal(scripts.length, 1);
			for (const { attributes } of scripts) {
				assert.equal(attributes.get('nonce'), 'N0nce');
				assert.ok(attributes.get('src')?.endsWith(`/${name}.js`));
			}
			for (const { attributes } of tags) {
				assert.deepEqual(
					[...attributes.keys()].filter((key) => key.startsWith('on') || key === 'style'),
					[],
				);
			}
			assert.equal(tags.find((tag) => tag.name === 'html')?.attributes.get('lang'), 'en');
		});
	}

	it('lets nothing out of a title', () => {
		const names = (title: string) => page('drift', 'N0nce', title).map(({ name }) => name);
		assert.deepEqual(names(hostile), names('drift'));
	});
});
