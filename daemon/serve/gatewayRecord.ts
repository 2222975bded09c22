import { readRecord } from '../client/record.ts';
import { type GatewayRecord, gatewayPaths, gatewayRecord } from './control.ts';

/** The record of the gateway that runs in a root, or ran and was killed; null where there is none that can be read. */
export function readGatewayRecord(root: string): GatewayRecord | null {
	return readRecord(gatewayPaths(root).record, gatewayRecord);
}
