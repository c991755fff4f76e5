import type { Page } from '@playwright/test';
import { Quiz } from './pages/quiz.ts';
import { ReviewPage } from './pages/review.ts';
import { expect, issuesInBothThemes, test } from './pages/site.ts';

const DAY = 24 * 3_600_000;
const LESSON = '/network-plugins/kubenet/addresses/';

/** As a lesson keeps it: the answer to a question, checked so many days ago. */
async function answeredBefore(
  page: Page,
  answers: Readonly<Record<string, { readonly daysAgo: number; readonly verdict: 'right' | 'wrong' }>>,
): Promise<void> {
  await page.addInitScript(
    ([all, day]) => {
      if (localStorage.getItem('seeded') !== null) return;
      localStorage.setItem('seeded', 'yes');
      for (const [question, { daysAgo, verdict }] of Object.entries(all)) {
        const at = Date.now() - daysAgo * day;
        const answer = { kind: 'choice', option: 'x' };
        const value = { answer, state: 'checked', verdict, history: [{ at, verdict }] };
        localStorage.setItem(`workbook.v2.quiz.${question}`, JSON.stringify({ stamp: at, at, value }));
      }
    },
    [answers, DAY] as const,
  );
}

test('who has begun nothing may practise from the whole course, and nothing is claimed to be due', async ({
  page,
}) => {
  const review = new ReviewPage(page);
  await review.open();
  await expect(review.heading).toHaveText('Nothing is due: all is new');
  await expect(review.scope(/none yet/)).toBeDisabled();
  await expect(review.scope(/whole course/)).toBeChecked();
  await expect(review.verdict).toHaveText(/^\d+ questions, about (9|10|11) minutes\.$/);
});

test('what was answered in a lesson three days ago is due, with other numbers, and is kept', async ({
  page,
}) => {
  await answeredBefore(page, {
    'network-plugins/kubenet/addresses#small-pod-cidr': { daysAgo: 4, verdict: 'wrong' },
    'snat/ports-run-out#hundred-and-one': { daysAgo: 1, verdict: 'right' },
  });
  const review = new ReviewPage(page);
  await review.open();
  await expect(review.heading).toHaveText('One question is due');
  await expect(review.scope(/modules you have begun: .*, /)).toBeChecked();
  await review.start.click();
  const asked: string[] = [];
  for (let at = 0; at < 30; at++) {
    const prompt = (await review.prompt.textContent()) ?? '';
    asked.push(prompt);
    if (/pod CIDR of 10\.244\.0\.0\/\d+ was chosen/.test(prompt)) break;
    await review.answerSomehow();
    await review.next();
  }
  // The lesson asks for a /18.
  expect(asked.at(-1)).toContain('10.244.0.0/19');
  const field = page.getByRole('textbox');
  await field.fill('256');
  await field.press('Enter');
  await expect(review.verdict).toHaveText('Not yet.');
  await expect(review.feedback).toContainText('That is a /16. Three bits less leave an eighth.');
  await expect(review.feedback).toContainText('A /19 holds 32 ranges of /24');
  await expect(page.getByText('Answer: 32 nodes')).toBeVisible();

  await page.getByRole('button', { name: 'End here' }).click();
  await expect(review.root.getByRole('link', { name: /^To save private address space/ })).toHaveAttribute(
    'href',
    `${LESSON}#question-small-pod-cidr`,
  );
  await page.reload();
  await expect(review.heading).not.toHaveText('One question is due');
});

test('a whole review by keyboard alone, to what was weak', async ({ page }) => {
  test.setTimeout(120_000);
  const review = new ReviewPage(page);
  await review.open();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await review.tabTo(review.start);
  await page.keyboard.press('Enter');
  await expect(review.heading).toBeFocused();
  const of = Number(/of (\d+)/.exec((await review.heading.textContent()) ?? '')?.[1]);
  expect(of).toBeGreaterThan(8);
  const lessons: string[] = [];
  for (let at = 1; at <= of; at++) {
    await expect(review.heading).toHaveText(`Question ${at} of ${of}`);
    await expect(review.heading).toBeFocused();
    const href = (await review.root.getByRole('link').first().getAttribute('href')) ?? '';
    lessons.push(href.split('/')[1] ?? '');
    await review.answerSomehow();
    const go = review.root.getByRole('button', { name: /Next question|See how it went/ });
    await expect(go).toBeFocused();
    await review.next();
  }
  await expect(review.heading).toHaveText(new RegExp(`^\\d+ of ${of} right$`));
  // Modules take turns: no two neighbours are of one.
  expect(lessons.filter((module, at) => module === lessons[at - 1])).toEqual([]);
  expect(await review.root.locator('.weak li').count()).toBeGreaterThan(0);
  await review.root.locator('.weak a').first().press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page).toHaveURL(/\/[a-z-]+\//);
});

test('an answer in a lesson begins its module', async ({ page }) => {
  await page.goto(LESSON);
  const quiz = new Quiz(page);
  await quiz.ready();
  await quiz.firstTyped.root.getByRole('textbox').fill('10.0.0.4');
  await quiz.firstTyped.check();
  const review = new ReviewPage(page);
  await review.open();
  await expect(review.scope(/modules you have begun: Network plugins/)).toBeChecked();
});

test('where the questions cannot be fetched, it says so and tries again', async ({ page }) => {
  await page.route('**/practice/questions.json', (route) => route.fulfill({ status: 404, body: '' }));
  await page.goto('/practice/');
  const again = page.getByRole('button', { name: 'Try again' });
  await expect(page.getByRole('alert')).toContainText('could not be fetched');
  await page.unroute('**/practice/questions.json');
  await again.click();
  await expect(new ReviewPage(page).start).toBeVisible();
});

test('where nothing is kept, it says so and works', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get: () => {
        throw new DOMException('no');
      },
    });
    Object.defineProperty(window, 'indexedDB', {
      get: () => {
        throw new DOMException('no');
      },
    });
  });
  const review = new ReviewPage(page);
  await review.open();
  await expect(review.root).toContainText('Your browser lets this page store nothing');
  await review.start.click();
  await review.answerSomehow();
  await expect(review.verdict).toHaveText(/(Right|Not yet)\./);
});

for (const width of [390, 1440]) {
  test(`start, question, feedback and end are accessible in both themes: ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const issues: string[] = [];
    const look = async (what: string): Promise<void> => {
      issues.push(...(await issuesInBothThemes(page)).map((issue) => `${what}: ${issue}`));
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) issues.push(`${what}: ${over} px too wide`);
    };
    const review = new ReviewPage(page);
    await review.open();
    await look('start');
    await review.start.click();
    await expect(review.heading).toContainText('Question 1');
    await look('question');
    await review.answerSomehow();
    await look('feedback');
    await page.getByRole('button', { name: 'End here' }).click();
    await expect(review.heading).toHaveText(/of 1 right/);
    await look('end');
    expect(issues).toEqual([]);
  });
}
