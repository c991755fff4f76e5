import { expect, test } from 'vitest';
import { chipHtml, escapeHtml, markedHtml } from '../../../src/ui/address/marked-html.ts';

const rangeOf = (text: string) =>
  text.startsWith('10.') ? { letter: 'P' as const, name: 'pods of "a"' } : null;

test('output keeps every character outside the chips', () => {
  const text = 'NAME   IP\n<none> 10.0.0.1   x & y\n8.8.8.8';
  const html = markedHtml(text, rangeOf, { spoken: 'no' });
  expect(html.replaceAll(/<[^>]*>/g, '')).toBe(escapeHtml(text));
});

test('a chip carries its range, escaped', () => {
  expect(chipHtml('10.0.0.1', rangeOf('10.0.0.1'), { focus: 'yes' })).toBe(
    '<span class="address" data-range="P" translate="no" data-name="pods of &quot;a&quot;" tabindex="0">10.0.0.1<span class="visually-hidden"> (pods of &quot;a&quot;)</span></span>',
  );
});

test('in output one sees which chip has no blank before it, where its letter would stand', () => {
  const html = markedHtml('10.0.0.1 http://10.0.0.2 10.0.0.3', rangeOf, { spoken: 'no' });
  expect(html.match(/data-tight/g)).toHaveLength(1);
  expect(html).toMatch(/\/\/<span [^>]*data-tight[^>]*>10\.0\.0\.2</);
});

test('an address without range is no chip in running text', () => {
  expect(markedHtml('8.8.8.8', rangeOf)).toBe('8.8.8.8');
});
