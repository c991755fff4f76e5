/** Asks the mitmproxy of this machine again, where it is of the version that was recorded. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CASE_SETS } from './case-sets.ts';
import { askReal, whyNoMitmproxy, type Witnessed } from './real.ts';

const missing = whyNoMitmproxy();
const required = process.env['REQUIRE_WITNESSES'] === '1';

if (missing !== null && required) {
  test('mitmproxy is required (REQUIRE_WITNESSES=1)', () => {
    expect.fail(missing);
  });
} else if (missing !== null) {
  test.skip(`mitmproxy: ${missing}`, () => undefined);
} else {
  test.each(CASE_SETS)('mitmproxy still says what was recorded: %s', { timeout: 600_000 }, (set) => {
    const recorded = JSON.parse(
      readFileSync(join(import.meta.dirname, `recorded/${set}-8.1.1.json`), 'utf8'),
    ) as Witnessed;
    expect(askReal(set).results).toEqual(recorded.results);
  });
}
