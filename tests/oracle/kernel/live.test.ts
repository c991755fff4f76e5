/** Sends the flows of every scenario through this machine's kernel, where that is possible. */
import { describe, expect, test } from 'vitest';
import { describeTrace } from '../../../src/model/trace/text.ts';
import { askKernel, askModel } from './ask-both.ts';
import { whyNoKernel } from './build.ts';
import { disagreements } from './compare.ts';
import { SCENARIOS } from './flows/index.ts';
import { knownGap } from './known-gaps.ts';
import { questionText } from './scenario.ts';

const missing = whyNoKernel();
const required = process.env['REQUIRE_WITNESSES'] === '1';

if (missing !== null && required) {
  test('the kernel witness is required (REQUIRE_WITNESSES=1)', () => {
    expect.fail(missing);
  });
} else if (missing !== null) {
  test.skip(`the kernel witness ${missing}`, () => undefined);
} else {
  const cases = SCENARIOS.flatMap((scenario) =>
    scenario.variations.map((variation) => ({
      title: `${scenario.name}, ${variation.name}`,
      scenario,
      variation,
    })),
  );
  describe.concurrent('the kernel does what the model says', () => {
    // A flow that is dropped costs its timeout; networks do not meet, so they wait side by side.
    test.each(cases)('$title', { timeout: 180_000 }, async ({ scenario, variation }) => {
      const open = await variation.open();
      const asked = askModel(variation, open);
      const answers = await askKernel(open, asked);
      const wrong = asked.flatMap(({ question, trace, model }, i) => {
        const kernel = answers[i];
        if (kernel === undefined) return ['the witness lost a flow'];
        const text = questionText(question);
        const differ = disagreements(model, kernel);
        const gap = knownGap(scenario.name, variation.name, text);
        if (gap !== null && differ.length === 0)
          return [`${text}: agrees now; take ${gap.id} out of known-gaps.yaml`];
        if (differ.length === 0 || gap !== null) return [];
        return [[text, ...differ, kernel.evidence, ...describeTrace(trace)].join('\n  ')];
      });
      expect(wrong, wrong.join('\n\n')).toEqual([]);
    });
  });
}
