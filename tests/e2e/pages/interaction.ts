/** How long a page takes from an input to the paint that shows it, on a phone's processor. */
import type { CDPSession, Page } from '@playwright/test';

/** Lighthouse and Chrome's own tools take a phone for a fourth of a desktop. */
const SLOW_DOWN = 4;
/** What the yardstick takes on a quiet machine, slowed down so, in milliseconds. */
const YARDSTICK = 23;

export interface Latency {
  /** Of the interactions, in milliseconds. */
  readonly median: number;
  /** How many times slower than a quiet machine this one was meanwhile; at least 1. */
  readonly machine: number;
  readonly all: readonly number[];
}

interface Watching {
  /** Durations by interaction. */
  readonly durations: Map<number, number>;
}

/** A page on a slow processor. `start` before the page is opened. */
export class SlowProcessor {
  readonly #page: Page;
  #client: CDPSession | null = null;

  constructor(page: Page) {
    this.#page = page;
  }

  async start(): Promise<void> {
    await this.#page.addInitScript(() => {
      const durations = new Map<number, number>();
      Object.assign(window, { watching: { durations } satisfies Watching });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEventTiming & { interactionId: number })[]) {
          if (entry.interactionId === 0) continue;
          const before = durations.get(entry.interactionId) ?? 0;
          durations.set(entry.interactionId, Math.max(before, entry.duration));
        }
      }).observe({ type: 'event', durationThreshold: 16, buffered: true } as PerformanceObserverInit);
    });
    this.#client = await this.#page.context().newCDPSession(this.#page);
  }

  /** Does each thing on the slow processor, and measures from its input to the paint that follows. */
  async latency(acts: readonly (() => Promise<void>)[]): Promise<Latency> {
    if (this.#client === null) throw new Error('start() comes first');
    await this.#client.send('Emulation.setCPUThrottlingRate', { rate: SLOW_DOWN });
    const all: number[] = [];
    const yardsticks: number[] = [];
    try {
      for (const act of acts) {
        await this.#page.evaluate(() => {
          (window as unknown as { watching: Watching }).watching.durations.clear();
        });
        await act();
        all.push(await this.#longest());
        yardsticks.push(await this.#yardstick());
      }
    } finally {
      await this.#client.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    }
    return { median: median(all), machine: Math.max(1, median(yardsticks) / YARDSTICK), all };
  }

  /** Of what was reported; less than the browser reports is 0. Entries come after the paint, in a task of their own. */
  #longest(): Promise<number> {
    return this.#page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const { durations } = (window as unknown as { watching: Watching }).watching;
          requestAnimationFrame(() =>
            setTimeout(() => setTimeout(() => resolve(Math.max(0, ...durations.values())), 50)),
          );
        }),
    );
  }

  /** Something to do that is the same on every page: how long it takes tells how slow the machine is. */
  #yardstick(): Promise<number> {
    return this.#page.evaluate(() => {
      const started = performance.now();
      let sum = 0;
      for (let at = 0; at < 1_000_000; at++) sum = (sum * 31 + at) | 0;
      const took = performance.now() - started;
      return sum === 1 ? took + 1 : took;
    });
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
