import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fromBase64,
  fromHex,
  fromUtf8,
  toBase64,
  toHex,
  toUtf8,
} from '../../../../src/model/certificates/bytes.ts';
import { sha256 } from '../../../../src/model/certificates/sha256.ts';
import { sha1HexOf } from '../../../../src/model/sha1.ts';

const bytes = fc.uint8Array({ maxLength: 300 });

describe('bytes as text are what Node makes of them', () => {
  test('base64 and hexadecimal, there and back', () => {
    fc.assert(
      fc.property(bytes, (content) => {
        expect(toBase64(content)).toBe(Buffer.from(content).toString('base64'));
        expect(fromBase64(toBase64(content).replace(/(.{7})/g, '$1\r\n'))).toEqual(content);
        expect(toHex(content)).toBe(Buffer.from(content).toString('hex'));
        expect(fromHex(toHex(content))).toEqual(content);
      }),
    );
  });

  test('UTF-8, there and back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect([...toUtf8(text)]).toEqual([...Buffer.from(text)]);
        expect(fromUtf8(toUtf8(text))).toBe(text);
      }),
    );
  });

  test('digests', () => {
    fc.assert(
      fc.property(bytes, (content) => {
        expect(toHex(sha256(content))).toBe(createHash('sha256').update(content).digest('hex'));
        expect(sha1HexOf(content)).toBe(createHash('sha1').update(content).digest('hex'));
      }),
    );
  });

  test.each([
    ['QUJ!', { at: 3, why: 'character' }],
    ['QUI=QQ==', { at: 4, why: 'padding' }],
    ['=', { at: 0, why: 'padding' }],
    ['QUJDR', { at: 5, why: 'length' }],
    ['QUI', { at: 3, why: 'length' }],
  ])('%s is no base64, and where', (text, problem) => {
    expect(fromBase64(text)).toEqual(problem);
  });
});
