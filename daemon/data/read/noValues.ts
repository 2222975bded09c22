/**
 * Words that stand for no value where all other cells of a column are numbers, dates or booleans. In a column of text
 * they are text: `NA` may be a country.
 */
export const noValues: readonly string[] = [
	'NA',
	'na',
	'N/A',
	'n/a',
	'#N/A',
	'NaT',
	'NULL',
	'Null',
	'null',
	'NONE',
	'None',
	'none',
	'nil',
	'?',
	'-',
];
