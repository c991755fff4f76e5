import { describe, expect, test } from 'vitest';
import { textParts } from '../../../src/ui/address/text-parts.ts';

const found = (text: string): readonly string[] =>
  textParts(text).flatMap((part) => (part.kind === 'address' ? [part.text] : []));

describe('textParts', () => {
  test.each([
    ['an address in a table', 'a   10.244.0.14   aks-1', ['10.244.0.14']],
    ['a prefix stays whole', '10.244.0.0/24 dev cbr0', ['10.244.0.0/24']],
    ['an address before a full stop', 'It sees 10.224.0.4.', ['10.224.0.4']],
    ['an address with a port', '10.0.0.1:443', ['10.0.0.1']],
    ['in brackets', '? (10.244.0.5) at 36:88:87:e8:f7:53', ['10.244.0.5']],
    ['a kernel version is none', '5.15.0-1053-azure', []],
    ['a version with four numbers and more', '1.2.3.4.5', []],
    ['numbers above 255', '300.1.1.1', []],
    ['part of a name', 'ip-10.0.0.1-x', []],
    ['a version with a v', 'v1.27.7.1', []],
    ['two in one line', 'via 10.224.0.1 src 10.224.0.4', ['10.224.0.1', '10.224.0.4']],
  ])('%s', (_, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  test('the parts give the text back', () => {
    const text = '10.0.0.1 and 10.0.0.0/8, not 1.2.3; end 10.0.0.2';
    expect(
      textParts(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });
});
