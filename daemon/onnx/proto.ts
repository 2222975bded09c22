/** The ONNX schema as `onnx-proto` generates it: a CommonJS module, so its one export is taken from the default. */
import onnxProto, { type onnx } from 'onnx-proto';

import { withLongLists } from './longAttributes.ts';

export type { onnx };
export const { ModelProto, TensorProto, AttributeProto } = onnxProto.onnx;
Object.assign(AttributeProto, withLongLists(AttributeProto));

/** Element types of tensors by their number in the ONNX schema, named as ONNX writes them. */
export const elementTypes = [
	'undefined',
	'float',
	'uint8',
	'int8',
	'uint16',
	'int16',
	'int32',
	'int64',
	'string',
	'bool',
	'float16',
	'double',
	'uint32',
	'uint64',
	'complex64',
	'complex128',
	'bfloat16',
] as const;
export type ElementType = (typeof elementTypes)[number];

/** The number of an element type in the ONNX schema. */
export function elementNumber(type: ElementType): number {
	return elementTypes.indexOf(type);
}
