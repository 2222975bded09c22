/** The names of the tests that a drift report may use. */
import * as z from 'zod/mini';

/** Those of profile `sound`. */
export const soundTests = ['ks', 'chi_square', 'kuiper', 'psi', 'mmd'] as const;
export type SoundTest = (typeof soundTests)[number];

/** Those of profile `evidently`, by the names that Evidently registers them under. */
export const evidentlyTests = [
	'ks',
	'psi',
	'wasserstein',
	'jensenshannon',
	'kl_div',
	'chisquare',
	'z',
	'g_test',
	'fisher_exact',
	'anderson',
	'cramer_von_mises',
	'es',
	'mannw',
	't_test',
	'hellinger',
	'ed',
	'TVD',
	'empirical_mmd',
	'perc_text_content_drift',
	'abs_text_content_drift',
] as const;
export type EvidentlyTest = (typeof evidentlyTests)[number];

/** That of `method: mean`. */
export const meanTests = ['mean'] as const;

export const driftTest = z.enum([...new Set([...soundTests, ...evidentlyTests]), ...meanTests]);
export type DriftTest = z.infer<typeof driftTest>;

export const driftProfile = z.enum(['sound', 'evidently']);
export type DriftProfile = z.infer<typeof driftProfile>;

/** In place of a profile: the means alone are compared, as the home-prices system does. */
export const driftMethod = z.enum(meanTests);

/** By which rules a report was judged. */
export const judgedBy = z.enum([...driftProfile.options, ...driftMethod.options]);
export type JudgedBy = z.infer<typeof judgedBy>;

const known: Record<JudgedBy, readonly DriftTest[]> = { sound: soundTests, evidently: evidentlyTests, mean: meanTests };

/** The tests that a profile or method knows. */
export function testsOf(profile: JudgedBy): readonly DriftTest[] {
	return known[profile];
}
