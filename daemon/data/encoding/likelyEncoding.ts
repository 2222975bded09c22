/** Which encoding bytes that are no UTF-8 are probably in: a guess for a hint, never for reading. */
import { isUtf8 } from 'node:buffer';

/** Names as in the Encoding Standard. `mixed`: other signs beyond ASCII among the bytes are UTF-8. */
export function likelyEncoding(bytes: Buffer): { likely: string; mixed: boolean } {
	const { runs, mixed } = foreignRuns(bytes);
	const all = Buffer.concat(runs);
	const mean = all.length / Math.max(1, runs.length);
	return { likely: mean < 2.5 ? 'windows-1252' : ofLongRuns(all, runs), mixed };
}

/** Stretches of bytes beyond ASCII. Those that are UTF-8 are counted, not kept. */
function foreignRuns(bytes: Buffer): { runs: Buffer[]; mixed: boolean } {
	const runs: Buffer[] = [];
	let mixed = false;
	for (let start = 0; start < bytes.length; start++) {
		if ((bytes[start] as number) < 0x80) continue;
		let end = start + 1;
		while (end < bytes.length && (bytes[end] as number) >= 0x80) end += 1;
		const run = bytes.subarray(start, end);
		if (isUtf8(run)) mixed = true;
		else runs.push(run);
		start = end;
	}
	return { runs, mixed };
}

/** Accents stand alone among Latin letters; whole words beyond ASCII are Cyrillic or of East Asia. */
function ofLongRuns(all: Buffer, runs: readonly Buffer[]): string {
	const share = (of: (byte: number) => boolean) => all.filter(of).length / all.length;
	// Letters of windows-1251, small ones in the upper half: words in them are mostly small.
	if (share((byte) => byte >= 0xc0) > 0.95 && share((byte) => byte >= 0xe0) > 0.6) return 'windows-1251';
	const candidates: [string, RegExp][] = [
		['shift_jis', /[\u3040-\u30ff]/gu],
		['euc-jp', /[\u3040-\u30ff]/gu],
		['euc-kr', /[\uac00-\ud7af]/gu],
		['big5', /[\u4e00-\u9fff]/gu],
		['gb18030', /[\u4e00-\u9fff]/gu],
	];
	const texts = candidates.map(([name, signs]) => {
		const text = decoded(name, runs);
		return { name, share: text === null ? 0 : (text.match(signs)?.length ?? 0) / Math.max(1, text.length) };
	});
	return texts.find((one) => one.share > 0.4)?.name ?? 'windows-1252';
}

function decoded(encoding: string, runs: readonly Buffer[]): string | null {
	try {
		return runs.map((run) => new TextDecoder(encoding, { fatal: true }).decode(run)).join('');
	} catch {
		return null;
	}
}
