import { describe, expect, test } from 'vitest';
import { FakeServer, FakeStorage, listOf, RunningWorker } from '../../../support/service-worker.ts';

const OLD = { '': 'home 1', 'lesson/': 'lesson 1', '_astro/worker.AAAA.js': 'checker 1', '404.html': 'none' };
const NEW = { '': 'home 2', 'lesson/': 'lesson 2', '_astro/worker.BBBB.js': 'checker 2', '404.html': 'none' };
const below = (base: string, contents: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(contents).map(([path, text]) => [base + path, text]));

async function installed(
  storage: FakeStorage,
  version: string,
  contents: Readonly<Record<string, string>>,
  base = '/',
): Promise<{ worker: RunningWorker; server: FakeServer }> {
  const server = new FakeServer(below(base, contents));
  const worker = new RunningWorker(listOf(version, contents, base), storage, server);
  await worker.event('install');
  return { worker, server };
}

const nameOf = (version: string, base = '/'): string => `aks-networking-workbook ${base} ${version}`;

test('who wants no copy gets rid of every version, and of the worker; a site beside it keeps its own', async () => {
  const storage = new FakeStorage();
  await installed(storage, 'a', OLD);
  await installed(storage, 'x', OLD, '/any/base/');
  const { worker } = await installed(storage, 'b', NEW);
  await worker.event('message', { data: 'remove' });
  expect(await storage.keys()).toEqual([nameOf('x', '/any/base/')]);
  expect(worker.unregistered).toBe(1);
  expect(worker.told.at(-1)).toMatchObject({ kind: 'removed' });
});

describe('installing', () => {
  test('fetches everything, few at once, and says how far it is', async () => {
    const many = Object.fromEntries(Array.from({ length: 57 }, (_, index) => [`page-${index}/`, `${index}`]));
    const storage = new FakeStorage();
    const { worker, server } = await installed(storage, 'a', many);
    expect(server.asked.toSorted()).toEqual(Object.keys(below('/', many)).sort());
    expect(server.most).toBe(4);
    const [first] = worker.told;
    expect(first).toEqual({ from: 'workbook-offline', base: '/', kind: 'saving', done: 10, of: 57 });
  });

  test('goes on after an interruption with what is missing', async () => {
    const storage = new FakeStorage();
    const server = new FakeServer({ ...below('/', OLD), '/lesson/': 'cut off' });
    const worker = new RunningWorker(listOf('a', OLD), storage, server);
    await expect(worker.event('install')).rejects.toThrow('Failed to fetch');
    expect(worker.told.at(-1)).toMatchObject({ kind: 'stopped', why: 'network' });
    const { server: again } = await installed(storage, 'a', OLD);
    expect(again.asked).toContain('/lesson/');
    expect(again.asked.length).toBeLessThan(4);
    expect(storage.caches.get(nameOf('a'))?.entries.has('/')).toBe(true);
  });

  test('a file that the server has in another version stops it: nothing is mixed', async () => {
    const storage = new FakeStorage();
    const server = new FakeServer(below('/', { ...NEW, '_astro/worker.BBBB.js': 'checker 1' }));
    const worker = new RunningWorker(listOf('b', NEW), storage, server);
    await expect(worker.event('install')).rejects.toThrow();
  });

  test('where there is no room, half a copy is given back, and the old one stays', async () => {
    const storage = new FakeStorage();
    const { worker: old } = await installed(storage, 'a', OLD);
    storage.room = 2;
    const server = new FakeServer(below('/', NEW));
    const worker = new RunningWorker(listOf('b', NEW), storage, server);
    await expect(worker.event('install')).rejects.toThrow('full');
    expect(worker.told.at(-1)).toMatchObject({ kind: 'stopped', why: 'no-room' });
    expect([...storage.caches.keys()]).toEqual([nameOf('a')]);
    expect(await (await old.ask('/lesson/'))?.text()).toBe('lesson 1');
  });

  test('storage that is refused is said to be, and pages come from the network', async () => {
    const storage = new FakeStorage();
    storage.refused = true;
    const server = new FakeServer(below('/', OLD));
    const worker = new RunningWorker(listOf('a', OLD), storage, server);
    await expect(worker.event('install')).rejects.toThrow('private');
    expect(worker.told.at(-1)).toMatchObject({ kind: 'stopped', why: 'no-room' });
    expect(await (await worker.ask('/lesson/'))?.text()).toBe('lesson 1');
  });
});

