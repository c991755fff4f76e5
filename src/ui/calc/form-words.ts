/** The planner names its inputs as a terminal does, `--on-subnet`; who sits at a form looks for its label. */
import type { CalculatorFlag } from '../../planner/calculator.ts';
import { fieldNamed } from './url-state.ts';

/** A sentence about the inputs, with the labels of the form in place of options. Options that the form has not stay. */
export function formWords(text: string, fields: readonly CalculatorFlag[]): string {
  return text.replaceAll(/--([a-z][a-z-]*)/g, (option, name: string) => {
    const field = fieldNamed(fields, name);
    return field === null ? option : `“${field.label}”`;
  });
}

/**
 * What to type instead, told at a field: the value alone if it is for this field, "VALUE in “LABEL”" if for
 * another. `isText` says that it is a value or a command, no sentence.
 */
export function insteadWords(
  instead: string,
  field: CalculatorFlag,
  fields: readonly CalculatorFlag[],
): { readonly text: string; readonly place: string; readonly isText: boolean } {
  const plain = instead.replace(/\.$/, '');
  const [, name, value] = /^--([a-z][a-z-]*) (\S+)$/.exec(plain) ?? [];
  const meant = name === undefined ? null : fieldNamed(fields, name);
  if (meant !== null && value !== undefined) {
    return { text: value, place: meant.name === field.name ? '' : ` in “${meant.label}”`, isText: true };
  }
  const text = formWords(plain, fields);
  return { text, place: '', isText: text === plain && !/^[A-Za-z][a-z]*,? [a-z]/.test(text) };
}
