/** The little Markdown that labs use, as HTML: paragraphs, code, strong, emphasis. Everything else is text. */
import { wholeWords } from '../shell/whole-words.ts';

export function markdownToHtml(source: string): string {
  return source
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => `<p>${inlineToHtml(paragraph.replaceAll(/\s*\n\s*/g, ' '))}</p>`)
    .join('\n');
}

export function inlineToHtml(source: string): string {
  return source
    .split(/(`[^`]+`)/)
    .map((part) =>
      part.length > 2 && part.startsWith('`') && part.endsWith('`')
        ? `<code>${wholeWords(escaped(part.slice(1, -1)))}</code>`
        : escaped(part)
            .replaceAll(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
            .replaceAll(/(^|[^\w*])\*([^*\s][^*]*)\*(?!\w)/g, '$1<em>$2</em>'),
    )
    .join('');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
