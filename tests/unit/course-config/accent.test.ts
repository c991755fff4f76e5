import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accentProblem, accentStyle, accentTokens, GROUNDS } from '../../../src/course-config/accent.ts';
import { contrast, mixed } from '../../../src/course-config/contrast.ts';

const colours = fc
  .tuple(...[0, 1, 2].map(() => fc.integer({ min: 0, max: 255 })))
  .map((channels) => `#${channels.map((value) => value.toString(16).padStart(2, '0')).join('')}`);

test.each([
  ['#000000', '#ffffff', 21],
  ['#ffffff', '#ffffff', 1],
  ['#777777', '#ffffff', 4.48],
  ['#0000ff', '#ffffff', 8.59],
])('the contrast of %s and %s is %d', (one, other, ratio) => {
  expect(contrast(one, other)).toBeCloseTo(ratio, 2);
  expect(contrast(other, one)).toBe(contrast(one, other));
});

test('a mixture begins at one colour and ends at the other', () => {
  expect([0, 0.5, 1].map((share) => mixed('#000000', '#ff8000', share))).toEqual([
    '#000000',
    '#804000',
    '#ff8000',
  ]);
});

describe.each(['light', 'dark'] as const)('on the %s page', (theme) => {
  test('an accent is accepted exactly if text in it can be read on paper and panel', () => {
    const { paper, panel } = GROUNDS[theme];
    fc.assert(
      fc.property(colours, (colour) => {
        const readable = [paper, panel].every((ground) => contrast(colour, ground) >= 4.5);
        expect(accentProblem(colour, theme) === null).toBe(readable);
      }),
    );
  });

  test('what is advised instead is accepted', () => {
    fc.assert(
      fc.property(colours, (colour) => {
        const advised = /the nearest that has it is (#[0-9a-f]{6})$/.exec(
          accentProblem(colour, theme) ?? '',
        )?.[1];
        expect(advised === undefined || accentProblem(advised, theme) === null).toBe(true);
      }),
    );
  });

  test('everything that follows from an accepted one can be read', () => {
    const { ink } = GROUNDS[theme];
    fc.assert(
      fc.property(
        colours.filter((colour) => accentProblem(colour, theme) === null),
        (colour) => {
          const { accent, tint, onAccent } = accentTokens(colour, theme);
          expect(contrast(accent, tint)).toBeGreaterThanOrEqual(4.5);
          expect(contrast(ink, tint)).toBeGreaterThanOrEqual(4.5);
          expect(contrast(onAccent, accent)).toBeGreaterThanOrEqual(4.5);
        },
      ),
    );
  });
});

test('says the contrast, never rounded up, and the nearest colour', () => {
  expect(accentProblem('#ffcc00', 'light')).toBe(
    '#ffcc00 has a contrast of 1.33 on the light page, and text needs 4.5; the nearest that has it is #856a00',
  );
});

test('the style counts more than that of the site, and print is light', () => {
  const style = accentStyle(accentTokens('#0b57a4', 'light'), accentTokens('#8ab4f8', 'dark'));
  expect(style).toMatch(/^:root:root\{--accent:#0b57a4;--accent-tint:#\w{6};--on-accent:#ffffff\}/);
  expect(style).toMatch(
    /@media not print\{:root:root:not\(\[data-theme='light'\]\)\{--accent:#8ab4f8;[^}]*\}\}$/,
  );
});
