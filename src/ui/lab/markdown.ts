/** The little Markdown that labs use, as HTML: paragraphs, lists, code, strong, emphasis. Everything else is text. */
import { wholeWords } from '../shell/whole-words.ts';

export function markdownToHtml(source: string): string {
  return source
    .trim()
    .split(/\n\s*\n/)
    .map((block) => (block.startsWith('- ') ? listToHtml(block) : `<p>${inlineToHtml(oneLine(block))}</p>`))
    .join('\n');
}

/** A block whose first line is an item is a list; its other lines go on with the item or begin one. */
function listToHtml(block: string): string {
  const items = block.slice(2).split(/\n- /);
  return `<ul>${items.map((item) => `<li>${inlineToHtml(oneLine(item))}</li>`).join('')}</ul>`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ');
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
