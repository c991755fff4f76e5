/** How far a program's connections get, and through whose ports, on the network as it is without load. */
import type { Compiled } from '../compile/compile.ts';
import { directoryOf } from '../compile/directory.ts';
import type { Place } from '../compile/directory.ts';
import { requestFor, resolveTarget } from '../compile/ends.ts';
import { proxyAnswer } from '../compile/firewall-proxy.ts';
import { formatAddress } from '../ip/address.ts';
import type { LoadUrl } from '../kubernetes/load-program.ts';
import type { HostId } from '../network/network.ts';
import type { WayOut } from '../snat/load.ts';
import { roundTripMilliseconds } from '../trace/round-trip.ts';
import type { Trace } from '../trace/trace.ts';
import { trace } from '../trace/walk.ts';
import type { Reach } from './connection-load.ts';
import { translationOf } from './way-out.ts';

export interface Reached {
  readonly reach: Reach;
  /** Null where no ports are taken. */
  readonly way: WayOut | null;
  readonly trace: Trace;
}

/** Any: all connections of a load are taken to go the way of the first. */
const FIRST_SOURCE_PORT = 40_000;
const MILLISECONDS = 1000;

const reached = new WeakMap<Compiled, Map<string, Reached | null>>();

/**
 * Returns how connections from a host to a URL fare; null if its name leads nowhere, or nobody knows. The
 * network is the one without load, so that what is lent out does not decide who lends.
 */
export function reachOf(unloaded: Compiled, from: Place, url: LoadUrl): Reached | null {
  const { host } = from;
  if (host === null) return null;
  let known = reached.get(unloaded);
  if (known === undefined) reached.set(unloaded, (known = new Map<string, Reached | null>()));
  const key = `${from.label} ${url.scheme}://${url.host}:${url.port}`;
  let found = known.get(key);
  if (found === undefined) {
    found = follow(unloaded, from, host, url);
    known.set(key, found);
  }
  return found;
}

function follow(unloaded: Compiled, from: Place, host: HostId, url: LoadUrl): Reached | null {
  const directory = directoryOf(unloaded);
  const target = resolveTarget(directory, `${url.scheme}://${url.host}:${url.port}`, from);
  if (!target.ok) return null;
  const traced = trace(unloaded.network, {
    from: host,
    protocol: 'tcp',
    source: { address: null, port: FIRST_SOURCE_PORT },
    destination: { address: target.value.address, port: url.port },
    request: requestFor(url.scheme, url.host),
  });
  const outcome = outcomeOf(unloaded, traced, url);
  if (outcome === null) return null;
  const translation = translationOf(unloaded, traced);
  const { address, port } = translation?.before.destination ?? {
    address: target.value.address,
    port: url.port,
  };
  return {
    trace: traced,
    way: translation?.way ?? null,
    reach: {
      outcome,
      roundTripSeconds: roundTripMilliseconds(traced) / MILLISECONDS,
      destination: { address: formatAddress(address), port: port ?? url.port },
    },
  };
}

/** What a program sees; null where the simulation cannot tell. */
function outcomeOf(unloaded: Compiled, traced: Trace, { scheme }: LoadUrl): Reach['outcome'] | null {
  // The proxy of a firewall answers HTTP that it denies, and resets TLS.
  if (proxyAnswer(unloaded, traced) !== null) return scheme === 'http' ? 'answered' : 'refused';
  switch (traced.disposition) {
    case 'delivered':
      return 'answered';
    case 'refused':
      return 'refused';
    case 'undetermined':
      return null;
    case 'asymmetric':
    case 'denied-inbound':
    case 'denied-outbound':
    case 'dropped-by-route':
    case 'loop':
    case 'next-hop-unreachable':
    case 'no-outbound-path':
    case 'no-route':
    case 'snat-exhausted':
      return 'unanswered';
  }
}
