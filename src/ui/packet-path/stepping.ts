/** Steps through a packet's way: buttons, arrow keys, play and pause. The page is complete without it. */

const PLAY_MILLISECONDS = 1800;

export function connectPacketPath(root: HTMLElement): void {
  const ways = [...root.querySelectorAll<HTMLElement>('.way')].map((section) => connectWay(root, section));
  const switches = [...root.querySelectorAll<HTMLButtonElement>('[data-way]')];
  for (const button of switches) {
    button.addEventListener('click', () => {
      for (const each of switches) each.setAttribute('aria-pressed', String(each === button));
      for (const way of ways) {
        way.pause();
        way.section.toggleAttribute('data-shown', way.section.dataset.direction === button.dataset.way);
      }
    });
  }
  root.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const way = ways.find((each) => each.section.hasAttribute('data-shown'));
    if (way === undefined || !way.key(event.key)) return;
    event.preventDefault();
  });
}

interface ConnectedWay {
  readonly section: HTMLElement;
  readonly pause: () => void;
  /** Handles a key; reports whether it meant something. */
  readonly key: (key: string) => boolean;
}

function connectWay(root: HTMLElement, section: HTMLElement): ConnectedWay {
  const steps = [...section.querySelectorAll<HTMLElement>('.step')];
  const diagrams = [...section.querySelectorAll<SVGElement>('.diagram')];
  const back = section.querySelector<HTMLButtonElement>('[data-go=back]');
  const play = section.querySelector<HTMLButtonElement>('[data-go=play]');
  const next = section.querySelector<HTMLButtonElement>('[data-go=next]');
  const status = section.querySelector('.status');
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  /** Counted from 0; -1 before the first step, when the whole way is shown. */
  let current = -1;
  let timer: ReturnType<typeof setInterval> | null = null;

  const show = (index: number, scroll: 'scroll' | 'stay'): void => {
    current = Math.max(-1, Math.min(index, steps.length - 1));
    const step = steps[current];
    root.toggleAttribute('data-stepping', step !== undefined);
    for (const each of steps) {
      const isCurrent = each === step;
      if (isCurrent) each.setAttribute('aria-current', 'step');
      else each.removeAttribute('aria-current');
      const details = each.querySelector('details');
      if (details) details.open = isCurrent;
    }
    for (const diagram of diagrams) {
      const along = diagram.classList.contains('wide') ? step?.dataset.wide : step?.dataset.narrow;
      diagram.style.setProperty('--at', along ?? '1');
      for (const box of diagram.querySelectorAll<SVGElement>('[data-box]')) {
        box.toggleAttribute('data-here', step !== undefined && box.dataset.box === step.dataset.boxHere);
      }
    }
    if (back) back.disabled = current < 0;
    if (next) next.disabled = current >= steps.length - 1;
    if (status) {
      status.textContent =
        step === undefined
          ? `${steps.length} steps`
          : `Step ${current + 1} of ${steps.length}: ${step.querySelector('.word')?.textContent ?? ''}`;
    }
    if (scroll === 'scroll')
      step?.scrollIntoView({ block: 'nearest', behavior: calm.matches ? 'instant' : 'smooth' });
  };

  const pause = (): void => {
    if (timer !== null) clearInterval(timer);
    timer = null;
    const word = calm.matches ? 'Show all' : 'Play';
    if (play && play.textContent?.trim() !== word) play.textContent = word;
  };

  const start = (): void => {
    if (calm.matches) {
      for (const step of steps) {
        const details = step.querySelector('details');
        if (details) details.open = true;
      }
      return;
    }
    show(current >= steps.length - 1 ? 0 : current + 1, 'stay');
    if (play) play.textContent = 'Pause';
    timer = setInterval(() => {
      show(current + 1, 'stay');
      if (current >= steps.length - 1) pause();
    }, PLAY_MILLISECONDS);
  };

  const go = (index: number): void => {
    pause();
    show(index, 'scroll');
  };

  back?.addEventListener('click', () => go(current - 1));
  next?.addEventListener('click', () => go(current + 1));
  play?.addEventListener('click', () => (timer === null ? start() : pause()));
  steps.forEach((step, index) => {
    step.querySelector('summary')?.addEventListener('click', (event) => {
      event.preventDefault();
      pause();
      show(current === index ? -1 : index, 'stay');
    });
  });
  pause();

  const key = (name: string): boolean => {
    switch (name) {
      case 'ArrowRight':
        go(current + 1);
        return true;
      case 'ArrowLeft':
        go(current - 1);
        return true;
      case 'Home':
        go(0);
        return true;
      case 'End':
        go(steps.length - 1);
        return true;
    }
    return false;
  };
  return { section, pause, key };
}
