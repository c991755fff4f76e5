/**
 * Bounds for YAML and JSON from anybody. The parser's time grows with the square of how deep things
 * stand in each other, how many keys one mapping has and how often a value is repeated by name: these
 * are looked at in the text before, and in what was parsed after. Pure: what this knows of the parser's
 * nodes is their shape.
 */

/** A place in a text; lines and columns count from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** Far beyond what anybody writes, and far below where a parser that calls itself runs out of stack. */
export const DEEPEST_YAML = 1_000;
const MOST_ALIASES = 1_000;
/** How far one level is indented at most. */
const WIDEST_INDENT = 8;

/**
 * Returns where brackets, dashes or indentation go deeper than `deepest` levels; null if nowhere. Brackets
 * in quotes count too, since only a parser knows what is quoted.
 */
export function placeTooDeep(text: string, deepest: number): TextPlace | null {
  let depth = 0;
  let start = 0;
  for (let line = 1; start <= text.length; line += 1) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    let dashes = 0;
    let at = start;
    while (at < end && text[at] === ' ') at += 1;
    if (at < end && at - start > deepest * WIDEST_INDENT) return { line, column: 1 };
    // `- - ? x`: one level each, with tags and names of values between them.
    for (let isStart = true; at < end; at += 1) {
      const character = text[at];
      if (character === '[' || character === '{') depth += 1;
      else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
      else if ((character === '-' || character === '?') && isStart) dashes += 1;
      isStart = character === ' ' || character === '\t' || character === '\r';
      if (depth > deepest || dashes > deepest) return { line, column: at - start + 1 };
    }
    start = end + 1;
  }
  return null;
}

/** Reports whether the text repeats values by name (`*NAME`) more often than is followed. */
export function hasManyAliases(text: string): boolean {
  let count = 0;
  for (let at = text.indexOf('*'); at !== -1; at = text.indexOf('*', at + 1)) {
    const [before = '\n', after = ' '] = [text[at - 1], text[at + 1]];
    if (/[\s,[{:]/.test(before) && /\S/.test(after)) count += 1;
    if (count > MOST_ALIASES) return true;
  }
  return false;
}

/** A node of the parser, as far as it is looked at. */
interface Node {
  readonly items?: readonly unknown[];
  readonly key?: unknown;
  readonly value?: unknown;
  readonly range?: readonly number[] | null;
}

/**
 * Returns where in the text a mapping has a key that it had already, from the top down: what the parser
 * finds too, comparing each key with each other one.
 */
export function repeatedKeys(contents: unknown): readonly number[] {
  const found: number[] = [];
  const left: unknown[] = [contents];
  while (left.length > 0) {
    const items = nodeOf(left.pop())?.items;
    if (items === undefined) continue;
    const keys = new Set<unknown>();
    for (const item of items) {
      const pair = nodeOf(item);
      if (pair === null || !('key' in pair)) {
        left.push(item);
        continue;
      }
      left.push(pair.key, pair.value);
      const key = nodeOf(pair.key);
      if (key === null || !('value' in key)) continue;
      if (keys.has(key.value)) found.push(key.range?.[0] ?? 0);
      keys.add(key.value);
    }
  }
  return found.sort((one, other) => one - other);
}

function nodeOf(value: unknown): Node | null {
  return typeof value === 'object' && value !== null ? value : null;
}
