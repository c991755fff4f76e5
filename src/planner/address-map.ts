/**
 * A square map of an address space: halving a prefix halves its rectangle, first across, then down,
 * so that every prefix inside is one rectangle and overlapping prefixes overlap on the map.
 */
import { addressDistance } from '../model/ip/address.ts';
import { addressCount, formatPrefix, prefixCovers } from '../model/ip/prefix.ts';
import type { Prefix } from '../model/ip/prefix.ts';

/** Shares of the map's width and height, from its top left corner. */
export interface MapRectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Returns where a prefix lies on the map of a space; throws if it is not inside. */
export function placeOnMap(space: Prefix, prefix: Prefix): MapRectangle {
  if (!prefixCovers(space, prefix)) {
    throw new RangeError(`${formatPrefix(prefix)} is not inside ${formatPrefix(space)}`);
  }
  const index = addressDistance(space.address, prefix.address) / addressCount(prefix);
  const depth = prefix.length - space.length;
  const place = { left: 0, top: 0, width: 1, height: 1 };
  for (let level = 0; level < depth; level++) {
    const isSecondHalf = Math.floor(index / 2 ** (depth - 1 - level)) % 2 === 1;
    if (level % 2 === 0) {
      place.width /= 2;
      if (isSecondHalf) place.left += place.width;
    } else {
      place.height /= 2;
      if (isSecondHalf) place.top += place.height;
    }
  }
  return place;
}
