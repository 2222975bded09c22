/** Text in Markdown. */

/** All but what has no meaning in Markdown wherever it stands in a line; `www.` begins a link, an underscore within a word, a colon before a space or in a time of day nothing. */
const signs =
	/(?<=www)\.|(?!(?<=[\p{L}\p{N}])_(?=[\p{L}\p{N}]))(?!: |(?<=\d):\d\d(?!\d))[^\p{L}\p{M}\p{N} ./,;()%=’–…−×-]/giu;

/** Text as text: signs by their numbers, and what would move or turn the writing spelt out. */
export function plain(text: string): string {
	return text
		.replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (sign) => {
			return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
		})
		.replaceAll(signs, (sign) => `&#${sign.codePointAt(0)};`);
}
