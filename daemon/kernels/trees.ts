/** The kernels of trees, over a memory. */
import { type KernelMemory, kernelsOver } from './kernelMemory.ts';
import { treesModule } from './modules/trees.ts';
import type { TreeKernels } from './treeKernels.ts';
import { treesTwin } from './treesTwin.ts';

export function treeKernels(memory: KernelMemory): TreeKernels {
	return kernelsOver(memory, treesModule, treesTwin);
}
