/**
 * The test every browser test uses: it fails on whatever a visitor should never meet, wherever it
 * happens: a request to another origin, a violated content security policy, an uncaught error.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Page, expect, test as base } from '@playwright/test';

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
      expect(incidents).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

const DIST = join(import.meta.dirname, '../../../dist');

/** Addresses of every page in the build, the one that is not found included. */
export function builtPages(): readonly string[] {
  return readdirSync(DIST, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.html'))
    .map((file) => `/${file.replace(/(^|\/)index\.html$/, '$1')}`)
    .sort();
}

/** Lessons: every page that a file under `content/` becomes, read off the page itself. */
export function lessonPages(): readonly string[] {
  return builtPages().filter((page) =>
    /class="lesson-head/.test(
      readFileSync(join(DIST, page, page.endsWith('.html') ? '' : 'index.html'), 'utf8'),
    ),
  );
}

/** What axe finds against WCAG 2.2 AA and its own best practices, one line per element. */
export async function accessibilityIssues(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
  );
}

/** How far the page's content jumped, by itself, since it was opened. */
export async function layoutShift(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let total = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            const shift = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
            if (!shift.hadRecentInput) total += shift.value;
          }
        }).observe({ type: 'layout-shift', buffered: true });
        // The observer hears of buffered shifts in a task of its own.
        requestAnimationFrame(() => setTimeout(() => resolve(total), 100));
      }),
  );
}
