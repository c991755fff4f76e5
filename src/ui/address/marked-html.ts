/**
 * Chips as HTML text: inside program output every space counts, and templates add some. Everything
 * that comes from outside is escaped here.
 */
import type { NamedRange } from './range.ts';
import { textParts } from './text-parts.ts';

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

export interface ChipOptions {
  /** Whether the chip is a stop of the Tab key, which shows the range's name. */
  readonly focus?: 'yes' | 'no';
  /** Whether screen readers hear the range's name after the address. */
  readonly spoken?: 'yes' | 'no';
  /** What stands right before it: in program output the letter takes the place of a blank. */
  readonly before?: 'blank' | 'text';
}

/** An address in the colour, letter and line of its range; plain text without a range. */
export function chipHtml(text: string, range: NamedRange | null, options: ChipOptions = {}): string {
  if (range === null)
    return `<span class="address" data-range="none" translate="no">${escapeHtml(text)}</span>`;
  const name = escapeHtml(range.name);
  const focus = options.focus === 'yes' ? ' tabindex="0"' : '';
  const attributes = `class="address" data-range="${range.letter}" translate="no"`;
  // Inside a scrolling box a label of our own would be cut off; the browser's is not.
  const tight = options.before === 'text' ? ' data-tight' : '';
  if (options.spoken === 'no')
    return `<span ${attributes}${tight} title="${name}">${escapeHtml(text)}</span>`;
  const spoken = `<span class="visually-hidden"> (${name})</span>`;
  return `<span ${attributes} data-name="${name}"${focus}>${escapeHtml(text)}${spoken}</span>`;
}

/** The text with its addresses as chips; those without a range stay text. */
export function markedHtml(
  text: string,
  rangeOf: (address: string) => NamedRange | null,
  options: ChipOptions = {},
): string {
  return textParts(text)
    .map((part, index, parts) => {
      const range = part.kind === 'address' ? rangeOf(part.text) : null;
      if (range === null) return escapeHtml(part.text);
      const before = /\S$/.test(parts[index - 1]?.text ?? '') ? 'text' : 'blank';
      return chipHtml(part.text, range, { ...options, before });
    })
    .join('');
}
