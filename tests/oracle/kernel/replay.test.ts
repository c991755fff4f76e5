/** Compares the model with what the kernel was seen to do, on every run and without root. */
import { describe, expect, test } from 'vitest';
import { describeTrace } from '../../../src/model/trace/text.ts';
import { askModel } from './ask-both.ts';
import { disagreements } from './compare.ts';
import { SCENARIOS } from './flows/index.ts';
import { knownGap } from './known-gaps.ts';
import { readRecording, recordedScenarios } from './recording.ts';
import { questionText } from './scenario.ts';

const RECORD_AGAIN = 'record again, as root: npm run oracle';

test('every recording belongs to a scenario', () => {
  expect(recordedScenarios().sort()).toEqual(SCENARIOS.map((scenario) => scenario.name).sort());
});

describe.each(SCENARIOS)('$name', (scenario) => {
  const recording = readRecording(scenario.name);

  test('has a recording of exactly its flows', () => {
    const recorded = recording?.variations.map(({ name, flows }) => ({
      name,
      flows: flows.map((flow) => flow.question),
    }));
    const asked = scenario.variations.map(({ name, questions }) => ({
      name,
      flows: questions.map(questionText),
    }));
    expect(recorded, RECORD_AGAIN).toEqual(asked);
  });

  describe.each(scenario.variations)('$name', (variation) => {
    test('has a flow that gets through beside those that do not', () => {
      expect(variation.questions.map((question) => question.expect)).toContain('delivered');
    });

    test('the model, the kernel and the author agree on every flow', async () => {
      const flows = recording?.variations.find((each) => each.name === variation.name)?.flows ?? [];
      const wrong: string[] = [];
      for (const { question, trace, model } of askModel(variation, await variation.open())) {
        const text = questionText(question);
        const kernel = flows.find((each) => each.question === text);
        const differ = kernel === undefined ? [RECORD_AGAIN] : disagreements(model, kernel);
        if (kernel !== undefined && kernel.disposition !== question.expect) {
          differ.push(`the author expects ${question.expect}, the kernel says ${kernel.disposition}`);
        }
        const gap = knownGap(scenario.name, variation.name, text);
        if (gap !== null && differ.length === 0) {
          wrong.push(`${text}: agrees now; take ${gap.id} out of known-gaps.yaml`);
        }
        if (gap === null && differ.length > 0) {
          wrong.push([text, ...differ, kernel?.evidence ?? '', ...describeTrace(trace)].join('\n  '));
        }
      }
      expect(wrong, wrong.join('\n\n')).toEqual([]);
    });
  });
});
