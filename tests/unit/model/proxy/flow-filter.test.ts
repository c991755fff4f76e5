import { describe, expect, test } from 'vitest';
import {
  matchesFilter,
  parseFlowFilter,
  searches,
  undecidedTerms,
} from '../../../../src/model/proxy/flow-filter.ts';
import { unwrap } from '../../../../src/model/result.ts';

const REQUEST = {
  method: 'GET',
  host: 'mcr.microsoft.com',
  url: 'https://mcr.microsoft.com/v2/',
  client: '10.224.0.4:40000',
  server: 'mcr.microsoft.com:443',
};

/** What `mitmproxy.flowfilter.parse(expression)(flow)` of 8.1.1 says of such a request. */
describe('a filter expression', () => {
  test.each<readonly [expression: string, matches: boolean | null]>([
    ['~d microsoft', true],
    ['~d MICROSOFT', true],
    ['~d ^microsoft', false],
    ['~d example.com', false],
    ['~u /v2/', true],
    ['~u V2', false],
    ['/v2/', true],
    ['microsoft.*v2', true],
    ['~m GET', true],
    ['~m get', true],
    ['~m post', false],
    ['~dst :443$', true],
    ['~src ^10\\.', true],
    ['~src ^192\\.', false],
    ['~q', true],
    ['~all', true],
    ['~http', true],
    ['~s', false],
    ['~e', false],
    ['~tcp', false],
    ['~c 404', false],
    ['!~d microsoft', false],
    ['! ~d example', true],
    ['~d microsoft & ~m GET', true],
    ['~d microsoft & ~m POST', false],
    ['~d microsoft ~m POST', false],
    ['~d example | ~m GET', true],
    ['~d example | ~d microsoft & ~m POST', false],
    ['(~d example | ~d microsoft) & ~m GET', true],
    ['!(~d example | ~d microsoft)', false],
    ['~d "microsoft"', true],
    ["~u 'v2/$'", true],
    ['~d a|b', false],
    ['~d example|microsoft', true],
    ['~d microsoft &', false],
    ['& ~d microsoft', false],
    ['! &', true],
    ['~h accept', null],
    ['~b secret', null],
    ['~h accept & ~d example', false],
    ['~h accept | ~d microsoft', true],
    ['~d [', null],
  ])('%s: %s', (expression, matches) => {
    expect(matchesFilter(unwrap(parseFlowFilter(expression)), REQUEST)).toBe(matches);
  });

  test.each(['', '~d', '~nothing x', '(~d a', '~d a)', '~c x', '~dx', '~d~q'])('"%s" is none', (text) => {
    expect(parseFlowFilter(text).ok).toBe(false);
  });
});

test.each<readonly [regex: string, text: string, found: boolean | null]>([
  ['(?P<name>a)b', 'ab', true],
  ['\\Aab\\Z', 'ab', true],
  ['\\Aab\\Z', 'abc', false],
  ['(?i)AB', 'ab', true],
  ['AB', 'ab', false],
  ['(', 'ab', null],
])('Python’s %s in %s: %s', (regex, text, found) => {
  expect(searches(regex, text, '')).toBe(found);
});

test.each<readonly [expression: string, onAnswer: boolean | null, onError: boolean | null]>([
  ['~q', false, true],
  ['~s', true, false],
  ['~e', false, true],
  ['~c 200', true, false],
  ['!(~c 200)', false, true],
  ['~t text', true, false],
  ['~hs text/plain', true, false],
  ['~hq ^User-Agent:.curl', true, true],
  ['~b client', null, null],
])('%s of a request that has ended', (expression, onAnswer, onError) => {
  const filter = unwrap(parseFlowFilter(expression));
  const asked = { ...REQUEST, headers: [['User-Agent', 'curl/8.5.0']] as const };
  const headers = [['Content-Type', 'text/plain']] as const;
  expect(matchesFilter(filter, { ...asked, ended: { kind: 'response', status: 200, headers } })).toBe(
    onAnswer,
  );
  expect(matchesFilter(filter, { ...asked, ended: { kind: 'error' } })).toBe(onError);
});

test('what no filter can be asked here is named', () => {
  expect(undecidedTerms(unwrap(parseFlowFilter('~m GET & !(~b secret | ~c 200)')))).toEqual(['~b']);
});
