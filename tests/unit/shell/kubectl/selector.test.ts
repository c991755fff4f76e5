import { describe, expect, test } from 'vitest';
import { matchesLabels, parseLabelSelector } from '../../../../src/shell/kubectl/selector.ts';

const labels = { app: 'web', tier: 'front', 'example.com/zone': '1', empty: '' };

function matches(text: string): boolean | string {
  const selector = parseLabelSelector(text);
  return selector.ok ? matchesLabels(selector.value, labels) : `error: ${selector.error}`;
}

describe('label selectors', () => {
  test.each([
    ['', true],
    ['app=web', true],
    ['app==web', true],
    ['app = web', true],
    ['app!=web', false],
    ['app!=db', true],
    ['missing!=x', true],
    ['app=web,tier=front', true],
    ['app=web,tier=back', false],
    ['app in (web,db)', true],
    ['app in ( web , db )', true],
    ['app notin (web)', false],
    ['missing notin (a)', true],
    ['app', true],
    ['missing', false],
    ['!missing', true],
    ['!app', false],
    ['example.com/zone=1', true],
    ['example.com/zone>0', true],
    ['example.com/zone<1', false],
    ['empty=', true],
    ['app in (web),tier notin (back),!missing', true],
  ])('"%s" is %s', (text, expected) => {
    expect(matches(text)).toBe(expected);
  });

  test.each(['app=web,', 'app in web', 'app in (web', '=x', 'a b', 'app=a b', '-a=b', 'app=-x'])(
    '"%s" is refused',
    (text) => {
      expect(matches(text)).toMatch(/^error: unable to parse requirement/);
    },
  );
});
