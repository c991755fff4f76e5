/** Marks addresses in terminal output by where they come from: a colour and a line under them. */
import { textParts } from '../address/text-parts.ts';
import type { RangeLetter } from '../address/range.ts';

/** Colour and underline style per range. The terminal's theme gives these colours their values. */
const MARKS: Readonly<Record<RangeLetter, string>> = {
  N: '34;4:1',
  P: '32;4:5',
  S: '35;4:4',
  O: '33;4:2',
  I: '31;4:3',
};

/** The ANSI colour names that stand for the ranges, as xterm.js' theme calls them. */
export const RANGE_COLOURS: Readonly<Record<RangeLetter, 'blue' | 'green' | 'magenta' | 'yellow' | 'red'>> = {
  N: 'blue',
  P: 'green',
  S: 'magenta',
  O: 'yellow',
  I: 'red',
};

/** Returns the text with its addresses marked, and its line ends as a terminal wants them. */
export function colouredOutput(text: string, rangeOf: (written: string) => RangeLetter | null): string {
  return textParts(text)
    .map((part) => {
      if (part.kind === 'text') return part.text;
      const range = rangeOf(part.text);
      return range === null ? part.text : `\x1b[${MARKS[range]}m${part.text}\x1b[39;24m`;
    })
    .join('')
    .replaceAll(/\r?\n/g, '\r\n');
}
