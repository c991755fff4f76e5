/** Asks the curl and the mitmproxy of this machine again, where they are of the versions that were recorded. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { askReal, whyNoCurl, type Witnessed } from './real.ts';

const missing = whyNoCurl();
const required = process.env['REQUIRE_WITNESSES'] === '1';

if (missing !== null && required) {
  test('curl and mitmproxy are required (REQUIRE_WITNESSES=1)', () => {
    expect.fail(missing);
  });
} else if (missing !== null) {
  test.skip(`curl and mitmproxy: ${missing}`, () => undefined);
} else {
  test('curl and mitmproxy still say what was recorded', { timeout: 120_000 }, () => {
    const recorded = JSON.parse(
      readFileSync(join(import.meta.dirname, 'recorded/curl-7.88.1.json'), 'utf8'),
    ) as Witnessed;
    expect(askReal().results).toEqual(recorded.results);
  });
}
