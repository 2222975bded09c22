/**
 * Memory that threads share and kernels work on. A kernel is a few functions over byte addresses in it: WebAssembly, made
 * from assembly/, or its twin in TypeScript, which gives the same numbers and takes over where WebAssembly cannot reach.
 */

/** What is used of the standard interface: the types of Node say nothing of it. */
declare global {
	namespace WebAssembly {
		class Memory {
			constructor(size: { initial: number; maximum: number; shared: boolean });
			readonly buffer: ArrayBuffer | SharedArrayBuffer;
		}
		class Module {
			constructor(bytes: Uint8Array);
		}
		class Instance {
			constructor(module: Module, imports: { env: { memory: Memory } });
			readonly exports: unknown;
		}
	}
}

export interface KernelMemory {
	readonly buffer: SharedArrayBuffer;
	/** Null beyond the 4 GiB that WebAssembly can address. */
	readonly wasm: WebAssembly.Memory | null;
}

const pageBytes = 65_536;
const mostPages = 65_536;

/** Zeroed memory; it may be sent to threads. */
export function shareMemory(bytes: number): KernelMemory {
	const pages = Math.max(1, Math.ceil(bytes / pageBytes));
	if (pages > mostPages) return plainMemory(bytes);
	const wasm = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
	return { buffer: wasm.buffer as SharedArrayBuffer, wasm };
}

/** The same without WebAssembly: kernels on it are their twins. */
export function plainMemory(bytes: number): KernelMemory {
	return { buffer: new SharedArrayBuffer(Math.max(16, bytes)), wasm: null };
}

/** Where things lie in memory: reserve them all, then share as many bytes. */
export interface Layout {
	/** The address of so many bytes, a multiple of 64, so that no two things share a line of the cache. */
	reserve(bytes: number): number;
	readonly bytes: number;
}

export function createLayout(): Layout {
	let end = 0;
	return {
		reserve(bytes) {
			const at = end;
			end += Math.ceil(bytes / 64) * 64;
			return at;
		},
		get bytes() {
			return end;
		},
	};
}

const compiled = new Map<string, WebAssembly.Module>();

/** The functions of a module (the base64 of modules/) over a memory, or their twins. */
export function kernelsOver<K>(memory: KernelMemory, module: string, twin: (buffer: SharedArrayBuffer) => K): K {
	if (memory.wasm === null) return twin(memory.buffer);
	const known = compiled.get(module) ?? new WebAssembly.Module(Buffer.from(module, 'base64'));
	compiled.set(module, known);
	return new WebAssembly.Instance(known, { env: { memory: memory.wasm } }).exports as K;
}
