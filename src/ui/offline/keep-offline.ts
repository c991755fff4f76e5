/** A page's side of the copy for offline use: asks for it when the page is done, and says how it stands. */
import type { FromServiceWorker, OfflineSize, ToServiceWorker } from './offline-list.ts';
import { isSaidHere, words, type Standing } from './standing.ts';

/** A page that stays open asks for a newer version this often, in milliseconds. */
const ASK_AGAIN = 3_600_000;
const LATER = 'workbook.new-version-later';
const DECLINED = 'workbook.offline-declined';

/** `root` has places for words (`.standing`), for what can be done about it (`.choice`) and for the notice (`.notice`). */
export class KeepOffline {
  readonly #standing: HTMLElement;
  readonly #choice: HTMLElement;
  readonly #notice: HTMLElement;
  readonly #base: string;
  #asked = 0;
  #isCurrent = true;

  constructor(root: HTMLElement) {
    this.#standing = part(root, '.standing');
    this.#choice = part(root, '.choice');
    this.#notice = part(root, '.notice');
    this.#base = root.dataset.base ?? '/';
  }

  async start(): Promise<void> {
    // Not in private windows of some browsers, nor over plain HTTP.
    if (!('serviceWorker' in navigator)) {
      this.#say({ kind: 'refused' });
      return;
    }
    try {
      const there = await this.#registration();
      if (there !== null || !(savesData() || isDeclined())) await this.#keep();
      else await this.#offer();
    } catch {
      this.#say({ kind: 'refused' });
    }
  }

  /** Ours only: `getRegistration` also finds that of a site around this one. */
  async #registration(): Promise<ServiceWorkerRegistration | null> {
    const found = await navigator.serviceWorker.getRegistration(this.#base);
    return found?.scope === new URL(this.#base, location.href).href ? found : null;
  }

  async #offer(): Promise<void> {
    const size = (await (await fetch(`${this.#base}offline.json`)).json()) as OfflineSize;
    this.#say({ kind: 'offered', bytes: size.bytes });
    const save = this.#button('Save it', () => {
      decline('no');
      void this.#keep();
    });
    this.#choice.replaceChildren(save);
  }

  async #keep(): Promise<void> {
    const workers = navigator.serviceWorker;
    let isControlled = workers.controller !== null;
    workers.addEventListener('controllerchange', () => {
      // The first worker takes a page over as it is; a new one comes with new pages.
      if (isControlled) location.reload();
      isControlled = true;
    });
    let registration: ServiceWorkerRegistration | null = null;
    workers.addEventListener('message', ({ data, source }: MessageEvent<unknown>) => {
      if (!isSaidHere(data, this.#base)) return;
      const inUse = registration?.active ?? null;
      this.#hear(data, inUse === null || source === inUse ? 'in-use' : 'next');
    });
    workers.startMessages();
    try {
      registration = await workers.register(`${this.#base}sw.js`, {
        scope: this.#base,
        // A kept copy of the worker would hide that there is a newer one.
        updateViaCache: 'none',
      });
    } catch {
      this.#say({ kind: 'refused' });
      return;
    }
    const kept = registration;
    kept.addEventListener('updatefound', () => this.#follow(kept));
    this.#follow(kept);
    if (kept.active !== null) send(kept.active, 'is-it-whole');
    this.#asked = Date.now();
    document.addEventListener('visibilitychange', () => {
      if (document.hidden || Date.now() - this.#asked < ASK_AGAIN) return;
      this.#asked = Date.now();
      // Without a network there is nothing newer either.
      kept.update().catch(() => undefined);
    });
  }

  /** Shows the notice as soon as a whole new version waits behind the one in use. */
  #follow(registration: ServiceWorkerRegistration): void {
    const { installing, waiting, active } = registration;
    if (waiting !== null && active !== null) this.#announce(waiting);
    installing?.addEventListener('statechange', () => {
      if (registration.waiting !== null && registration.active !== null) {
        this.#announce(registration.waiting);
      }
    });
  }

  /** `by`: the version that the pages have, or will have, or the one after it. */
  #hear(said: FromServiceWorker, by: 'in-use' | 'next'): void {
    switch (said.kind) {
      case 'saving':
        this.#say({ kind: by === 'next' ? 'updating' : 'saving', done: said.done, of: said.of });
        return;
      case 'whole':
        this.#say({ kind: 'whole' });
        return;
      case 'removed':
        void this.#offer();
        return;
      case 'stopped':
        // What was whole before still is.
        if (by === 'next') this.#say({ kind: 'whole' });
        else this.#say(said.why === 'no-room' ? { kind: 'no-room' } : { kind: 'interrupted' });
        return;
    }
  }

  async #remove(): Promise<void> {
    const registration = await this.#registration();
    decline('yes');
    if (registration?.active) send(registration.active, 'remove');
    else await this.#offer();
  }

  #announce(waiting: ServiceWorker): void {
    this.#say({ kind: 'newer' });
    this.#isCurrent = false;
    const change = (): void => send(waiting, 'switch');
    this.#standing.replaceChildren(`${words({ kind: 'newer' })} `, this.#button('Switch to it', change));
    if (isPutOff()) return;
    const text = document.createElement('p');
    text.textContent =
      'A newer version of the course is saved. Switching reloads its open pages; your work stays.';
    const later = this.#button('Later', () => {
      putOff();
      this.#notice.replaceChildren();
    });
    const buttons = document.createElement('p');
    buttons.append(this.#button('Switch now', change), ' ', later);
    this.#notice.replaceChildren(text, buttons);
  }

  #button(label: string, act: () => void): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button';
    button.textContent = label;
    button.addEventListener('click', act);
    return button;
  }

  #say(standing: Standing): void {
    // The way to a newer version stays in sight.
    if (!this.#isCurrent) return;
    this.#standing.dataset.standing = standing.kind;
    this.#standing.textContent = words(standing);
    this.#choice.replaceChildren();
    if (standing.kind === 'whole')
      this.#choice.append(this.#button('Remove the copy', () => void this.#remove()));
  }
}

function part(root: HTMLElement, selector: string): HTMLElement {
  const found = root.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`The footer has no ${selector}.`);
  return found;
}

/** Until the tab is closed. Where nothing may be kept, the next page asks again. */
function putOff(): void {
  try {
    sessionStorage.setItem(LATER, '1');
  } catch {
    return;
  }
}

function isPutOff(): boolean {
  try {
    return sessionStorage.getItem(LATER) !== null;
  } catch {
    return false;
  }
}

/** Keeps what the reader has said, for this browser. Where nothing may be kept, no copy is kept either. */
function decline(answer: 'yes' | 'no'): void {
  try {
    if (answer === 'yes') localStorage.setItem(DECLINED, '1');
    else localStorage.removeItem(DECLINED);
  } catch {
    return;
  }
}

function isDeclined(): boolean {
  try {
    return localStorage.getItem(DECLINED) !== null;
  } catch {
    return false;
  }
}

function send(worker: ServiceWorker, message: ToServiceWorker): void {
  worker.postMessage(message);
}

/** Reports whether the reader has asked the browser for less traffic. */
function savesData(): boolean {
  const { connection } = navigator as { readonly connection?: { readonly saveData?: boolean } };
  return connection?.saveData === true || matchMedia('(prefers-reduced-data: reduce)').matches;
}
