/** The simulated curl 7.88.1 and wget 1.21.3 print what the real ones were seen to print, with a real mitmproxy 8.1.1. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { CASES } from './cases.ts';
import { WGET_CASES } from './wget-cases.ts';
import type { Ran } from './normal.ts';
import type { Witnessed } from './real.ts';
import { runSimulated } from './simulated.ts';

const recorded = JSON.parse(
  readFileSync(join(import.meta.dirname, 'recorded/curl-7.88.1.json'), 'utf8'),
) as Witnessed;
let simulated: ReadonlyMap<string, Ran>;

beforeAll(async () => {
  simulated = await runSimulated([...CASES, ...WGET_CASES]);
});

test('the record has exactly the cases that there are', () => {
  expect(Object.keys(recorded.results)).toEqual([...CASES, ...WGET_CASES].map(({ name }) => name));
  expect(recorded.curl).toMatch(/^curl 7\.88\.1 /);
  expect(recorded.mitmproxy).toBe('Mitmproxy: 8.1.1');
});

describe('curl 7.88.1', () => {
  test.each(CASES)('$name', ({ name }) => {
    expect(simulated.get(name)).toEqual(recorded.results[name]);
  });
});

describe('wget 1.21.3 with GnuTLS', () => {
  test.each(WGET_CASES)('$name', ({ name }) => {
    expect(simulated.get(name)).toEqual(recorded.results[name]);
  });
});
