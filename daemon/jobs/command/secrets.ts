/** Values that no log may show. */

/** Names of variables whose values are secret whether or not anybody says so. */
const telling = /secret|token|password|passwd|passphrase|credential|private_?key|api_?key|access_?key/i;
/** A shorter value is found in every other line by chance. */
const shortest = 4;

/** Puts `***` in the place of the values of these variables, and of all whose names tell. */
export function masking(environment: NodeJS.ProcessEnv, names: readonly string[]): (text: string) => string {
	const values = Object.entries(environment)
		.filter(([name]) => names.includes(name) || telling.test(name))
		// A key of several lines is written line by line.
		.flatMap(([, value = '']) => [value, ...value.split(/\r?\n/)])
		.filter((value) => value.length >= shortest)
		.sort((a, b) => b.length - a.length);
	const secrets = [...new Set(values)];
	return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, '***'), text);
}
