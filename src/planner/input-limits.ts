/** How much one field may hold before a calculator reads it: a paste into the wrong field must not freeze the page. */
import type { Calculator } from './calculator.ts';
import type { FlagValues, InputIssue } from './input.ts';

/** For values and lists of them. Texts of several lines have limits of their own, where they are read. */
const MOST_CHARACTERS = 50_000;
const MOST_VALUES = 2_000;

/** Returns an issue for each field that holds too much to be read. */
export function inputsTooLong(calculator: Calculator, values: FlagValues): readonly InputIssue[] {
  return calculator.flags.flatMap(({ name, lines }): readonly InputIssue[] => {
    const given = lines === undefined ? (values[name] ?? []) : [];
    const characters = given.reduce((sum, text) => sum + text.length, 0);
    if (characters > MOST_CHARACTERS) {
      return [refusal(name, `${characters.toLocaleString('en')} characters`, MOST_CHARACTERS)];
    }
    const count = given.reduce((sum, text) => sum + text.split(/[\s,;]+/).length, 0);
    return count > MOST_VALUES ? [refusal(name, `${count.toLocaleString('en')} values`, MOST_VALUES)] : [];
  });
}

function refusal(flag: string, held: string, most: number): InputIssue {
  const message = `has ${held}, and ${most.toLocaleString('en')} are read at most.`;
  return { flag, value: null, message, instead: null };
}
