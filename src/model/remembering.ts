/** More than the ids of a large subscription, and little memory. */
const MOST_TEXTS = 10_000;
/** What somebody pasted is not kept. */
const LONGEST_TEXT = 500;

/**
 * Returns a function that gives the same answers and remembers them: for what follows from a short text alone, and is
 * asked about the same texts again and again.
 */
export function remembering<T extends NonNullable<unknown> | null>(
  answer: (text: string) => T,
): (text: string) => T {
  const answers = new Map<string, T>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const made = answer(text);
    if (text.length > LONGEST_TEXT) return made;
    if (answers.size >= MOST_TEXTS) answers.clear();
    answers.set(text, made);
    return made;
  };
}
