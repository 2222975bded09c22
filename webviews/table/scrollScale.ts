/** Browsers stop at some 33 million pixels: a longer table scrolls in a shorter box, and every row can still be reached. */

/** The height that is scrolled at most. */
const tallest = 8_000_000;

export interface ScrollScale {
	/** Height of what is scrolled, in pixels. */
	readonly height: number;
	/** Whether a pixel of the box is more than one of the table. */
	readonly scaled: boolean;
	/** The largest position: the pixel of the whole table that is then at the top. */
	readonly end: number;
	/** Where the box stands for a position of the table. */
	toBox(position: number): number;
	/** The position that a place of the box stands for. */
	toPosition(box: number): number;
}

/** `room` is the height in which rows are seen. */
export function scrollScale(rows: number, rowHeight: number, room: number): ScrollScale {
	const whole = rows * rowHeight;
	const height = Math.min(whole, tallest);
	const end = Math.max(0, whole - room);
	const boxEnd = Math.max(0, height - room);
	const ratio = boxEnd === 0 ? 1 : end / boxEnd;
	return {
		height,
		scaled: whole > tallest,
		end,
		toBox: (position) => clamp(position, end) / ratio,
		toPosition: (box) => clamp(box * ratio, end),
	};
}

function clamp(value: number, end: number): number {
	return Math.min(end, Math.max(0, value));
}
