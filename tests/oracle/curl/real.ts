/** The world for real: a network of its own. */
import { join } from 'node:path';
import { askInOwnNetwork, whyNoOwnNetwork } from '../../support/own-network.ts';
import { OTHER, PROXY, WEB } from '../../unit/shell/place/proxy-world.ts';
import { normal, type Ran } from './normal.ts';

export interface Witnessed {
  /** What the programs say of themselves. */
  readonly curl: string;
  readonly wget: string;
  readonly mitmproxy: string;
  readonly results: Readonly<Record<string, Ran>>;
}

/** Returns why the real programs cannot be asked here; null if they can. */
export function whyNoCurl(): string | null {
  return whyNoOwnNetwork([
    { program: 'curl', version: 'curl 7.88.1 ' },
    { program: 'wget', version: 'GNU Wget 1.21.3 ' },
    { program: 'mitmdump', version: 'Mitmproxy: 8.1.1' },
  ]);
}

export function askReal(): Witnessed {
  const said = askInOwnNetwork({
    addresses: [PROXY, WEB.address, OTHER.address],
    hosts: [WEB, OTHER],
    script: [join(import.meta.dirname, 'inside.ts')],
  }) as Witnessed;
  const results = Object.entries(said.results).map(([name, each]) => [name, normal(each)]);
  return { ...said, results: Object.fromEntries(results) as Witnessed['results'] };
}
