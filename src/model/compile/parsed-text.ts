/** Addresses and prefixes of resources are text; `compile` parses each text once. */
import { parseAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { hostPrefix, parsePrefix } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';

export interface ParsedText {
  /** Null if the text is no address. */
  readonly address: (text: string) => Address | null;
  /** A bare address counts as the prefix that holds just it; null if the text is neither. */
  readonly prefix: (text: string) => Prefix | null;
  readonly prefixes: (texts: readonly string[]) => readonly Prefix[];
}

export function parsedText(): ParsedText {
  const addresses = new Map<string, Address | null>();
  const prefixes = new Map<string, Prefix | null>();
  const address = (text: string): Address | null => {
    const known = addresses.get(text);
    if (known !== undefined) return known;
    const parsed = parseAddress(text);
    const value = parsed.ok ? parsed.value : null;
    addresses.set(text, value);
    return value;
  };
  const prefix = (text: string): Prefix | null => {
    const known = prefixes.get(text);
    if (known !== undefined) return known;
    const parsed = parsePrefix(text);
    let value: Prefix | null = null;
    if (parsed.ok) value = parsed.value;
    else {
      const single = address(text);
      if (single !== null) value = hostPrefix(single);
    }
    prefixes.set(text, value);
    return value;
  };
  return {
    address,
    prefix,
    prefixes: (texts) => texts.map(prefix).filter((each) => each !== null),
  };
}
