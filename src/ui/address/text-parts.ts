/** Finds the addresses in running text, so that a transcript or a sentence can mark them. */
import { type Address, parseAddress } from '../../model/ip/address.ts';

export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  /** `length` is the prefix length written behind it, or null. */
  | {
      readonly kind: 'address';
      readonly text: string;
      readonly address: Address;
      readonly length: number | null;
    };

/** Four numbers with dots that neither continue a longer dotted number nor a word. */
const DOTTED = /(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3})(?:\/(\d{1,2}))?(?!\.?\d|[A-Za-z_-])/g;

/** The text cut at its IPv4 addresses and prefixes; joining the parts gives the text back. */
export function textParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(DOTTED)) {
    const [whole, dotted = '', length] = match;
    const parsed = parseAddress(dotted);
    if (!parsed.ok) continue;
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
    parts.push({
      kind: 'address',
      text: whole,
      address: parsed.value,
      length: length === undefined ? null : Number(length),
    });
    end = match.index + whole.length;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}
