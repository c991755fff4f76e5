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

/**
 * Recorded in the same world from 7.81.0 and 8.5.0 as released, with OpenSSL 3.0. Machines do not have them side by
 * side, so nobody is asked again.
 */
describe.each([
  ['7.81.0', 'vm-client'],
  ['8.5.0', 'vm-noble'],
] as const)('curl %s', (version, machine) => {
  const other = JSON.parse(
    readFileSync(join(import.meta.dirname, `recorded/curl-${version}.json`), 'utf8'),
  ) as Pick<Witnessed, 'curl' | 'results'>;

  test('prints what it was seen to print', async () => {
    expect(other.curl).toContain(`curl ${version} `);
    const said = await runSimulated(CASES, machine);
    for (const { name } of CASES) {
      // How often 7.81 tells of records of TLS inside TLS is not simulated.
      const without = (ran: Ran | undefined) =>
        name === 'TLS to the proxy with its CA, and TLS in it'
          ? ran?.stderr.replaceAll(/^\* TLSv1\.2 .*TLS header, Supplemental data .*\n/gm, '')
          : ran;
      expect(without(said.get(name)), name).toEqual(without(other.results[name]));
    }
  });
});
