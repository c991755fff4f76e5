import { describe, expect, test } from 'vitest';
import { brokenLinks, withBase } from '../../../src/ui/shell/internal-links.ts';

describe('withBase', () => {
  test.each([
    ['a link of an author moves below the base', '<a href="/errata/">', '<a href="/book/errata/">'],
    ['one that is there stays', '<a class="x" href="/book/labs/">', '<a class="x" href="/book/labs/">'],
    ['the base itself stays', '<a href="/book">', '<a href="/book">'],
    ['another name that only starts alike moves', '<a href="/bookshop/">', '<a href="/book/bookshop/">'],
    ['another site stays', '<a href="//example.com/">', '<a href="//example.com/">'],
    ['an anchor stays', '<a href="#top">', '<a href="#top">'],
    ['what is no link stays', '<link href="/a.css">', '<link href="/a.css">'],
  ])('%s', (_, html, expected) => {
    expect(withBase(html, '/book/')).toBe(expected);
  });

  test('at the root nothing changes', () => {
    expect(withBase('<a href="/errata/">', '/')).toBe('<a href="/errata/">');
  });
});

test('brokenLinks finds pages and anchors that do not exist', () => {
  const pages = new Map([
    [
      '/',
      '<a href="/a/">ok</a><a href="/b/">gone</a><a href="/a/#x">ok</a><a href="/a/#y">gone</a><a href="/f.svg">file</a>',
    ],
    [
      '/a/',
      '<p id="x"></p><a href="#x">ok</a><a href="#z">gone</a><a href="https://example.com/">elsewhere</a>',
    ],
  ]);
  expect(brokenLinks(pages)).toEqual(['/: /b/', '/: /a/#y', '/a/: #z']);
});
