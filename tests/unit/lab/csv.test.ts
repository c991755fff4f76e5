import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csv } from '../../../src/lab/csv.ts';

/** The readers that a spreadsheet may be, by what separates its cells: each takes quotes its own way. */
const SEPARATORS = [',', ';', '\t', '|'];

/** What a reader that splits at `separator` and only knows whole quoted cells makes of one record. */
function cellsOf(text: string, separator: string): readonly string[] {
  return text
    .split(separator === '|' ? /[|\r\n]/ : new RegExp(`[${separator}\r\n]`))
    .map((cell) => cell.replaceAll(/^[\s\p{Cc}\p{Cf}"]+/gu, ''));
}

const FORMULA = /^[=+\-@\uff1d\uff0b\uff0d\uff20]/;

describe('csv', () => {
  test('quotes texts, leaves numbers, and doubles quotes', () => {
    expect(
      csv([
        ['name', 'tasks'],
        ['O"Neil, Ada', 3],
      ]),
    ).toBe('"name","tasks"\r\n"O""Neil, Ada",3\r\n');
  });

  test.each([
    ['a formula', '=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"\r\n`],
    ['a command', "=cmd|' /C calc'!A0", `"'=cmd|' /C calc'!A0"\r\n`],
    ['a sum', '+1', `"'+1"\r\n`],
    ['a name that begins with a dash', '-ada', `"'-ada"\r\n`],
    ['a mention', '@sum(1)', `"'@sum(1)"\r\n`],
    ['a formula behind a blank', '  =1', `"  '=1"\r\n`],
    ['a formula behind a zero-width space', '\u200b=1', `"\u200b'=1"\r\n`],
    ['a formula in full width', '\uff1d1', `"'\uff1d1"\r\n`],
    ['a formula in what another locale takes for the next cell', 'x;=1', `"x;'=1"\r\n`],
    ['a formula on the next line', 'x\n=1', `"x\n'=1"\r\n`],
    ['a tab first', '\tx', `"'\tx"\r\n`],
    ['a plain name', 'Ada', `"Ada"\r\n`],
    ['an equals sign inside', 'a=b', `"a=b"\r\n`],
  ])('%s', (_, text, written) => {
    expect(csv([[text]])).toBe(written);
  });

  test('no reader, whatever separates its cells, finds a formula', () => {
    const nasty = fc.string({
      unit: fc.constantFrom(
        '=',
        '+',
        '-',
        '@',
        '"',
        "'",
        ',',
        ';',
        '\t',
        '|',
        '\r',
        '\n',
        ' ',
        '\u200b',
        'a',
        '\0',
      ),
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 1, maxLength: 4 }), (row) => {
        const text = csv([row]);
        for (const separator of SEPARATORS) {
          expect(cellsOf(text, separator).filter((cell) => FORMULA.test(cell))).toEqual([]);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
