/** A few values that a flag can have, and the other words that people have for them. */
import type { CalculatorFlag } from './calculator.ts';

/**
 * Returns the value of the flag that a word means, whatever its case and its dashes; null if it means
 * none. The terminal reads inputs with it, and the page what stands in its address.
 */
export function choiceNamed(flag: Pick<CalculatorFlag, 'choices' | 'words'>, word: string): string | null {
  const plain = plainly(word);
  const choice = flag.choices?.find(({ value }) => plainly(value) === plain);
  if (choice !== undefined) return choice.value;
  const meant = Object.entries(flag.words ?? {}).find(([other]) => plainly(other) === plain);
  return meant?.[1] ?? null;
}

function plainly(word: string): string {
  return word.toLowerCase().replaceAll(/[-_\s]/g, '');
}
