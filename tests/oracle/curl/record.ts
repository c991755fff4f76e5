/** `node tests/oracle/curl/record.ts`: writes `recorded/curl-7.88.1.json`. Needs root, curl 7.88.1 and mitmproxy 8.1.1. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { askReal, whyNoCurl } from './real.ts';

const missing = whyNoCurl();
if (missing === null) {
  writeFileSync(
    join(import.meta.dirname, 'recorded/curl-7.88.1.json'),
    `${JSON.stringify(askReal(), null, 1)}\n`,
  );
} else {
  console.error(`cannot record here: ${missing}`);
  process.exitCode = 2;
}
