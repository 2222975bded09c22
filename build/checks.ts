/** What the linter cannot tell, run by `npm run lint`: stale generated files, long files, suppressions without a reason. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { staleKernels } from './kernels.ts';
import { staleDocuments } from './openrpc.ts';
import { complaintsAbout, mostSuppressedAny, suppressedAny } from './sourceRules.ts';

const root = join(import.meta.dirname, '..');
const files = globSync('{daemon,extension,webviews,build,test,bench}/**/*.ts', {
	cwd: root,
	exclude: (name) => name.includes('node_modules') || name === 'host',
}).sort();
const sources = files.map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));

const complaints = sources.flatMap(({ file, text }) => complaintsAbout(text).map((found) => `${file}: ${found}`));
const lines = sources.reduce((sum, { text }) => sum + text.split('\n').length, 0);
const anys = sources.reduce((sum, { text }) => sum + suppressedAny(text), 0);
if (anys > (lines / 1000) * mostSuppressedAny) {
	complaints.push(`${anys} uses of any in ${lines} lines; at most ${mostSuppressedAny} in 1000 are allowed`);
}
complaints.push(
	...[...staleKernels(), ...staleDocuments()].map((file) => `${file} is stale: run \`npm run generate\``),
);

for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;
