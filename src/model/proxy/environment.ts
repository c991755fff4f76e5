/** Which proxy a client takes from its environment: names of variables and their order differ as NO_PROXY does. */
import type { ProxyClient } from './clients.ts';
import type { ProxyChoice, ProxyEnvironment } from './environment-choice.ts';
import { curlChoice } from './environment-curl.ts';
import { goChoice } from './environment-go.ts';
import { requestsChoice, urllibChoice } from './environment-python.ts';
import { busyboxChoice, wgetChoice } from './environment-wget.ts';
import { matchNoProxy } from './no-proxy.ts';
import type { ProxyTarget } from './target.ts';

export type { ProxyAddress, ProxyChoice, ProxyEnvironment } from './environment-choice.ts';

/** Every variable that one of the clients reads. AKS sets the first six. */
export const PROXY_VARIABLES = [
  'HTTP_PROXY',
  'http_proxy',
  'HTTPS_PROXY',
  'https_proxy',
  'NO_PROXY',
  'no_proxy',
  'ALL_PROXY',
  'all_proxy',
] as const;

/**
 * Returns where `client` goes for `target` with the variables `env`: to the target itself and why, to a proxy and
 * which variable names it, or the error it gives up with. Variables that no client reads do no harm.
 */
export function chooseProxy(client: ProxyClient, env: ProxyEnvironment, target: ProxyTarget): ProxyChoice {
  switch (client) {
    case 'go':
      return goChoice(env, target);
    case 'curl':
    case 'curl-7.81':
      return curlChoice(client, env, target);
    case 'python-urllib':
      return urllibChoice(env, target);
    case 'python-requests':
      return requestsChoice(env, target);
    case 'wget':
      return wgetChoice(env, target);
    case 'busybox-wget':
      return busyboxChoice(env, target);
    case 'node-fetch':
      return {
        kind: 'direct',
        why: 'fetch of Node.js reads no proxy variables',
        verdict: matchNoProxy(client, '', target),
      };
  }
}
