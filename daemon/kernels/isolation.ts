/** The walk of rows through complete trees. */
import { type KernelMemory, kernelsOver } from './kernelMemory.ts';
import { isolationModule } from './modules/isolation.ts';

export interface IsolationKernels {
	/**
	 * Adds to `lengths` (float64) what the leaf of each row says. Node i lies above 2i+1 and 2i+2 and has 8 bytes: where
	 * its column begins in `values` (bytes, uint32), and its threshold (float32); `leaves` are 2^depth float64. A row goes
	 * right where its value is over the threshold. `rows` is a multiple of eight; all else are addresses.
	 */
	addLengths(nodes: number, leaves: number, depth: number, values: number, lengths: number, rows: number): void;
}

export function isolationKernels(memory: KernelMemory): IsolationKernels {
	return kernelsOver(memory, isolationModule, isolationTwin);
}

function isolationTwin(buffer: SharedArrayBuffer): IsolationKernels {
	const words = new Uint32Array(buffer, 0, buffer.byteLength >> 2);
	const floats = new Float32Array(buffer, 0, buffer.byteLength >> 2);
	const doubles = new Float64Array(buffer, 0, buffer.byteLength >> 3);
	return {
		addLengths(nodes, leaves, depth, values, lengths, rows) {
			const first = nodes / 4;
			const from = values / 4;
			const leafFrom = leaves / 8 - (2 ** depth - 1);
			for (let row = 0; row < rows; row++) {
				let node = 0;
				for (let level = 0; level < depth; level++) {
					const at = first + 2 * node;
					const value = floats[from + row + ((words[at] as number) >> 2)] as number;
					node = (2 * node + 1 + +(value > (floats[at + 1] as number))) | 0;
				}
				const to = lengths / 8 + row;
				doubles[to] = (doubles[to] as number) + (doubles[leafFrom + node] as number);
			}
		},
	};
}
