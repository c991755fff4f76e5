import type { Page } from '@playwright/test';
import { expect, issuesInBothThemes, test } from './pages/site.ts';
import { PacketPath } from './pages/packet-path.ts';
import { Prediction } from './pages/prediction.ts';
import { Quiz } from './pages/quiz.ts';

const LESSON = '/network-plugins/kubenet/across-nodes/';

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('a lesson is readable and complete', async ({ page }) => {
    await page.goto(LESSON);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.locator('.transcript .output').first()).toBeVisible();
    await expect(page.locator('.step summary').first()).toBeHidden();
    const outcome = page.locator('predict-box details').first();
    await expect(outcome.locator('.outcome')).toBeHidden();
    await outcome.locator('summary').first().click();
    await expect(outcome.locator('.outcome')).toBeVisible();
    await expect(page.locator('.quiz .without-script').first()).toBeVisible();
    await page.locator('.quiz .without-script summary').first().click();
    await expect(page.locator('.quiz .without-script p').first()).toBeVisible();
  });

  test('controls that would do nothing are not there', async ({ page }) => {
    await page.goto(LESSON);
    for (const control of await page.locator('.needs-script, .copy, site-search .open').all()) {
      await expect(control).toBeHidden();
    }
  });

  test('both ways of a packet are there to read', async ({ page }) => {
    await page.goto('/how-this-works/');
    const path = page.locator('packet-path').first();
    await expect(path.locator('.way')).toHaveCount(2);
    for (const way of await path.locator('.way').all()) await expect(way).toBeVisible();
    const step = path.locator('.step').first();
    await step.locator('summary').click();
    await expect(step.locator('.strip').first()).toBeVisible();
  });
});

test.describe('a packet path', () => {
  test('is stepped with the arrow keys', async ({ page }) => {
    await page.goto('/how-this-works/');
    const path = new PacketPath(page);
    await expect(path.currentStep).toHaveCount(0);
    await path.focus();
    await page.keyboard.press('ArrowRight');
    await expect(path.currentStep).toHaveAttribute('data-step', '1');
    await page.keyboard.press('ArrowRight');
    await expect(path.currentStep).toHaveAttribute('data-step', '2');
    await expect(path.openSteps).toHaveCount(1);
    await page.keyboard.press('ArrowLeft');
    await expect(path.currentStep).toHaveAttribute('data-step', '1');
    await page.keyboard.press('End');
    await expect(path.currentStep).toHaveAttribute('data-step', String(await path.stepCount()));
    await expect(path.status).toContainText('Arrives');
  });

  test('plays, and stops when told to', async ({ page }) => {
    await page.goto('/how-this-works/');
    const path = new PacketPath(page);
    await path.play();
    await expect(path.currentStep).toHaveAttribute('data-step', '2');
    await path.pause();
    const stopped = await path.currentStep.getAttribute('data-step');
    await path.next();
    await expect(path.currentStep).toHaveAttribute('data-step', String(Number(stopped) + 1));
  });

  test('shows one way at a time, and the way back on demand', async ({ page }) => {
    await page.goto('/how-this-works/');
    const path = new PacketPath(page);
    await expect(path.shownWay).toHaveCount(1);
    await expect(path.shownWay).toHaveAttribute('data-direction', 'there');
    await path.showWayBack();
    await expect(path.shownWay).toHaveAttribute('data-direction', 'back');
    await expect(path.shownWay).toBeVisible();
  });

  test('shows everything at once to those who want no motion', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto('/how-this-works/');
    const details = new PacketPath(page).shownWay.locator('.step .detail');
    for (const detail of await details.all()) await expect(detail).toBeVisible();
  });
});

test.describe('a prediction', () => {
  test('keeps its outcome off the page until an answer is committed, and remembers it', async ({ page }) => {
    await page.goto(LESSON);
    const prediction = new Prediction(page);
    await expect(prediction.root).toBeVisible();
    await expect(prediction.outcome).toHaveCount(0);

    await prediction.commit();
    await expect(prediction.hint).not.toBeEmpty();
    await expect(prediction.outcome).toHaveCount(0);

    await prediction.choose(0);
    await prediction.commit();
    await expect(prediction.outcome).toBeVisible();
    await expect(prediction.summary).toBeFocused();
    const chosen = await prediction.chosen();

    await page.reload();
    await expect(prediction.outcome).toBeHidden();
    expect(await prediction.chosen()).toBe(chosen);
    await prediction.summary.click();
    await expect(prediction.outcome).toBeVisible();
  });

  test('works by keyboard alone', async ({ page }) => {
    await page.goto(LESSON);
    const prediction = new Prediction(page);
    await prediction.root.getByRole('radio').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(prediction.outcome).toBeVisible();
  });
});

