/** Problems as somebody can read them: a pasted file is neither repeated nor complained about word by word. */
import type { InputIssue } from './input.ts';

/** More complaints about one field say nothing that these do not say. */
const MOST_OF_A_FIELD = 8;
/** Longer than any resource id. */
const LONGEST_WORD = 400;
const LONGEST_MESSAGE = 1_200;

/**
 * Returns the issues with long texts shortened in what is said about them, and for each field the first
 * few with the number of the others. `value` stays as it was given.
 */
export function readableIssues(issues: readonly InputIssue[]): readonly InputIssue[] {
  const counts = new Map<string, number>();
  const readable = issues.flatMap((issue) => {
    const count = (counts.get(issue.flag) ?? 0) + 1;
    counts.set(issue.flag, count);
    return count > MOST_OF_A_FIELD ? [] : [shortened(issue)];
  });
  const rest = [...counts].flatMap(([flag, count]): readonly InputIssue[] => {
    const more = count - MOST_OF_A_FIELD;
    if (more <= 0) return [];
    const message = `has ${more.toLocaleString('en')} more ${more === 1 ? 'problem' : 'problems'} like these.`;
    return [{ flag, value: null, message, instead: null }];
  });
  return [...readable, ...rest];
}

function shortened(issue: InputIssue): InputIssue {
  return {
    ...issue,
    message: shortText(issue.message),
    instead: issue.instead === null ? null : shortText(issue.instead),
  };
}

/** Keeps the beginning and the end: the end of a message says what is wrong. */
export function shortText(text: string): string {
  const words = text.replaceAll(/\S+/g, (word) =>
    word.length > LONGEST_WORD ? `${cut(word, 0, 60)}…${cut(word, -20)}` : word,
  );
  return words.length > LONGEST_MESSAGE ? `${cut(words, 0, 800)} … ${cut(words, -200)}` : words;
}

/** As `slice`, and never through the middle of a character. */
function cut(text: string, start: number, end?: number): string {
  return text.slice(start, end).replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '');
}
