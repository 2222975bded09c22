/** How lines, bars and axes look. In high contrast they differ by dashes, shapes and hatching, not by colour alone. */
import type { ScaleOptionsByType } from 'chart.js';
import type { Theme } from './theme.ts';

const dashes: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [12, 4, 2, 4], [4, 4], [16, 4]];
const points = ['circle', 'rect', 'triangle', 'rectRot', 'crossRot', 'star'] as const;

function nth<T>(list: readonly T[], index: number): T {
	return list[index % list.length] as T;
}

/** A colour with an opacity of 0 to 1. */
export function faded(color: string, opacity: number): string {
	return `color-mix(in srgb, ${color} ${opacity * 100}%, transparent)`;
}

/** `count` points in the line: few of them are marked. */
export function lineStyle(theme: Theme, index: number, count: number, colors: readonly string[] = theme.series) {
	const color = nth(colors, index);
	const marked = count <= 40;
	return {
		borderColor: color,
		backgroundColor: faded(color, theme.highContrast ? 0 : 0.2),
		pointBackgroundColor: color,
		borderWidth: 2,
		borderDash: theme.highContrast ? [...nth(dashes, index)] : [],
		pointStyle: theme.highContrast ? nth(points, index) : ('circle' as const),
		pointRadius: marked ? (theme.highContrast ? 4 : 2.5) : 0,
		pointHoverRadius: 4,
	};
}

/** Slanted lines for the second, fourth, … series in high contrast. */
function hatch(color: string): CanvasPattern | string {
	const tile = document.createElement('canvas');
	tile.width = 8;
	tile.height = 8;
	const context = tile.getContext('2d');
	if (context === null) return color;
	context.strokeStyle = color;
	context.lineWidth = 2;
	for (const offset of [-8, 0, 8]) {
		context.beginPath();
		context.moveTo(offset, 8);
		context.lineTo(offset + 8, 0);
		context.stroke();
	}
	return context.createPattern(tile, 'repeat') ?? color;
}

export function barStyle(theme: Theme, index: number, colors: readonly string[] = theme.series) {
	const color = nth(colors, index);
	const fill = index % 2 === 1 ? hatch(color) : color;
	return {
		backgroundColor: theme.highContrast ? fill : faded(color, 0.7),
		borderColor: color,
		borderWidth: 1,
		maxBarThickness: 48,
	};
}

interface AxisOptions {
	readonly format?: (value: number) => string;
	readonly min?: number | undefined;
	readonly max?: number | undefined;
	readonly grid?: boolean;
	/** At most so many ticks. */
	readonly ticks?: number;
}

/** An axis of numbers. */
export function numberAxis(
	theme: Theme,
	title: string,
	{ format, min, max, grid = true, ticks = 7 }: AxisOptions = {},
) {
	return {
		type: 'linear' as const,
		...(min !== undefined && { min }),
		...(max !== undefined && { max }),
		...lines(theme, grid),
		title: { display: title !== '', text: title, color: theme.muted },
		ticks: {
			color: theme.muted,
			maxTicksLimit: ticks,
			maxRotation: 0,
			// The ends of a histogram are no round numbers.
			includeBounds: false,
			...(format !== undefined && { callback: (value: string | number) => format(Number(value)) }),
		},
	};
}

/** An axis of names; long ones are cut, as the whole stands in the table. */
export function nameAxis(theme: Theme, title: string, names: readonly string[]) {
	return {
		type: 'category' as const,
		...lines(theme, false),
		title: { display: title !== '', text: title, color: theme.muted },
		ticks: {
			color: theme.muted,
			autoSkip: false,
			maxRotation: 60,
			callback: (value: string | number) => {
				const name = names[Number(value)] ?? '';
				return name.length > 22 ? `${name.slice(0, 21)}…` : name;
			},
		},
	};
}

function lines(theme: Theme, grid: boolean): Pick<ScaleOptionsByType<'linear'>, 'grid' | 'border'> {
	return {
		grid: { display: grid, color: theme.grid, drawTicks: false },
		border: { display: true, color: theme.highContrast ? theme.border : theme.grid },
	} as Pick<ScaleOptionsByType<'linear'>, 'grid' | 'border'>;
}

/** Keys as lines or as boxes. */
export function legendStyle(theme: Theme, display: boolean, lines = true) {
	return {
		display,
		position: 'top' as const,
		align: 'start' as const,
		labels: {
			color: theme.text,
			padding: 14,
			usePointStyle: true,
			pointStyleWidth: 26,
			boxHeight: 8,
			...(lines && { pointStyle: 'line' as const }),
		},
	};
}

export function tooltipStyle(theme: Theme) {
	return {
		backgroundColor: theme.background,
		titleColor: theme.text,
		bodyColor: theme.text,
		borderColor: theme.border,
		borderWidth: 1,
		cornerRadius: 3,
		padding: 8,
		boxPadding: 4,
	};
}
