import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressCount, prefix, prefixCovers, subnetAt } from '../../../src/model/ip/prefix.ts';
import { placeOnMap } from '../../../src/planner/address-map.ts';

const SPACE = prefix('10.224.0.0/16');

describe('the map of an address space', () => {
  test.each([
    ['the space is the whole map', '10.224.0.0/16', [0, 0, 1, 1]],
    ['its lower half is on the left', '10.224.0.0/17', [0, 0, 0.5, 1]],
    ['its upper half is on the right', '10.224.128.0/17', [0.5, 0, 0.5, 1]],
    ['quarters stand above each other', '10.224.64.0/18', [0, 0.5, 0.5, 0.5]],
    [
      'the last address is in the bottom right corner',
      '10.224.255.255/32',
      [255 / 256, 255 / 256, 1 / 256, 1 / 256],
    ],
  ])('%s', (_, text, [left, top, width, height]) => {
    expect(placeOnMap(SPACE, prefix(text))).toEqual({ left, top, width, height });
  });

  const inside = fc.integer({ min: 16, max: 30 }).chain((length) =>
    fc.nat(2 ** (length - 16) - 1).map((index) => {
      const found = subnetAt(SPACE, length, index);
      if (found === null) throw new Error('outside');
      return found;
    }),
  );

  test('an area is as large as the share of addresses', () => {
    fc.assert(
      fc.property(inside, (each) => {
        const { width, height } = placeOnMap(SPACE, each);
        expect(width * height).toBe(addressCount(each) / addressCount(SPACE));
      }),
    );
  });

  test('one rectangle lies in another exactly when one prefix covers the other', () => {
    fc.assert(
      fc.property(inside, inside, (a, b) => {
        const [outer, inner] = [placeOnMap(SPACE, a), placeOnMap(SPACE, b)];
        const lies =
          inner.left >= outer.left &&
          inner.top >= outer.top &&
          inner.left + inner.width <= outer.left + outer.width &&
          inner.top + inner.height <= outer.top + outer.height;
        expect(lies).toBe(prefixCovers(a, b));
      }),
    );
  });

  test('what is not inside has no place', () => {
    expect(() => placeOnMap(SPACE, prefix('10.0.0.0/8'))).toThrow('10.0.0.0/8 is not inside 10.224.0.0/16');
  });
});
