import { accessibilityIssues, expect, test } from './pages/site.ts';
import { HomePage } from './pages/home.ts';

test.describe('the home page', () => {
  test('sends a packet to whoever is chosen, and says what becomes of it', async ({ page }) => {
    const home = new HomePage(page);
    await home.open();
    await expect(home.answer).toContainText('Delivered');
    const first = await home.line();

    await home.send('pod-c', 'internet');
    await expect(home.answer).toContainText('Delivered');
    await expect(home.places.last()).toContainText('sees source');
    expect(await home.line()).not.toBe(first);

    await home.send('datacenter', 'pod-a');
    await expect(home.answer).toContainText('Not delivered');
  });

  test('cannot send a packet to its sender', async ({ page }) => {
    const home = new HomePage(page);
    await home.open();
    await expect(home.end('to', 'pod-a')).toBeDisabled();
    await home.send('pod-b', 'pod-c');
    await expect(home.end('to', 'pod-b')).toBeDisabled();
    await expect(home.end('to', 'pod-a')).toBeEnabled();
  });

  test('works by keyboard', async ({ page }) => {
    const home = new HomePage(page);
    await home.open();
    const before = await home.line();
    await home.end('to', 'pod-c').focus();
    await page.keyboard.press('ArrowRight');
    await expect(home.end('to', 'VM')).toBeChecked();
    expect(await home.line()).not.toBe(before);
  });

  test('shows the whole of its answer in the first screen', async ({ page }) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    const home = new HomePage(page);
    await home.open();
    await expect(home.answer).toBeInViewport({ ratio: 1 });
    await expect(page.locator('packet-mover .diagram.wide')).toBeInViewport({ ratio: 0.9 });
  });
});

test.describe('search', () => {
  test('finds a word of a lesson, offline, by keyboard', async ({ page }) => {
    await page.goto('/');
    await page.keyboard.press('/');
    const dialog = page.getByRole('dialog', { name: 'Search' });
    await expect(dialog).toBeVisible();
    await page.keyboard.type('bridge');
    await expect(dialog.getByRole('link').first()).toBeVisible();
    expect(await accessibilityIssues(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await expect(page).not.toHaveURL('/');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  });

  test('loads nothing of it before it is opened', async ({ page }) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto('/', { waitUntil: 'networkidle' });
    expect(asked.filter((url) => url.includes('pagefind'))).toEqual([]);
  });

  test('says so when nothing is found', async ({ page }) => {
    await page.goto('/');
    await page.getByRole('button', { name: /Search/ }).click();
    await page.keyboard.type('zzqqjjkk');
    await expect(page.getByRole('dialog').getByRole('status')).toContainText('Nothing found');
  });
});

test('the theme that a reader chooses stays', async ({ page }) => {
  await page.goto('/');
  await page.getByLabel('Select theme').selectOption('dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.goto('/how-this-works/');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('paper is white, also for those who read in the dark', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
  await page.goto('/how-this-works/');
  const colours = await page.evaluate(() => {
    const style = getComputedStyle(document.documentElement);
    return ['--paper', '--ink', '--range-p'].map((name) => style.getPropertyValue(name));
  });
  expect(colours).toEqual(['#fff', '#000', '#036946']);
});

test('with forced colours one sees who is chosen', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  const home = new HomePage(page);
  await home.open();
  const ground = (name: string): Promise<string> =>
    page
      .locator('packet-mover label', { hasText: name })
      .first()
      .evaluate((label) => getComputedStyle(label).backgroundColor);
  expect(await ground('pod-a')).not.toBe(await ground('pod-b'));
});
