import { expect, test } from 'vitest';
import { inlineToHtml, markdownToHtml } from '../../../../src/ui/lab/markdown.ts';

test.each([
  ['code keeps its stars', '`a * b * c` and *so*', '<code>a * b * c</code> and <em>so</em>'],
  ['strong', '**10 %** surge', '<strong>10 %</strong> surge'],
  ['HTML is text', '`<none>` & <b>', '<code>&lt;none&gt;</code> &amp; &lt;b&gt;'],
  ['a lone star is a star', '2 * 3', '2 * 3'],
  ['a lone backtick is a backtick', 'a ` b', 'a ` b'],
])('%s', (_, source, html) => {
  expect(inlineToHtml(source)).toBe(html);
});

test('blank lines part paragraphs, line breaks do not', () => {
  expect(markdownToHtml('one\ntwo\n\nthree\n')).toBe('<p>one two</p>\n<p>three</p>');
});

test('a block of dashes is a list, and an item may go on in the next line', () => {
  expect(markdownToHtml('one:\n\n- `a`\n  b\n- c - d\n\ntwo')).toBe(
    '<p>one:</p>\n<ul><li><code>a</code> b</li><li>c - d</li></ul>\n<p>two</p>',
  );
});
