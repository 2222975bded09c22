import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeBeside } from '../../data/writeBeside.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import { inspectModel } from '../../onnx/model.ts';
import { htmlCard } from '../card/htmlCard.ts';
import { markdownCard } from '../card/markdownCard.ts';
import { type CardFacts, modelCard } from '../card/modelCard.ts';

export interface CardInput extends Omit<CardFacts, 'description'> {
	/** Path of the .onnx file. */
	file: string;
	/** Where to write the card as HTML. */
	html: string | null;
}

/** Reads what a model says of itself, and writes its card. */
export async function cardWork({ file, html, ...known }: CardInput, { progress }: JobContext) {
	progress('Reading the model', 0);
	const { description } = await inspectModel(file);
	const card = modelCard({ ...known, description });
	if (html !== null) {
		mkdirSync(dirname(html), { recursive: true });
		writeBeside(html, htmlCard(card));
	}
	return { markdown: markdownCard(card) };
}
