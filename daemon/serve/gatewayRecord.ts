import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import '../protocol/schema.ts';
import { type GatewayRecord, gatewayPaths, gatewayRecord } from './control.ts';

/** The record of the gateway that runs in a root, or ran and was killed; null where there is none that can be read. */
export function readGatewayRecord(root: string): GatewayRecord | null {
	try {
		const parsed = z.safeParse(gatewayRecord, JSON.parse(readFileSync(gatewayPaths(root).record, 'utf8')));
		return parsed.success ? parsed.data : null;
	} catch {
		return null;
	}
}
