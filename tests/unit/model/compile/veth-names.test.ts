import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { sha1Hex } from '../../../../src/model/sha1.ts';

test.each(['', 'abc', 'default.web-6d4cf56db6-x2x9p', 'n'.repeat(55), 'n'.repeat(56), 'n'.repeat(316)])(
  'SHA-1 of "%s" is what a crypto library gives',
  (text) => {
    expect(sha1Hex(text)).toBe(createHash('sha1').update(text).digest('hex'));
  },
);
