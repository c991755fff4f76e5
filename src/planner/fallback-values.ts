/** What a calculator takes for a flag that was not given. */
import type { CalculatorFlag } from './calculator.ts';
import type { FlagValues } from './input.ts';

/** Returns the values with the fallback of each flag that has one and no text. */
export function withFallbacks(flags: readonly CalculatorFlag[], values: FlagValues): FlagValues {
  const fallbacks = flags.flatMap(({ name, fallback }) =>
    fallback === undefined || (values[name] ?? []).join('') !== '' ? [] : [[name, [fallback]] as const],
  );
  return { ...values, ...Object.fromEntries(fallbacks) };
}
