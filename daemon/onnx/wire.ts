/**
 * ONNX files to objects and back. The generated code does it too, but makes an object of each number that it reads and two
 * of each that it writes, and a forest has millions of them: here the long lists of attributes are read and written by hand,
 * and all else by the generated code. A message of Protocol Buffers is a row of fields, each a number (its place in the
 * schema, times eight, plus how its value is written) and a value; fields may stand in any order.
 */
import { AttributeProto, GraphProto, ModelProto, NodeProto, type onnx } from './proto.ts';

/** Places of fields in the schema of ONNX. */
const field = { graph: 7, node: 1, attribute: 5, floats: 7, ints: 8, strings: 9 };
/** How values are written. */
const written = { varint: 0, eightBytes: 1, withLength: 2, fourBytes: 5 };
/** From this many values, or bytes, on a list is worth it. */
const long = 1000;

/** Throws where the bytes are no message of Protocol Buffers, or are cut off. */
export function decodeModel(bytes: Uint8Array): onnx.ModelProto {
	const { parts, rest } = takeOut(bytes, field.graph);
	const model = ModelProto.decode(rest);
	if (parts.length > 0) model.graph = decodeGraph(joined(parts));
	return model;
}

function decodeGraph(bytes: Uint8Array): onnx.GraphProto {
	const { parts, rest } = takeOut(bytes, field.node);
	const graph = GraphProto.decode(rest);
	graph.node = parts.map(decodeNode);
	return graph;
}

function decodeNode(bytes: Uint8Array): onnx.NodeProto {
	const { parts, rest } = takeOut(bytes, field.attribute);
	const node = NodeProto.decode(rest);
	node.attribute = parts.map((part) => (part.length < long ? AttributeProto.decode(part) : decodeAttribute(part)));
	return node;
}

function decodeAttribute(bytes: Uint8Array): onnx.AttributeProto {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const floats: number[] = [];
	const ints: number[] = [];
	const strings: Uint8Array[] = [];
	const known = new Map<string, Uint8Array>();
	const others: Uint8Array[] = [];
	let isHuge = false;
	const readInts = (from: number, to: number) => {
		for (const at = { place: from }; at.place < to; ) {
			const value = readVarint(bytes, at, to);
			// Negative numbers are written as the greatest ones.
			isHuge ||= !Number.isSafeInteger(value);
			ints.push(value);
		}
	};
	for (const { number, type, start, from, to } of fieldsOf(bytes)) {
		const isList = type === written.withLength;
		if (number === field.floats && (isList || type === written.fourBytes)) {
			for (let at = from; at < to; at += 4) floats.push(view.getFloat32(at, true));
		} else if (number === field.ints && (isList || type === written.varint)) {
			readInts(from, to);
		} else if (number === field.strings && isList) {
			const word = String.fromCharCode(...bytes.subarray(from, Math.min(to, from + 64)));
			const told = (to - from <= 64 ? known.get(word) : undefined) ?? bytes.subarray(from, to);
			known.set(word, told);
			strings.push(told);
		} else {
			others.push(bytes.subarray(start, to));
		}
	}
	if (isHuge) return AttributeProto.decode(bytes);
	return Object.assign(AttributeProto.decode(joined(others)), { floats, ints, strings });
}

export function encodeModel(model: onnx.IModelProto): Uint8Array {
	const { graph, ...rest } = model;
	const head = ModelProto.encode(rest).finish();
	return joined(graph ? [head, ...enclosed(field.graph, encodeGraph(graph))] : [head]);
}

function encodeGraph({ node, ...rest }: onnx.IGraphProto): Uint8Array[] {
	const nodes = (node ?? []).flatMap((one) => enclosed(field.node, encodeNode(one)));
	return [...nodes, GraphProto.encode(rest).finish()];
}

function encodeNode({ attribute, ...rest }: onnx.INodeProto): Uint8Array[] {
	const attributes = (attribute ?? []).flatMap((one) => enclosed(field.attribute, encodeAttribute(one)));
	return [NodeProto.encode(rest).finish(), ...attributes];
}

