/** Property tests draw the same cases in every run, so that a change is what breaks them; PERCH_SEED draws others. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['PERCH_SEED'] ?? 20261121) });
