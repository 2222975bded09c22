/** Where a model comes from: in the metadata of its ONNX file, so that it is known where the file is without its run. */
import { withMetadata } from './metadata.ts';

/** The metadata key that it stands under. */
const originKey = 'perch.origin';

export interface ModelOrigin {
	readonly perch: string;
	/** Of the folder that perch.yaml lies in; null outside a repository. */
	readonly commit: string | null;
	/** Datasets by their part in the training. */
	readonly data: Readonly<Record<string, { name: string; version: number; digest: string }>>;
	/** As the run keeps them: type, seed and all others. */
	readonly params: Readonly<Record<string, string>>;
	readonly metrics: Readonly<Record<string, number>>;
}

/** The file with its origin, and with the version of Perch as that of its producer. */
export function withOrigin(file: Uint8Array, origin: ModelOrigin): Uint8Array {
	return withMetadata(file, originKey, origin, { producerVersion: origin.perch });
}
