/**
 * An Azure Firewall as a place that packets pass. It routes by the effective routes of its subnet: what
 * those send to the internet leaves by its own public addresses, or with its private address by the NAT
 * gateway of the subnet; everything else goes back into the VNet.
 *
 * Sources (https://learn.microsoft.com/azure/firewall/snat-private-range, 2024-06-18; for forced tunnelling
 * https://learn.microsoft.com/azure/firewall/forced-tunneling, 2024-03-22): what application rules let
 * through, and what DNAT has translated, always gets an address of the firewall; what network rules let
 * through keeps its source towards private ranges.
 */
import { setOfAddresses } from '../ip/address-set.ts';
import { hostPrefix } from '../ip/prefix.ts';
import { formatAddress } from '../ip/address.ts';
import type {
  FilterChain,
  FilterRule,
  Interface,
  InterfaceName,
  Listener,
  PacketMatch,
  Route,
  TranslationRule,
} from '../network/network.ts';
import type { Disposition } from '../trace/disposition.ts';
import { gatewayInterface, host, hostAddress, mainTable } from './draft.ts';
import type { Draft } from './draft.ts';
import type { EffectiveRoute } from './effective-routes.ts';
import { EDGE_INTERFACE, fabricId } from './fabric-interfaces.ts';
import type { FabricUplink } from './fabric.ts';
import type { FirewallPlan } from './firewall.ts';
import { filterRules, MARK, natRules } from './firewall-rules.ts';
import type { ResolveName } from './firewall-rules.ts';
import { plugIn } from './internet.ts';
import type { InternetDraft } from './internet.ts';
import { WIRE_SERVER } from './service-tags.ts';

const TO_VNET = 'vnet';
const TO_INTERNET = 'internet';
const DNS_PORT = 53;

/** Adds a firewall and returns the fabric's cable to it. `routes` are the effective routes of its subnet. */
export function addFirewall(
  draft: Draft,
  internet: InternetDraft,
  plan: FirewallPlan,
  routes: readonly EffectiveRoute[],
  resolve: ResolveName,
): FabricUplink {
  const { host: id, network, subnet, privateAddress, publicAddresses, configuration } = plan;
  const interfaces: Interface[] = [
    gatewayInterface(TO_VNET, `${fabricId(network)}/${id}`, [hostAddress(privateAddress)]),
  ];
  if (publicAddresses.length > 0) {
    const segment = plugIn(draft, internet, id, TO_INTERNET, publicAddresses);
    interfaces.push(gatewayInterface(TO_INTERNET, segment, publicAddresses.map(hostAddress)));
  }
  const exit = ownExit(plan);
  draft.hosts.set(
    id,
    host(id, 'firewall', 'on', {
      timeToLive: 'kept',
      interfaces,
      tables: mainTable(routesOf(plan, routes, exit ?? TO_VNET)),
      translations: [...natRules(configuration.rules, plan.name, resolve), ...sources(plan)],
      chains: [...comingBack(plan), ...passing(plan, resolve), withPrivateSource(plan), ...taking(plan)],
      listeners: listenersOf(plan),
      handshakesWatchedBy: `firewall ${plan.name}`,
    }),
  );
  return {
    name: id,
    peer: { host: id, interface: TO_VNET },
    owns: [privateAddress],
    routedAs: { subnet, exit: gatewayExit(plan) ?? EDGE_INTERFACE },
    chains: [...withoutWayOut(plan)],
  };
}

/** The fabric's cable to the NAT gateway of its subnet; null where that has no address, or is none. */
function gatewayExit({ gateway }: FirewallPlan): InterfaceName | null {
  return gateway === null || gateway.addresses.length === 0 ? null : gateway.exit;
}

/** The interface by which it leaves for the internet by itself; null behind a NAT gateway, or without a public address. */
function ownExit({ gateway, publicAddresses }: FirewallPlan): InterfaceName | null {
  return gateway === null && publicAddresses.length > 0 ? TO_INTERNET : null;
}

function routesOf(
  { network }: FirewallPlan,
  routes: readonly EffectiveRoute[],
  exit: InterfaceName,
): readonly Route[] {
  const towards = `VNet ${network.name}`;
  const platform: Route = {
    prefix: hostPrefix(WIRE_SERVER),
    target: { kind: 'connected', interface: TO_VNET, towards },
    metric: 0,
    preferredSource: null,
    by: `Azure platform address ${formatAddress(WIRE_SERVER)}, which no route table diverts`,
  };
  const active = routes.filter(({ state }) => state === 'Active');
  return [
    platform,
    ...active.map((each): Route => ({
      prefix: each.prefix,
      target:
        each.nextHopType === 'Internet' && exit === TO_INTERNET
          ? { kind: 'connected', interface: TO_INTERNET, towards: 'the internet' }
          : { kind: 'connected', interface: TO_VNET, towards },
      metric: 0,
      preferredSource: null,
      by: each.label,
    })),
  ];
}

