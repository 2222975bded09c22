import type { ColumnProfile } from '../../daemon/protocol/profile.ts';
import { blocksOf, nullShare, said } from '../glance.ts';
import { age, escapeMarkdown, figure, markdownTable, percent } from '../words.ts';
import type { ColumnDrift } from './columnDrift.ts';

/** The hover of a column's name in the header of a file: Markdown, with every text from the file escaped. */
export function hoverText(
	column: string,
	profile: ColumnProfile | null,
	drift: ColumnDrift | null,
	now: number,
): string {
	const parts = [
		head(column, profile),
		profile === null ? '' : shape(profile),
		drift === null ? '' : verdict(drift, now),
	];
	return parts.filter((part) => part !== '').join('\n\n');
}

function head(column: string, profile: ColumnProfile | null): string {
	const facts =
		profile === null
			? []
			: [
					profile.type,
					`${percent(nullShare(profile))} null`,
					profile.constant ? 'constant' : `${profile.distinct.toLocaleString('en-US')} distinct`,
				];
	return [`**${escapeMarkdown(column)}**`, ...facts].join(' · ');
}

function shape(profile: ColumnProfile): string {
	const { quantiles, min, max, mean, std, top, lengths } = profile;
	const drawn = drawing(profile);
	if (quantiles !== null) {
		const figures = [min, quantiles.p5, quantiles.p25, quantiles.p50, quantiles.p75, quantiles.p95, max].map(said);
		const moments = mean === null ? [] : [`mean ${figure(mean)}, deviation ${figure(std)}`];
		return [
			...drawn,
			markdownTable(['min', '5 %', '25 %', 'median', '75 %', '95 %', 'max'], [figures]),
			...moments,
		].join('\n\n');
	}
	const frequent = top.slice(0, 5).map(({ value, count }) => [said(value), count.toLocaleString('en-US')]);
	const long = lengths === null ? [] : [`${lengths.min} to ${lengths.max} characters`];
	return [...drawn, ...(frequent.length === 0 ? [] : [markdownTable(['most often', 'rows'], frequent)]), ...long].join(
		'\n\n',
	);
}

function verdict({ newest, reference, since }: ColumnDrift, now: number): string {
	const against = `against ${escapeMarkdown(reference.split(/[\\/]/).at(-1) ?? reference)}`;
	if (newest.drift === null) return `Drift ${against} cannot be told`;
	const measured =
		newest.score === null ? '' : ` (score ${figure(newest.score)}, threshold ${figure(newest.threshold)})`;
	if (!newest.drift || since === null) return `No drift ${against}${measured}`;
	return `$(warning) **Drifted** ${against}${measured}, since ${age(since, now)}`;
}

/** A small histogram between quantiles, so that an outlier hides nothing, and what lies beyond. */
function drawing(profile: ColumnProfile): string[] {
	const blocks = blocksOf(profile);
	if (blocks === '') return [];
	const { histogram } = profile;
	if (histogram === null) return [`\`${blocks}\``];
	const { edges, below, above } = histogram;
	const beyond = below + above === 0 ? '' : `, ${percent(below + above)} beyond`;
	return [`\`${blocks}\` ${escapeMarkdown(`${figure(edges[0])} to ${figure(edges.at(-1))}${beyond}`)}`];
}
