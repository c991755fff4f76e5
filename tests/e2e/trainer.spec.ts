import { readFileSync } from 'node:fs';
import { FORMAT, SCHEMA } from '../../src/progress/progress-file.ts';
import { expect, issuesInBothThemes, test } from './pages/site.ts';

const AT = Date.parse('2026-11-20T12:00:00Z');
const LAB = 'tight-subnet';

function exported(learner: string | null, passed: readonly string[]): Buffer {
  const now = { seed: 'amber', script: '', log: [{ kind: 'line', text: 'az group list' }], passed };
  return Buffer.from(
    JSON.stringify({
      format: FORMAT,
      schema: SCHEMA,
      exported: new Date(AT).toISOString(),
      course: { title: 'Course', version: '1' },
      learner,
      entries: { [`lab.${LAB}`]: { at: AT, value: { version: 1, lab: LAB, now, before: null } } },
    }),
  );
}

const file = (name: string, buffer: Buffer): { name: string; mimeType: string; buffer: Buffer } => ({
  name,
  mimeType: 'application/json',
  buffer,
});

test('files of a class show who is stuck and where, and nothing leaves the browser', async ({ page }) => {
  await page.goto('/trainer/');
  const choose = page.locator('input[type=file]');
  await choose.waitFor({ state: 'attached' });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await choose.setInputFiles([
    file('ada.json', exported('Ada', [])),
    file('bob.json', exported('=1+1', ['<img src=x onerror=alert(1)>'])),
    file('notes.json', Buffer.from('{')),
  ]);
  await expect(page.locator('.trainer').getByRole('status')).toContainText('2 learners');
  await expect(page.locator('.warning')).toContainText('notes.json: This is no JSON');
  const stuck = page.locator('.stuck li');
  await expect(stuck).toHaveCount(1);
  await expect(stuck).toContainText('2 of 2: =1+1, Ada');
  await expect(stuck.getByRole('link')).toHaveAttribute('href', `/labs/${LAB}/`);
  await expect(page.getByRole('row')).toHaveCount(3);
  await page.getByText('1 place').first().click();
  await expect(page.getByRole('row').nth(1)).toContainText('0 of 5 tasks passed');

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download as CSV' }).click();
  const text = readFileSync(await (await download).path(), 'utf8');
  expect(text.startsWith('\ufeff"learner","file",')).toBe(true);
  expect(text).toContain('"\'=1+1","bob"');
  expect(asked.filter((address) => !address.startsWith('blob:'))).toEqual([]);

  await page.getByRole('button', { name: 'Close all' }).click();
  await expect(page.getByRole('row')).toHaveCount(0);
});

test('it is worked by keyboard: the control for files has the focus ring of its button', async ({ page }) => {
  await page.goto('/trainer/');
  const choose = page.getByLabel('Choose progress files');
  await choose.focus();
  await expect(choose).toBeFocused();
});

for (const width of [1440, 390]) {
  test(`with a class it is accessible in both themes and no wider than the window: ${width}`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto('/trainer/');
    const choose = page.locator('input[type=file]');
    await choose.waitFor({ state: 'attached' });
    await choose.setInputFiles([file('ada.json', exported('Ada', [])), file('bob.json', exported(null, []))]);
    await expect(page.getByRole('row')).toHaveCount(3);
    expect(await issuesInBothThemes(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
  });
}
