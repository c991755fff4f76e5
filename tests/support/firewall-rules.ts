/** Rules of a firewall from the plain shape that the slow twin reads, as ARM has them. */
import type { PolicyRuleCollection } from '../../src/model/azure/firewall-resources.ts';
import type { HeldAddresses } from '../../src/model/azure/datacenter-addresses.ts';
import { address } from '../../src/model/ip/address.ts';
import { setOf, setOfAddresses } from '../../src/model/ip/address-set.ts';
import { prefix } from '../../src/model/ip/prefix.ts';
import type { FirewallPacket } from '../../src/model/firewall/evaluate.ts';
import { readConfiguration } from '../../src/model/firewall/rules-of.ts';
import type { ClassicFirewall, PolicyOfRules } from '../../src/model/firewall/rules-of.ts';
import type { FirewallConfiguration } from '../../src/model/firewall/rules.ts';
import type { FirewallNames } from '../../src/model/firewall/sides.ts';
import type { SlowCollection, SlowFirewall, SlowPacket, SlowRule } from './golden/slow-firewall.ts';

const PROTOCOLS = ['TCP', 'UDP', 'ICMP', 'Any'] as const;
const APPLICATIONS = ['Http', 'Https', 'Mssql'] as const;

/** A rule with nothing in it but what is given. */
export function rule(name: string, parts: Partial<SlowRule>): SlowRule {
  return {
    name,
    sources: ['*'],
    sourceGroups: [],
    protocols: ['TCP'],
    destinations: [],
    destinationGroups: [],
    destinationNames: [],
    ports: ['*'],
    translated: '10.0.9.9:80',
    applications: ['Http:80', 'Https:443'],
    names: [],
    nameTags: [],
    categories: [],
    ...parts,
  };
}

function oneOf<T extends string>(known: readonly T[], text: string): T {
  const found = known.find((each) => each === text);
  if (found === undefined) throw new Error(`${text} is none of ${known.join(', ')}`);
  return found;
}

function transportPart(each: SlowRule) {
  return {
    name: each.name,
    description: null,
    sourceAddresses: each.sources,
    sourceIpGroups: each.sourceGroups,
    destinationAddresses: each.destinations,
    destinationPorts: each.ports,
  };
}

function natPart(each: SlowRule) {
  const [translatedAddress = '', translatedPort = ''] = each.translated.split(':');
  return { ...transportPart(each), translatedAddress, translatedPort, translatedFqdn: null };
}

function networkPart(each: SlowRule) {
  return {
    ...transportPart(each),
    destinationIpGroups: each.destinationGroups,
    destinationFqdns: each.destinationNames,
  };
}

function applicationPart(each: SlowRule) {
  return {
    name: each.name,
    description: null,
    sourceAddresses: each.sources,
    sourceIpGroups: each.sourceGroups,
    protocols: each.applications.map((text) => {
      const [type = '', port = ''] = text.split(':');
      return { protocolType: oneOf(APPLICATIONS, type), port: Number(port) };
    }),
    targetFqdns: each.names,
    fqdnTags: each.nameTags,
  };
}

const protocolsOf = (each: SlowRule) => each.protocols.map((text) => oneOf(PROTOCOLS, text));

function armCollection({ name, priority, type, action, rules }: SlowCollection): PolicyRuleCollection {
  if (type === 'dnat') {
    return {
      ruleCollectionType: 'FirewallPolicyNatRuleCollection',
      name,
      priority,
      action: { type: 'DNAT' },
      rules: rules.map((each) => ({ ruleType: 'NatRule', ...natPart(each), ipProtocols: protocolsOf(each) })),
    };
  }
  return {
    ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
    name,
    priority,
    action: { type: action },
    rules: rules.map((each) =>
      type === 'network'
        ? { ruleType: 'NetworkRule', ...networkPart(each), ipProtocols: protocolsOf(each) }
        : {
            ruleType: 'ApplicationRule',
            ...applicationPart(each),
            destinationAddresses: [],
            targetUrls: [],
            webCategories: each.categories,
            terminateTLS: false,
          },
    ),
  };
}

const names = ({ ipGroups, held }: SlowFirewall): FirewallNames => ({
  ipGroup: (id) => ({
    name: id.split('/').at(-1) ?? id,
    addresses: ipGroups[id.split('/').at(-1) ?? id] ?? null,
  }),
  held: new Map(
    Object.entries(held).map(([region, prefixes]) => [region, setOf(...prefixes.map(prefix))]),
  ) satisfies HeldAddresses,
});

/** The firewall with its policies. */
export function policyConfiguration(firewall: SlowFirewall): FirewallConfiguration {
  const policies = firewall.policies.map(({ name, groups }): PolicyOfRules => ({
    name,
    threatIntelMode: 'Alert',
    dnsSettings: firewall.dnsProxy ? { servers: [], enableProxy: true } : null,
    snat: { privateRanges: firewall.privateRanges, autoLearnPrivateRanges: 'Disabled' },
    ruleCollectionGroups: groups.map((group) => ({
      id: `/groups/${group.name}`,
      name: group.name,
      etag: '',
      priority: group.priority,
      ruleCollections: group.collections.map(armCollection),
      provisioningState: 'Succeeded',
    })),
  }));
  return readConfiguration(null, policies, names(firewall));
}

/** The collections of its only group as those of a firewall without a policy. */
export function classicConfiguration(firewall: SlowFirewall): FirewallConfiguration {
  const collections = firewall.policies.flatMap(({ groups }) => groups.flatMap((each) => each.collections));
  const of = (type: SlowCollection['type']) => collections.filter((each) => each.type === type);
  const common = (each: SlowCollection) => ({
    id: `/collections/${each.name}`,
    name: each.name,
    etag: '',
    priority: each.priority,
    provisioningState: 'Succeeded' as const,
  });
  const classic: ClassicFirewall = {
    threatIntelMode: 'Alert',
    additionalProperties: {
      'Network.DNS.EnableProxy': String(firewall.dnsProxy),
      'Network.SNAT.PrivateRanges': firewall.privateRanges.join(' , '),
    },
    natRuleCollections: of('dnat').map((each) => ({
      ...common(each),
      action: { type: 'Dnat' },
      rules: each.rules.map((one) => ({ ...natPart(one), protocols: protocolsOf(one) })),
    })),
    networkRuleCollections: of('network').map((each) => ({
      ...common(each),
      action: { type: each.action },
      rules: each.rules.map((one) => ({ ...networkPart(one), protocols: protocolsOf(one) })),
    })),
    applicationRuleCollections: of('application').map((each) => ({
      ...common(each),
      action: { type: each.action },
      rules: each.rules.map(applicationPart),
    })),
  };
  return readConfiguration(classic, [], names(firewall));
}

const REQUESTS = ['http', 'https', 'mssql'] as const;

export function packetOf(packet: SlowPacket): FirewallPacket {
  const [protocol = '', host = ''] = packet.request?.split(' ') ?? [];
  const [only, ...more] = packet.destinations;
  if (only === undefined) throw new Error('a packet goes somewhere');
  return {
    side: packet.fromInternet ? 'internet' : 'inside',
    protocol: packet.protocol,
    source: address(packet.source),
    destination:
      more.length === 0 ? address(only) : { within: setOfAddresses(packet.destinations.map(address)) },
    names: packet.names,
    port: packet.port,
    request:
      packet.request === null
        ? null
        : { protocol: oneOf(REQUESTS, protocol), host: host === '-' ? null : host },
  };
}
