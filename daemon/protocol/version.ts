import manifest from '../../package.json' with { type: 'json' };

/** The version of Perch, as its manifest tells. */
export const { version } = manifest;
