/** Runs the service worker's finished text on caches, a network and pages that a test can look into. */
import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import type { OfflineList } from '../../src/ui/offline/offline-list.ts';
import { serviceWorkerText } from '../../src/ui/offline/offline-copy.ts';

const ORIGIN = 'https://course.example';

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64');

/** The list of a version whose files have these contents, by path below the base. */
export function listOf(version: string, contents: Readonly<Record<string, string>>, base = '/'): OfflineList {
  const files = Object.entries(contents).map(([path, text]) => [path, digestOf(text)] as const);
  return { version, base, files };
}

class FakeCache {
  readonly entries = new Map<string, Response>();
  readonly #storage: FakeStorage;

  constructor(storage: FakeStorage) {
    this.#storage = storage;
  }

  async put(path: string, response: Response): Promise<void> {
    if (this.#storage.room <= 0) throw new DOMException('full', 'QuotaExceededError');
    this.#storage.room -= 1;
    this.entries.set(path, response);
  }

  async match(path: string): Promise<Response | undefined> {
    return this.entries.get(path)?.clone();
  }

  async keys(): Promise<readonly { readonly url: string }[]> {
    return [...this.entries.keys()].map((path) => ({ url: ORIGIN + path }));
  }
}

/** The browser's storage, shared by one version of the worker after the other. */
export class FakeStorage {
  room = Number.POSITIVE_INFINITY;
  refused = false;
  readonly caches = new Map<string, FakeCache>();

  async open(name: string): Promise<FakeCache> {
    if (this.refused) throw new DOMException('private', 'SecurityError');
    const cache = this.caches.get(name) ?? new FakeCache(this);
    this.caches.set(name, cache);
    return cache;
  }

  async keys(): Promise<readonly string[]> {
    return [...this.caches.keys()];
  }

  async delete(name: string): Promise<boolean> {
    return this.caches.delete(name);
  }

  async match(path: string, { cacheName }: { readonly cacheName: string }): Promise<Response | undefined> {
    if (this.refused) throw new DOMException('private', 'SecurityError');
    return this.caches.get(cacheName)?.match(path);
  }
}

/** What the server has, by path; counts what was asked, and how much at once. */
export class FakeServer {
  contents: Readonly<Record<string, string>>;
  isUp = true;
  readonly asked: string[] = [];
  most = 0;
  #open = 0;

  constructor(contents: Readonly<Record<string, string>>) {
    this.contents = contents;
  }

  readonly fetch = async (
    target: string | { readonly url: string },
    options: { readonly integrity?: string } = {},
  ): Promise<Response> => {
    const path = new URL(typeof target === 'string' ? target : target.url, ORIGIN).pathname;
    this.asked.push(path);
    this.most = Math.max(this.most, ++this.#open);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    this.#open -= 1;
    const text = this.contents[path];
    if (!this.isUp) throw new TypeError('Failed to fetch');
    if (text === undefined) return new Response('nothing here', { status: 404 });
    // As a browser does with content of another digest.
    if (options.integrity !== undefined && options.integrity !== `sha256-${digestOf(text)}`) {
      throw new TypeError('Failed to fetch');
    }
    return new Response(text);
  };
}

interface FakeEvent {
  readonly data?: unknown;
  readonly request?: { readonly url: string; readonly method: string; readonly mode: string };
}

export class RunningWorker {
  readonly told: Record<string, unknown>[] = [];
  claimed = 0;
  skipped = 0;
  unregistered = 0;
  readonly #listeners = new Map<string, (event: object) => void>();

  constructor(list: OfflineList, storage: FakeStorage, server: FakeServer) {
    const self = {
      addEventListener: (kind: string, listener: (event: object) => void) => {
        this.#listeners.set(kind, listener);
      },
      clients: {
        matchAll: async () => [
          { postMessage: (said: Record<string, unknown>) => void this.told.push({ ...said }) },
        ],
        claim: async () => void (this.claimed += 1),
      },
      registration: { unregister: async () => void (this.unregistered += 1) },
      skipWaiting: async () => void (this.skipped += 1),
    };
    runInNewContext(serviceWorkerText(list), {
      self,
      caches: storage,
      fetch: server.fetch,
      location: { origin: ORIGIN },
      Response,
      URL,
      DOMException,
      TypeError,
    });
  }

  /** Resolves when the worker is done with the event; rejects as the browser would see it reject. */
  async event(kind: 'install' | 'activate' | 'message', event: FakeEvent = {}): Promise<void> {
    let work: Promise<unknown> = Promise.resolve();
    this.#listeners.get(kind)?.({ ...event, waitUntil: (promise: Promise<unknown>) => (work = promise) });
    await work;
  }

  /** What the worker answers; null if it leaves the request to the browser. */
  async ask(
    address: string,
    { method = 'GET', mode = 'navigate' }: { readonly method?: string; readonly mode?: string } = {},
  ): Promise<Response | null> {
    let answer: Promise<Response> | null = null;
    const request = { url: new URL(address, ORIGIN).href, method, mode };
    this.#listeners.get('fetch')?.({
      request,
      respondWith: (promise: Promise<Response>) => (answer = promise),
    });
    return answer;
  }
}
