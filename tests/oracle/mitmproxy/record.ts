/** `node tests/oracle/mitmproxy/record.ts`: writes `recorded/mitmproxy-8.1.1.json`. Needs root and mitmproxy 8.1.1. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { askReal, whyNoMitmproxy } from './real.ts';

const missing = whyNoMitmproxy();
if (missing === null) {
  writeFileSync(
    join(import.meta.dirname, 'recorded/mitmproxy-8.1.1.json'),
    `${JSON.stringify(askReal(), null, 1)}\n`,
  );
} else {
  console.error(`cannot record here: ${missing}`);
  process.exitCode = 2;
}
