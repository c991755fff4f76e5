/** The internet: a router that knows every public address of the simulation, and the hosts on it. */
import { PUBLIC } from '../azure/datacenter-addresses.ts';
import { admittedByApiServer } from '../aks/authorized-ranges.ts';
import type { Cloud, OutsideHost } from '../cloud.ts';
import { addressKey, formatAddress } from '../ip/address.ts';
import type { Address, AddressKey } from '../ip/address.ts';
import { setToPrefixes } from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import { hostPrefix, prefix } from '../ip/prefix.ts';
import type {
  FilterChain,
  HostId,
  Interface,
  InterfaceName,
  Listener,
  Route,
  SegmentId,
} from '../network/network.ts';
import type { Report } from './diagnostics.ts';
import { addCable, gatewayInterface, host, hostAddress, mainTable, OUTSIDE_MAC } from './draft.ts';
import type { Draft } from './draft.ts';
import type { ClusterPart } from './inventory.ts';
import type { ParsedText } from './parsed-text.ts';

export const INTERNET: HostId = 'edge/internet';

const EVERYWHERE = prefix('0.0.0.0/0');
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

/** Returns the default route of a host on the internet. The internet's router knows no private address. */
export function internetRoute(interfaceName: InterfaceName): Route {
  return {
    prefix: EVERYWHERE,
    target: { kind: 'connected', interface: interfaceName, towards: 'the internet' },
    metric: 0,
    preferredSource: null,
    by: 'route to the internet',
  };
}

const SSH_PORT = 22;

export function outsideListeners(ports: readonly number[]): readonly Listener[] {
  return ports.map((port) => ({
    protocol: 'tcp',
    port,
    address: null,
    program: port === SSH_PORT ? 'sshd' : 'web server',
  }));
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
  cloud: Cloud,
  clusters: readonly ClusterPart[],
  text: ParsedText,
): void {
  for (const { cluster, state } of clusters) {
    const { address, port } = state.controlPlane.apiServer;
    const own = text.address(address);
    if (own === null) continue;
    const listener: Listener = { protocol: 'tcp', port, address: null, program: 'kube-apiserver' };
    const admitted = admittedByApiServer(cloud, cluster);
    addServer(
      draft,
      internet,
      `host/${cluster.fqdn}`,
      own,
      [listener],
      admitted === null ? [] : [authorizedOnly(cluster.name, admitted)],
    );
  }
}

function authorizedOnly(cluster: string, admitted: AddressSet): FilterChain {
  return {
    by: `authorized IP ranges of cluster ${cluster}`,
    hook: 'input',
    interface: null,
    rules: [
      {
        match: { source: admitted },
        verdict: { kind: 'accept' },
        by: `authorized IP ranges of cluster ${cluster}`,
      },
    ],
    otherwise: {
      kind: 'drop',
      disposition: 'denied-inbound',
      why: 'the source address is not among them, nor one that AKS itself gave the cluster to leave by',
    },
  };
}

function addServer(
  draft: Draft,
  internet: InternetDraft,
  id: HostId,
  address: Address,
  listeners: readonly Listener[],
  chains: readonly FilterChain[] = [],
): void {
  const segment = plugIn(draft, internet, id, 'eth0', [address]);
  draft.hosts.set(
    id,
    host(id, 'outside', 'off', {
      interfaces: [
        { name: 'eth0', mac: OUTSIDE_MAC, segment, addresses: [hostAddress(address)], proxyArp: false },
      ],
      tables: mainTable([{ ...internetRoute('eth0'), preferredSource: address }]),
      listeners,
      chains,
    }),
  );
}

/** Adds the router itself, after everyone has plugged in. */
export function addInternet(draft: Draft, internet: InternetDraft): void {
  const unknown: Route[] = PUBLIC_PREFIXES.map((each) => ({
    prefix: each,
    target: {
      kind: 'undetermined',
      reason: 'the packet is on the internet, where no simulated host has its destination address',
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
