/** What a learner did stays theirs: where storage fails, after the course has changed, and across tabs. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { readOutline } from '../../src/ui/course/outline.ts';
import { answered, progressFile, reviewed, worked } from './pages/progress-file.ts';
import { ProgressPage } from './pages/progress.ts';
import { Quiz } from './pages/quiz.ts';
import { builtPage, builtPages, expect, test } from './pages/site.ts';

const AT = Date.parse('2026-11-20T12:00:00Z');
const LESSON = 'network-plugins/what-a-network-plugin-does';
const { modules } = readOutline(join(import.meta.dirname, '../../content'), []);
const lesson = modules.flatMap(({ lessons }) => lessons).find(({ slug }) => slug === LESSON);
const QUESTION = lesson?.questions[0]?.id ?? '';

interface Exported {
  readonly course: { readonly version: string };
  readonly learner: string | null;
  readonly entries: Readonly<Record<string, { readonly at: number; readonly value: unknown }>>;
}

async function exported(progress: ProgressPage): Promise<Exported> {
  return JSON.parse(await progress.download('Export as a file')) as Exported;
}

test.describe('where the browser', () => {
  /** Runs in the page before anything of it. */
  const REFUSALS: Readonly<Record<string, () => void>> = {
    'has no database': () => {
      Object.defineProperty(window, 'indexedDB', { configurable: true, value: undefined });
    },
    'opens no database, as some private windows do': () => {
      IDBFactory.prototype.open = () => {
        const error = new DOMException('not in private browsing', 'InvalidStateError');
        const request: { error: DOMException; onerror?: (event: Event) => void } = { error };
        setTimeout(() => request.onerror?.(new Event('error')));
        return request as IDBOpenDBRequest;
      };
    },
    'refuses localStorage': () => {
      Object.defineProperty(window, 'localStorage', {
        configurable: true,
        get: () => {
          throw new DOMException('refused', 'SecurityError');
        },
      });
    },
    'has a full localStorage': () => {
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    },
  };
  for (const [name, refuse] of Object.entries(REFUSALS)) {
    test(`${name}, the other storage keeps everything, and nothing is feared`, async ({ page }) => {
      await page.addInitScript(refuse);
      const progress = new ProgressPage(page);
      await progress.open();
      await expect(progress.root.getByRole('alert')).toHaveCount(0);
      await progress.import(progressFile({ [`quiz.${QUESTION}`]: answered('wrong', AT) }, { at: AT }));
      await expect(progress.figure('Questions answered')).toContainText('1 of');
      await progress.open();
      await expect(progress.figure('Questions answered')).toContainText('1 of');
      await expect(progress.root.getByRole('alert')).toHaveCount(0);
    });
  }

  /** From now on no storage takes anything. */
  function fillUp(page: Page): Promise<void> {
    return page.evaluate(() => {
      const full = (): never => {
        throw new DOMException('full', 'QuotaExceededError');
      };
      Storage.prototype.setItem = full;
      IDBObjectStore.prototype.put = full;
    });
  }

  test('has no room left, the first thing that does not fit is told, and the page works on', async ({
    page,
  }) => {
    const progress = new ProgressPage(page);
    await progress.open();
    await progress.import(progressFile({ [`quiz.${QUESTION}`]: answered('wrong', AT) }, { at: AT }));
    await expect(progress.figure('Questions answered')).toContainText('1 of');
    await fillUp(page);
    await expect(progress.root.getByRole('alert')).toHaveCount(0);
    await page.getByLabel(/^Your name/).fill('Ada Lovelace');
    await progress.press('Keep this name');
    await expect(progress.root.getByRole('alert')).toContainText('no room for what you do now');
    await expect(progress.root.getByRole('alert')).toContainText('What it kept before is safe');
    const file = await exported(progress);
    expect(file.learner).toBe('Ada Lovelace');
    expect(Object.keys(file.entries)).toContain(`quiz.${QUESTION}`);
    await progress.open();
    await expect(progress.figure('Questions answered')).toContainText('1 of');
  });

  test('has no room left, an import and a reset change nothing and say so', async ({ page }) => {
    const progress = new ProgressPage(page);
    await progress.open();
    await progress.import(progressFile({ [`quiz.${QUESTION}`]: answered('wrong', AT) }, { at: AT }));
    await expect(progress.figure('Questions answered')).toContainText('1 of');
    await fillUp(page);
    await progress.import(progressFile({ 'lab.tight-subnet': worked('tight-subnet', []) }, { at: AT }));
    await expect(progress.outcome).toContainText(
      'no room left for what is in the file; nothing was imported',
    );
    await progress.empty();
    await expect(progress.outcome).toContainText('nothing was emptied');
    await expect(progress.figure('Questions answered')).toContainText('1 of');
  });
});

