/** The internet: a router that knows every public address of the simulation, and the hosts on it. */
import type { OutsideHost } from '../cloud.ts';
import { addressKey, formatAddress } from '../ip/address.ts';
import type { Address, AddressKey } from '../ip/address.ts';
import { setToPrefixes } from '../ip/address-set.ts';
import { hostPrefix } from '../ip/prefix.ts';
import type { HostId, Interface, InterfaceName, Listener, Route, SegmentId } from '../network/network.ts';
import type { Report } from './diagnostics.ts';
import { addCable, gatewayInterface, host, hostAddress, mainTable, NO_MAC } from './draft.ts';
import type { Draft } from './draft.ts';
import type { ClusterPart } from './inventory.ts';
import type { ParsedText } from './parsed-text.ts';
import { PUBLIC } from './service-tags.ts';

export const INTERNET: HostId = 'edge/internet';

const PUBLIC_PREFIXES = setToPrefixes(PUBLIC);

/** The router's interfaces and what they lead to, collected while its neighbours are built. */
export interface InternetDraft {
  readonly interfaces: Interface[];
  readonly attached: Map<AddressKey, InterfaceName>;
  readonly addresses: Address[];
}

export function newInternet(): InternetDraft {
  return { interfaces: [], attached: new Map(), addresses: [] };
}

/** Plugs an interface of `peer` into the internet, where it owns `addresses`; returns the segment. */
export function plugIn(
  draft: Draft,
  internet: InternetDraft,
  peer: HostId,
  interfaceName: InterfaceName,
  addresses: readonly Address[],
): SegmentId {
  const segment = addCable(
    draft,
    `${INTERNET}/${peer}`,
    { host: INTERNET, interface: peer },
    { host: peer, interface: interfaceName },
  );
  internet.interfaces.push(gatewayInterface(peer, segment));
  for (const address of addresses) {
    internet.attached.set(addressKey(address), peer);
    internet.addresses.push(address);
  }
  return segment;
}

/** Returns routes to all public space through one interface; private addresses have no route, as on the internet. */
export function publicRoutes(interfaceName: InterfaceName): Route[] {
  return PUBLIC_PREFIXES.map((each) => ({
    prefix: each,
    target: { kind: 'connected', interface: interfaceName },
    metric: 0,
    preferredSource: null,
    by: 'route to the public internet',
  }));
}

export function outsideListeners(ports: readonly number[]): readonly Listener[] {
  return ports.map((port) => ({ protocol: 'tcp', port, address: null, program: 'web server' }));
}

/** Adds the hosts of the internet. Their answer goes to the address they see; they know no private ones. */
export function addInternetHosts(
  draft: Draft,
  internet: InternetDraft,
  hosts: readonly OutsideHost[],
  text: ParsedText,
  report: Report,
): void {
  for (const each of hosts) {
    if (each.kind !== 'internet') continue;
    const address = text.address(each.address);
    if (address === null)
      report(`host ${each.name}`, `has the address ${each.address}, which cannot be read`);
    else addServer(draft, internet, `host/${each.name}`, address, outsideListeners(each.ports));
  }
}

/** Adds the public API server of each cluster, where the Service `default/kubernetes` leads. */
export function addApiServers(
  draft: Draft,
  internet: InternetDraft,
  clusters: readonly ClusterPart[],
  text: ParsedText,
): void {
  for (const { cluster, state } of clusters) {
    const { address, port } = state.controlPlane.apiServer;
    const own = text.address(address);
    if (own === null) continue;
    const listener: Listener = { protocol: 'tcp', port, address: null, program: 'kube-apiserver' };
    addServer(draft, internet, `host/${cluster.fqdn}`, own, [listener]);
  }
}

function addServer(
  draft: Draft,
  internet: InternetDraft,
  id: HostId,
  address: Address,
  listeners: readonly Listener[],
): void {
  const segment = plugIn(draft, internet, id, 'eth0', [address]);
  draft.hosts.set(
    id,
    host(id, 'outside', 'off', {
      interfaces: [
        { name: 'eth0', mac: NO_MAC, segment, addresses: [hostAddress(address)], proxyArp: false },
      ],
      tables: mainTable(publicRoutes('eth0').map((route) => ({ ...route, preferredSource: address }))),
      listeners,
    }),
  );
}

/** Adds the router itself, after everyone has plugged in. */
export function addInternet(draft: Draft, internet: InternetDraft): void {
  const unknown: Route[] = PUBLIC_PREFIXES.map((each) => ({
    prefix: each,
    target: {
      kind: 'undetermined',
      reason: 'the packet left Azure for a public address that no simulated host has',
    },
    metric: 0,
    preferredSource: null,
    by: 'the rest of the internet',
  }));
  const known: Route[] = internet.addresses.map((address) => ({
    prefix: hostPrefix(address),
    target: { kind: 'attached' },
    metric: 0,
    preferredSource: null,
    by: `internet route to ${formatAddress(address)}`,
  }));
  draft.hosts.set(
    INTERNET,
    host(INTERNET, 'edge', 'on', {
      timeToLive: 'kept',
      interfaces: internet.interfaces,
      attached: internet.attached,
      tables: mainTable([...known, ...unknown]),
    }),
  );
}
