/** The simulated mitmdump says what the real one of Debian 12 was seen to say, line by line of the VM chapter. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { CASE_SETS, CASES } from './case-sets.ts';
import type { Said } from './normal.ts';
import type { Witnessed } from './real.ts';
import { runSimulated } from './simulated.ts';

describe.each(CASE_SETS)('mitmproxy 8.1.1: %s', (set) => {
  const cases = CASES[set];
  const recorded = JSON.parse(
    readFileSync(join(import.meta.dirname, `recorded/${set}-8.1.1.json`), 'utf8'),
  ) as Witnessed;
  let simulated: ReadonlyMap<string, Said>;

  beforeAll(async () => {
    simulated = await runSimulated(cases);
  }, 60_000);

  test('the record has exactly the cases that there are', () => {
    expect(Object.keys(recorded.results)).toEqual(cases.map(({ name }) => name));
    expect(recorded.mitmproxy).toBe('Mitmproxy: 8.1.1');
  });

  test.each(cases)('$name', ({ name }) => {
    expect(simulated.get(name)).toEqual(recorded.results[name]);
  });
});
