import { explanationsFile } from '../protocol/explanations.ts';

/** What jobs leave behind in their folders, for the daemon to take. */
export const trainFiles = {
	model: 'model.onnx',
	reference: 'training.parquet',
	explanations: explanationsFile,
} as const;
export const importFiles = { model: 'model.onnx' } as const;
export const driftFiles = { json: 'report.json', html: 'report.html' } as const;
export const profileFiles = { json: 'profile.json', html: 'profile.html' } as const;
