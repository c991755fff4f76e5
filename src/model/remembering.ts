/** Answers that are kept, a bounded number of them, since they follow from a text and are asked for again and again. */

type Answer = NonNullable<unknown> | null;

/** The answers to the texts that came last, as many as it may keep. */
export class Remembered<T extends Answer> {
  readonly #answers = new Map<string, T>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** Returns what was answered to this text, or what is made now. */
  of(text: string, make: () => T): T {
    const known = this.#answers.get(text);
    if (known !== undefined) return known;
    const made = make();
    const [oldest] = this.#answers.size < this.#most ? [] : this.#answers.keys();
    if (oldest !== undefined) this.#answers.delete(oldest);
    this.#answers.set(text, made);
    return made;
  }
}

/** More than the ids of a large subscription, and little memory. */
const MOST_TEXTS = 10_000;
/** What somebody pasted is not kept. */
const LONGEST_TEXT = 500;

/** Returns a function that gives the same answers and remembers those to short texts, from which they follow alone. */
export function remembering<T extends Answer>(answer: (text: string) => T): (text: string) => T {
  const answers = new Remembered<T>(MOST_TEXTS);
  return (text) => (text.length > LONGEST_TEXT ? answer(text) : answers.of(text, () => answer(text)));
}
