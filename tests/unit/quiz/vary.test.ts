import { describe, expect, test } from 'vitest';
import { formatQuizIssues, readQuiz, readVariations } from '../../../src/quiz/read-quiz.ts';
import { varied } from '../../../src/quiz/vary.ts';
import { source } from './fixture.ts';

const PATTERN = {
  id: 'peak',
  prompt: '{nodes} nodes with {surge}',
  key: { calc: 'plan --nodes {nodes}', field: 'x' },
  misreadings: [{ answer: '{nodes}', feedback: 'Only {nodes}.' }],
};

function problem(question: unknown): string {
  const read = varied(question);
  return read.ok ? 'none' : `${read.error.place}: ${read.error.message}`;
}

describe('rows fill a question in', () => {
  test('everywhere, as text; alone, as the value it is', () => {
    const read = varied({
      ...PATTERN,
      vary: [
        { nodes: 5, surge: '33%' },
        { nodes: 8, surge: '1' },
      ],
    });
    if (!read.ok) throw new Error(read.error.message);
    expect(read.value.questions[1]).toEqual({
      id: 'peak',
      prompt: '8 nodes with 1',
      key: { calc: 'plan --nodes 8', field: 'x' },
      misreadings: [{ answer: 8, feedback: 'Only 8.' }],
    });
    expect(read.value.questions).toHaveLength(2);
  });

  test('a question without rows stays as it is, braces and all', () => {
    const question = { id: 'a', prompt: "awk '{print $5}' {nodes}" };
    expect(varied(question)).toEqual({ ok: true, value: { rows: [], questions: [question] } });
  });

  test('braces that name nothing in the row stay', () => {
    const read = varied({ prompt: '{.spec} {nodes} {other}', vary: [{ nodes: 1 }, { nodes: 2 }] });
    expect(read.ok && read.value.questions[1]).toEqual({ prompt: '{.spec} 2 {other}' });
  });

  test.each([
    ['one row alone', { ...PATTERN, vary: [{ nodes: 5, surge: '1' }] }, 'vary: is a list of at least two'],
    ['no list', { ...PATTERN, vary: { nodes: 5 } }, 'vary: is a list'],
    ['a row that is none', { ...PATTERN, vary: [{ nodes: 5, surge: '1' }, 7] }, 'vary[1]: is a row'],
    ['a row with a list in it', { ...PATTERN, vary: [{ nodes: [5] }, { nodes: 6 }] }, 'vary[0]: is a row'],
    [
      'a name too few',
      { ...PATTERN, vary: [{ nodes: 5, surge: '1' }, { nodes: 6 }] },
      'vary[1].surge: every row',
    ],
    [
      'a name too many',
      {
        ...PATTERN,
        vary: [
          { nodes: 5, surge: '1' },
          { nodes: 6, surge: '1', pods: 3 },
        ],
      },
      'vary[1].pods: every row',
    ],
    [
      'a name in capitals',
      { prompt: '{Nodes}', vary: [{ Nodes: 5 }, { Nodes: 6 }] },
      'vary[0].Nodes: a name',
    ],
    [
      'a name that the question has not',
      {
        ...PATTERN,
        vary: [
          { nodes: 5, surge: '1', pods: 1 },
          { nodes: 6, surge: '1', pods: 2 },
        ],
      },
      'vary[0].pods: the question has no {pods}',
    ],
  ])('refuses %s', (_, question, message) => {
    expect(problem(question)).toContain(message);
  });
});

const quizText = (key: string, rows: string) => `
title: Test
questions:
  - id: peak
    kind: number
    unit: addresses
    prompt: How many for {nodes} nodes?
    why: Count them.
    ${key}
    misreadings:
      - { answer: '{nodes}', feedback: 'That is without the surge of {nodes}.' }
    otherwise: Count again.
    vary: ${rows}
`;
const CALC = "key: { calc: 'plan --nodes {nodes}', field: addressesNeeded }";

async function issuesOf(text: string): Promise<string> {
  const read = await readVariations(text, 'test.quiz.yaml', 'module/test', source);
  return read.ok ? 'none' : formatQuizIssues(read.error);
}

describe('variations of a quiz', () => {
  test('the lesson asks the first row, practice the others, each with the key of the model', async () => {
    const text = quizText(CALC, '[{ nodes: 300 }, { nodes: 20 }, { nodes: 30 }]');
    const asked: string[] = [];
    const spy = { ...source, calc: (line: string) => (asked.push(line), source.calc(line)) };
    const lesson = await readQuiz(text, 'test.quiz.yaml', 'module/test', spy);
    expect(lesson.ok && lesson.value.questions.map(({ prompt }) => prompt)).toEqual([
      'How many for 300 nodes?',
    ]);
    expect(asked).toEqual(['plan --nodes 300']);
    const others = await readVariations(text, 'test.quiz.yaml', 'module/test', spy);
    if (!others.ok) throw new Error(formatQuizIssues(others.error));
    expect(others.value.get('peak')).toMatchObject([
      { id: 'peak', prompt: 'How many for 20 nodes?', key: 301, misreadings: [{ answer: 20 }] },
      { id: 'peak', prompt: 'How many for 30 nodes?', key: 301, misreadings: [{ answer: 30 }] },
    ]);
    expect(asked.slice(1)).toEqual(['plan --nodes 20', 'plan --nodes 30']);
  });

  test('a row whose misreading is the key is refused, with its place', async () => {
    expect(await issuesOf(quizText(CALC, '[{ nodes: 300 }, { nodes: 301 }]'))).toBe(
      'test.quiz.yaml: peak, row 1 of vary: the key 301 is also listed as a misreading',
    );
  });

  test('a written answer cannot vary', async () => {
    expect(await issuesOf(quizText('answer: 5', '[{ nodes: 1 }, { nodes: 2 }]'))).toContain(
      'row 1 of vary: only a question whose key is computed can vary',
    );
  });

  test('two rows that ask the same are one too many', async () => {
    expect(await issuesOf(quizText(CALC, '[{ nodes: 1 }, { nodes: 2 }, { nodes: 2 }]'))).toContain(
      'row 2 of vary: another row asks the very same',
    );
  });

  test('a value of the wrong type is an issue of its row', async () => {
    expect(await issuesOf(quizText(CALC, '[{ nodes: 1 }, { nodes: many }]'))).toContain(
      'questions[0] (peak), row 1 of vary: misreadings[0].answer',
    );
  });

  test('rows that are none are an issue of the question', async () => {
    expect(await issuesOf(quizText(CALC, '7'))).toContain('questions[0].vary (peak): is a list');
  });
});
