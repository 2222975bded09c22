/** The names of the tests that a drift report may use. */
import * as z from 'zod/mini';

/** Those of profile `sound`. */
export const soundTests = ['ks', 'chi_square'] as const;
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

export const driftTest = z.enum([...new Set([...soundTests, ...evidentlyTests])]);
export type DriftTest = z.infer<typeof driftTest>;

export const driftProfile = z.enum(['sound', 'evidently']);
export type DriftProfile = z.infer<typeof driftProfile>;

/** The tests that a profile knows. */
export function testsOf(profile: DriftProfile): readonly DriftTest[] {
	return profile === 'sound' ? soundTests : evidentlyTests;
}
