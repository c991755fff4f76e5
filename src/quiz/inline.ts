/** The little markup that quiz texts may use, cut into parts so that a view needs no Markdown parser. */
export interface InlinePart {
  readonly kind: 'text' | 'code' | 'strong';
  readonly text: string;
}

/** Cuts `plain`, `` `code` `` and `**strong**` apart; markers without a partner stay text. */
export function inlineParts(source: string): readonly InlinePart[] {
  const parts: InlinePart[] = [];
  let end = 0;
  for (const match of source.matchAll(/`([^`]+)`|\*\*([^*]+)\*\*/g)) {
    if (match.index > end) parts.push({ kind: 'text', text: source.slice(end, match.index) });
    const [whole, code, strong] = match;
    parts.push(code === undefined ? { kind: 'strong', text: strong ?? '' } : { kind: 'code', text: code });
    end = match.index + whole.length;
  }
  if (end < source.length) parts.push({ kind: 'text', text: source.slice(end) });
  return parts;
}

/** Returns the text without markup, for accessible names and plain output. */
export function plainText(source: string): string {
  return inlineParts(source)
    .map((part) => part.text)
    .join('');
}
