/**
 * The service worker. It keeps one whole version of the site and answers from it; a new version gets a
 * cache of its own and takes over when no page of the old one is open, or when the reader says so. The
 * browser's own order of installing, waiting and activating does that: nothing here skips a step.
 *
 * Written by hand because workbox-precaching, the usual choice, keeps all versions in one cache, does
 * not verify what it fetched, reports no progress and starts over after an interruption.
 *
 * The build strips the types and puts `OFFLINE` above (offline-copy.ts): no value may be imported here.
 */
import type { FromServiceWorker, OfflineList, ToServiceWorker } from './offline-list.ts';

declare const OFFLINE: OfflineList;

const worker = self as unknown as ServiceWorkerGlobalScope;
/** The trailing space keeps `/` from taking the caches of `/any/base/` for its own. */
const CACHES = `aks-networking-workbook ${OFFLINE.base} `;
const CACHE = CACHES + OFFLINE.version;
/** Where a cache keeps the list it was filled from; no file of the site has this name. */
const LIST = `${OFFLINE.base}offline-list`;
/** Few, so that whatever the reader asks for meanwhile is not kept waiting. */
const AT_ONCE = 4;
const NOT_FOUND = `${OFFLINE.base}404.html`;
const DIGESTS = new Map(OFFLINE.files.map(([path, digest]) => [OFFLINE.base + path, digest]));

type Said = FromServiceWorker extends infer M
  ? M extends unknown
    ? Omit<M, 'from' | 'base'>
    : never
  : never;

async function tell(said: Said): Promise<void> {
  const message = { from: 'workbook-offline', base: OFFLINE.base, ...said };
  for (const page of await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })) {
    page.postMessage(message);
  }
}

/** Fetches one file and keeps it. The browser itself refuses content that is not what the build wrote. */
async function keep(cache: Cache, path: string, digest: string): Promise<void> {
  const response = await fetch(path, {
    integrity: `sha256-${digest}`,
    cache: path.startsWith(`${OFFLINE.base}_astro/`) ? 'default' : 'no-cache',
    priority: 'low',
  });
  if (!response.ok) throw new TypeError(`${path}: status ${response.status}`);
  // A navigation may not be answered with a response that was redirected.
  const plain = response.redirected ? new Response(response.body, { headers: response.headers }) : response;
  await cache.put(path, plain);
}

/** Files of earlier versions that are the same in this one: no need to fetch them again. */
async function takeOver(cache: Cache, wanted: ReadonlySet<string>): Promise<void> {
  const taken = new Set<string>();
  for (const name of await caches.keys()) {
    if (!name.startsWith(CACHES) || name === CACHE) continue;
    const older = await caches.open(name);
    const list = (await (await older.match(LIST))?.json()) as OfflineList['files'] | undefined;
    for (const [below, digest] of list ?? []) {
      const path = OFFLINE.base + below;
      if (!wanted.has(path) || taken.has(path) || DIGESTS.get(path) !== digest) continue;
      const kept = await older.match(path, { ignoreVary: true });
      if (kept === undefined) continue;
      await cache.put(path, kept);
      taken.add(path);
    }
  }
}

/** Fetches what is missing of this version. What an interrupted attempt has fetched stays. */
async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  const missing = async (): Promise<string[]> => {
    const kept = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
    return [...DIGESTS.keys()].filter((path) => !kept.has(path));
  };
  let left = await missing();
  if (left.length === 0) return;
  await cache.put(LIST, new Response(JSON.stringify(OFFLINE.files)));
  await takeOver(cache, new Set(left));
  left = await missing();
  const of = DIGESTS.size;
  let done = of - left.length;
  const lane = async (): Promise<void> => {
    for (let path = left.pop(); path !== undefined; path = left.pop()) {
      try {
        await keep(cache, path, DIGESTS.get(path) ?? '');
      } catch (problem) {
        left.length = 0;
        throw problem;
      }
      done += 1;
      if (done % 10 === 0) await tell({ kind: 'saving', done, of });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

let filling: Promise<void> | null = null;

/** Fills the cache, once at a time, and says how it went. Rejects if it is not whole then. */
function makeWhole(): Promise<void> {
  filling ??= (async () => {
    try {
      await fill();
    } catch (problem) {
      const noRoom = problem instanceof DOMException && problem.name !== 'AbortError';
      // Half a copy is of no use where the other half has no room.
      if (noRoom) await caches.delete(CACHE).catch(() => false);
      await tell({ kind: 'stopped', why: noRoom ? 'no-room' : 'network' });
      throw problem;
    } finally {
      filling = null;
    }
  })();
  return filling;
}

worker.addEventListener('install', (event) => {
  event.waitUntil(makeWhole());
});

async function activate(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(CACHES) && name !== CACHE) await caches.delete(name);
  }
  // Also the page that brought this worker is now offline-proof: scripts have names that change with
  // their content, so a page of another version finds its own on the network or nothing, never another's.
  await worker.clients.claim();
  await tell({ kind: 'whole' });
}

worker.addEventListener('activate', (event) => {
  event.waitUntil(activate());
});

/** The reader wants none of it: no copy, and nobody who would make another. Work is kept elsewhere. */
async function remove(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(CACHES)) await caches.delete(name);
  }
  await worker.registration.unregister();
  await tell({ kind: 'removed' });
}

worker.addEventListener('message', (event) => {
  const asked = event.data as ToServiceWorker;
  if (asked === 'switch') event.waitUntil(worker.skipWaiting());
  if (asked === 'remove') event.waitUntil(remove());
  if (asked === 'is-it-whole') {
    event.waitUntil(
      makeWhole().then(
        () => tell({ kind: 'whole' }),
        () => undefined,
      ),
    );
  }
});

/** The file that an address means: itself, or the page whose slash or `index.html` makes the difference. */
function fileOf(pathname: string): string | null {
  const page = pathname.replace(/(^|\/)index\.html$/, '$1');
  if (DIGESTS.has(page)) return page;
  return DIGESTS.has(`${page}/`) ? `${page}/` : null;
}

async function answer(request: Request, url: URL): Promise<Response> {
  const file = fileOf(url.pathname);
  if (file !== null) {
    const kept = await fromCache(file);
    if (kept !== undefined && request.mode === 'navigate' && file !== url.pathname) {
      return Response.redirect(new URL(file + url.search, url).href, 301);
    }
    if (kept !== undefined) return kept;
  }
  try {
    return await fetch(request);
  } catch (problem) {
    const notFound = request.mode === 'navigate' ? await fromCache(NOT_FOUND) : undefined;
    if (notFound === undefined) throw problem;
    return new Response(notFound.body, { status: 404, headers: notFound.headers });
  }
}

/** Storage that fails is storage that is empty: the network is asked instead. */
async function fromCache(path: string): Promise<Response | undefined> {
  try {
    return await caches.match(path, { cacheName: CACHE, ignoreVary: true });
  } catch {
    return undefined;
  }
}

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (!url.pathname.startsWith(OFFLINE.base)) return;
  event.respondWith(answer(request, url));
});
