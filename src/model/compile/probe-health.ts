/**
 * Which instances pass a health probe. A probe is a flow like any other: from 168.63.129.16 to the
 * instance, through the security groups and whatever serves the port there. A TCP probe asks for the
 * handshake, an HTTP probe for status 200
 * (https://learn.microsoft.com/azure/load-balancer/load-balancer-custom-probe-overview). Nobody waits
 * here for the interval: what is asked is what the probe settles on.
 */
import type { LoadBalancerProbe } from '../azure/resources.ts';
import type { Address } from '../ip/address.ts';
import { statusOf } from '../http-service.ts';
import { addressKey, formatAddress } from '../ip/address.ts';
import type { Listener, Network } from '../network/network.ts';
import { findReceiver } from '../trace/forwarding.ts';
import type { Trace } from '../trace/trace.ts';
import { trace } from '../trace/walk.ts';
import type { InboundRule, PoolMember } from './load-balancers.ts';
import { platformId } from './platform.ts';
import { WIRE_SERVER } from './service-tags.ts';

export interface MemberHealth {
  readonly state: 'healthy' | 'unhealthy' | 'unknown';
  /** What the probe meets, as a clause. */
  readonly why: string;
}

const HTTP_OK = 200;

/** Asks probes over a network that may still be under construction, and each of them once. */
export class HealthProbes {
  #network: Network | null = null;
  readonly #known = new Map<string, MemberHealth | 'being asked'>();

  /** The network that the probes cross: known only when the load balancers are in it. */
  cross(network: Network): void {
    this.#network = network;
  }

  healthOf(
    { probe, proxyHeader }: Pick<InboundRule, 'probe' | 'proxyHeader'>,
    member: PoolMember,
  ): MemberHealth {
    if (probe === null) return { state: 'healthy', why: 'the rule has no probe, so it counts as healthy' };
    const key = `${probe.id} ${proxyHeader} ${addressKey(member.address)}`;
    const known = this.#known.get(key);
    if (known === 'being asked') {
      return { state: 'unknown', why: `probe ${probe.name} goes through the load balancer that asks it` };
    }
    if (known !== undefined) return known;
    if (this.#network === null) throw new Error('a probe before there is a network');
    this.#known.set(key, 'being asked');
    const health = ask(this.#network, probe, proxyHeader, member);
    this.#known.set(key, health);
    return health;
  }
}

function ask(
  network: Network,
  probe: LoadBalancerProbe,
  proxyHeader: InboundRule['proxyHeader'],
  member: PoolMember,
): MemberHealth {
  const traced = probeTrace(network, probe, member.port.subnet.network.name, member.address);
  const what = `probe ${probe.name} (${probe.protocol.toUpperCase()} port ${probe.port}${probe.requestPath === null ? '' : ` ${probe.requestPath}`})`;
  const said = (state: MemberHealth['state'], why: string): MemberHealth => ({
    state,
    why: `${what} ${why}`,
  });
  if (traced.disposition === 'undetermined') return said('unknown', `is undetermined: ${traced.reason}`);
  if (traced.disposition !== 'delivered') return said('unhealthy', `fails: ${traced.reason}`);
  if (probe.protocol === 'Tcp') return said('healthy', 'succeeds: the connection is accepted');
  return answered(listenerOf(network, traced), probe, proxyHeader, said);
}

/** What an HTTP probe makes of the server that took the connection. */
function answered(
  listener: Listener | null,
  probe: LoadBalancerProbe,
  proxyHeader: InboundRule['proxyHeader'],
  said: (state: MemberHealth['state'], why: string) => MemberHealth,
): MemberHealth {
  const program = listener?.program ?? 'the server';
  if (listener?.assumed === true) return said('healthy', `is assumed to succeed: it reaches ${program}`);
  const http = listener?.http;
  if (http === undefined) return said('unknown', `reaches ${program}, and what it answers is not simulated`);
  if (probe.protocol === 'Https' && http.transport !== 'tls') {
    return said('unhealthy', `fails: ${program} speaks HTTP on that port, not TLS`);
  }
  if (proxyHeader === 'version-2' && http.proxyProtocol === 'unknown-to-it') {
    return said(
      'unhealthy',
      `fails: ${program} does not understand the PROXY protocol header before the request`,
    );
  }
  if (proxyHeader === 'none' && http.proxyProtocol === 'required') {
    return said('unhealthy', `fails: ${program} refuses a request without a PROXY protocol header`);
  }
  const path = probe.requestPath ?? '/';
  const status = statusOf(http, path, probe.protocol === 'Https' ? 'tls' : 'plain');
  return status === HTTP_OK
    ? said('healthy', `succeeds: ${program} answers GET ${path} with ${status}`)
    : said('unhealthy', `fails: ${program} answers GET ${path} with ${status}, and only ${HTTP_OK} will do`);
}

/** Returns the trace of a probe to an address in a VNet. */
export function probeTrace(
  network: Network,
  probe: Pick<LoadBalancerProbe, 'port'>,
  vnet: string,
  to: Address,
): Trace {
  return trace(network, {
    from: platformId(vnet),
    protocol: 'tcp',
    source: { address: WIRE_SERVER, port: null },
    destination: { address: to, port: probe.port },
  });
}

function listenerOf(network: Network, traced: Trace): Listener | null {
  const last = traced.hops.at(-1);
  const host = last === undefined ? undefined : network.hosts.get(last.place);
  const header = last?.steps.at(-1)?.after;
  if (host === undefined || header === undefined) return null;
  const receiver = findReceiver(host, header);
  if (receiver === 'kernel')
    throw new Error(`${formatAddress(header.destination.address)} took a probe in its kernel`);
  return receiver;
}
