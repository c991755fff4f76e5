/** A small course to choose from. */
import type { Catalogue, CatalogueQuestion } from '../../../src/practice/catalogue.ts';
import type { Candidate } from '../../../src/practice/due.ts';
import type { Entry, Json } from '../../../src/progress/entry.ts';

export const NOW = Date.UTC(2026, 10, 23, 9);
export const HOUR = 3_600_000;

export function question(id: string, over: Partial<CatalogueQuestion> = {}): CatalogueQuestion {
  return { id, topics: [], kind: 'choice', seconds: 40, rows: 1, ...over };
}

export const COURSE: Catalogue = {
  modules: [
    { id: 'plugins', title: 'Plugins' },
    { id: 'snat', title: 'SNAT' },
    { id: 'peering', title: 'Peering' },
  ],
  lessons: [
    {
      id: 'plugins/kubenet',
      title: 'Kubenet',
      module: 'plugins',
      questions: [question('plugins/kubenet#a', { rows: 3 }), question('plugins/kubenet#b')],
    },
    {
      id: 'plugins/overlay',
      title: 'Overlay',
      module: 'plugins',
      questions: [question('plugins/overlay#a')],
    },
    { id: 'snat/ports', title: 'Ports', module: 'snat', questions: [question('snat/ports#a')] },
    { id: 'peering/flags', title: 'Flags', module: 'peering', questions: [question('peering/flags#a')] },
  ],
};

export function entries(values: Readonly<Record<string, { at: number; value: Json }>>): Map<string, Entry> {
  return new Map(Object.entries(values));
}

export const checked = (at: number, verdict: 'right' | 'wrong') => ({
  at,
  value: { answer: { kind: 'choice', option: 'x' }, state: 'checked', verdict, history: [{ at, verdict }] },
});

export const reviewed = (at: number, verdict: 'right' | 'wrong', row = 0) => ({
  at,
  value: { row, history: [{ at, verdict }] },
});

export function candidate(id: string, over: Partial<Candidate> = {}): Candidate {
  const lesson = id.split('#')[0] ?? '';
  const module = lesson.split('/')[0] ?? '';
  return { ...question(id), lesson, module, need: 'due', last: 1, row: 0, ...over };
}
