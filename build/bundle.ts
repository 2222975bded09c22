/** Bundles the three programs (extension, daemon with its command line, webviews) into dist/. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { thirdPartyNotices } from './notices.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

/** Packages with native parts: they travel beside the bundles. */
const native = ['better-sqlite3', 'onnxruntime-node', '@duckdb/node-api', '@duckdb/node-bindings'];

/** Runs before anything native loads: better-sqlite3 ends Node 20 by a segmentation fault. */
const refuseOldNode = `if (Number(process.versions.node.split('.')[0]) < 22) {
  process.stderr.write('Perch needs Node 22 or newer; this is Node ' + process.versions.node + ' (' + process.execPath + ').\\nInstall Node 22 or 24, or run through "npm run perch --" in a clone, which brings its own.\\n');
  process.exit(1);
}`;

/** danfojs takes 370 ms and 167 MB to load: it stays a bundle of its own, which only a job that needs it opens. */
const frameApart: Plugin = {
	name: 'frame-apart',
	setup({ onResolve }) {
		onResolve({ filter: /\/frame\.ts$/ }, ({ kind }) =>
			kind === 'dynamic-import' ? { path: './frame.cjs', external: true } : undefined,
		);
	},
};

const node: BuildOptions = {
	bundle: true,
	platform: 'node',
	format: 'cjs',
	target: 'node22',
	outExtension: { '.js': '.cjs' },
	define: { 'import.meta.dirname': '__dirname' },
	banner: { js: refuseOldNode },
	external: [...native, 'vscode'],
	plugins: [frameApart],
	logLevel: 'warning',
	metafile: true,
	outdir: dist,
	sourcemap: 'linked',
	sourcesContent: false,
};

const browser: BuildOptions = {
	bundle: true,
	platform: 'browser',
	format: 'iife',
	target: 'es2023',
	minify: true,
	legalComments: 'eof',
	loader: { '.ttf': 'file' },
	logLevel: 'warning',
	metafile: true,
};

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const bundles = await Promise.all([
	build({
		...node,
		entryPoints: {
			perchd: 'daemon/perchd.ts',
			gateway: 'daemon/gateway.ts',
			job: 'daemon/job.ts',
			columnThread: 'daemon/columnThread.ts',
			trainThread: 'daemon/trainThread.ts',
			trialThread: 'daemon/trialThread.ts',
			perch: 'daemon/cli/perch.ts',
		},
		absWorkingDir: root,
	}),
	build({
		...node,
		entryPoints: { extension: 'extension/extension.ts' },
		// VS Code brings its own Node, and compiles less of a smaller file while a window opens.
		banner: {},
		minify: true,
		absWorkingDir: root,
	}),
	build({
		...node,
		entryPoints: { frame: 'daemon/data/frame.ts' },
		external: [...native, 'plotly.js-dist-min'],
		minify: true,
		sourcemap: false,
		absWorkingDir: root,
	}),
	build({
		...browser,
		entryPoints: {
			'webviews/drift': 'webviews/report/panel.ts',
			'webviews/history': 'webviews/history/panel.ts',
			'webviews/run': 'webviews/run/panel.ts',
			'webviews/registry': 'webviews/registry/panel.ts',
			'webviews/compare': 'webviews/compare/panel.ts',
			'webviews/tuning': 'webviews/tuning/panel.ts',
			'webviews/simulation': 'webviews/simulation/panel.ts',
			'webviews/profilePanel': 'webviews/profile/panel.ts',
			'webviews/table': 'webviews/table/panel.ts',
			report: 'webviews/report/page.ts',
			profile: 'webviews/profile/page.ts',
		},
		outdir: dist,
		absWorkingDir: root,
	}),
]);
const notices = thirdPartyNotices(
	root,
	bundles.flatMap(({ metafile }) => metafile ?? []),
	[...native, 'onnxruntime-common', 'detect-libc'],
);
writeFileSync(join(dist, 'ThirdPartyNotices.txt'), notices);
/** What `perch demo` and the editor's "Open Sample" put on the disk. */
for (const sample of ['samples/vitalwatch', 'samples/taxi', 'samples/home-prices']) {
	cpSync(join(root, sample), join(dist, sample), {
		recursive: true,
		filter: (source) => basename(source) !== '.perch' && !source.endsWith('.parquet'),
	});
}
writeFileSync(join(dist, '.built'), '');
