/** A value that JSON holds without loss. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** JSON text that depends on the value alone: keys sorted by code units, no blanks (RFC 8785). */
export function canonicalJson(value: Json): string {
	if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
	if (value === null || typeof value !== 'object') return JSON.stringify(value);
	const entries = Object.keys(value)
		.sort()
		.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
	return `{${entries.join(',')}}`;
}

/** Any value as what JSON makes of it: what is undefined goes, NaN becomes null. */
export function asJson(value: unknown): Json {
	return JSON.parse(JSON.stringify(value) ?? 'null') as Json;
}
