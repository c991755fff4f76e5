/**
 * `client:touched`: an island whose script is fetched when somebody first reaches for it. What the
 * server sent is complete until then; what is typed meanwhile is taken over by the island
 * (typed-early.ts), and what is clicked is clicked again.
 */
import type { ClientDirective } from 'astro';
import { keptInHistory } from './url-state.ts';

declare module 'astro' {
  interface AstroClientDirectives {
    'client:touched'?: boolean;
  }
}

const REACHING = ['pointerover', 'touchstart', 'focusin', 'keydown', 'click'] as const;

const touched: ClientDirective = (load, _options, element) => {
  const waiting = new AbortController();
  let isAsked = false;
  let clicked: HTMLElement | null = null;

  const fetchScript = async (): Promise<void> => {
    const hydrate = await load();
    await hydrate();
    waiting.abort();
    clicked?.click();
  };
  const reach = (event?: Event): void => {
    if (event?.type === 'click' && event.target instanceof Element) {
      clicked = event.target.closest<HTMLElement>('button') ?? clicked;
    }
    if (isAsked) return;
    isAsked = true;
    fetchScript().catch(() => {
      // Without a network there may be one at the next attempt.
      isAsked = false;
    });
  };

  // Somebody's own numbers are in the page's address, or with its place in the history.
  if (location.search !== '' || Object.keys(keptInHistory(history.state)).length > 0) reach();
  for (const type of REACHING) {
    element.addEventListener(type, reach, { capture: true, passive: true, signal: waiting.signal });
  }
};

export default touched;