test('what the course no longer has, or asks differently now, stays kept, is named and exported', async ({
  page,
}) => {
  const values = {
    [`quiz.${QUESTION}`]: answered('right', AT),
    'quiz.network-plugins/gone#question': answered('wrong', AT),
    'review.network-plugins/gone#question': reviewed('wrong', AT),
    'read.network-plugins/gone': { first: AT, last: AT, seconds: 60 },
    'prediction.network-plugins/gone#first': 'yes',
    'lab.gone': worked('gone', ['one']),
    'lab.tight-subnet': worked('tight-subnet', ['a-task-of-last-year']),
    'newkind.thing': { any: 'shape' },
  };
  const progress = new ProgressPage(page);
  await progress.open();
  await progress.import(progressFile(values, { at: AT }));
  const gone = page.getByRole('region', { name: 'No longer in the course' });
  await expect(gone).toContainText('5 entries belong');
  await gone.getByText('Show all 5').click();
  for (const name of ['question network-plugins/gone#question', 'lab gone', 'lesson network-plugins/gone']) {
    await expect(gone).toContainText(name);
  }
  await expect(progress.weak).not.toContainText('gone');
  await expect(progress.modules).toContainText('0 of 5 tasks passed');

  // The option that was chosen is none any more: the question is asked afresh, and what was there stays.
  await page.goto(`/${LESSON}/`);
  await new Quiz(page).ready();
  await expect(page.locator('.quiz .verdict').first()).toHaveText('');
  await page.goto('/labs/tight-subnet/');
  await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toBeVisible();

  await progress.open();
  const { entries } = await exported(progress);
  expect(Object.fromEntries(Object.entries(entries).map(([key, { value }]) => [key, value]))).toEqual(values);
});

test('a reset holds in another tab, and can be undone there', async ({ page, context }) => {
  const here = new ProgressPage(page);
  await here.open();
  await here.import(
    progressFile(
      { [`quiz.${QUESTION}`]: answered('wrong', AT), [`review.${QUESTION}`]: reviewed('wrong', AT + 1) },
      { at: AT },
    ),
  );
  await expect(here.figure('Questions answered')).toContainText('1 of');
  const there = new ProgressPage(await context.newPage());
  await there.open();
  await expect(there.figure('Questions answered')).toContainText('1 of');

  await here.empty();
  await expect(there.figure('Questions answered')).toContainText('0 of');
  await expect(there.weak).toContainText('Nothing to say yet');
  await there.press('Undo the last reset');
  await expect(there.figure('Questions answered')).toContainText('1 of');
  await expect(here.figure('Questions answered')).toContainText('1 of');
  for (const tab of [here, there]) await expect(tab.data.getByText('Undo the last reset')).toHaveCount(0);
  await here.open();
  await expect(here.weak).toContainText('in a review');
  await expect(here.figure('Questions answered')).toContainText('1 of');
});

test('every page says the version, and every export says the same', async ({ page }) => {
  const said = new Map<string, string[]>();
  for (const address of builtPages()) {
    const version = /class="version[^"]*"[^>]*>Version ([^<\s]+)</.exec(builtPage(address))?.[1] ?? 'none';
    said.set(version, [...(said.get(version) ?? []), address]);
  }
  expect(
    [...said.keys()],
    JSON.stringify([...said].map(([version, pages]) => [version, pages[0]])),
  ).toHaveLength(1);
  const [version = ''] = said.keys();
  expect(version).toMatch(/^\d+\.\d+\.\d+\+\S+$/);

  const progress = new ProgressPage(page);
  await progress.open();
  expect((await exported(progress)).course.version).toBe(version);
  await progress.open('/record/');
  await expect(page.locator('.sheet')).toContainText(version);
  expect(await progress.download('Download as text')).toContain(version);
});
