/**
 * The lists of an attribute, of which a forest has millions of entries: the generated code makes an object of every whole
 * number and every word that it reads, and another of everything that it writes, some hundred bytes each.
 */
import type { onnx } from 'onnx-proto';

type Attribute = onnx.IAttributeProto;
type Codec = Pick<typeof onnx.AttributeProto, 'encode' | 'decode'>;
type Reader = Exclude<Parameters<Codec['decode']>[0], Uint8Array>;
type Writer = ReturnType<Codec['encode']>;

/** Number and kind of a field, as they stand before its value. */
const floatsTag = 58;
const intsTag = 66;
const stringsTag = 74;

/** Takes the place of what is generated: whole numbers are numbers where those can hold them, equal words the same bytes. */
export function withLongLists({ encode, decode }: Codec): Codec {
	return {
		decode(reader, length) {
			return reader instanceof Uint8Array ? decode(reader, length) : readAttribute(reader, length, decode);
		},
		encode({ ints, floats, strings, ...rest }, writer) {
			const plain = ints?.every((value) => Number.isSafeInteger(value) && Number(value) >= 0) === true;
			const written = encode(plain ? rest : { ...rest, ints: ints ?? [] }, writer);
			if (floats?.length) written.uint32(floatsTag).bytes(new Uint8Array(Float32Array.from(floats).buffer));
			if (plain && ints.length > 0) written.uint32(intsTag).bytes(varints(ints as number[]));
			if (strings?.length) append(written, listOf(strings));
			return written;
		},
	};
}

function readAttribute(reader: Reader, length: number | undefined, decode: Codec['decode']): onnx.AttributeProto {
	const end = length === undefined ? reader.len : reader.pos + length;
	const ints: NonNullable<Attribute['ints']> = [];
	const strings: Uint8Array[] = [];
	const rest: Uint8Array[] = [];
	let last: Uint8Array = new Uint8Array();
	let before = last;
	while (reader.pos < end) {
		const at = reader.pos;
		const tag = reader.uint32();
		if (tag === intsTag) {
			const behind = reader.uint32() + reader.pos;
			while (reader.pos < behind) ints.push(readWhole(reader));
		} else if (tag === stringsTag) {
			const word = reader.bytes();
			const known = isSame(word, last) ? last : isSame(word, before) ? before : word;
			if (known !== last) [last, before] = [known, last];
			strings.push(known);
		} else {
			reader.skipType(tag & 7);
			rest.push(reader.buf.subarray(at, reader.pos));
		}
	}
	const message = decode(joined(rest));
	if (ints.length > 0) message.ints = ints;
	if (strings.length > 0) message.strings = strings;
	return message;
}

/** Most whole numbers take up to four bytes of seven bits. */
function readWhole(reader: Reader): NonNullable<Attribute['ints']>[number] {
	const { buf, pos } = reader;
	let value = 0;
	for (let at = 0; at < 4 && pos + at < reader.len; at++) {
		const byte = buf[pos + at] as number;
		value |= (byte & 127) << (7 * at);
		if (byte < 128) {
			reader.pos = pos + at + 1;
			return value;
		}
	}
	const long = reader.int64();
	return Number.isSafeInteger(Number(long)) ? Number(long) : long;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
	const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

/** Seven bits a byte, the lowest first. */
function varints(values: readonly number[]): Uint8Array {
	const bytes = new Uint8Array(values.reduce((sum, value) => sum + sizeOf(value), 0));
	let at = 0;
	for (const value of values) at = writeVarint(bytes, at, value);
	return bytes;
}

function sizeOf(value: number): number {
	let size = 1;
	for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
	return size;
}

function writeVarint(bytes: Uint8Array, at: number, value: number): number {
	let [to, rest] = [at, value];
	for (; rest >= 128; rest = Math.floor(rest / 128)) bytes[to++] = (rest % 128) | 128;
	bytes[to++] = rest;
	return to;
}

function listOf(words: readonly Uint8Array[]): Uint8Array {
	const bytes = new Uint8Array(words.reduce((sum, { length }) => sum + 1 + sizeOf(length) + length, 0));
	let at = 0;
	for (const word of words) {
		bytes[at] = stringsTag;
		at = writeVarint(bytes, at + 1, word.length);
		bytes.set(word, at);
		at += word.length;
	}
	return bytes;
}

/** Writes bytes as they are; the writer has no public method for it. */
function append(writer: Writer, bytes: Uint8Array): void {
	const raw = writer as unknown as {
		_push(write: (from: Uint8Array, to: Uint8Array, at: number) => void, length: number, value: Uint8Array): void;
	};
	raw._push((from, to, at) => to.set(from, at), bytes.length, bytes);
}