describe('a new version', () => {
  test('is whole beside the old one, which answers until it takes over', async () => {
    const storage = new FakeStorage();
    const { worker: old } = await installed(storage, 'a', OLD);
    const { worker: next, server } = await installed(storage, 'b', NEW);
    expect(server.asked).not.toContain('/404.html');
    expect(next.skipped).toBe(0);
    for (const [path, text] of Object.entries(OLD)) {
      expect(await (await old.ask(`/${path}`))?.text(), path).toBe(text);
    }
    await next.event('message', { data: 'switch' });
    expect(next.skipped).toBe(1);
    await next.event('activate');
    expect([...storage.caches.keys()]).toEqual([nameOf('b')]);
    for (const [path, text] of Object.entries(NEW)) {
      expect(await (await next.ask(`/${path}`))?.text(), path).toBe(text);
    }
    expect(server.asked.filter((path) => path === '/')).toHaveLength(1);
  });

  test('leaves alone what another copy of the course on the same server keeps', async () => {
    const storage = new FakeStorage();
    await installed(storage, 'x', OLD, '/any/base/');
    await storage.open('somebody else');
    const { worker } = await installed(storage, 'a', OLD);
    await worker.event('activate');
    expect([...storage.caches.keys()]).toEqual([nameOf('x', '/any/base/'), 'somebody else', nameOf('a')]);
  });

  test('asked whether it is whole, it fetches what the browser has thrown away', async () => {
    const storage = new FakeStorage();
    const { worker, server } = await installed(storage, 'a', OLD);
    storage.caches.clear();
    await worker.event('message', { data: 'is-it-whole' });
    expect(storage.caches.get(nameOf('a'))?.entries.size).toBe(5);
    expect(server.asked).toHaveLength(8);
    expect(worker.told.at(-1)).toMatchObject({ kind: 'whole' });
  });
});

describe.each(['/', '/any/base/'])('without a network, below %s', (base) => {
  const offline = async (): Promise<RunningWorker> => {
    const { worker, server } = await installed(new FakeStorage(), 'a', OLD, base);
    server.isUp = false;
    return worker;
  };

  test.each([
    ['lesson/', 'lesson 1'],
    ['lesson/?step=2', 'lesson 1'],
    ['_astro/worker.AAAA.js', 'checker 1'],
  ])('%s is there', async (path, text) => {
    const answer = await (await offline()).ask(base + path, { mode: 'no-cors' });
    expect(await answer?.text()).toBe(text);
  });

  test.each(['lesson?step=2', 'lesson/index.html?step=2'])('%s leads to the page', async (path) => {
    const answer = await (await offline()).ask(base + path);
    expect(answer?.status).toBe(301);
    expect(answer?.headers.get('location')).toBe(`https://course.example${base}lesson/?step=2`);
  });

  test('a page that never was is the page that says so; a script that never was fails', async () => {
    const worker = await offline();
    const answer = await worker.ask(`${base}no/such/`);
    expect([answer?.status, await answer?.text()]).toEqual([404, 'none']);
    await expect(worker.ask(`${base}_astro/gone.js`, { mode: 'cors' })).rejects.toThrow('Failed to fetch');
  });

  test('what is not asked of this site, or writes, is none of its business', async () => {
    const worker = await offline();
    expect(await worker.ask('https://elsewhere.example/lesson/')).toBeNull();
    expect(await worker.ask(`${base}lesson/`, { method: 'POST' })).toBeNull();
    if (base !== '/') expect(await worker.ask('/lesson/')).toBeNull();
  });
});
