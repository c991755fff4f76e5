import { expect, test } from 'vitest';
import type { Change } from '../../../src/progress/ports.ts';
import { progressFileText } from '../../../src/progress/merge-file.ts';
import { LARGEST_BYTES } from '../../../src/progress/progress-file.ts';
import { remembered, rememberText, V2 } from '../../../src/progress/texts.ts';
import { Machine, type StorageMoods } from '../../support/kept-progress.ts';

const COURSE = { title: 'AKS', version: '1' };

function machine(moods: Partial<StorageMoods> = {}): Machine {
  const made = new Machine();
  made.moods = { texts: 'works', database: 'works', ...moods };
  return made;
}

test('an entry is there at once, and is kept', async () => {
  const browser = machine();
  const store = await browser.tab().open();
  const kept = store.put('review.a#b', { due: 1 });
  expect(store.get('review.a#b')).toEqual({ at: browser.time, value: { due: 1 } });
  expect(await kept).toBe('indexed-db');
  expect((await browser.tab().open()).get('review.a#b')).toEqual(store.get('review.a#b'));
  expect(store.get('review.c')).toBeNull();
});

test.each([
  [{}, 'indexed-db', 'kept'],
  [{ database: 'refuses' }, 'local-storage', 'kept'],
  [{ texts: 'refuses' }, 'indexed-db', 'kept'],
  [{ texts: 'full' }, 'indexed-db', 'kept'],
  [{ database: 'full' }, 'local-storage', 'kept'],
  [{ database: 'refuses', texts: 'full' }, 'memory', 'full'],
  [{ database: 'full', texts: 'full' }, 'memory', 'full'],
  [{ database: 'refuses', texts: 'refuses' }, 'memory', 'memory'],
] as const)('with storage %o an entry is kept in %s, and the state is %s', async (moods, where, state) => {
  const store = await machine(moods).tab().open();
  expect(await store.put('lab.one', 'work')).toBe(where);
  expect(store.state).toBe(state);
  expect(store.get('lab.one')?.value).toBe('work');
});

test('what could not be kept is kept as soon as there is room', async () => {
  const browser = machine({ database: 'full', texts: 'full' });
  const store = await browser.tab().open();
  expect(await store.put('lab.one', 'work')).toBe('memory');
  browser.moods = { database: 'works', texts: 'works' };
  await store.put('lab.two', 'more');
  await expect.poll(() => store.state).toBe('kept');
  expect((await browser.tab().open()).get('lab.one')?.value).toBe('work');
});

test('who listens hears that nothing is kept any more, and that it is again', async () => {
  const browser = machine();
  const store = await browser.tab().open();
  const states: string[] = [];
  store.subscribe(() => states.push(store.state));
  await store.put('lab.one', 'work');
  expect(states.at(-1)).toBe('kept');
  browser.moods = { database: 'full', texts: 'full' };
  await store.put('lab.two', 'much more work');
  expect(states.at(-1)).toBe('full');
  browser.moods = { database: 'works', texts: 'works' };
  await store.put('lab.three', 'more');
  await expect.poll(() => states.at(-1)).toBe('kept');
});

test('what is tried again does not win over what was done since', async () => {
  const browser = machine({ database: 'full', texts: 'full' });
  const [one, other] = [await browser.tab().open(), await browser.tab().open()];
  await one.put('lab.one', 'early');
  browser.moods = { database: 'works', texts: 'works' };
  browser.time += 1000;
  expect(await other.put('lab.one', 'late')).toBe('indexed-db');
  await one.put('lab.two', 'more');
  await expect.poll(() => one.state).toBe('kept');
  expect((await browser.tab().open()).get('lab.one')?.value).toBe('late');
});

test('only what pages show at once stays in localStorage', async () => {
  const browser = machine();
  const store = await browser.tab().open();
  for (const key of ['lab.one', 'review.a', 'prediction.a', 'quiz.a', 'read.a']) {
    await store.put(key, { answer: {}, state: 'draft', history: [] });
  }
  const names = [...browser.texts.keys()].filter((name) => !name.includes('~')).sort();
  expect(names).toEqual(['prediction.a', 'quiz.a', 'read.a'].map((key) => V2 + key));
});

