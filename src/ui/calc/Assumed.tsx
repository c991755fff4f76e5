/** What an answer takes for granted, in the words of the form. */
import type { Calculator } from '../../planner/calculator.ts';
import { formWords } from './form-words.ts';
import { unbrokenOptions } from './unbroken.tsx';
import { fieldsOf } from './url-state.ts';

export function Assumed({
  calculator,
  texts,
}: {
  readonly calculator: Calculator;
  readonly texts: readonly string[];
}) {
  if (texts.length === 0) return null;
  return (
    <section class="calc-part">
      <h2>Assumed</h2>
      <ul class="calc-marks">
        {texts.map((text) => (
          <li key={text}>{unbrokenOptions(formWords(text, fieldsOf(calculator)))}</li>
        ))}
      </ul>
    </section>
  );
}
