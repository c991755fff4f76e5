import fc from 'fast-check';

/**
 * Returns the seed for this run of a property, and prints it. `SEED=123 npx vitest run FILE` repeats a run.
 */
export function freshSeed(property: string): { readonly seed: number } {
  const given = process.env['SEED'];
  const seed = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
  console.log(`property ${property}: SEED=${seed}`);
  return { seed };
}

/** Any IPv4 address as text, its edges more often than chance would have it. */
export function anyAddressText(): fc.Arbitrary<string> {
  const octet = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 1, 127, 128, 254, 255));
  return fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'));
}
