/**
 * A forward proxy on a VM between pods and the internet: both connections of each request, and what goes past it.
 * To the kernel a proxy is a server like any other, and a client of its own.
 */
import type { Cloud } from '../../../../src/model/cloud.ts';
import { withPod, withProxy } from '../../../support/forward-proxy.ts';
import { twoNodeCloud } from '../../../unit/model/compile/two-node-cloud.ts';
import { cloudVariation } from '../cloud-variation.ts';
import { relayed, tcp } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';

const POD = 'pod/cli';
const PROXY = 'http://10.225.0.4:8080';
const VARIABLES = { http_proxy: PROXY, HTTPS_PROXY: PROXY, NO_PROXY: 'web' };

function withClient(cloud: Cloud): Cloud {
  return withPod(cloud, 'cli', VARIABLES);
}

export const httpProxy: Scenario = {
  name: 'http-proxy',
  variations: [
    cloudVariation('as it is', () => withProxy(withClient(twoNodeCloud()), 'peer'), [
      ...relayed(POD, 'https://example.com/', 'delivered', 'delivered'),
      ...relayed(POD, 'http://example.com/', 'delivered', 'delivered'),
      ...relayed(POD, 'http://example.com:81/', 'delivered', 'refused'),
      ...relayed(POD, 'http://10.224.1.2/', 'delivered', 'delivered'),
      ...relayed(POD, 'http://10.9.9.9/', 'delivered', 'dropped-by-route'),
      // Past the proxy: an entry that matches, and what is no URL.
      tcp(POD, 'http://web/', 'delivered'),
      tcp(POD, 'vm/peer', 'delivered', 8080),
    ]),
    cloudVariation(
      'a proxy behind a proxy',
      () =>
        withProxy(
          withProxy(withPod(twoNodeCloud(), 'cli', { HTTPS_PROXY: 'http://10.224.1.2:8080' }), 'peer'),
          'neighbour',
          { mode: { kind: 'upstream', scheme: 'http', host: '10.225.0.4', port: 8080 } },
        ),
      relayed(POD, 'https://example.com/', 'delivered', 'delivered', 'delivered'),
    ),
    cloudVariation('nothing listens at the proxy', () => withClient(twoNodeCloud()), [
      ...relayed(POD, 'https://example.com/', 'refused'),
      tcp(POD, 'http://web/', 'delivered'),
    ]),
  ],
};
