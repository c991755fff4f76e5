/**
 * The obviously right address set: a list of addresses, one by one. Only for blocks inside
 * `UNIVERSE`, which is small enough to walk.
 */
export const UNIVERSE = '10.0.0.0/24';

export function universe(): string[] {
  return Array.from({ length: 256 }, (_, i) => `10.0.0.${i}`);
}

/** Returns the addresses of the universe that are in one of the blocks, given as last octet and length. */
export function slowSet(blocks: readonly { readonly octet: number; readonly length: number }[]): Set<string> {
  const members = new Set<string>();
  for (const { octet, length } of blocks) {
    const size = 2 ** (32 - length);
    for (let at = octet - (octet % size); at < octet - (octet % size) + size; at++)
      members.add(`10.0.0.${at}`);
  }
  return members;
}
