/** What no calculator is asked to read: a paste into the wrong field must not freeze the page, nor a comma pass for a default. */
import type { Calculator } from './calculator.ts';
import type { FlagValues, InputIssue } from './input.ts';

/** For values and lists of them. Texts of several lines have limits of their own, where they are read. */
const MOST_CHARACTERS = 50_000;
const MOST_VALUES = 2_000;
/** Of a text without a value, what the refusal repeats. */
const SHOWN_CHARACTERS = 40;

/** Returns an issue for each field that holds too much to be read, or nothing at all between its commas. */
export function unreadableInputs(calculator: Calculator, values: FlagValues): readonly InputIssue[] {
  return calculator.flags.flatMap(({ name, lines, fallback, choices }): readonly InputIssue[] => {
    const mayBeFile = calculator.flags.some(({ fileFor }) => fileFor === name);
    const typed = mayBeFile ? [] : (values[name] ?? []);
    if (typed.some((text) => text !== '') && !typed.some((text) => /[^\s,;]/.test(text))) {
      const text = typed.join(' ').slice(0, SHOWN_CHARACTERS).replaceAll(/\s+/g, ' ');
      const instead = fallback ?? choices?.[0]?.value ?? null;
      return [{ flag: name, value: text, message: `"${text}" holds no value.`, instead }];
    }
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
