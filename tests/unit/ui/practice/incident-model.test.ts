import { expect, test } from 'vitest';
import incident from '../../../../labs/after-the-audit/incident.ts';
import { readLab } from '../../../../src/cli/lab/folder.ts';
import { readIncident } from '../../../../src/progress/incident-entry.ts';
import { ProgressStore } from '../../../../src/progress/progress-store.ts';
import { memoryVault } from '../../../../src/progress/vault.ts';
import { labPage } from '../../../../src/ui/lab/lab-page.ts';
import { IncidentModel } from '../../../../src/ui/practice/incident/incident-model.ts';
import { InProcessWorker } from '../lab/in-process-worker.ts';

const SEED = 'k7m2px';
const MEND =
  'az network nsg rule update -g rg-library --nsg-name nsg-apps -n a17-02 --source-address-prefixes 10.60.0.0/24 10.60.1.0/24 10.244.0.0/16 -o none';
const source = await readLab('after-the-audit');
const all = labPage(source);
const page = {
  page: { ...all, title: 'Incident', tasks: all.tasks.filter(({ id }) => incident.mend.includes(id)) },
  questions: all.tasks.find(({ id }) => id === 'find')?.questions ?? [],
  lessons: [],
};

function counter(): () => number {
  let at = 0;
  return () => (at += 60_000);
}

const emptyStore = (): Promise<ProgressStore> =>
  ProgressStore.open({ vault: memoryVault(), texts: null, channel: null, now: counter() });

async function begun(store: ProgressStore): Promise<IncidentModel> {
  const found = { lab: 'after-the-audit', module: '07-network-security-groups', variation: 'amber' };
  const model = new IncidentModel(
    SEED,
    found,
    page,
    store,
    () => new InProcessWorker(source, null, incident),
    counter(),
  );
  await model.begin();
  return model;
}

test('from the ticket to the score: wrong at first, changed on evidence, found and mended', async () => {
  const store = await emptyStore();
  const model = await begun(store);
  expect(model.briefing.value?.symptoms.length).toBeGreaterThan(0);
  await model.commit({ suspect: 'route', end: 'no-route', confidence: 25 });
  await model.work.runLine('netpath --from vm/vm-desk --to 10.60.2.10 --port 80');
  await model.work.runLine('az network nsg rule list -g rg-library --nsg-name nsg-apps -o table');
  await model.commit({ suspect: 'nsg-rule', end: 'denied-inbound', confidence: 95 });
  await model.submit([
    ['group', 'nsg-system'],
    ['rule', 'a17-02'],
    ['part', 'source'],
  ]);
  expect(model.graded().map(({ id, passed }) => [id, passed])).toEqual([
    ['group', false],
    ['rule', true],
    ['part', true],
  ]);
  await model.submit([
    ['group', 'nsg-apps'],
    ['rule', 'a17-02'],
    ['part', 'source'],
  ]);
  expect(model.isMended()).toBe(false);
  await model.work.runLine(MEND);
  await model.work.check();
  expect(model.isMended()).toBe(true);
  await model.finish('mended');
  const outcome = model.entry.value.outcome;
  expect(outcome?.lines.map(({ what, points }) => [what, points])).toEqual([
    ['Hypothesis', 20],
    ['Confidence', 9],
    ['Evidence before changes', 30],
    ['Finding', 12],
    ['Repair', 15],
  ]);
  expect(outcome?.cause).toBe('a rule of a network security group (nsg-apps, a17-02, source)');
  expect(readIncident(store.get(`incident.${SEED}`)?.value)).toEqual(model.entry.value);
  // The lab of the same network is somebody else's work.
  expect(store.get('lab.after-the-audit')).toBeNull();
  model.close();
});

test('a reload brings back what ran and what was said, and a change made first costs', async () => {
  const store = await emptyStore();
  const before = await begun(store);
  await before.commit({ suspect: 'nsg-rule', end: 'denied-inbound', confidence: 75 });
  await before.work.runLine(MEND);
  before.close();
  const model = await begun(store);
  expect(model.entry.value.hypotheses).toHaveLength(1);
  expect(model.work.progress.value.now.log).toHaveLength(1);
  await model.work.check();
  await model.submit([
    ['group', 'nsg-apps'],
    ['rule', 'a17-02'],
    ['part', 'source'],
  ]);
  await model.finish('mended');
  const lines = new Map(model.entry.value.outcome?.lines.map((line) => [line.what, line]));
  expect(lines.get('Evidence before changes')).toMatchObject({ points: 0 });
  expect(lines.get('Evidence before changes')?.words).toContain('az network nsg rule update');
  expect(lines.get('Finding')).toMatchObject({ points: 10 });
  model.close();
});

test('giving up tells what it was, and trying again keeps how it ended', async () => {
  const store = await emptyStore();
  const model = await begun(store);
  await model.commit({ suspect: 'nsg-rule', end: 'denied-inbound', confidence: 50 });
  await model.finish('gave-up');
  expect(model.debriefing.value?.answers).toEqual([
    { key: 'group', answer: 'nsg-apps' },
    { key: 'rule', answer: 'a17-02' },
    { key: 'part', answer: 'source' },
  ]);
  for (const { output } of model.debriefing.value?.evidence ?? []) expect(output).not.toBe('');
  await model.again();
  model.close();
  const fresh = await begun(store);
  expect(fresh.entry.value).toMatchObject({ hypotheses: [], findings: [], work: null, outcome: null });
  expect(fresh.entry.value.earlier).toHaveLength(1);
  fresh.close();
});

test('what cannot be read is put aside, and a new attempt begins', async () => {
  const store = await emptyStore();
  await store.put(`incident.${SEED}`, { version: 9, something: 'else' });
  const model = await begun(store);
  await model.commit({ suspect: 'node', end: 'loop', confidence: 25 });
  expect(store.get(`unreadable.incident.${SEED}`)?.value).toBe('{"version":9,"something":"else"}');
  expect(readIncident(store.get(`incident.${SEED}`)?.value)?.hypotheses).toHaveLength(1);
  model.close();
});
