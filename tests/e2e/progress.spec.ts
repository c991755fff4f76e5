import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { readOutline } from '../../src/ui/course/outline.ts';
import { answered, progressFile, reviewed, worked } from './pages/progress-file.ts';
import { incident } from '../support/course-outline.ts';
import { ProgressPage } from './pages/progress.ts';
import { Quiz } from './pages/quiz.ts';
import { accessibilityIssues, expect, issuesInBothThemes, test } from './pages/site.ts';

const LESSON = 'network-plugins/what-a-network-plugin-does';
const { modules } = readOutline(join(import.meta.dirname, '../../content'), []);
const lesson = modules.flatMap(({ lessons }) => lessons).find(({ slug }) => slug === LESSON);
const LABS = join(import.meta.dirname, '../../labs');
const AT = Date.parse('2026-11-20T12:00:00Z');

/** A file in which every question of one lesson was answered, all but the first of them right. */
function file(): string {
  const answers = (lesson?.questions ?? []).map(({ id }, index): [string, unknown] => [
    `quiz.${id}`,
    answered(index === 0 ? 'wrong' : 'right', AT),
  ]);
  const values = {
    ...Object.fromEntries(answers),
    [`read.${LESSON}`]: { first: AT, last: AT, seconds: 600 },
    learner: { name: 'Ada Lovelace' },
  };
  return progressFile(values, { at: AT, learner: 'Ada Lovelace' });
}

/** Answers the first question of the lesson wrong, as a reader would. */
async function answerWrong(page: Page): Promise<void> {
  await page.goto(`/${LESSON}/`);
  const quiz = new Quiz(page);
  await quiz.ready();
  const question = quiz.firstChoice;
  for (let option = 0; option < (await question.options.count()); option += 1) {
    await question.options.nth(option).check();
    await question.check();
    if ((await question.verdict.textContent())?.includes('Not yet') === true) return;
    await question.again();
  }
  throw new Error('every option is right');
}

test('a newcomer is told where to begin', async ({ page }) => {
  const progress = new ProgressPage(page);
  await progress.open();
  await expect(progress.next.getByRole('link')).toHaveAttribute('href', /\/how-this-works\/$/);
  await expect(progress.weak).toContainText('Nothing to say yet');
  await expect(progress.figure('Lessons done')).toContainText(/0 of \d\d/);
  await expect(progress.data.getByText(/Undo/)).toHaveCount(0);
  expect(await accessibilityIssues(page)).toEqual([]);
});

test('a wrong answer stands there with its way back, also while the page is open in another tab', async ({
  page,
  context,
}) => {
  const progress = new ProgressPage(page);
  await progress.open();
  const other = await context.newPage();
  await answerWrong(other);
  const link = progress.weak.getByRole('link').first();
  await expect(link).toBeVisible();
  await expect(progress.next).toContainText('Go on with');
  await link.click();
  await expect(page).toHaveURL(new RegExp(`/${LESSON}/#question-`));
  const id = new URL(page.url()).hash.slice(1);
  await expect(page.locator(`[id="${id}"]`)).toBeInViewport();
});

test('a lesson is read when its end was in view for a while, and then it is marked', async ({ page }) => {
  await page.clock.install();
  const link = page.locator(`.sidebar-content a[href$="/${LESSON}/"]`);
  await page.goto(`/${LESSON}/`);
  await page.clock.runFor(30_000);
  await expect(link).not.toContainText('read');
  await page.reload();
  await page.locator('.quiz > h2').scrollIntoViewIfNeeded();
  await page.clock.runFor(10_000);
  await expect(link).not.toContainText('read');
  await page.clock.runFor(15_000);
  await expect(link).toContainText('(read)');
  await page.reload();
  await expect(link).toContainText('(read)');
  expect(await accessibilityIssues(page)).toEqual([]);
  const progress = new ProgressPage(page);
  await progress.open();
  await expect(progress.modules).toContainText('read to the end in 1 minute');
});

