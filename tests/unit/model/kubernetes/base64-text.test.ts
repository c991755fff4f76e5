import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base64Text, isBase64, textToBase64 } from '../../../../src/model/kubernetes/base64-text.ts';

test('any text becomes the base64 of its UTF-8 bytes, as Node writes it, and comes back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const encoded = Buffer.from(text, 'utf8').toString('base64');
      expect(textToBase64(text)).toBe(encoded);
      expect(base64Text(encoded)).toBe(Buffer.from(text, 'utf8').toString('utf8'));
      expect(isBase64(encoded)).toBe(true);
    }),
  );
});

test.each([
  ['line breaks are ignored', 'Q0VS\nVAo=\n', 'CERT\n'],
  ['bytes that are no UTF-8 are one character each', '/w==', 'ÿ'],
  ['half a character has no bytes of its own', textToBase64('\ud800'), '�'],
])('%s', (_, encoded, text) => {
  expect(base64Text(encoded)).toBe(text);
});

test.each(['a', 'ab', 'abc', 'a===', 'YQ=', 'Y*=='])('%s is no base64', (text) => {
  expect(isBase64(text)).toBe(false);
});
