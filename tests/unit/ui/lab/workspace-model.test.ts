import { expect, test } from 'vitest';
import { readLab } from '../../../../src/cli/lab/folder.ts';
import { ProgressStore } from '../../../../src/progress/progress-store.ts';
import { memoryVault } from '../../../../src/progress/vault.ts';
import { labPage } from '../../../../src/ui/lab/lab-page.ts';
import { WorkspaceModel, type Display } from '../../../../src/ui/lab/workspace-model.ts';
import { Machine } from '../../../support/kept-progress.ts';
import { InProcessWorker } from './in-process-worker.ts';

const source = await readLab('bring-your-own-network');
const page = labPage(source);

/** Writes down what the terminal would show. */
class Lines implements Display {
  readonly lines: string[] = [];
  clear(): void {
    this.lines.length = 0;
  }
  show(_: string, typed: string, output: string): void {
    this.lines.push(`$ ${typed}`, ...output.split('\r\n').filter((line) => line !== ''));
  }
  notice(text: string): void {
    this.lines.push(text);
  }
  ready(): void {
    this.lines.push('ready');
  }
  takeOver(): void {
    this.lines.push('taken over');
  }
}

const emptyStore = (): Promise<ProgressStore> =>
  ProgressStore.open({ vault: memoryVault(), texts: null, channel: null, now: counter() });

function workspace(store = emptyStore(), deaf: string | null = null) {
  const workers: InProcessWorker[] = [];
  const model = new WorkspaceModel(
    page,
    () => store,
    () => {
      const worker = new InProcessWorker(source, workers.length === 0 ? deaf : null);
      workers.push(worker);
      return worker;
    },
    'amber',
  );
  return { model, store, workers, display: new Lines() };
}

function counter(): () => number {
  let at = 0;
  return () => ++at;
}

const groups = async (model: WorkspaceModel): Promise<string> =>
  (await model.runLine('az group list --query "[].name" -o tsv')).output.trim();

test('what is typed runs, is kept, and is there again after a reload', async () => {
  const { model, store, display } = workspace();
  await model.open(display);
  await model.runLine('az group create -n rg-one -l westeurope -o none');
  await model.runLine('CITY=Zürich');
  model.setScript('echo mine\n');

  const again = workspace(store);
  await again.model.load();
  expect(again.model.progress.value.now.script).toBe('echo mine\n');
  await again.model.open(again.display);
  expect(again.display.lines).toEqual([
    '$ az group create -n rg-one -l westeurope -o none',
    '$ CITY=Zürich',
    'ready',
  ]);
  expect(await groups(again.model)).toBe('rg-one');
  expect((await again.model.runLine('echo $CITY')).output).toBe('Zürich\r\n');
});

test('the network follows what is typed', async () => {
  const { model, display } = workspace();
  await model.open(display);
  expect(model.network.value?.networks).toEqual([]);
  await model.runLine('az group create -n rg-corp -l westeurope -o none');
  await model.runLine(
    'az network vnet create -g rg-corp -n vnet-corp --address-prefixes 10.60.0.0/16 --subnet-name a --subnet-prefixes 10.60.1.0/24 -o none',
  );
  expect(model.network.value?.networks).toMatchObject([
    {
      name: 'vnet-corp',
      subnets: [{ name: 'a', prefix: { text: '10.60.1.0/24', range: 'O' }, routeTable: null }],
    },
  ]);
});

test('a reset empties the network, and undoing it brings network and script back', async () => {
  const { model, display } = workspace();
  await model.open(display);
  await model.runLine('az group create -n rg-one -l westeurope -o none');
  model.setScript('echo mine\n');
  await model.reset();
  expect(model.progress.value.now.script).toBe(source.template);
  expect(await groups(model)).toBe('');
  await model.undoReset();
  expect(model.progress.value.now.script).toBe('echo mine\n');
  expect(await groups(model)).toBe('rg-one');
});

test('a check grades the network as it is and keeps which tasks passed', async () => {
  const { model, display } = workspace();
  await model.open(display);
  model.setScript(source.solutions[0]?.text ?? '');
  await model.runScript();
  expect(display.lines).toContain('$ bash lab.sh');
  await model.check();
  expect(model.report.value?.passed).toBe(true);
  expect(model.progress.value.now.passed).toEqual(page.tasks.map(({ id }) => id));
});

test('running from the start leaves out what was typed, and that can be undone', async () => {
  const { model, display } = workspace();
  await model.open(display);
  await model.runLine('az group create -n rg-typed -l westeurope -o none');
  model.setScript('az group create -n rg-script -l westeurope -o none\n');
  await model.checkScript();
  expect(await groups(model)).toBe('rg-script');
  expect(model.report.value?.passed).toBe(false);
  await model.undoReset();
  expect(await groups(model)).toBe('rg-typed');
});

