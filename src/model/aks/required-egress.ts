/**
 * What a new node asks for, in the order in which it does, and which of it a firewall lets through. Its extension
 * tries mcr.microsoft.com first, then fetches and installs, then looks the API server up and connects to it
 * (Azure/AgentBaker, parts/linux/cloud-init/artifacts/cse_main.sh); which of the other names it checks is in
 * aks-check-network.sh beside it.
 */
import { freeAddress } from '../azure/subnet-addresses.ts';
import type { AzureFirewall } from '../azure/firewall-resources.ts';
import type { Subnet } from '../azure/resources.ts';
import { readServiceTag } from '../azure/service-tags.ts';
import type { Cloud } from '../cloud.ts';
import { evaluateFirewall } from '../firewall/evaluate.ts';
import type { FirewallPacket, FirewallVerdict } from '../firewall/evaluate.ts';
import { firewallRulesOf } from '../firewall/rules-of.ts';
import { entryPath } from '../firewall/rules.ts';
import type { FirewallRules } from '../firewall/rules.ts';
import { address, parseAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { firstAddress, prefix } from '../ip/prefix.ts';
import { REQUIRED_FQDNS, tagsOfName } from '../limits/aks-egress.ts';
import type { EgressEndpoint } from '../limits/aks-egress.ts';

/** A connection that somebody wants to open through a firewall. */
export interface EgressRequest {
  /** A name, or an address as text where no name is asked for. */
  readonly host: string;
  /** Null where nobody in the simulation knows it. */
  readonly address: Address | null;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly request: 'https' | 'http' | null;
}

export interface RequiredEndpoint extends EgressRequest {
  /** As documented, with the region filled in. */
  readonly name: string;
  readonly purpose: string;
  readonly leadsTo: 'internet' | 'api-server';
}

export interface AskingCluster {
  readonly location: string;
  readonly fqdn: string;
  readonly apiServer: { readonly address: string; readonly port: number };
}

const API_SERVER = '*.hcp.<region>.azmk8s.io';

/** Returns what every new node of a public cluster needs, the API server last. */
export function requiredEndpoints(cluster: AskingCluster): readonly RequiredEndpoint[] {
  const required = REQUIRED_FQDNS.value.filter(({ need }) => need === 'required');
  return [
    ...required.filter(({ name }) => name !== API_SERVER),
    ...required.filter(({ name }) => name === API_SERVER),
  ].map((each) => endpointOf(each, cluster));
}

function endpointOf(
  endpoint: EgressEndpoint,
  { location, fqdn, apiServer }: AskingCluster,
): RequiredEndpoint {
  const { protocol, port, request, purpose } = endpoint;
  const name = endpoint.name.replace('<region>', location);
  if (endpoint.name === API_SERVER) {
    const known = parseAddress(apiServer.address);
    return {
      name,
      host: fqdn,
      address: known.ok ? known.value : null,
      protocol,
      port: apiServer.port,
      request,
      purpose,
      leadsTo: 'api-server',
    };
  }
  // Data endpoints of the registry are regional: eastus.data.mcr.microsoft.com.
  const host = name.startsWith('*.') ? `${location}${name.slice(1)}` : name;
  return { name, host, address: null, protocol, port, request, purpose, leadsTo: 'internet' };
}

/** Returns an address that a new machine of the subnet may get. */
export function likelySource(cloud: Cloud, subnet: Subnet): Address {
  const free = freeAddress(cloud, subnet);
  return free.ok ? address(free.value) : firstAddress(prefix(subnet.addressPrefix));
}

export type FirewallAnswer =
  | { readonly kind: 'allowed' | 'unknown' }
  | {
      readonly kind: 'denied';
      /** A clause that names the firewall and the rule. */
      readonly why: string;
      /**
       * `handshake`: application rules have to see the name first, so the connection stands before it ends.
       * `nothing`: the first packet is lost.
       */
      readonly after: 'handshake' | 'nothing';
    };

/** Returns what a firewall does with a connection. */
export function askFirewall(
  cloud: Cloud,
  firewall: AzureFirewall,
  source: Address,
  wanted: EgressRequest,
): FirewallAnswer {
  const rules = rulesOf(cloud, firewall);
  const verdict = evaluateFirewall(rules, packetOf(source, wanted));
  switch (verdict.verdict) {
    case 'allow':
      return { kind: 'allowed' };
    case 'undetermined':
      if (mayPass(verdict, wanted)) return { kind: 'unknown' };
      return {
        kind: 'denied',
        why: `firewall ${firewall.name}: no rule allows it`,
        after: afterwards(rules, wanted, verdict),
      };
    case 'deny':
      return {
        kind: 'denied',
        why: `firewall ${firewall.name}: ${reason(verdict)}`,
        after: afterwards(rules, wanted, verdict),
      };
  }
}

function afterwards(
  rules: FirewallRules,
  wanted: EgressRequest,
  { stage }: FirewallVerdict,
): 'handshake' | 'nothing' {
  const isRead =
    wanted.protocol === 'tcp' &&
    stage !== 'network' &&
    rules.application.some(({ protocols }) => protocols.some(({ port }) => port === wanted.port));
  return isRead ? 'handshake' : 'nothing';
}

/**
 * Reports whether a rule that may match may really do so: what is in a service tag is not known, but which tags are
 * not for this name.
 */
function mayPass({ doubtful, decided }: FirewallVerdict, wanted: EgressRequest): boolean {
  if (decided !== 'default') return true;
  return doubtful.some(({ entry }) => {
    if (entry.kind !== 'network' || wanted.address !== null) return true;
    return (
      entry.source.doubts.length > 0 || entry.destination.texts.some((text) => mayHold(text, wanted.host))
    );
  });
}

function mayHold(text: string, host: string): boolean {
  const tag = readServiceTag(text);
  const tags = tagsOfName(host);
  if (tag === null || !tags.includes(tag.name)) return false;
  // Front Door answers everywhere under the same addresses, which are in no region's part of AzureCloud.
  return tag.region === null || tag.name !== 'AzureCloud' || !tags.includes('AzureFrontDoor.FirstParty');
}

/** Returns why a firewall denies a connection, as a clause, or null if it allows it or nobody can say. */
export function firewallDenies(
  cloud: Cloud,
  firewall: AzureFirewall,
  source: Address,
  wanted: EgressRequest,
): string | null {
  const answer = askFirewall(cloud, firewall, source, wanted);
  return answer.kind === 'denied' ? answer.why : null;
}

/**
 * Stands for the address of a name that nobody in the simulation has: one of Microsoft's registry in 2026, so that no
 * rule for addresses of the simulation holds it by chance.
 */
const SOMEWHERE = address('150.171.69.10');

function packetOf(source: Address, wanted: EgressRequest): FirewallPacket {
  return {
    side: 'inside',
    protocol: wanted.protocol === 'tcp' ? 'TCP' : 'UDP',
    source,
    destination: wanted.address ?? SOMEWHERE,
    names: parseAddress(wanted.host).ok ? [] : [wanted.host.toLowerCase()],
    port: wanted.port,
    request: wanted.request === null ? null : { protocol: wanted.request, host: wanted.host.toLowerCase() },
  };
}

function reason({ decided }: FirewallVerdict): string {
  if (decided === 'default' || decided === 'infrastructure') return 'no rule allows it';
  return `${decided.kind} rule ${entryPath(decided)} denies it`;
}

const known = new WeakMap<Cloud['resources'], Map<AzureFirewall, FirewallRules>>();

/** Read once for all that is asked about one state of the cloud. */
function rulesOf(cloud: Cloud, firewall: AzureFirewall): FirewallRules {
  let ofCloud = known.get(cloud.resources);
  if (ofCloud === undefined) known.set(cloud.resources, (ofCloud = new Map<AzureFirewall, FirewallRules>()));
  let rules = ofCloud.get(firewall);
  if (rules === undefined) ofCloud.set(firewall, (rules = firewallRulesOf(cloud, firewall).rules));
  return rules;
}
