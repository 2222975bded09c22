/** Tiny histograms in the rows of the table: the shape at a glance, the numbers in the details. */
import { faded } from '../components/chartStyle.ts';
import { h } from '../components/element.ts';
import { onThemeChange, readTheme, type Theme } from '../components/theme.ts';

/** Shares of one sample, or of two; the second is empty where there is none. */
export interface SparkData {
	readonly kind: 'histogram' | 'categories';
	readonly reference: readonly number[];
	readonly current: readonly number[];
}

const width = 132;
const height = 30;

/** Sharp on paper and on dense screens. */
const density = Math.max(2, globalThis.devicePixelRatio ?? 1);

const drawings = new Map<HTMLCanvasElement, SparkData>();
let theme: Theme | undefined;

const near = new IntersectionObserver(
	(entries) => {
		for (const { target, isIntersecting } of entries) {
			if (isIntersecting && target instanceof HTMLCanvasElement) draw(target);
		}
	},
	{ rootMargin: '100%' },
);

onThemeChange((next) => {
	theme = next;
	for (const canvas of drawings.keys()) {
		if (canvas.width > 1) draw(canvas);
	}
});

/** A canvas that draws itself when it comes near the visible part of the page. */
export function spark(distribution: SparkData): HTMLElement {
	const canvas = h('canvas', { class: 'spark', width: 1, height: 1, 'aria-hidden': 'true' });
	drawings.set(canvas, distribution);
	near.observe(canvas);
	return canvas;
}

/** Lets go of a canvas that leaves the page for good. */
export function forgetSparks(within: ParentNode): void {
	for (const canvas of within.querySelectorAll('canvas')) {
		drawings.delete(canvas);
		near.unobserve(canvas);
	}
}

/** Draws those as well that have not been near yet, for paper. */
export function drawAllSparks(): void {
	for (const canvas of drawings.keys()) draw(canvas);
}

function draw(canvas: HTMLCanvasElement): void {
	const distribution = drawings.get(canvas);
	const context = canvas.getContext('2d');
	if (distribution === undefined || context === null) return;
	theme ??= readTheme();
	canvas.width = width * density;
	canvas.height = height * density;
	context.scale(density, density);
	if (distribution.kind === 'histogram') drawSteps(context, distribution, theme);
	else drawBars(context, distribution, theme);
}

type Shares = Pick<SparkData, 'reference' | 'current'>;

function highest({ reference, current }: Shares): number {
	return Math.max(...reference, ...current, Number.MIN_VALUE);
}

/** The reference filled, the current sample as a line over it; as in the large chart. */
function drawSteps(context: CanvasRenderingContext2D, shares: Shares, colors: Theme): void {
	const top = highest(shares);
	const path = (values: readonly number[]): Path2D => {
		const line = new Path2D();
		line.moveTo(0, height);
		for (const [bin, share] of values.entries()) {
			const y = height - 1 - (share / top) * (height - 3);
			line.lineTo((bin / values.length) * width, y);
			line.lineTo(((bin + 1) / values.length) * width, y);
		}
		line.lineTo(width, height);
		return line;
	};
	context.fillStyle = faded(colors.reference, 0.45);
	context.fill(path(shares.reference));
	if (shares.current.length === 0) return;
	context.lineWidth = 1.5;
	context.lineJoin = 'round';
	context.strokeStyle = colors.current;
	context.setLineDash(colors.highContrast ? [4, 2] : []);
	context.stroke(path(shares.current));
}

/** A bar a category and sample. */
function drawBars(context: CanvasRenderingContext2D, shares: Shares, colors: Theme): void {
	const top = highest(shares);
	const room = Math.min(28, width / shares.reference.length);
	const samples = [shares.reference, shares.current].filter(({ length }) => length > 0);
	const bar = Math.max(0.5, (room * 0.8) / samples.length);
	for (const index of shares.reference.keys()) {
		for (const [side, values] of samples.entries()) {
			const length = ((values[index] ?? 0) / top) * (height - 2);
			context.fillStyle = side === 0 ? faded(colors.reference, 0.6) : colors.current;
			context.fillRect(index * room + side * bar, height - length, bar, length);
		}
	}
}
