/** What the first version kept still loads. The fixtures were written by its own code. */
import 'fake-indexeddb/auto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IDBFactory } from 'fake-indexeddb';
import { expect, test } from 'vitest';
import { browserVault } from '../../../src/progress/browser-vault.ts';
import { labProgressOf } from '../../../src/progress/lab-progress.ts';
import { ProgressStore } from '../../../src/progress/progress-store.ts';
import { remembered } from '../../../src/progress/texts.ts';
import { memoryVault, textVault } from '../../../src/progress/vault.ts';
import { Machine } from '../../support/kept-progress.ts';

interface Fixture {
  readonly localStorage: Readonly<Record<string, string>>;
  /** The store `texts` of the database, version 1. */
  readonly texts: Readonly<Record<string, string>>;
}

const NOW = 1_800_000_000_000;

function fixture(name: string): Fixture {
  const path = join(import.meta.dirname, '../../fixtures/progress', `v1-${name}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as Fixture;
}

function machineWith({ localStorage }: Fixture): Machine {
  const machine = new Machine();
  for (const [name, text] of Object.entries(localStorage)) machine.texts.set(name, text);
  return machine;
}

/** A database as the first version made it. */
async function oldDatabase({ texts }: Fixture): Promise<IDBFactory> {
  const factory = new IDBFactory();
  await new Promise<void>((resolve, reject) => {
    const opening = factory.open('aks-networking-workbook', 1);
    opening.onupgradeneeded = () => {
      const store = opening.result.createObjectStore('texts');
      for (const [key, text] of Object.entries(texts)) store.put(text, key);
    };
    opening.onsuccess = () => {
      opening.result.close();
      resolve();
    };
    opening.onerror = () => {
      reject(new Error('no database'));
    };
  });
  return factory;
}

async function opened(name: string, kind: 'database' | 'texts only' = 'database') {
  const old = fixture(name);
  const machine = machineWith(old);
  const texts = machine.tab().texts();
  const factory = await oldDatabase(old);
  const vault = kind === 'database' ? await browserVault(factory) : textVault(texts);
  const ports = { texts, channel: null, now: () => machine.time };
  const store = await ProgressStore.open({ ...ports, vault });
  return { store, machine, factory, ports };
}

const LESSONS = {
  'prediction.network-plugins/kubenet/across-nodes#who-carries': 'The route table of the subnet',
  'prediction.http-proxy/explore#words': 'I think the “proxy” answers: 403\nand says “no”, in Zürich',
  'quiz.what-a-network-plugin-does#who-hands-out': {
    answer: { kind: 'choice', option: 'a' },
    state: 'checked',
    history: [],
  },
  'quiz.addresses#pod-address': {
    answer: { kind: 'address', text: '10.244.0.' },
    state: 'draft',
    history: [],
  },
  'quiz.addresses#how-many': { answer: { kind: 'number', text: '27 610' }, state: 'checked', history: [] },
  'quiz.addresses#which': {
    answer: { kind: 'multi', options: ['b', 'c'] },
    state: 'checked',
    history: [],
  },
  'quiz.across-nodes#order': {
    answer: { kind: 'order', items: ['arp', 'route', 'deliver'] },
    state: 'draft',
    history: [],
  },
  'quiz.across-nodes#trace': {
    answer: { kind: 'trace', parts: { disposition: 'delivered', 'seen-source': '10.244.0.15' } },
    state: 'checked',
    history: [],
  },
};

for (const kind of ['database', 'texts only'] as const) {
  test(`predictions and quizzes load: ${kind}`, async () => {
    const { store, machine } = await opened('lessons', kind);
    expect(values(store)).toEqual(LESSONS);
    expect([...machine.texts.keys()].filter((name) => name.startsWith('workbook.v1.'))).toEqual([]);
  });
}

test('a lesson shows what was remembered before any store was opened, and after', async () => {
  const old = fixture('lessons');
  const machine = machineWith(old);
  const texts = machine.tab().texts();
  const key = 'quiz.addresses#how-many';
  expect(remembered(texts, key)).toEqual({ answer: { kind: 'number', text: '27 610' }, state: 'checked' });
  await machine.tab().open();
  expect(remembered(texts, key)).toEqual(LESSONS[key]);
});

test('labs load, with what a reset had put aside', async () => {
  const { store, machine } = await opened('labs');
  const lab = labProgressOf(store.get('lab.bring-your-own-network')?.value, 'bring-your-own-network');
  expect(lab?.now.log.map(({ text }) => text)).toEqual([
    'az group create -n rg-corp -l westeurope -o none',
    `az group create -n rg-corp -l westeurope\necho 'two spaces  and a "quote"'\n`,
  ]);
  expect(lab?.now.passed).toEqual(['network', 'cluster']);
  expect(store.get('lab.bring-your-own-network')?.at).toBe(1_790_000_001_000);
  const other = labProgressOf(store.get('lab.checkout-times-out')?.value, 'checkout-times-out');
  expect(other?.now.seed).toBe('cedar');
  expect(other?.before?.log.map(({ kind }) => kind)).toEqual(['save', 'line']);
  // Labs live in the database now: what is long no longer fills what lessons need.
  expect([...machine.texts.keys()].filter((name) => name.includes('lab.'))).toEqual([]);
});

test('where localStorage had filled up, the later copy in the database is the one that loads', async () => {
  const { store, factory } = await opened('full-storage');
  const lab = labProgressOf(store.get('lab.bring-your-own-network')?.value, 'bring-your-own-network');
  expect(lab?.now.log.at(-1)?.text).toBe('az aks list -o table');
  expect(store.get('lab.six-tickets')?.value).toMatchObject({ now: { script: '# only in the database\n' } });
  const again = await ProgressStore.open({
    vault: await browserVault(factory),
    texts: null,
    channel: null,
    now: () => NOW,
  });
  expect(values(again)).toEqual(values(store));
});

test('what cannot be read is put aside, exported, and in nobody’s way', async () => {
  const { store, machine } = await opened('unreadable');
  const old = fixture('unreadable');
  const lab99 = '{"version":99,"lab":"tour-of-a-running-cluster"}';
  expect(values(store)).toEqual({
    'prediction.a/b#fine': 'yes',
    'unreadable.lab.only-through-the-proxy': 'no stamp at all',
    'unreadable.lab.six-tickets': '1790000009000 {"version":1,"lab":"six-',
    'unreadable.lab.tour-of-a-running-cluster': `1790000006000 ${lab99}`,
    'unreadable.lab.tour-of-a-running-cluster (2)': lab99,
    'unreadable.prediction.a/b#c': '"an unfinished te',
    'unreadable.quiz.a#b': '[1,2,3]',
  });
  expect(Object.keys(old.localStorage).filter((name) => machine.texts.has(name))).toEqual([]);
  const file = store.exportFile({ title: 'AKS', version: '1' });
  const other = await ProgressStore.open({
    vault: memoryVault(),
    texts: null,
    channel: null,
    now: () => NOW,
  });
  expect((await other.importFile(JSON.stringify(file))).ok).toBe(true);
  expect(values(other)).toEqual(values(store));
});

test('nothing old is deleted while its new copy is not safe', async () => {
  const old = fixture('labs');
  const machine = machineWith(old);
  machine.moods = { texts: 'full', database: 'full' };
  const store = await machine.tab().open();
  expect(store.get('lab.bring-your-own-network')?.at).toBe(1_790_000_001_000);
  expect(store.state).toBe('kept');
  for (const [name, text] of Object.entries(old.localStorage)) expect(machine.texts.get(name)).toBe(text);
  expect(await store.put('lab.new', { version: 1 })).toBe('memory');
  expect(store.state).toBe('full');
  machine.moods = { texts: 'works', database: 'works' };
  const later = await machine.tab().open();
  expect(later.get('lab.new')).toBeNull();
  expect(later.get('lab.bring-your-own-network')).toEqual(store.get('lab.bring-your-own-network'));
  expect(Object.keys(old.localStorage).filter((name) => machine.texts.has(name))).toEqual([]);
});

test('a page of the old version that is still open writes over the new entry, once', async () => {
  const { machine, ports, factory, store } = await opened('lessons');
  await store.put('prediction.a#b', 'first');
  machine.texts.set('workbook.v1.prediction.a#b', '"from the old page"');
  const again = await ProgressStore.open({ ...ports, vault: await browserVault(factory) });
  expect(again.get('prediction.a#b')?.value).toBe('from the old page');
  await again.put('prediction.a#b', 'last');
  const third = await ProgressStore.open({ ...ports, vault: await browserVault(factory) });
  expect(third.get('prediction.a#b')?.value).toBe('last');
});

function values(store: ProgressStore): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...store.entries()].map(([key, { value }]) => [key, value]));
}