test('other tabs hear of it, and this one is told who did it', async () => {
  const browser = machine();
  const [here, there] = [await browser.tab().open(), await browser.tab().open()];
  const changes: Change[] = [];
  const end = here.subscribe((change) => changes.push(change));
  await there.put('review.a', 1);
  await expect.poll(() => here.get('review.a')?.value).toBe(1);
  await here.put('review.b', 2);
  await there.reset();
  await expect.poll(() => here.entries().size).toBe(0);
  expect(here.canUndo).toEqual({ reset: true, import: false });
  expect(changes).toEqual([
    { keys: ['review.a'], by: 'another-tab' },
    { keys: ['review.b'], by: 'this-tab' },
    { keys: ['review.a', 'review.b'], by: 'another-tab' },
  ]);
  end();
  await there.put('review.c', 3);
  await expect.poll(() => here.get('review.c')?.value).toBe(3);
  expect(changes.length).toBe(3);
});

test('two tabs that check one question both stand in its history', async () => {
  const browser = machine();
  const [one, other] = [await browser.tab().open(), await browser.tab().open()];
  const checked = (at: number) => ({
    answer: { kind: 'number', text: '1' },
    state: 'checked',
    verdict: 'right',
    history: [{ at, verdict: 'right' }],
  });
  await Promise.all([one.put('quiz.a#b', checked(1)), other.put('quiz.a#b', checked(2))]);
  const { history } = (await browser.tab().open()).get('quiz.a#b')?.value as { history: unknown };
  expect(history).toEqual([
    { at: 1, verdict: 'right' },
    { at: 2, verdict: 'right' },
  ]);
});

test('a content update wipes nothing: entries of lessons and labs that are no more are kept and exported', async () => {
  const browser = machine();
  const store = await browser.tab().open();
  await store.put('prediction.a-lesson/that-is-gone#q', 'yes');
  await store.put('some-later-kind.x', [1]);
  const later = await browser.tab().open();
  expect([...later.entries().keys()].sort()).toEqual([
    'prediction.a-lesson/that-is-gone#q',
    'some-later-kind.x',
  ]);
  expect(Object.keys(later.exportFile(COURSE).entries).length).toBe(2);
});

test('a reset is undone with what was done since beside it; a second reset of nothing keeps it', async () => {
  const browser = machine();
  const store = await browser.tab().open();
  const state = { seed: 'amber', script: 'old', log: [], passed: ['one'] };
  await store.put('lab.one', { version: 1, lab: 'one', now: state, before: null });
  await store.put('prediction.a', 'old');
  expect(await store.undoReset()).toBe('nothing-to-undo');
  expect(await store.reset()).toBe('indexed-db');
  expect([store.entries().size, store.canUndo.reset]).toEqual([0, true]);
  expect(remembered(browser.tab().texts(), 'prediction.a')).toBeNull();
  expect(await store.reset()).toBe('indexed-db');
  const begun = { ...state, script: 'new', passed: [] };
  await store.put('lab.one', { version: 1, lab: 'one', now: begun, before: null });
  await store.put('prediction.b', 'new');
  const later = await browser.tab().open();
  expect(later.canUndo.reset).toBe(true);
  expect(await later.undoReset()).toBe('undone');
  expect(later.get('lab.one')?.value).toEqual({ version: 1, lab: 'one', now: state, before: begun });
  expect([later.get('prediction.a')?.value, later.get('prediction.b')?.value]).toEqual(['old', 'new']);
  expect(remembered(browser.tab().texts(), 'prediction.a')).toBe('old');
  expect([await later.undoReset(), later.canUndo.reset]).toEqual(['nothing-to-undo', false]);
});

test('a reset that finds no room for its undoing is refused, and changes nothing', async () => {
  const browser = machine({ database: 'refuses' });
  const store = await browser.tab().open();
  await store.put('prediction.a', 'x'.repeat(1000));
  browser.moods = { ...browser.moods, texts: 'full' };
  expect(await store.reset()).toBe('refused');
  expect(store.entries().size).toBe(1);
  expect((await browser.tab().open()).entries().size).toBe(1);
});

