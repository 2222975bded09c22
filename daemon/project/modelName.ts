import { basename } from 'node:path';

/** A name that the registry takes, from a data file's: `data/Börse 1.csv.gz` is `Börse 1`. */
export function modelName(file: string): string {
	const stem = basename(file)
		.replace(/\.(gz|zst)$/i, '')
		.replace(/\.[^.]*$/, '');
	const name = stem.replace(/[^\p{L}\p{N}_\-. ]+/gu, '-').replace(/^[-. ]+/, '');
	return name === '' ? 'model' : name;
}
