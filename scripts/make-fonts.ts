/**
 * `node scripts/make-fonts.ts`: cuts the two faces of the course down to what its pages are written in,
 * into src/ui/style/fonts/. A page needs both before it is complete, and whole they are 89 kB.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import subsetFont from 'subset-font';
import { ROOT } from './built-site.ts';

/** As ranges of code points, inclusive; fonts.css names them too. Whatever else is typed has the whole face. */
const RANGES = [
  [0x20, 0x7e],
  [0xa0, 0xa0],
  [0xb7, 0xb7],
  [0xd7, 0xd7],
  [0x2013, 0x2014],
  [0x2018, 0x2019],
  [0x201c, 0x201d],
  [0x2026, 0x2026],
  [0x2192, 0x2192],
  [0x2212, 0x2212],
] as const;
const TEXT = RANGES.flatMap(([first, last]) =>
  Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at)),
).join('');

/** The styles use no weight outside this. */
const WEIGHTS = { min: 400, max: 800 };

const FACES = [
  { name: 'inter', features: ['kern', 'mark', 'ccmp', 'calt', 'tnum'] },
  // No ligatures: what is read in code is what has to be typed.
  { name: 'jetbrains-mono', features: ['kern', 'mark', 'ccmp'] },
] as const;

const folder = join(ROOT, 'src/ui/style/fonts');
mkdirSync(folder, { recursive: true });
for (const { name, features } of FACES) {
  const whole = join(ROOT, 'node_modules/@fontsource-variable', name);
  const font = readFileSync(join(whole, 'files', `${name}-latin-wght-normal.woff2`));
  const subset = await subsetFont(font, TEXT, {
    targetFormat: 'woff2',
    variationAxes: { wght: WEIGHTS },
    keepFeatures: features,
  });
  writeFileSync(join(folder, `${name}.woff2`), subset);
  copyFileSync(join(whole, 'LICENSE'), join(folder, `${name}.LICENSE.txt`));
  console.log(`${name}: ${font.length} bytes cut to ${subset.length}`);
}
