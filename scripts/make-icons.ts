/** `node scripts/make-icons.ts`: draws public/icons/ from public/favicon.svg with the browser of the tests. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { ROOT } from './built-site.ts';

const PAPER = '#fbfaf7';
/** Name, side in pixels, and how much of it the drawing fills: a mask may cut away all but the middle 80 %. */
const ICONS = [
  ['192', 192, 0.86],
  ['512', 512, 0.86],
  ['maskable-512', 512, 0.6],
  ['apple-touch-180', 180, 0.76],
] as const;

const svg = readFileSync(join(ROOT, 'public/favicon.svg'), 'utf8');
const folder = join(ROOT, 'public/icons');
mkdirSync(folder, { recursive: true });
const executablePath = process.env.CHROMIUM_EXECUTABLE;
const browser = await chromium.launch({
  args: ['--no-sandbox'],
  ...(executablePath === undefined ? {} : { executablePath }),
});
for (const [name, side, share] of ICONS) {
  const page = await browser.newPage({ viewport: { width: side, height: side }, colorScheme: 'light' });
  await page.setContent(
    `<style>body{margin:0;display:grid;place-items:center;height:100vh;background:${PAPER}}
     svg{width:${share * 100}%}</style>${svg}`,
  );
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.close();
}
await browser.close();