function encodeAttribute(whole: onnx.IAttributeProto): Uint8Array[] {
	const { floats, ints, strings, ...rest } = whole;
	const counts = [floats, ints, strings].map((list) => list?.length ?? 0);
	const isPlain = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;
	if (Math.max(...counts) < long || !(ints ?? []).every(isPlain)) return [AttributeProto.encode(whole).finish()];
	const parts = [AttributeProto.encode(rest).finish()];
	if (floats?.length) parts.push(...enclosed(field.floats, [new Uint8Array(Float32Array.from(floats).buffer)]));
	if (ints?.length) parts.push(...enclosed(field.ints, [varints(ints as number[])]));
	if (strings?.length) parts.push(texts(strings));
	return parts;
}

/** A field that holds all of these bytes, after its number and their length. */
function enclosed(number: number, parts: readonly Uint8Array[]): Uint8Array[] {
	return [varints([key(number), parts.reduce((sum, { length }) => sum + length, 0)]), ...parts];
}

function texts(words: readonly Uint8Array[]): Uint8Array {
	const heads = new Map<number, Uint8Array>();
	const headOf = (length: number) => {
		const head = heads.get(length) ?? varints([key(field.strings), length]);
		heads.set(length, head);
		return head;
	};
	const bytes = new Uint8Array(words.reduce((sum, { length }) => sum + headOf(length).length + length, 0));
	let at = 0;
	for (const word of words) {
		const head = headOf(word.length);
		bytes.set(head, at);
		bytes.set(word, at + head.length);
		at += head.length + word.length;
	}
	return bytes;
}

function key(number: number): number {
	return number * 8 + written.withLength;
}

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
function varints(values: readonly number[]): Uint8Array {
	let length = values.length;
	for (const value of values) for (let left = value; left >= 128; left = Math.floor(left / 128)) length++;
	const bytes = new Uint8Array(length);
	let at = 0;
	for (const value of values) {
		let left = value;
		for (; left >= 128; left = Math.floor(left / 128)) bytes[at++] = (left % 128) + 128;
		bytes[at++] = left;
	}
	return bytes;
}

function readVarint(bytes: Uint8Array, at: { place: number }, end: number): number {
	for (let value = 0, factor = 1; at.place < end; factor *= 128) {
		const byte = bytes[at.place++] as number;
		value += (byte % 128) * factor;
		if (byte < 128) return value;
	}
	throw new RangeError('a number has no end');
}

/** A field: its place in the schema, how it is written, where it starts, and from where to where its value goes. */
interface Field {
	number: number;
	type: number;
	start: number;
	from: number;
	to: number;
}

function* fieldsOf(bytes: Uint8Array): Generator<Field> {
	const at = { place: 0 };
	while (at.place < bytes.length) {
		const start = at.place;
		const head = readVarint(bytes, at, bytes.length);
		const [number, type] = [Math.floor(head / 8), head % 8];
		const length = type === written.withLength ? readVarint(bytes, at, bytes.length) : 0;
		const from = at.place;
		if (type === written.varint) readVarint(bytes, at, bytes.length);
		else if (type === written.withLength) at.place += length;
		else if (type === written.fourBytes) at.place += 4;
		else if (type === written.eightBytes) at.place += 8;
		else throw new RangeError(`a field is written as type ${type}`);
		if (at.place > bytes.length) throw new RangeError('it ends in the midst of a field');
		yield { number, type, start, from, to: at.place };
	}
}

/** The values of all fields of that number, and the message without them. */
function takeOut(bytes: Uint8Array, number: number): { parts: Uint8Array[]; rest: Uint8Array } {
	const parts: Uint8Array[] = [];
	const rest: Uint8Array[] = [];
	for (const one of fieldsOf(bytes)) {
		if (one.number === number && one.type === written.withLength) parts.push(bytes.subarray(one.from, one.to));
		else rest.push(bytes.subarray(one.start, one.to));
	}
	return { parts, rest: joined(rest) };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
	const [first] = parts;
	if (first !== undefined && parts.length === 1) return first;
	const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		bytes.set(part, at);
		at += part.length;
	}
	return bytes;
}
