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

  test('sends the packet again at the press of a button, which nobody meets who wants no motion', async ({
    page,
  }) => {
    const home = new HomePage(page);
    await home.open();
    const moving = (): Promise<number> =>
      page
        .locator('packet-mover .diagram:visible .packet')
        .evaluate((packet) => packet.getAnimations().filter((each) => each.playState === 'running').length);
    await expect.poll(moving).toBe(0);
    await page.getByRole('button', { name: 'Send it again' }).click();
    expect(await moving()).toBe(1);

    await page.emulateMedia({ reducedMotion: 'reduce' });
    await expect(page.getByRole('button', { name: 'Send it again' })).toBeHidden();
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

  test('lets one send a packet and see it go in the first screen of a phone', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    const home = new HomePage(page);
    await home.open();
    for (const side of ['Send a packet from', 'to'] as const) {
      const boxes = await Promise.all(
        ['pod-a', 'VM', 'internet'].map((name) => home.end(side, name).boundingBox()),
      );
      // In one line, and large enough for a thumb.
      expect(new Set(boxes.map((box) => Math.round(box?.y ?? -1))).size).toBe(1);
      for (const box of boxes) {
        expect(box?.height).toBeGreaterThanOrEqual(36);
        expect(box?.width).toBeGreaterThanOrEqual(24);
      }
    }
    await expect(home.answer).toBeInViewport({ ratio: 1 });
    const diagram = await page.locator('packet-mover .diagram.narrow').boundingBox();
    expect(diagram?.y).toBeLessThan(600);
    await home.send('pod-c', 'internet');
    await expect(home.answer).toContainText('Delivered');
    await expect(home.answer).toBeInViewport({ ratio: 1 });
  });

  test('leads on whoever comes: to learn, with a question, to teach', async ({ page }) => {
    const home = new HomePage(page);
    await home.open();
    const steps = page.getByRole('navigation', { name: 'Where to go from here' });
    for (const [who, link, title] of [
      ['Learn it', 'Course map', 'Course map'],
      ['Settle a question', 'Packet tracer', 'Packet tracer'],
      ['Teach it', 'Who checks the model', 'Who checks the model'],
    ] as const) {
      await home.open();
      await steps.getByRole('region', { name: who }).getByRole('link', { name: link }).click();
      await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
    }
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

  test('closes with Escape, whatever is typed, and gives the focus back', async ({ page }) => {
    await page.goto('/');
    await page.getByRole('button', { name: /Search/ }).press('Enter');
    await page.keyboard.type('bridge');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog', { name: 'Search' })).toBeHidden();
    await expect(page.getByRole('button', { name: /Search/ })).toBeFocused();
  });

  test('says so when nothing is found', async ({ page }) => {
    await page.goto('/');
    await page.getByRole('button', { name: /Search/ }).click();
    await page.keyboard.type('zzqqjjkk');
    await expect(page.getByRole('dialog').getByRole('status')).toContainText('Nothing found');
  });
});

for (const width of [1440, 390]) {
  test(`the theme that a reader chooses stays: ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 844 });
    await page.goto('/');
    await page.getByLabel('Select theme').filter({ visible: true }).selectOption('dark');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await page.goto('/how-this-works/');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  });
}

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
