/** How values read in the sentences of a report. */

/** Text of any length as it fits into a sentence. */
export function shortened(text: string, length = 60): string {
	const characters = [...text.slice(0, 2 * length + 2)];
	return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

/** A share: `62 %`, `6 %`, `0.4 %`. */
export function percent(share: number): string {
	const hundredfold = share * 100;
	return `${hundredfold >= 10 || hundredfold === 0 ? Math.round(hundredfold) : Number(hundredfold.toPrecision(1))} %`;
}

/** A number as it is written; a point in time in ISO form. */
export function valueText(value: number, time: boolean): string {
	if (!time || Math.abs(value) > 8.64e15) return String(value);
	return new Date(value).toISOString().replace(/T00:00:00\.000Z$/, '');
}
