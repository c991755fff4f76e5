import { expect, test } from 'vitest';
import {
  commentKey,
  enterKey,
  tabKey,
  type Edit,
  type Selection,
} from '../../../../src/ui/lab/editor-keys.ts';

/** `|` marks the cursor, or both ends of a selection. */
function marked(text: string): Selection {
  const start = text.indexOf('|');
  const end = text.lastIndexOf('|');
  return start === end
    ? { text: text.replace('|', ''), start, end: start }
    : { text: text.replaceAll('|', ''), start, end: end - 1 };
}

function after({ text }: Selection, edit: Edit): string {
  const whole = text.slice(0, edit.from) + edit.insert + text.slice(edit.to);
  const head = `${whole.slice(0, edit.start)}|`;
  return edit.start === edit.end
    ? head + whole.slice(edit.start)
    : `${head}${whole.slice(edit.start, edit.end)}|${whole.slice(edit.end)}`;
}

test.each<[string, (selection: Selection) => Edit, string, string]>([
  ['Enter keeps the indentation', enterKey, '  az a|', '  az a\n  |'],
  ['Enter after do indents', enterKey, 'for A in b; do|', 'for A in b; do\n  |'],
  ['Enter after a backslash indents', enterKey, 'az aks create \\|', 'az aks create \\\n  |'],
  ['Enter replaces a selection', enterKey, 'a|bc|d', 'a\n|d'],
  ['Tab at the cursor', (s) => tabKey(s, 'in'), 'a|b', 'a  |b'],
  ['Tab over lines', (s) => tabKey(s, 'in'), 'a\n|b\nc|', 'a\n|  b\n  c|'],
  ['Tab leaves empty lines empty', (s) => tabKey(s, 'in'), '|a\n\nb|', '|  a\n\n  b|'],
  ['Shift-Tab over lines', (s) => tabKey(s, 'out'), '|  a\n b\nc|', '|a\nb\nc|'],
  ['a line only touched at its start is left out', (s) => tabKey(s, 'in'), '|a\n|b', '|  a|\nb'],
  ['comments', commentKey, '|a\n  b|', '|# a\n  # b|'],
  ['commands again', commentKey, '|# a\n  # b|', '|a\n  b|'],
  ['a comment in one line keeps the cursor', commentKey, 'az gr|oup', '# az gr|oup'],
])('%s', (_, key, before, expected) => {
  const selection = marked(before);
  expect(after(selection, key(selection))).toBe(expected);
});
