/** The chapter's lines for real, in a network of their own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toPem } from '../../../src/model/certificates/pem.ts';
import { publicRoot } from '../../../src/model/certificates/public-authority.ts';
import { askInOwnNetwork, whyNoOwnNetwork } from '../../support/own-network.ts';
import { WEB } from '../../unit/shell/place/proxy-world.ts';
import type { CaseSet } from './case-sets.ts';
import { normal, type Said } from './normal.ts';

export interface Witnessed {
  /** What mitmproxy says of itself. */
  readonly mitmproxy: string;
  /** By case. */
  readonly results: Readonly<Record<string, Said>>;
}

const ROOTS = '/etc/ssl/certs/ca-certificates.crt';

/** Returns why the real programs cannot be asked here; null if they can. */
export function whyNoMitmproxy(): string | null {
  return whyNoOwnNetwork(
    [
      { program: 'curl', version: 'curl 7.88.1 ' },
      { program: 'mitmdump', version: 'Mitmproxy: 8.1.1' },
    ],
    ['openssl'],
  );
}

export function askReal(set: CaseSet): Witnessed {
  const said = askInOwnNetwork({
    addresses: [WEB.address],
    hosts: [WEB],
    // mitmproxy and curl trust the machine's roots, and the simulation's own is one of them here.
    files: { [ROOTS]: readFileSync(ROOTS, 'utf8') + toPem(publicRoot()) },
    script: [join(import.meta.dirname, 'inside.ts'), set],
  }) as Witnessed;
  const results = Object.entries(said.results).map(([name, text]) => [name, normal(text)]);
  return { ...said, results: Object.fromEntries(results) as Witnessed['results'] };
}