/** Which source a packet leaves with, by what let it through. */
function sources(plan: FirewallPlan): readonly TranslationRule[] {
  const { name, privateAddress, publicAddresses, configuration } = plan;
  const rule = (by: string, match: PacketMatch, action: TranslationRule['action']): TranslationRule => ({
    hook: 'postrouting',
    match,
    action,
    by,
  });
  const { privateRanges } = configuration;
  const kept = rule(
    `firewall ${name} (no source translation: network rules keep it towards private ranges)`,
    { mark: MARK.network, destination: privateRanges },
    { kind: 'none' },
  );
  const unsure = rule(
    `firewall ${name}`,
    { mark: MARK.networkOrApplication, destination: privateRanges },
    {
      kind: 'undetermined',
      reason: `whether a network or an application rule of firewall ${name} lets the packet through is not known, and only the second translates its source towards private ranges`,
    },
  );
  const toVnet = PASSED.map((mark) =>
    rule(
      `firewall ${name} (source translation to its private address: ${WHY[mark]})`,
      { outInterface: TO_VNET, mark },
      { kind: 'source', address: privateAddress },
    ),
  );
  const toInternet =
    publicAddresses.length === 0
      ? []
      : [
          rule(
            `firewall ${name} (source translation to its public address)`,
            { outInterface: TO_INTERNET },
            { kind: 'source-pool', addresses: publicAddresses },
          ),
        ];
  return [kept, unsure, ...toVnet, ...toInternet];
}

const PASSED = [MARK.dnat, MARK.network, MARK.application, MARK.networkOrApplication] as const;

const WHY: Readonly<Record<(typeof PASSED)[number], string>> = {
  dnat: 'a DNAT rule let it in',
  network: 'the destination is in no private range',
  application: 'application rules always translate',
  'application or network': 'the destination is in no private range',
};

/** What left by a public address is answered to that address, and comes back from the internet or not at all. */
function comingBack({ name, publicAddresses }: FirewallPlan): readonly FilterChain[] {
  if (publicAddresses.length === 0) return [];
  return [
    {
      by: `firewall ${name}`,
      hook: 'ingress',
      interface: TO_VNET,
      only: { destination: setOfAddresses(publicAddresses), connection: ['established'] },
      replies: 'checked',
      rules: [],
      otherwise: {
        kind: 'drop',
        disposition: 'asymmetric',
        why: 'the session left by its public address for the internet, and the answer comes from the VNet',
      },
    },
  ];
}

/** What passes: replies of what passed, what DNAT translated, and what a rule allows. */
function passing({ name, configuration }: FirewallPlan, resolve: ResolveName): readonly FilterChain[] {
  const by = `firewall ${name}`;
  const chain = (parts: Pick<FilterChain, 'only' | 'rules' | 'otherwise'>, label = by): FilterChain => ({
    by: label,
    hook: 'forward',
    interface: null,
    ...parts,
  });
  const { rules } = configuration;
  return [
    // A reply of a session that it does not know is dropped, whatever the rules say.
    chain({
      only: { connection: ['invalid'] },
      rules: [],
      otherwise: { kind: 'drop', disposition: 'denied-outbound' },
    }),
    ...(rules.dnat.length === 0
      ? []
      : [
          chain(
            { only: { mark: MARK.dnat }, rules: [], otherwise: { kind: 'accept' } },
            `${by} (what a DNAT rule translated is allowed, and no network rule is asked)`,
          ),
        ]),
    chain({
      only: { mark: MARK.none },
      rules: filterRules(rules, name, resolve),
      otherwise: {
        kind: 'drop',
        disposition: 'denied-outbound',
        why: 'no rule matched, and what no rule allows is denied',
      },
    }),
  ];
}

/** The internet does not route a private source back. */
function withPrivateSource({ name, configuration }: FirewallPlan): FilterChain {
  return {
    by: `firewall ${name} (its private ranges have it keep a source that the internet does not route back)`,
    hook: 'forward',
    interface: null,
    only: { mark: MARK.network, outInterface: TO_INTERNET, destination: configuration.privateRanges },
    rules: [],
    otherwise: { kind: 'drop', disposition: 'no-outbound-path' },
  };
}

/** What the fabric says of packets to the internet that the firewall has no address of its own for. */
function withoutWayOut(plan: FirewallPlan): readonly FilterChain[] {
  const { name, host: id, subnet, gateway } = plan;
  if (ownExit(plan) !== null || gatewayExit(plan) !== null) return [];
  const why =
    gateway === null
      ? 'it has no public IP address'
      : `NAT gateway ${gateway.name} of subnet ${subnet.name} has no public IP address or prefix yet`;
  return [
    {
      by: `firewall ${name} (no way to the internet: ${why})`,
      hook: 'routed',
      interface: id,
      only: { outInterface: EDGE_INTERFACE },
      rules: [],
      otherwise: { kind: 'drop', disposition: 'no-outbound-path' },
    },
  ];
}

/** The firewall itself answers nobody but clients of its DNS proxy. */
function taking({ name, configuration }: FirewallPlan): readonly FilterChain[] {
  const by = `firewall ${name} (no DNAT rule matched, and it takes no connections itself)`;
  const dns: FilterRule = {
    match: { protocols: ['tcp', 'udp'], destinationPorts: [{ from: DNS_PORT, to: DNS_PORT }] },
    verdict: { kind: 'accept' },
    by: `DNS proxy of firewall ${name}`,
  };
  const chain = (
    inInterface: InterfaceName,
    rules: readonly FilterRule[],
    disposition: Disposition,
  ): FilterChain => ({
    by,
    hook: 'input',
    interface: inInterface,
    rules,
    otherwise: { kind: 'drop', disposition },
  });
  return [
    chain(TO_VNET, configuration.dns.proxy === 'on' ? [dns] : [], 'denied-outbound'),
    chain(TO_INTERNET, [], 'denied-inbound'),
  ];
}

function listenersOf({ privateAddress, configuration }: FirewallPlan): readonly Listener[] {
  if (configuration.dns.proxy === 'off') return [];
  return (['udp', 'tcp'] as const).map((protocol) => ({
    protocol,
    port: DNS_PORT,
    address: privateAddress,
    program: 'DNS proxy',
  }));
}