test('an import says what it did, and is undone except where work went on', async () => {
  const other = machine();
  const source = await other.tab().open();
  await source.put('learner', { name: 'Ada' });
  await source.put('prediction.a', 'theirs');
  await source.put('prediction.b', 'theirs');
  await source.put('prediction.c', 'theirs');
  const text = progressFileText(source.exportFile(COURSE));

  const browser = machine();
  const store = await browser.tab().open();
  browser.time -= 5000;
  await store.put('prediction.a', 'older');
  browser.time += 10_000;
  await store.put('prediction.b', 'newer');
  const imported = await store.importFile(text);
  expect(imported).toEqual({
    ok: true,
    value: {
      added: ['learner', 'prediction.c'],
      updated: ['prediction.a'],
      kept: ['prediction.b'],
      learner: 'Ada',
      exported: new Date(other.time).toISOString(),
      course: COURSE,
    },
  });
  expect(store.get('prediction.a')?.value).toBe('theirs');
  expect(remembered(browser.tab().texts(), 'prediction.a')).toBe('theirs');
  await store.put('prediction.c', 'went on');
  expect(await store.importFile(text)).toMatchObject({ ok: true, value: { added: [], updated: [] } });
  expect(await store.undoImport()).toBe('undone');
  const values = [...store.entries()].map(([key, { value }]) => [key, value]).sort();
  expect(values).toEqual([
    ['prediction.a', 'older'],
    ['prediction.b', 'newer'],
    ['prediction.c', 'went on'],
  ]);
  expect(remembered(browser.tab().texts(), 'prediction.a')).toBe('older');
  expect(await store.undoImport()).toBe('nothing-to-undo');
});

test('a file that is refused, or that there is no room for, changes nothing', async () => {
  const source = await machine().tab().open();
  await source.put('lab.one', null);
  await source.put('review.one', 'x'.repeat(2000));
  const text = progressFileText(source.exportFile(COURSE));
  const browser = machine({ database: 'refuses' });
  const store = await browser.tab().open();
  await store.put('review.mine', 1);
  for (const bad of ['', '{}', text.replace('"schema":2', '"schema":9'), ' '.repeat(LARGEST_BYTES + 1)]) {
    expect((await store.importFile(bad)).ok).toBe(false);
  }
  browser.moods = { ...browser.moods, texts: 'full' };
  expect(await store.importFile(text)).toMatchObject({ ok: false, error: { kind: 'no-room' } });
  expect([...store.entries().keys()]).toEqual(['review.mine']);
  expect([...(await browser.tab().open()).entries().keys()]).toEqual(['review.mine']);
});

test('times that are still to come count as now, so that later work wins', async () => {
  const ahead = machine();
  ahead.time += 1e9;
  const source = await ahead.tab().open();
  await source.put('prediction.a', 'from the future');
  const text = progressFileText(source.exportFile(COURSE));
  const browser = machine();
  const store = await browser.tab().open();
  await store.importFile(text);
  expect(store.get('prediction.a')?.at).toBe(browser.time);
  browser.time += 1;
  await store.put('prediction.a', 'later');
  expect(store.get('prediction.a')).toEqual({ at: browser.time, value: 'later' });
});

test('a lesson that wrote while no store was open is taken over, whatever its clock says', async () => {
  const browser = machine();
  const first = await browser.tab().open();
  await first.put('prediction.a', 'first');
  browser.time -= 60_000;
  const texts = browser.tab().texts();
  rememberText(texts, browser.time, 'prediction.a', 'second');
  rememberText(texts, browser.time, 'quiz.a#b', { answer: {}, state: 'draft', history: [] });
  const later = await browser.tab().open();
  expect(later.get('prediction.a')?.value).toBe('second');
  expect(later.get('quiz.a#b')).not.toBeNull();
});

test('what cannot be read is copied aside once', async () => {
  const store = await machine().tab().open();
  await store.put('lab.one', { version: 9 });
  expect(await store.putAside('lab.one')).toBe('indexed-db');
  expect(store.putAside('lab.one')).toBeNull();
  expect(store.putAside('lab.two')).toBeNull();
  await store.put('lab.one', { version: 10 });
  await store.putAside('lab.one');
  const aside = [...store.entries('unreadable.')].map(([key, { value }]) => [key, value]);
  expect(aside).toEqual([
    ['unreadable.lab.one', '{"version":9}'],
    ['unreadable.lab.one (2)', '{"version":10}'],
  ]);
});

test.each(['', 'Quiz.a', '~reset', 'quiz.', 'quiz.a\u0000', `quiz.${'a'.repeat(300)}`])(
  'the key %j is a bug',
  async (key) => {
    const store = await machine().tab().open();
    expect(() => store.put(key, 1)).toThrow(TypeError);
  },
);

test('what is no JSON is a bug', async () => {
  const store = await machine().tab().open();
  expect(() => store.put('review.a', undefined)).toThrow(TypeError);
});
