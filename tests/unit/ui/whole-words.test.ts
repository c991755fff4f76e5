import { expect, test } from 'vitest';
import { withWholeWords } from '../../../src/ui/shell/whole-words.ts';

test.each([
  ['an option', '<code>--max-pods 30</code>', '<code><span class="whole">--max-pods</span> 30</code>'],
  ['no hyphen', '<code>kubectl</code>', '<code>kubectl</code>'],
  ['longer than a phone is wide', `<code>--${'a'.repeat(30)}</code>`, `<code>--${'a'.repeat(30)}</code>`],
  ['a listing', '<pre><code>a --b</code></pre>', '<pre><code>a --b</code></pre>'],
  [
    'what a script takes over',
    '<astro-island x><code>--b</code></astro-island>',
    '<astro-island x><code>--b</code></astro-island>',
  ],
])('%s', (_, html, expected) => {
  expect(withWholeWords(html)).toBe(expected);
});
