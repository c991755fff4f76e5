/** A small course, and entries of it, for tests of progress. */
import type { Entry, Json } from '../../src/progress/entry.ts';
import type { CourseOutline } from '../../src/progress/outline.ts';

export const AT = 1_800_000_000_000;

export const OUTLINE: CourseOutline = {
  modules: [
    {
      id: '',
      title: 'Before you begin',
      lessons: [
        { slug: 'how', title: 'How', part: null, minutes: 4, predictions: ['how#first'], questions: [] },
      ],
      labs: [],
    },
    {
      id: '01-plugins',
      title: 'Plugins',
      lessons: [
        {
          slug: 'plugins/kubenet/addresses',
          title: 'Addresses',
          part: 'Kubenet',
          minutes: 10,
          predictions: [],
          questions: ['a', 'b', 'c'].map((id) => ({
            id: `plugins/kubenet/addresses#${id}`,
            prompt: `What is ${id}?`,
          })),
        },
        {
          slug: 'plugins/overlay',
          title: 'Overlay',
          part: null,
          minutes: 20,
          predictions: [],
          questions: [{ id: 'plugins/overlay#d', prompt: 'What is d?' }],
        },
      ],
      labs: [{ id: 'tour', title: 'A tour', minutes: 30, tasks: ['look', 'mend'] }],
    },
  ],
};

/** Entries by key, each done at `AT` unless it is an entry already. */
export function entriesOf(values: Readonly<Record<string, Json>>, at = AT): ReadonlyMap<string, Entry> {
  return new Map(Object.entries(values).map(([key, value]) => [key, { at, value }]));
}

/** What is kept of a question whose checks ended so, one second apart. */
export function quiz(...verdicts: readonly ('right' | 'wrong')[]): Json {
  const last = verdicts.at(-1);
  return {
    answer: { kind: 'choice', option: 'x' },
    state: last === undefined ? 'draft' : 'checked',
    ...(last === undefined ? {} : { verdict: last }),
    history: verdicts.map((verdict, index) => ({ at: AT + 1000 * index, verdict })),
  };
}

/** What is kept of an incident that was brought to an end. */
export function incident(points: number, at = AT): Json {
  return {
    version: 1,
    lab: 'tour',
    variation: 'amber',
    module: '01-plugins',
    started: at,
    hypotheses: [],
    findings: [],
    work: null,
    outcome: { at, minutes: 5, how: 'mended', points, of: 100, cause: 'a rule', lines: [] },
    earlier: [],
  };
}

/** What is kept of a question that was asked in reviews, half a second after the checks of its lesson. */
export function review(...verdicts: readonly ('right' | 'wrong')[]): Json {
  const history = verdicts.map((verdict, index) => ({ at: AT + 1000 * index + 500, verdict }));
  return { row: 1, history };
}

export function lab(passed: readonly string[], before: readonly string[] | null = null, lines = 1): Json {
  const state = (of: readonly string[]): Json => ({
    seed: 'amber',
    script: '',
    log: Array.from({ length: lines }, () => ({ kind: 'line', text: 'az group list' })),
    passed: of,
  });
  return { version: 1, lab: 'tour', now: state(passed), before: before === null ? null : state(before) };
}