test('a review that is due is the next step, counts as on the practice page, and shows what went wrong in it', async ({
  page,
}) => {
  const ids = (lesson?.questions ?? []).map(({ id }) => id);
  const DAY = 86_400_000;
  const now = Date.now();
  const progress = new ProgressPage(page);
  await progress.open();
  await expect(progress.reviews).toContainText('You have not reviewed anything yet');
  const values = {
    ...Object.fromEntries(ids.map((id) => [`quiz.${id}`, answered('right', now - 5 * DAY)])),
    [`review.${ids[0]}`]: reviewed('wrong', now - DAY),
    [`review.${ids[1]}`]: reviewed('wrong', now - 4 * DAY),
    'incident.abc': incident(80, now - DAY),
  };
  await progress.import(progressFile(values, { at: now - DAY }));
  const due = ids.length - 1;
  await expect(progress.next).toContainText(`${due} that you answered are due`);
  await expect(progress.next).toContainText('2 questions of Network plugins are weak');
  await expect(progress.next.getByRole('link', { name: 'What a network plugin does' })).toBeVisible();
  await expect(progress.weak).toContainText('Wrong at the last check, in a review; wrong 1 of 2 times');
  await expect(progress.reviews).toContainText('2 answers to 2 questions in reviews, 0 right');
  expect(await accessibilityIssues(page)).toEqual([]);
  await progress.open('/record/');
  await expect(page.locator('.sheet')).toContainText('2 answers to 2 of the questions, 0 right');
  await expect(page.locator('.sheet')).toContainText('1; 80 of 100 points');
  await progress.open();
  await progress.next.getByRole('link', { name: 'ten minutes of questions' }).click();
  await expect(page.getByRole('heading', { name: `${due} questions are due` })).toBeVisible();
});

test('a trainer finds the page for a class', async ({ page }) => {
  const progress = new ProgressPage(page);
  await progress.open();
  await page.getByRole('link', { name: 'trainer’s page' }).click();
  await expect(page.getByLabel('Choose progress files')).toBeAttached();
});

test('what is exported can be imported elsewhere, and everything can be undone', async ({
  page,
  browser,
}) => {
  await answerWrong(page);
  const progress = new ProgressPage(page);
  await progress.open();
  const exported = await progress.download('Export as a file');
  await progress.empty();
  await expect(progress.outcome).toContainText('Everything is empty');
  await expect(progress.figure('Questions answered')).toContainText('0 of');
  await progress.press('Undo the last reset');
  await expect(progress.figure('Questions answered')).toContainText('1 of');

  const elsewhere = await browser.newContext();
  const there = new ProgressPage(await elsewhere.newPage());
  await there.open();
  await there.import(exported);
  await expect(there.outcome).toContainText('changed. A file without a name');
  await there.outcome.getByText(/^New here/).click();
  await expect(there.outcome).toContainText('Question: ');
  await expect(there.figure('Questions answered')).toContainText('1 of');
  expect(await accessibilityIssues(there.page)).toEqual([]);
  await there.import(exported);
  await expect(there.outcome).toContainText('Nothing changed.');
  await there.page.reload();
  await there.root.waitFor();
  await expect(there.figure('Questions answered')).toContainText('1 of');
  await elsewhere.close();
});

test('an import is undone, and its file stays what it was', async ({ page }) => {
  const progress = new ProgressPage(page);
  await progress.open();
  await progress.import(file());
  await expect(progress.outcome).toContainText('The file of Ada Lovelace, exported on 2026-11-20');
  await expect(progress.figure('Lessons done')).toContainText('1 of');
  await progress.press('Undo the last import');
  await expect(progress.outcome).toContainText('Undone.');
  await expect(progress.figure('Lessons done')).toContainText('0 of');
});

for (const [name, text, said] of [
  ['that is no JSON', 'hello', 'This is no JSON'],
  ['of something else', '{"format":"other"}', 'This is no progress of this course'],
  ['with a number for a name', file().replace('"learner":"Ada Lovelace"', '"learner":7'), 'learner'],
  ['that is too large', `"${'a'.repeat(5 * 1024 * 1024)}"`, 'more than 5 MB'],
] as const) {
  test(`a file ${name} changes nothing, and the page says what to do`, async ({ page }) => {
    const progress = new ProgressPage(page);
    await progress.open();
    await progress.import(text);
    await expect(progress.outcome).toContainText(said);
    await expect(progress.outcome).toContainText(/nothing was changed/i);
    await expect(progress.figure('Lessons done')).toContainText('0 of');
  });
}

