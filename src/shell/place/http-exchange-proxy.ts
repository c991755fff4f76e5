/** Who is behind a connection that a proxy took. */
import { placeOf } from './http-exchange-reach.ts';
import type { Connected } from './http-exchange.ts';
import { viewFrom, type NetworkView } from './network-view.ts';
import type { ProxyConnection } from './proxy-connection.ts';
import { RelayingProxy, type NextProxy } from './relaying-proxy.ts';

/** Returns the conversation with the proxy that took the connection; null if what took it is none. */
export function proxyConnection(
  view: NetworkView,
  made: Connected,
  nextConnection?: () => number,
): ProxyConnection | null {
  const { proxy } = made.server;
  if (proxy === null) return null;
  const place = placeOf(view, made.server.label);
  const own = place === null ? null : viewFrom(made.cloud, place, nextConnection);
  if (own === null || !own.ok) return null;
  const next: NextProxy = (from, further) => proxyConnection(from, further, nextConnection);
  return new RelayingProxy(made, proxy, own.value, place, next);
}
