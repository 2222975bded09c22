/** Which windows of series are learned from, which say when to stop, and which are measured with. */
import { PerchError } from '../../../protocol/errors.ts';
import type { Stretch } from './seriesRows.ts';

export interface WindowShape {
	/** Rows of a window. */
	readonly steps: number;
	/** Rows after it that are forecast. */
	readonly horizon: number;
}

/** Windows by the place of their first row. */
export interface WindowParts {
	readonly train: Uint32Array;
	readonly validation: Uint32Array;
	readonly test: Uint32Array;
	/** The places of each series that come before those that validate. */
	readonly learned: readonly Stretch[];
}

/** All windows of series with what follows them, in their order. */
export function allWindows(series: readonly Stretch[], { steps, horizon }: WindowShape): Uint32Array {
	return windowsFrom(series.map(({ from, to }) => ({ from, to: to - steps - horizon + 1 })));
}

/**
 * Of each series the last share is measured with, and of what comes before the last share validates; nothing that is
 * forecast in one part is forecast in another. Of the windows that are learned from every `stride`-th is taken.
 * Throws `empty_data` where no window is left to learn from or to validate with.
 */
export function windowParts(
	series: readonly Stretch[],
	shape: WindowShape,
	share: { test: number; validation: number },
	stride: number,
): WindowParts {
	const parts = partsBetween(
		series.map((one) => ({ ...one, measured: learnedStretch(one, share.test).to })),
		shape,
		share.validation,
		stride,
	);
	requireWindows(parts.train, series, shape);
	requireWindows(parts.validation, series, shape);
	if (share.test > 0) requireWindows(parts.test, series, shape);
	return parts;
}

/** What is left of a series when its last share is measured with. */
export function learnedStretch({ from, to }: Stretch, test: number): Stretch {
	return { from, to: to - Math.round(test * (to - from)) };
}

/**
 * Rolling origin: of each series `of` equal stretches at its end are measured, each with all rows before it (as
 * scikit-learn's TimeSeriesSplit); `fold` counts from 0. Throws as `windowParts`.
 */
export function foldWindows(
	series: readonly Stretch[],
	shape: WindowShape,
	{ fold, of }: { fold: number; of: number },
	validation: number,
	stride: number,
): WindowParts {
	const stretches = series.map(({ from, to }) => {
		const size = Math.floor((to - from) / (of + 1));
		const end = to - (of - 1 - fold) * size;
		return { from, to: end, measured: end - size };
	});
	const parts = partsBetween(stretches, shape, validation, stride);
	for (const part of [parts.train, parts.validation, parts.test]) requireWindows(part, stretches, shape);
	return parts;
}

/** Each series from its first row to those that are measured with, and these up to its last. */
function partsBetween(
	series: readonly (Stretch & { readonly measured: number })[],
	{ steps, horizon }: WindowShape,
	validation: number,
	stride: number,
): WindowParts {
	const borders = series.map(({ from, measured, to }) => {
		return { from, validated: measured - Math.max(1, Math.round(validation * (measured - from))), measured, to };
	});
	return {
		learned: borders.map(({ from, validated }) => ({ from, to: validated })),
		train: windowsFrom(
			borders.map(({ from, validated }) => ({ from, to: validated - steps - horizon + 1 })),
			stride,
		),
		validation: windowsFrom(
			borders.map(({ from, validated, measured }) => ({
				from: Math.max(from, validated - steps),
				to: measured - steps - horizon + 1,
			})),
		),
		test: windowsFrom(
			borders.map(({ from, measured, to }) => ({
				from: Math.max(from, measured - steps),
				to: to - steps - horizon + 1,
			})),
		),
	};
}

/** Throws `empty_data` where there is no window. */
export function requireWindows(
	windows: Uint32Array,
	series: readonly Stretch[],
	{ steps, horizon }: WindowShape,
): void {
	if (windows.length > 0) return;
	const longest = Math.max(0, ...series.map(({ from, to }) => to - from));
	throw new PerchError(
		'empty_data',
		`The longest series has ${longest} rows, too few to learn from windows of ${steps} with what follows, to validate and to measure.`,
		{ field: 'data.window.size', hint: `Give a few times ${steps + horizon} rows, or smaller windows.` },
	);
}

function windowsFrom(stretches: readonly Stretch[], stride = 1): Uint32Array {
	const windows = new Uint32Array(
		stretches.reduce((sum, { from, to }) => sum + Math.max(0, Math.ceil((to - from) / stride)), 0),
	);
	let at = 0;
	for (const { from, to } of stretches) for (let place = from; place < to; place += stride) windows[at++] = place;
	return windows;
}
