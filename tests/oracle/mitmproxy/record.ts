/** `node tests/oracle/mitmproxy/record.ts [SET...]`: writes `recorded/*-8.1.1.json`. Needs root and mitmproxy 8.1.1. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CASE_SETS } from './case-sets.ts';
import { askReal, whyNoMitmproxy } from './real.ts';

const missing = whyNoMitmproxy();
const wanted = process.argv.slice(2);
if (missing === null) {
  for (const set of CASE_SETS.filter((each) => wanted.length === 0 || wanted.includes(each))) {
    writeFileSync(
      join(import.meta.dirname, `recorded/${set}-8.1.1.json`),
      `${JSON.stringify(askReal(set), null, 1)}\n`,
    );
  }
} else {
  console.error(`cannot record here: ${missing}`);
  process.exitCode = 2;
}