test.describe('a quiz', () => {
  test('answers every choice with feedback of its own, and remembers', async ({ page }) => {
    await page.goto('/network-plugins/what-a-network-plugin-does/');
    const quiz = new Quiz(page);
    await quiz.ready();
    const question = quiz.firstChoice;
    const seen = new Set<string>();
    for (let option = 0; option < (await question.options.count()); option += 1) {
      await question.options.nth(option).check();
      await question.check();
      await expect(question.verdict).toHaveText(/Right\.|Not yet\./);
      seen.add(await question.feedback.locator('.item').first().innerText());
      if (option < (await question.options.count()) - 1) await question.again();
    }
    expect(seen.size).toBe(await question.options.count());

    const said = await question.verdict.innerText();
    await page.reload();
    await quiz.ready();
    await expect(question.verdict).toHaveText(said);
    await expect(question.feedback).toHaveCount(0);
    await question.showWhy();
    await expect(question.feedback).toBeVisible();
  });

  test('asks again for what it cannot read, and counts nothing', async ({ page }) => {
    await page.goto('/network-plugins/kubenet/addresses/');
    const quiz = new Quiz(page);
    await quiz.ready();
    const question = quiz.firstTyped;
    const field = question.root.getByRole('textbox');
    await field.fill('10.244.0.');
    await page.keyboard.press('Enter');
    await expect(question.verdict).not.toBeEmpty();
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription(/10\.244\.0\./);
    await expect(question.feedback).toHaveCount(0);
    await expect(question.root.getByRole('button', { name: 'Check' })).toBeVisible();
  });
});

test('a lesson that was worked through is as accessible as a fresh one, in both themes', async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto('/network-plugins/kubenet/outside/');
  const predictions = await page.locator('predict-box').count();
  for (let index = 0; index < predictions; index += 1) {
    const prediction = new Prediction(page, index);
    await prediction.choose(0);
    await prediction.commit();
    await expect(prediction.outcome).toBeVisible();
  }
  const path = new PacketPath(page);
  await path.next();
  await path.next();
  await expect(path.currentStep).toHaveAttribute('data-step', '2');
  const quiz = new Quiz(page);
  await quiz.ready();
  for (const question of await quiz.questions.all()) {
    for (const option of await question.getByRole('radio').all()) await option.check();
    for (const option of await question.getByRole('checkbox').all()) await option.check();
    for (const field of await question.getByRole('textbox').all()) {
      if (await field.isEditable()) await field.fill('10.9.9.9');
    }
    await question.getByRole('button', { name: 'Check' }).click();
    await expect(question.getByRole('status')).not.toBeEmpty();
  }
  for (const run of await quiz.root.getByRole('button', { name: /^Run it/ }).all()) await run.click();
  expect(await issuesInBothThemes(page)).toEqual([]);
});

