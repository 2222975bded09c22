/** The encoding that a text file is read in. */
import { PerchError } from '../../protocol/errors.ts';
import { rawBytes, startOfParts } from './textBytes.ts';

const looked = 256;

/**
 * The encoding asked for, else the one that a byte order mark tells, else UTF-8. Throws `invalid_data` for UTF-16
 * without a mark, which is likely but not certain.
 */
export async function findEncoding(path: string, asked: string | undefined): Promise<string> {
	const given = asked === undefined ? undefined : new TextDecoder(asked).encoding;
	if (given !== undefined && !given.startsWith('utf-16')) return given;
	const start = await startOfParts(rawBytes(path), looked);
	const marked = { fffe: 'utf-16le', feff: 'utf-16be' }[start.subarray(0, 2).toString('hex')];
	const found = marked ?? given;
	if (found !== undefined) return found;
	// Every second byte of Latin letters and digits is 0 in UTF-16: the upper one, which comes last in little-endian text.
	const halves = [0, 1].map((odd) => start.subarray(0, looked).filter((_, at) => at % 2 === odd));
	const zeros = halves.map((half) => half.filter((byte) => byte === 0).length / half.length);
	const unmarked = start.length < 4 ? -1 : zeros.findIndex((share, odd) => share > 0.7 && (zeros[1 - odd] ?? 1) < 0.1);
	if (unmarked < 0) return 'utf-8';
	const likely = unmarked === 1 ? 'utf-16le' : 'utf-16be';
	throw new PerchError('invalid_data', `${path} is UTF-16 text without a byte order mark, from offset 0 on.`, {
		file: path,
		line: 1,
		hint: `Say encoding: ${likely} in data (--encoding ${likely}), or save it as UTF-8.`,
	});
}
