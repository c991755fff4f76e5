/**
 * The test every browser test uses: it fails on whatever a visitor should never meet, wherever it
 * happens: a request to another origin, a violated content security policy, an uncaught error.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Page, expect, test as base } from '@playwright/test';
import { readCourseFolder } from '../../../src/ui/course/folder.ts';
import { isPage, slugOf } from '../../../src/ui/course/reading-order.ts';

interface Watched {
  /** What went wrong so far on any page of the test. */
  readonly incidents: string[];
}

export const test = base.extend<{ watched: Watched }>({
  watched: [
    async ({ context, baseURL }, use) => {
      const incidents: string[] = [];
      const origin = new URL(baseURL ?? '').origin;
      context.on('request', (request) => {
        const url = new URL(request.url());
        if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== origin) {
          incidents.push(`request to ${url.origin}`);
        }
      });
      context.on('console', (message) => {
        const text = message.text();
        if (message.type() === 'error' && !/status of 404/.test(text)) incidents.push(`console: ${text}`);
        if (/content security policy/i.test(text)) incidents.push(`policy: ${text}`);
      });
      context.on('weberror', (error) => {
        incidents.push(`uncaught: ${error.error().message}`);
      });
      await use({ incidents });
      // The next test has the same context, of which Playwright clears all but this.
      await context.clearPermissions();
      expect(incidents).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
export { accessibilityIssues, issuesIn, issuesInBothThemes, misfits } from './accessibility.ts';

const ROOT = join(import.meta.dirname, '../../..');
const DIST = join(ROOT, 'dist');

/** Addresses of every page in a build, below its base path; the one that is not found included. */
export function builtPages(dist = DIST): readonly string[] {
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.html'))
    .map((file) => `/${file.replace(/(^|\/)index\.html$/, '$1')}`)
    .sort();
}

/** The text of a page as it was built. */
export function builtPage(address: string): string {
  return readFileSync(join(DIST, address.endsWith('/') ? `${address}index.html` : address), 'utf8');
}

/** Addresses of the lessons: every page that a file under `content/` becomes. */
export function lessonPages(): readonly string[] {
  return readCourseFolder(join(ROOT, 'content'))
    .files.filter(isPage)
    .map((file) => `/${slugOf(file)}/`);
}

/** What jumped by itself since the page was opened: how far, and which elements. */
export async function layoutShifts(page: Page): Promise<readonly string[]> {
  return page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        interface LayoutShift extends PerformanceEntry {
          readonly value: number;
          readonly hadRecentInput: boolean;
          readonly sources: readonly {
            readonly node: Node | null;
            readonly previousRect: DOMRectReadOnly;
            readonly currentRect: DOMRectReadOnly;
          }[];
        }
        /** Of the window's area times the way; a good page has less than 0.1 in all. */
        const IMPERCEPTIBLE = 0.00005;
        /** A table that is painted before its last row is there has its columns a few pixels elsewhere. */
        const COLUMNS_SETTLE = 0.001;
        const isCell = (node: Node | null): boolean => node instanceof HTMLTableCellElement;
        const shifts: string[] = [];
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as LayoutShift[]) {
            // Nobody sees a round button settle by the height of a late font's baseline.
            if (entry.hadRecentInput || entry.value < IMPERCEPTIBLE) continue;
            if (entry.value < COLUMNS_SETTLE && entry.sources.every(({ node }) => isCell(node))) continue;
            const rectangle = ({ x, y, width, height }: DOMRectReadOnly): string =>
              [x, y, width, height].map(Math.round).join(' ');
            const moved = entry.sources.map(({ node, previousRect, currentRect }) => {
              const what =
                node instanceof Element
                  ? `${node.tagName}.${node.getAttribute('class') ?? ''}`
                  : `text “${node?.textContent?.trim().slice(0, 40) ?? ''}”`;
              return `${what} from ${rectangle(previousRect)} to ${rectangle(currentRect)}`;
            });
            shifts.push(
              `${entry.value.toFixed(4)} at ${Math.round(entry.startTime)} ms: ${moved.join(', ')}`,
            );
          }
        }).observe({ type: 'layout-shift', buffered: true });
        // The observer hears of buffered shifts in a task of its own.
        requestAnimationFrame(() => setTimeout(() => resolve(shifts), 100));
      }),
  );
}
