import fc from 'fast-check';

/** Any IPv4 address as text, its edges more often than chance would have it. */
export function anyAddressText(): fc.Arbitrary<string> {
  const octet = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 1, 127, 128, 254, 255));
  return fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'));
}