test('a transcript copies its commands, without prompts and output', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(LESSON);
  const transcript = page.locator('.transcript').first();
  await transcript.getByRole('button', { name: /Copy/ }).click();
  const commands = await transcript.locator('[data-command]').allInnerTexts();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${commands.join('\n')}\n`);
});

for (const trouble of ['refused', 'full'] as const) {
  test(`where storage is ${trouble} a lesson works, and says that it forgets`, async ({ page }) => {
    await page.addInitScript((kind) => {
      const fail = (): never => {
        throw new DOMException(kind, kind === 'full' ? 'QuotaExceededError' : 'SecurityError');
      };
      if (kind === 'full') {
        Storage.prototype.setItem = fail;
        IDBObjectStore.prototype.put = fail;
      } else {
        Object.defineProperty(window, 'localStorage', { configurable: true, get: fail });
        Object.defineProperty(window, 'indexedDB', { configurable: true, get: fail });
      }
    }, trouble);
    await page.goto('/network-plugins/what-a-network-plugin-does/');
    await page.getByLabel('Select theme').first().selectOption('dark');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    const prediction = new Prediction(page);
    await prediction.choose(0);
    await prediction.commit();
    await expect(prediction.outcome).toBeVisible();
    await expect(prediction.root).toContainText('your answer is gone when you leave it');
    const quiz = new Quiz(page);
    await quiz.ready();
    await quiz.firstChoice.options.first().check();
    await quiz.firstChoice.check();
    await expect(quiz.firstChoice.verdict).toContainText('your answer is gone when you leave it');
  });
}

for (const trouble of ['refused', 'full'] as const) {
  test(`where only localStorage is ${trouble}, answers are kept in the database, and nothing warns`, async ({
    page,
  }) => {
    await page.addInitScript((kind) => {
      const fail = (): never => {
        throw new DOMException(kind, kind === 'full' ? 'QuotaExceededError' : 'SecurityError');
      };
      if (kind === 'full') Storage.prototype.setItem = fail;
      else Object.defineProperty(window, 'localStorage', { configurable: true, get: fail });
    }, trouble);
    await page.goto('/network-plugins/what-a-network-plugin-does/');
    const prediction = new Prediction(page);
    await prediction.choose(0);
    await prediction.commit();
    const chosen = await prediction.chosen();
    const quiz = new Quiz(page);
    await quiz.ready();
    await quiz.firstChoice.options.first().check();
    await quiz.firstChoice.check();
    const verdict = await quiz.firstChoice.verdict.innerText();
    await expect.poll(() => keptKeys(page)).toEqual(['prediction', 'quiz']);
    await expect(page.locator('body')).not.toContainText('gone when you leave it');

    await page.reload();
    await expect(prediction.summary).toBeVisible();
    expect(await prediction.chosen()).toBe(chosen);
    await quiz.ready();
    await expect(quiz.firstChoice.verdict).toHaveText(verdict);
  });
}

/** The kinds of entries in the database. */
function keptKeys(page: Page): Promise<readonly string[]> {
  return page.evaluate(
    () =>
      new Promise<readonly string[]>((resolve) => {
        const opening = indexedDB.open('aks-networking-workbook');
        opening.onsuccess = () => {
          const stores = [...opening.result.objectStoreNames];
          if (!stores.includes('entries')) {
            opening.result.close();
            resolve([]);
            return;
          }
          const keys = opening.result.transaction('entries').objectStore('entries').getAllKeys();
          keys.onsuccess = () => {
            opening.result.close();
            resolve((keys.result as string[]).map((key) => key.replace(/\..*/, '')).sort());
          };
        };
      }),
  );
}

test('a lesson open in two tabs remembers in both, and counts each check', async ({ page, context }) => {
  const address = '/network-plugins/what-a-network-plugin-does/';
  await page.goto(address);
  const other = await context.newPage();
  await other.goto(address);
  const [here, there] = [new Quiz(page), new Quiz(other)];
  await here.ready();
  await there.ready();
  await there.firstChoice.options.first().check();
  await there.firstChoice.check();
  const verdict = await there.firstChoice.verdict.innerText();
  await expect(here.firstChoice.verdict).toHaveText(verdict);
  await here.firstChoice.again();
  await here.firstChoice.options.first().check();
  await here.firstChoice.check();
  const checks = await page.evaluate(() =>
    Object.entries<string>({ ...localStorage })
      .filter(([name]) => name.startsWith('workbook.v2.quiz.'))
      .map(([, text]) => (JSON.parse(text) as { value: { history: unknown[] } }).value.history.length),
  );
  expect(checks).toEqual([2]);
  const prediction = new Prediction(other);
  await prediction.choose(0);
  await prediction.commit();
  await expect(new Prediction(page).summary).toBeVisible();
});

test('what the first version of the course remembered is still there', async ({ page }) => {
  await page.goto(LESSON);
  const prediction = new Prediction(page);
  const id = (await prediction.root.getAttribute('data-memory')) ?? '';
  const option = (await prediction.root.getByRole('radio').first().getAttribute('value')) ?? '';
  await page.evaluate(
    ([key, value]) => {
      localStorage.clear();
      localStorage.setItem(`workbook.v1.prediction.${key}`, JSON.stringify(value));
    },
    [id, option],
  );
  await page.reload();
  await expect(prediction.summary).toBeVisible();
  expect(await prediction.chosen()).toBe(option);
});
