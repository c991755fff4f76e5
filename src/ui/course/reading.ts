/**
 * Notes that a lesson was read: its end was in view, and it was open for a while. Small, since every
 * lesson carries it; what the notes mean for progress is decided elsewhere.
 */
import { V2 } from '../../progress/texts.ts';
import { recall, remember } from '../memory/page-memory.ts';

/** Who has jumped to the end sooner than this has not read it. */
const ENOUGH_SECONDS = 20;

/** `end` is what stands after the text: the quiz, or the way on. */
export function noteReading(lesson: string, end: Element): void {
  const opened = Date.now();
  /** How long the page was to be seen, up to the last time it was hidden. */
  let seen = 0;
  let since = document.hidden ? null : performance.now();
  let noted = 0;
  let isAtEnd = false;
  const seconds = (): number => Math.round((seen + (since === null ? 0 : performance.now() - since)) / 1000);
  const note = (): void => {
    const now = seconds();
    if (!isAtEnd || now < ENOUGH_SECONDS || now === noted) return;
    // Another tab may have noted something since.
    const before = recall('read', lesson) as { first?: number; seconds?: number } | null;
    void remember('read', lesson, {
      first: before?.first ?? opened,
      last: Date.now(),
      seconds: (before?.seconds ?? 0) + now - noted,
    });
    noted = now;
    markRead(document, lesson);
  };
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    isAtEnd = true;
    const wait = (): void => {
      note();
      // A page in the background lets no time pass, so this may come more than once.
      if (noted === 0) setTimeout(wait, 1000 * Math.max(1, ENOUGH_SECONDS - seconds()));
    };
    wait();
  }).observe(end);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      seen += since === null ? 0 : performance.now() - since;
      since = null;
      note();
    } else since = performance.now();
  });
}

/** Marks links of the table of contents whose lessons were read; with `only`, this lesson's alone. */
export function markRead(root: ParentNode, only?: string): void {
  const base = import.meta.env.BASE_URL.replace(/\/$/, '');
  for (const link of root.querySelectorAll<HTMLAnchorElement>('.sidebar-content a')) {
    const lesson = link.pathname.slice(base.length).replace(/^\/|\/$/g, '');
    if (only !== undefined && lesson !== only) continue;
    if (!('read' in link.dataset) && isRead(lesson)) {
      link.dataset.read = '';
      const words = document.createElement('span');
      words.className = 'visually-hidden';
      words.textContent = ' (read)';
      link.append(words);
    }
  }
}

function isRead(lesson: string): boolean {
  try {
    return localStorage.getItem(`${V2}read.${lesson}`)?.includes('"value"') === true;
  } catch {
    // Storage is forbidden: then nothing was kept of it.
    return false;
  }
}
