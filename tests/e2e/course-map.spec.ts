import { join } from 'node:path';
import { readCourseFolder } from '../../src/ui/course/folder.ts';
import { moduleFolders, slugOf } from '../../src/ui/course/reading-order.ts';
import { expect, lessonPages, test } from './pages/site.ts';

const CONTENT = join(import.meta.dirname, '../../content');
const MODULES = moduleFolders(readCourseFolder(CONTENT).files).map(slugOf);

test.describe('the course map', () => {
  test('leads to every module and every lesson, once each', async ({ page }) => {
    await page.goto('/map/');
    const main = page.getByRole('main');
    for (const module of MODULES) {
      await expect(main.locator(`h2 a[href="/modules/${module}/"]`), module).toHaveCount(1);
    }
    const rows = main.locator('[data-lesson]');
    const slugs = await rows.evaluateAll((items) => items.map((item) => item.getAttribute('data-lesson')));
    expect(slugs.map((slug) => `/${slug ?? ''}/`).sort()).toEqual(
      lessonPages()
        .filter((address) => MODULES.some((module) => address.startsWith(`/${module}/`)))
        .sort(),
    );
  });

  test('gives a lesson the time that the lesson gives itself', async ({ page }) => {
    await page.goto('/map/');
    const row = page.locator('[data-lesson="network-plugins/kubenet/addresses"]');
    const time = (await row.locator('.time').textContent()) ?? '';
    expect(time).toMatch(/^\d+ min$/);
    await row.getByRole('link', { name: 'Addresses' }).click();
    await expect(page.getByRole('main').getByText(`${Number.parseInt(time, 10)} minutes`)).toBeVisible();
  });

  test('says what a module builds on, and leads there', async ({ page }) => {
    await page.goto('/map/');
    const module = page.getByRole('region', { name: /Internal load balancer/ });
    await module.getByText('Builds on').getByRole('link', { name: 'LoadBalancer Services' }).click();
    await expect(page).toHaveURL('/modules/load-balancer-services/');
    await expect(
      page.getByText('Leads to').getByRole('link', { name: 'Internal load balancer' }),
    ).toBeVisible();
  });

  test('is whole on paper: nothing hidden, nothing cut', async ({ page }) => {
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 720, height: 1000 });
    await page.goto('/map/');
    await expect(page.locator('[data-lesson]').last()).toBeVisible();
    const cut = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(cut).toBeLessThanOrEqual(0);
  });
});

test.describe('the page of a module', () => {
  test('says what one will be able to do, and where to begin', async ({ page }) => {
    await page.goto('/modules/snat/');
    await expect(page.getByRole('heading', { level: 1, name: 'SNAT in Azure' })).toBeVisible();
    const first = page.locator('[data-lesson]').first();
    await expect(first.getByRole('listitem').first()).toHaveText(/^[A-Z][a-z]+ /);
    await page.getByRole('link', { name: /^Start with/ }).click();
    await expect(page).toHaveURL(/\/snat\/who-lends-the-address\/$/);
  });

  test('is a step up from each of its lessons', async ({ page }) => {
    await page.goto('/network-plugins/kubenet/across-nodes/');
    await page.locator('.lesson-head').getByRole('link', { name: 'Network plugins' }).click();
    await expect(page).toHaveURL('/modules/network-plugins/');
    await expect(page.locator('[data-lab]').first()).toBeVisible();
  });

  test('opens its group in the sidebar, and no other', async ({ page }) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto('/modules/snat/');
    await expect(page.locator('#starlight__sidebar a[aria-current="page"]')).toHaveText('About this module');
    const shown = page.locator('#starlight__sidebar').getByRole('link', { name: 'About this module' });
    await expect(shown.filter({ visible: true })).toHaveCount(1);
  });
});

test.describe('the parts of the workbook', () => {
  test('stand in the head of every page on a wide screen, and one sees where one is', async ({ page }) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto('/');
    const parts = page.getByRole('navigation', { name: 'Parts of the workbook' });
    await parts.getByRole('link', { name: 'Calculators' }).click();
    await expect(page).toHaveURL('/calculators/');
    await expect(parts.locator('[aria-current="page"]')).toHaveText('Calculators');
  });

  test('a calculator and a lab lead back to their lists, also on a phone', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto('/calculators/nat-gateway/');
    await expect(page.getByText('Used in').getByRole('link', { name: 'NAT gateway' })).toBeVisible();
    await page.locator('.lesson-head').getByRole('link', { name: 'Calculators' }).click();
    await expect(page).toHaveURL('/calculators/');
    await page.goto('/labs/tight-subnet/');
    await page.locator('.workspace').getByRole('link', { name: 'Labs' }).click();
    await expect(page).toHaveURL('/labs/');
  });
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('home, map and module lead on', async ({ page }) => {
    await page.goto('/');
    await page.getByRole('link', { name: 'Course map' }).first().click();
    await page
      .getByRole('heading', { name: /VNet peering/ })
      .getByRole('link')
      .click();
    await page.getByRole('link', { name: /^Start with/ }).click();
    await expect(page).toHaveURL(/\/vnet-peering\/peering-and-its-flags\/$/);
  });
});
