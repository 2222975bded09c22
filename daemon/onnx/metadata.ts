import { ModelProto, type onnx } from './proto.ts';

/** The file with a JSON value more in its metadata, and with other fields beside it. */
export function withMetadata(
	file: Uint8Array,
	key: string,
	value: unknown,
	fields: Pick<onnx.IModelProto, 'producerVersion'> = {},
): Uint8Array {
	// Protocol buffers that follow one another are one message with the fields of both: nothing is decoded for it.
	const tail = ModelProto.encode({ ...fields, metadataProps: [{ key, value: JSON.stringify(value) }] }).finish();
	return Buffer.concat([file, tail]);
}
