/** Which requests bypass the proxy: NO_PROXY, of which every client has its own idea. */
import type { ProxyClient } from './clients.ts';
import { curlNoProxy, oldCurlNoProxy } from './no-proxy-curl.ts';
import { goNoProxy } from './no-proxy-go.ts';
import { requestsNoProxy, urllibNoProxy } from './no-proxy-python.ts';
import type { NoProxyVerdict } from './no-proxy-verdict.ts';
import { busyboxNoProxy, wgetNoProxy } from './no-proxy-wget.ts';
import type { ProxyTarget } from './target.ts';

export type { NoProxyDecision, NoProxyEntry, NoProxyVerdict } from './no-proxy-verdict.ts';

/**
 * Returns whether `client` asks its proxy for `target` under the NO_PROXY text `list`, which entry decided, and for
 * each entry why it does or does not match. Whether there is a proxy at all is `chooseProxy`'s question.
 *
 * The host of the target is ASCII (a name in other letters as `xn--...`), as every client has it when it compares.
 */
export function matchNoProxy(client: ProxyClient, list: string, target: ProxyTarget): NoProxyVerdict {
  switch (client) {
    case 'go':
      return goNoProxy(list, target);
    case 'curl':
      return curlNoProxy(list, target);
    case 'curl-7.81':
      return oldCurlNoProxy(list, target);
    case 'python-urllib':
      return urllibNoProxy(list, target);
    case 'python-requests':
      return requestsNoProxy(list, target);
    case 'wget':
      return wgetNoProxy(list, target);
    case 'busybox-wget':
      return busyboxNoProxy(list);
    case 'node-fetch':
      return {
        via: 'direct',
        decided: { kind: 'rule', rule: 'fetch of Node.js reads no proxy variables' },
        entries: [],
      };
  }
}
