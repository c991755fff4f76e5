/** The lesson that follows a request byte by byte: two of its figures are what predictions turn out to be. */
import type { Locator, Page } from '@playwright/test';
import { Prediction } from './pages/prediction.ts';
import { expect, issuesInBothThemes, test } from './pages/site.ts';

const LESSON = '/http-proxy/how-aks-works-with-http-proxy/connect-and-the-bytes/';

/** The figure that stands where a prediction is answered. */
async function answered(page: Page, index: number): Promise<Locator> {
  const prediction = new Prediction(page, index);
  await prediction.choose(0);
  await prediction.commit();
  return prediction.root.locator('wire-figure');
}

test('a tunnel tells the proxy the name alone; by buttons and by keys', async ({ page }) => {
  await page.goto(LESSON, { waitUntil: 'networkidle' });
  const tunnel = await answered(page, 0);
  await expect(tunnel.getByRole('row', { name: /^Proxy/ })).toHaveText(/step 1\s*no\s*no\s*no/);
  await tunnel.getByRole('button', { name: 'Next message' }).click();
  await expect(tunnel.getByText('CONNECT example.com:443 HTTP/1.1')).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(tunnel.getByRole('status')).toHaveText('Step 3 of 20: ClientHello');
  await expect(tunnel.getByText('server_name (SNI)').first()).toBeVisible();
});

test('an interception tells it everything, and plain HTTP everybody, in both themes', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(LESSON, { waitUntil: 'networkidle' });
  const figure = await answered(page, 1);
  const intercept = figure.getByRole('group', { name: 'Interception', exact: true });
  await expect(intercept.getByRole('row', { name: /^Proxy/ })).toHaveText(
    /step 1\s*step 16\s*step 7\s*step 19/,
  );
  await intercept.getByRole('button', { name: 'Show all' }).click();
  await expect(intercept.locator('details[open]')).toHaveCount(20);
  expect(await issuesInBothThemes(page)).toEqual([]);

  await figure.getByRole('button', { name: 'Plain HTTP' }).click();
  await expect(intercept).toBeHidden();
  await page.keyboard.press('End');
  const plain = figure.getByRole('group', { name: 'Plain HTTP', exact: true });
  await expect(plain.getByRole('status')).toHaveText('Step 4 of 4: Answer');
  // Handed on unchanged: what it says stands in the step before.
  await page.keyboard.press('ArrowLeft');
  await expect(plain.locator('.http', { hasText: 'hello from the server' })).toBeVisible();
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });
  test('all messages are there, to the alert of a client without the CA', async ({ page }) => {
    await page.goto(LESSON);
    const refused = page.locator('wire-figure').last();
    await expect(refused.getByRole('button')).toHaveCount(0);
    await expect(refused.locator('.step').first()).toContainText('CONNECT');
    await expect(refused.locator('.step').last()).toContainText('unknown_ca (48)');
  });
});

test('on a phone no byte is out of sight', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(LESSON, { waitUntil: 'networkidle' });
  const figure = page.locator('wire-figure').last();
  await figure.locator('summary').nth(2).click();
  await expect(figure.locator('.dump').first()).toBeAttached();
  const over = await figure
    .locator('.dump, .learned-frame')
    .evaluateAll((all) => all.map((each) => each.scrollWidth - each.clientWidth).filter((each) => each > 0));
  expect(over).toEqual([]);
});
