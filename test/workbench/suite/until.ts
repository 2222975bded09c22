/** Asks again until the answer holds, and gives it back; says what was waited for when it never does. */
export async function until<T>(what: string, ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
	const deadline = Date.now() + 30_000;
	for (;;) {
		const answer = await ask();
		if (answer !== undefined) return answer;
		if (Date.now() > deadline) throw new Error(`Not within 30 s: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 25));
	}
}
