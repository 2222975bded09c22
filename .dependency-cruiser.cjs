/**
 * The arrows of docs/design.md: a room imports only rooms of the lines below its own.
 * Each inner array is one line of the house, from the top down.
 */
const lines = [
	['rpc'],
	['tracking', 'pipeline', 'stream', 'export'],
	['alert'],
	['serve'],
	['canary', 'drift'],
	['learn'],
	['catalog', 'onnx', 'jobs'],
	['data', 'http', 'project'],
	['stats'],
	['kernels', 'client'],
	['protocol'],
];

const rooms = lines.flatMap((line, depth) => line.map((room) => ({ room, depth })));
const arrows = rooms.map(({ room, depth }) => {
	const below = rooms.filter((other) => other.depth > depth).map((other) => other.room);
	const allowed = [room, ...below].join('|');
	return {
		name: `${room}-imports-down`,
		severity: 'error',
		from: { path: `^daemon/${room}/`, pathNot: '\\.test\\.ts$' },
		to: { path: '^(daemon|extension|webviews|test|build)/', pathNot: `^daemon/(${allowed})/` },
	};
});

module.exports = {
	forbidden: [
		{ name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
		...arrows,
		{
			name: 'cli-is-a-client',
			severity: 'error',
			from: { path: '^daemon/cli/', pathNot: '\\.test\\.ts$' },
			to: { path: '^(daemon|extension|webviews)/', pathNot: '^daemon/(cli|client|protocol)/' },
		},
		{
			name: 'extension-is-a-client',
			severity: 'error',
			from: { path: '^extension/', pathNot: '\\.test\\.ts$' },
			to: { path: '^(daemon|webviews)/', pathNot: '^(daemon/(client|protocol)|webviews/messages)/' },
		},
		{
			name: 'webviews-show',
			severity: 'error',
			from: { path: '^webviews/' },
			to: { path: '^(daemon|extension)/', pathNot: '^daemon/protocol/' },
		},
		{
			name: 'the-toolkit-stays-behind-one-file',
			severity: 'error',
			from: { path: '^(webviews|extension)/', pathNot: '^webviews/components/toolkit\\.ts$' },
			to: { path: 'webview-ui-toolkit' },
		},
		{
			name: 'danfojs-stays-behind-one-file',
			severity: 'error',
			from: { path: '^(daemon|extension|webviews)/', pathNot: '^daemon/data/frame\\.ts$' },
			to: { path: 'danfojs' },
		},
		{
			name: 'nothing-ships-tests',
			severity: 'error',
			from: { path: '^(daemon|extension|webviews)/', pathNot: '\\.test\\.ts$' },
			to: { path: '(^test/|\\.test\\.ts$)' },
		},
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		exclude: { path: '^(dist|out|test/workbench/host)/' },
		tsPreCompilationDeps: true,
		tsConfig: { fileName: 'tsconfig.base.json' },
		enhancedResolveOptions: {
			exportsFields: ['exports'],
			conditionNames: ['import', 'require', 'node', 'types'],
			extensions: ['.ts', '.js', '.cjs', '.mjs', '.json', '.d.ts'],
		},
	},
};
