/**
 * What becomes of an https request that a node sends by way of its HTTP proxy, at the level of resources: the way to
 * the proxy and back, whether one listens there, what it makes of the request, its own way out, and the certificates
 * that the node gets to see. Followed are proxies on virtual machines of the node's VNet and of its peers; of any
 * other address nobody here knows what it does.
 */
import type { NetworkInterface, VirtualMachine } from '../azure/resources.ts';
import { getResource, listResources } from '../azure/resource-store.ts';
import { subnetAllocations } from '../azure/subnet-addresses.ts';
import { findSubnet } from '../azure/subnet.ts';
import { PUBLIC } from '../azure/datacenter-addresses.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { parsePem } from '../certificates/pem.ts';
import { serverCertificates } from '../certificates/public-authority.ts';
import type { Cloud } from '../cloud.ts';
import { setContains } from '../ip/address-set.ts';
import { formatAddress, parseAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { findInternetHost } from '../outside-host.ts';
import type { ForwardProxy } from '../proxy/forward-proxy.ts';
import type { ProxyAddress } from '../proxy/environment.ts';
import { leafChain } from '../proxy/mitmproxy-authority.ts';
import { relayOf } from '../proxy/relay.ts';
import type { Relay, ShownCertificate } from '../proxy/relay.ts';
import { machineWayOut } from './machine-way-out.ts';
import { networkEnd } from './network-end.ts';
import type { NetworkEnd } from './network-end.ts';
import { whyNoNames } from './node-dns.ts';
import { interfaceAt, knowsSites, networkHolding, privateWay } from './private-way.ts';

/** Certificates of servers and proxies are made anew no more often than this. */
const DAY_SECONDS = 86_400;

/** What comes through the tunnel once TLS stands. */
export type InsideTunnel =
  | { readonly kind: 'server' }
  /** The proxy answers instead of the server. */
  | { readonly kind: 'answers'; readonly status: number; readonly reason: string; readonly why: string }
  | { readonly kind: 'closes'; readonly why: string };

/** `why` is a clause that names what decided. */
export type ProxyAnswer =
  | { readonly kind: 'unknown'; readonly why: string }
  /** There is no connection to the proxy. `address` is null for a name that does not resolve. */
  | {
      readonly kind: 'unreachable';
      readonly how: 'timeout' | 'refused' | 'no-such-host';
      readonly address: string | null;
      readonly why: string;
    }
  /** CONNECT is answered with something else than success, by an option of the proxy or as it does not get out. */
  | {
      readonly kind: 'refuses';
      readonly by: 'option' | 'upstream';
      readonly status: number;
      readonly reason: string;
      readonly why: string;
    }
  /** The connection ends without an answer to CONNECT. */
  | { readonly kind: 'closes'; readonly by: string; readonly why: string }
  | {
      readonly kind: 'passes';
      /** Whether the proxy reads what is inside the tunnel. */
      readonly isRead: boolean;
      /** What the client sees instead of the server's own certificates, or these; the server's own comes first. */
      readonly chain: readonly Certificate[];
      readonly inside: InsideTunnel;
    };

export interface ProxyQuestion {
  /** The node, or one that may come. */
  readonly from: NetworkEnd;
  readonly proxy: ProxyAddress;
  readonly host: string;
  readonly port: number;
  /** As the client asks inside the tunnel. */
  readonly request: { readonly method: 'GET' | 'HEAD'; readonly path: string };
}

/** Returns what a node gets. The proxy's own certificate, where TLS is spoken to it, is another question. */
export function askThroughProxy(cloud: Cloud, question: ProxyQuestion): ProxyAnswer {
  const found = findProxy(cloud, question.from, question.proxy);
  return 'answer' in found ? found.answer : askProxy(cloud, question, found);
}

/** A machine on which a forward proxy listens. */
export interface FoundProxy {
  readonly machine: VirtualMachine;
  readonly nic: NetworkInterface;
  readonly end: NetworkEnd;
  readonly listens: ForwardProxy;
}

export type Answered = { readonly answer: ProxyAnswer };

/** Returns the proxy that a node connects to, or what it gets instead of a connection. */
export function findProxy(cloud: Cloud, from: NetworkEnd, proxy: ProxyAddress): FoundProxy | Answered {
  const at = addressOf(cloud, from, proxy.host);
  if ('answer' in at) return at;
  const text = formatAddress(at.address);
  const where = `${text}:${proxy.port}`;
  const lost = (why: string): Answered => ({
    answer: { kind: 'unreachable', how: 'timeout', address: text, why },
  });
  const unknown = (why: string): Answered => ({ answer: { kind: 'unknown', why } });
  if (text.startsWith('127.')) {
    const why = `${text} is each node itself, and nothing listens on its port ${proxy.port}`;
    return { answer: { kind: 'unreachable', how: 'refused', address: text, why } };
  }
  const network = networkHolding(cloud, from.virtualNetwork, at.address);
  if (network === null) {
    if (setContains(PUBLIC, at.address) || knowsSites(cloud, from.virtualNetwork)) {
      return unknown(
        `${text} is outside the VNets that nodes reach, and what listens there is not simulated`,
      );
    }
    return lost(
      `${text} is neither in VNet ${from.virtualNetwork.name} nor in one that is peered with it and Connected`,
    );
  }
  const held = interfaceAt(cloud, network, text);
  if (held === null) {
    const isHeld = network.subnets.some((subnet) =>
      subnetAllocations(cloud, subnet.id).some((each) => each.address === text),
    );
    return isHeld
      ? unknown(`${text} is the address of no virtual machine`)
      : lost(`nothing in VNet ${network.name} has the address ${text}`);
  }
  const place = findSubnet(cloud, held.configuration.subnet.id);
  const machine =
    held.nic.virtualMachine === null
      ? null
      : getResource(cloud, held.nic.virtualMachine.id, 'Microsoft.Compute/virtualMachines');
  if (place === null || machine === null) return lost(`network interface ${held.nic.name} has no machine`);
  const end = networkEnd(cloud, place, at.address, held.nic.networkSecurityGroup);
  const way = privateWay(cloud, from, end, proxy.port);
  if (way.kind === 'lost') return lost(way.why);
  if (way.kind === 'unknown') return unknown(way.why);
  if (machine.powerState !== 'VM running')
    return lost(`${machine.name} is not running (${machine.powerState})`);
  if (machine.simulation.programs === 'assumed') {
    return unknown(`what listens on ${machine.name} is not known`);
  }
  const onPort = machine.simulation.listeners.filter(
    (each) => each.protocol === 'tcp' && each.port === proxy.port,
  );
  const listener = onPort.find((each) => each.address === undefined || each.address === text);
  if (listener === undefined) {
    const [other] = onPort;
    const why =
      other === undefined
        ? `nothing listens on port ${proxy.port} of ${machine.name}`
        : `${other.program} of ${machine.name} listens on ${other.address ?? ''}:${proxy.port} only`;
    return { answer: { kind: 'unreachable', how: 'refused', address: text, why } };
  }
  if (listener.proxy === undefined) {
    return unknown(`${listener.program} listens on ${where}, which is simulated as no proxy`);
  }
  return { machine, nic: held.nic, end, listens: listener.proxy };
}

/** Azure's DNS knows the machines of a VNet by their names; the rest is public, or nobody's. */
function addressOf(cloud: Cloud, from: NetworkEnd, host: string): { readonly address: Address } | Answered {
  // A node has it in /etc/hosts.
  const literal = parseAddress(host.toLowerCase() === 'localhost' ? '127.0.0.1' : host);
  if (literal.ok) return { address: literal.value };
  const nameless = (why: string): Answered => ({
    answer: { kind: 'unreachable', how: 'no-such-host', address: null, why },
  });
  const silent = whyNoNames(cloud, from, host);
  if (silent !== null) return nameless(silent);
  const short = host.toLowerCase().replace(/\.internal\.cloudapp\.net$/, '');
  const known = from.virtualNetwork.dhcpOptions.dnsServers.length === 0;
  const own = known ? machineNamed(cloud, from, short) : null;
  if (own !== null) return { address: own };
  const outside = findInternetHost(cloud, host.toLowerCase());
  const address = outside === null ? null : parseAddress(outside.address);
  if (address?.ok === true) return { address: address.value };
  return known
    ? nameless(`nobody has the name ${host}`)
    : { answer: { kind: 'unknown', why: `what the VNet's DNS servers say of ${host} is not known` } };
}

function machineNamed(cloud: Cloud, { virtualNetwork }: NetworkEnd, name: string): Address | null {
  for (const machine of listResources(cloud, 'Microsoft.Compute/virtualMachines')) {
    if (machine.osProfile.computerName.toLowerCase() !== name) continue;
    const [first] = machine.networkProfile.networkInterfaces;
    const nic =
      first === undefined ? null : getResource(cloud, first.id, 'Microsoft.Network/networkInterfaces');
    const configuration = nic?.ipConfigurations[0];
    if (configuration === undefined) continue;
    if (!configuration.subnet.id.toLowerCase().startsWith(`${virtualNetwork.id.toLowerCase()}/`)) continue;
    const address = parseAddress(configuration.privateIPAddress);
    if (address.ok) return address.value;
  }
  return null;
}

function askProxy(cloud: Cloud, question: ProxyQuestion, found: FoundProxy): ProxyAnswer {
  const { host, port, request, from } = question;
  const name = `${found.listens.program} on ${found.machine.name}`;
  const relay = relayOf(found.listens, formatAddress(from.address), {
    method: 'CONNECT',
    host,
    port,
    path: request.path,
    innerMethod: request.method,
  });
  if (relay.kind === 'undetermined') return { kind: 'unknown', why: `${name}: ${relay.reason}` };
  if (relay.kind !== 'passes' && relay.over === 'connection') {
    return relay.kind === 'closes'
      ? { kind: 'closes', by: relay.by, why: `${name} closes the connection: ${relay.why}` }
      : {
          kind: 'refuses',
          by: 'option',
          status: relay.status,
          reason: relay.reason,
          why: `${name} answers so because of ${relay.by}`,
        };
  }
  if (found.listens.mode.kind === 'upstream') {
    const { host: next, port: at } = found.listens.mode;
    return { kind: 'unknown', why: `${name} hands requests to ${next}:${at}, which is not followed here` };
  }
  const known = findInternetHost(cloud, host);
  const target = known === null ? null : parseAddress(known.address);
  const out = machineWayOut(cloud, found.end, found.nic, {
    host,
    address: target?.ok === true ? target.value : null,
    port,
  });
  if (out.kind === 'unknown') return { kind: 'unknown', why: `how ${name} gets out is not followed here` };
  if (out.kind === 'none' || known?.ports.includes(port) === false) {
    const why = out.kind === 'none' ? out.why : `${known?.name ?? host} refuses port ${port}`;
    return {
      kind: 'refuses',
      by: 'upstream',
      status: 502,
      reason: 'Bad Gateway',
      why: `${name} does not get out: ${why}`,
    };
  }
  return {
    kind: 'passes',
    isRead: relay.kind !== 'passes' || relay.reads === 'all',
    chain: chainOf(cloud, found.listens, host, relay),
    inside: insideOf(name, relay),
  };
}

function insideOf(name: string, relay: Exclude<Relay, { kind: 'undetermined' }>): InsideTunnel {
  switch (relay.kind) {
    case 'passes':
      return { kind: 'server' };
    case 'answers':
      return {
        kind: 'answers',
        status: relay.status,
        reason: relay.reason,
        why: `${name} answers so because of ${relay.by}`,
      };
    case 'closes':
      return { kind: 'closes', why: `${name} closes the connection: ${relay.why}` };
  }
}

function chainOf(
  cloud: Cloud,
  proxy: ForwardProxy,
  host: string,
  { shows }: Exclude<Relay, { kind: 'undetermined' }>,
): readonly Certificate[] {
  const at = dayOf(cloud);
  const own = serverCertificates(host, at);
  return shows === null ? own : shownChain(proxy, shows, own[0], at);
}

/** Returns what a client sees that speaks TLS with a proxy itself, whose address names `host`. */
export function proxyOwnChain(cloud: Cloud, { from, proxy }: ProxyQuestion): readonly Certificate[] | null {
  const found = findProxy(cloud, from, proxy);
  if ('answer' in found) return null;
  const at = dayOf(cloud);
  return shownChain(found.listens, { kind: 'issued', host: proxy.host }, null, at);
}

function shownChain(
  proxy: ForwardProxy,
  shows: ShownCertificate,
  upstream: Certificate | null,
  at: number,
): readonly Certificate[] {
  if (shows.kind === 'own') {
    const read = parsePem(shows.pem);
    return read.ok ? read.value : [];
  }
  const chain = leafChain(proxy, { host: shows.host, upstream, at });
  return chain.ok ? chain.value : [];
}

function dayOf({ now }: Cloud): number {
  return Math.floor(now / DAY_SECONDS) * DAY_SECONDS;
}