test('markup in an imported file is shown as text', async ({ page }) => {
  const progress = new ProgressPage(page);
  await progress.open();
  const name = '<img src=x onerror=alert(1)>';
  await progress.import(file().replaceAll('Ada Lovelace', name));
  await expect(progress.outcome).toContainText(name);
  await expect(page.locator('.progress img')).toHaveCount(0);
});

test('where the browser keeps nothing the page works, and says so', async ({ page }) => {
  await page.addInitScript(() => {
    const fail = (): never => {
      throw new DOMException('refused', 'SecurityError');
    };
    Object.defineProperty(window, 'localStorage', { configurable: true, get: fail });
    Object.defineProperty(window, 'indexedDB', { configurable: true, get: fail });
  });
  const progress = new ProgressPage(page);
  await progress.open();
  await expect(progress.root.getByRole('alert')).toContainText('Your browser keeps nothing of this');
  await progress.import(file());
  await expect(progress.figure('Lessons done')).toContainText('1 of');
  expect(await progress.download('Export as a file')).toContain('Ada Lovelace');
});

test('the record says what was done, by whom and in which version, and that it is self-reported', async ({
  page,
}) => {
  const progress = new ProgressPage(page);
  await progress.open('/record/');
  await expect(progress.root).toContainText('There is nothing to record yet');
  await progress.open();
  await progress.import(file());
  await expect(progress.figure('Lessons done')).toContainText('1 of');
  await progress.open('/record/');
  const sheet = page.locator('.sheet');
  await expect(sheet).toContainText('Ada Lovelace');
  await expect(sheet).toContainText('What a network plugin does');
  const version = (await page.locator('.about-course .version').textContent())?.replace('Version ', '') ?? '';
  expect(version).toMatch(/^\d+\.\d+\.\d+\+\S+$/);
  await expect(sheet).toContainText(version);
  await expect(sheet).toContainText('self-reported');
  await page.getByLabel(/^Your name/).fill('Grace Hopper');
  await progress.press('Keep this name');
  await expect(sheet).toContainText('Grace Hopper');
  const text = await progress.download('Download as text');
  expect(text).toContain('Grace Hopper');
  expect(text).toContain('self-reported');
  await page.emulateMedia({ media: 'print' });
  await expect(sheet).toBeVisible();
  await expect(page.getByRole('button', { name: 'Print it' })).toBeHidden();
  expect(await printedPages(page)).toBe(1);
});

test('the record of everything is printed on two pages', async ({ page }) => {
  const lessons = modules.flatMap((module) => module.lessons);
  const progress = new ProgressPage(page);
  await progress.open();
  const answers = lessons.flatMap(({ questions }) =>
    questions.map(({ id }): [string, unknown] => [`quiz.${id}`, answered('right', AT)]),
  );
  const reads = lessons.map(({ slug }): [string, unknown] => [
    `read.${slug}`,
    { first: AT, last: AT, seconds: 60 },
  ]);
  const labs = readdirSync(LABS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .map((lab): [string, unknown] => [`lab.${lab}`, worked(lab, [])]);
  await progress.import(progressFile(Object.fromEntries([...answers, ...reads, ...labs]), { at: AT }));
  await expect(progress.figure('Lessons done')).toContainText(`${lessons.length} of`);
  await progress.open('/record/');
  await expect(page.locator('.sheet h3').last()).toBeVisible();
  expect(await printedPages(page)).toBe(2);
});

async function printedPages(page: Page): Promise<number> {
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
  return pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  for (const path of ['/progress/', '/record/']) {
    test(`${path} says what is missing, and where to go`, async ({ page }) => {
      await page.goto(path);
      await expect(page.getByText('This page needs script')).toBeVisible();
      await expect(page.locator('.progress-page').getByRole('link').first()).toHaveAttribute('href', '/');
    });
  }
});

for (const width of [390, 1440]) {
  test(`with much done both pages are accessible in both themes and fit: ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const progress = new ProgressPage(page);
    await progress.open();
    await progress.import(file());
    await expect(progress.figure('Lessons done')).toContainText('1 of');
    for (const path of ['/progress/', '/record/']) {
      await progress.open(path);
      await expect(progress.root.getByText('What a network plugin does').first()).toBeVisible();
      expect(await issuesInBothThemes(page), path).toEqual([]);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(over, path).toBeLessThanOrEqual(0);
    }
  });
}