test('a check without an open terminal starts the simulation by itself', async () => {
  const { model } = workspace();
  await model.check();
  expect(model.report.value?.tasks.length).toBe(page.tasks.length);
});

test('a terminal that is opened later shows what ran before', async () => {
  const { model, display } = workspace();
  await model.answer('nothing', "it's");
  await model.open(display);
  expect(display.lines[0]).toBe(`$ answer nothing 'it'\\''s'`);
  expect(display.lines.at(-1)).toBe('ready');
  await model.open(display);
  expect(display.lines.filter((line) => line === 'ready').length).toBe(1);
});

test('the script can be run by hand as lab.sh, as it was when it was typed', async () => {
  const { model, store, display } = workspace();
  await model.open(display);
  model.setScript('echo first\n');
  expect((await model.runLine('bash lab.sh')).output).toBe('first\r\n');
  model.setScript('echo second\n');
  expect((await model.runLine('bash lab.sh')).output).toBe('second\r\n');
  const again = workspace(store);
  await again.model.load();
  await again.model.open(again.display);
  expect(again.display.lines).toEqual(['$ bash lab.sh', 'first', '$ bash lab.sh', 'second', 'ready']);
});

test('a command that does not stop costs only itself', async () => {
  const endless = 'while :; do :; done';
  const { model, workers, display } = workspace(undefined, endless);
  await model.open(display);
  await model.runLine('az group create -n rg-one -l westeurope -o none');
  const running = model.runLine(endless);
  model.interrupt();
  expect((await running).output).toContain('Stopped');
  expect(workers.map(({ state }) => state)).toEqual(['terminated', 'running']);
  expect(await groups(model)).toBe('rg-one');
  expect(model.progress.value.now.log.map(({ text }) => text)).not.toContain(endless);
});

test('exit ends the session, not the work', async () => {
  const { model, display } = workspace();
  await model.open(display);
  await model.runLine('az group create -n rg-one -l westeurope -o none');
  expect((await model.runLine('exit')).output).toContain('your work is still here');
  expect(await groups(model)).toBe('rg-one');
});

test('what cannot be read is put aside, and the lab begins', async () => {
  const { model, store } = workspace();
  const opened = await store;
  await opened.put(`lab.${page.id}`, { version: 99 });
  await model.load();
  expect(model.notice.value?.text).toContain('put aside');
  expect(opened.get(`unreadable.lab.${page.id}`)?.value).toBe('{"version":99}');
  model.setScript('echo new\n');
  expect(opened.get(`unreadable.lab.${page.id}`)?.value).toBe('{"version":99}');
  expect(opened.get(`lab.${page.id}`)?.value).toMatchObject({ now: { script: 'echo new\n' } });
});

test('a browser that keeps nothing is told of before anything is typed', async () => {
  const { model } = workspace();
  await model.load();
  expect(model.kept.value).toBe('memory');
});

test('a lab that went on in another tab goes on here', async () => {
  const machine = new Machine();
  const [here, there] = [machine.tab(), machine.tab()].map((tab) => workspace(tab.open()));
  if (here === undefined || there === undefined) throw new Error('two tabs');
  for (const { model, display } of [here, there]) {
    await model.load();
    await model.open(display);
  }
  await there.model.runLine('az group create -n rg-there -l westeurope -o none');
  there.model.setScript('echo there\n');
  await expect.poll(() => here.model.progress.value.now.script).toBe('echo there\n');
  expect(await groups(here.model)).toBe('rg-there');
  expect(here.model.notice.value?.text).toContain('another tab');
  expect(here.display.lines).toContain('$ az group create -n rg-there -l westeurope -o none');
});

test('a reset of all progress in another tab empties the lab here', async () => {
  const machine = new Machine();
  const store = machine.tab().open();
  const { model, display } = workspace(store);
  await model.load();
  await model.open(display);
  await model.runLine('az group create -n rg-one -l westeurope -o none');
  const other = await machine.tab().open();
  await expect.poll(() => other.get(`lab.${page.id}`)).not.toBeNull();
  await other.reset();
  await expect.poll(() => model.progress.value.now.log).toEqual([]);
  expect(await groups(model)).toBe('');
});

test('another variation starts afresh with the next seed', async () => {
  const { model, display } = workspace();
  await model.open(display);
  await model.nextVariation();
  expect(model.progress.value.now.seed).toBe('birch');
  await model.undoReset();
  expect(model.progress.value.now.seed).toBe('amber');
});

test('a lab that cannot be loaded says so and keeps what was typed', async () => {
  const model = new WorkspaceModel(
    page,
    emptyStore,
    () => {
      const worker = new InProcessWorker({ ...source, start: 'false\n' });
      return worker;
    },
    'amber',
  );
  model.setScript('echo mine\n');
  await model.open(new Lines());
  expect(model.problem.value).toContain('start.sh of lab');
  expect(model.progress.value.now.script).toBe('echo mine\n');
});
