import { describe, expect, test } from 'vitest';
import { durationText, materialOf, studyMinutes, type Material } from '../../../src/ui/course/study-time.ts';

const NOTHING: Material = {
  words: 0,
  predictions: 0,
  commands: 0,
  packetPaths: 0,
  sums: 0,
  figures: 0,
  questions: 0,
};

describe('materialOf', () => {
  test('counts words of the text, and what stands in it for a word, but no imports and no markup', () => {
    const body = [
      "import { Address, Quiz } from '@lesson';",
      '',
      'The pod <Address>10.244.0.15</Address> calls <Fact limit="aks.KUBENET_MAX_NODES" /> nodes.',
      '<Quiz file="a.quiz.yaml" />',
    ].join('\n');
    // The, pod, 10.244.0.15, calls, the fact, nodes; and one for the quiz.
    expect(materialOf(body, 4)).toEqual({ ...NOTHING, words: 7, questions: 4 });
  });

  test('a prediction is read too: its question, its options and its outcome', () => {
    const body = `<Predict id="x" question="Who answers?" options={['The node', 'A pod > 1']} answer="The node">\nThe node does.\n</Predict>`;
    expect(materialOf(body, 0)).toEqual({ ...NOTHING, words: 10, predictions: 1 });
  });

  test('commands are counted one by one, whatever quotes and brackets they contain', () => {
    const body = [
      '<Transcript commands={[',
      `  'kubectl get pods -o "jsonpath={.items[0]}"',`,
      `  \`kubectl get nodes -o jsonpath='{.items[*]}'\`,`,
      `  'echo \\'a\\' > b',`,
      ']} />',
    ].join('\n');
    expect(materialOf(body, 0)).toEqual({ ...NOTHING, commands: 3 });
  });

  test('paths, sums and other pictures', () => {
    const body =
      '<PacketPath from="a" to="b" />\n<Calc line="x" />\n<Calc line="y" />\n<Wire ways={["tunnel"]} />';
    expect(materialOf(body, 0)).toEqual({ ...NOTHING, packetPaths: 1, sums: 2, figures: 1 });
  });
});

describe('studyMinutes', () => {
  test('nothing takes a minute, and everything that is added takes longer', () => {
    expect(studyMinutes(NOTHING)).toBe(1);
    for (const key of Object.keys(NOTHING)) {
      expect(studyMinutes({ ...NOTHING, words: 1000, [key]: 3000 }), key).toBeGreaterThan(
        studyMinutes({ ...NOTHING, words: 1000 }),
      );
    }
  });

  test('a lesson with a bit of everything', () => {
    // 5 min of text, 2 of predictions, 2 of output, 1.5 of paths, 0.5, 1, and 4.8 of questions.
    expect(
      studyMinutes({
        words: 1000,
        predictions: 4,
        commands: 10,
        packetPaths: 2,
        sums: 1,
        figures: 1,
        questions: 8,
      }),
    ).toBe(17);
  });
});

test.each([
  [4, '4 min'],
  [59, '59 min'],
  [60, '1 h'],
  [62, '1 h'],
  [63, '1 h 5 min'],
  [118, '2 h'],
  [140, '2 h 20 min'],
])('%i minutes read "%s"', (minutes, text) => {
  expect(durationText(minutes)).toBe(text);
});
