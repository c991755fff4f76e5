import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GROUNDS } from '../../../src/course-config/accent.ts';
import { contrast } from '../../../src/course-config/contrast.ts';

const STYLE = join(import.meta.dirname, '../../../src/ui/style');
const css = ['theme.css', 'address-range.css']
  .map((file) => readFileSync(join(STYLE, file), 'utf8'))
  .join('\n');

/** Colour tokens of a theme: those of `:root`, overruled by the dark theme's own. */
function tokens(theme: 'light' | 'dark'): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, selector = '', body = ''] of css.matchAll(/(?:^|\n) *(:root[^{]*)\{([^}]*)\}/g)) {
    const isDark = selector.trim() === ":root:not([data-theme='light'])";
    if (selector.trim() !== ':root' && !(isDark && theme === 'dark')) continue;
    for (const [, name = '', value = ''] of body.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6});/g))
      found.set(name, value);
  }
  return found;
}

const RANGES = ['n', 'p', 's', 'o', 'i'];
/** Text on its ground: 4.5. Lines that carry meaning: 3. */
const PAIRS: readonly (readonly [string, string, number])[] = [
  ['--ink', '--paper', 4.5],
  ['--text', '--paper', 4.5],
  ['--text', '--panel', 4.5],
  ['--muted', '--paper', 4.5],
  ['--muted', '--panel', 4.5],
  ['--accent', '--paper', 4.5],
  ['--accent', '--panel', 4.5],
  ['--accent', '--accent-tint', 4.5],
  ['--ink', '--accent-tint', 4.5],
  ['--on-accent', '--accent', 4.5],
  ['--line', '--paper', 3],
  ...RANGES.flatMap((range) => [
    [`--range-${range}`, `--range-${range}-tint`, 4.5] as const,
    [`--range-${range}`, '--paper', 4.5] as const,
    [`--range-${range}`, '--panel', 4.5] as const,
    ['--paper', `--range-${range}`, 4.5] as const,
    ['--ink', `--range-${range}-tint`, 4.5] as const,
    [`--range-${range}-line`, '--paper', 3] as const,
  ]),
];

describe.each(['light', 'dark'] as const)('%s theme', (theme) => {
  const colours = tokens(theme);
  test.each(PAIRS)('%s on %s has a contrast of at least %d', (front, back, least) => {
    const [one, other] = [colours.get(front), colours.get(back)];
    if (one === undefined || other === undefined)
      throw new Error(`No colour ${one === undefined ? front : back}.`);
    expect(contrast(one, other)).toBeGreaterThanOrEqual(least);
  });

  test('an accent of a course of its own is tried on these grounds', () => {
    for (const [name, colour] of Object.entries(GROUNDS[theme])) {
      expect(colours.get(`--${name}`), name).toBe(colour);
    }
  });
});
