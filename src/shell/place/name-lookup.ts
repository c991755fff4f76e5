/** Names as a place resolves them, if its DNS server can be reached at all. */
import { ask } from '../../model/compile/ask.ts';
import { dnsServersOf } from '../../model/compile/dns-servers.ts';
import { dnsProblem, networkOf, resolveName } from '../../model/compile/names.ts';
import { formatAddress, parseAddress } from '../../model/ip/address.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { NetworkView } from './network-view.ts';

/** What machines in a VNet ask unless told otherwise. */
export const AZURE_DNS = '168.63.129.16';

/** The resolver on a machine of the internet (systemd-resolved); whom it asks is no part of the simulation. */
export const STUB_RESOLVER = '127.0.0.53';

export interface Answered {
  /** The full name that answered. */
  readonly name: string;
  readonly addresses: readonly string[];
}

export type LookupProblem =
  | { readonly kind: 'no-such-name' }
  /** The server answers that those it asks itself do not answer it, because of this. */
  | { readonly kind: 'server-failure'; readonly reason: string }
  /** The server does not answer, because of this. */
  | { readonly kind: 'no-server'; readonly reason: string };

/** Returns the DNS servers in the place's resolv.conf. */
export function nameServers(view: NetworkView): readonly string[] {
  const { place } = view;
  if (isOnInternet(view)) return [STUB_RESOLVER];
  const own = dnsServersOf(networkOf(view.directory, place));
  if (place.kind !== 'pod') return own;
  const { dnsPolicy, hostNetwork } = place.pod.spec;
  const isNodes =
    dnsPolicy === 'Default' || (hostNetwork === true && dnsPolicy !== 'ClusterFirstWithHostNet');
  return isNodes ? own : [place.cluster.cluster.networkProfile.dnsServiceIp];
}

/** Returns the DNS server that answers the place; the first where none does. */
export function nameServer(view: NetworkView): string {
  const all = nameServers(view);
  const [first = AZURE_DNS] = all;
  return all.length < 2 ? first : (all.find((each) => reachServer(view, each) === null) ?? first);
}

/** Looks a name up at the place's own server, or at another one. */
export function lookUp(view: NetworkView, name: string, named?: string): Result<Answered, LookupProblem> {
  if (parseAddress(name).ok) return ok({ name, addresses: [name] });
  if (name === 'localhost') return ok({ name, addresses: ['127.0.0.1'] });
  const server = reachServer(view, named ?? nameServer(view));
  if (server !== null) return err({ kind: 'no-server', reason: server });
  const found = resolveName(view.directory, view.place, name, named);
  if (!found.ok) {
    const reason = dnsProblem(view.directory, view.place, named);
    return err(reason === null ? { kind: 'no-such-name' } : { kind: 'server-failure', reason });
  }
  if (found.value.addresses.length === 0) return err({ kind: 'no-such-name' });
  return ok({ name: found.value.name, addresses: found.value.addresses.map(formatAddress) });
}

function isOnInternet({ place }: NetworkView): boolean {
  return place.kind === 'outside' && place.outside.kind === 'internet';
}

/** Why a DNS server does not answer this place; null if it does. */
export function reachServer(view: NetworkView, server: string): string | null {
  if (server === STUB_RESOLVER && isOnInternet(view)) return null;
  const answer = ask(view.cloud, { from: view.end, to: server, protocol: 'udp', port: 53 });
  if (!answer.ok) return answer.error.message;
  const { disposition, reason } = answer.value.trace;
  return disposition === 'delivered' ? null : reason;
}
