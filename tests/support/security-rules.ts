/** Rules of the slow twin in ARM's shape, and what tags hold in the tests of both. */
import { DEFAULT_SECURITY_RULES } from '../../src/model/azure/network-security-group.ts';
import { noAddress, setOf } from '../../src/model/ip/address-set.ts';
import { address } from '../../src/model/ip/address.ts';
import { prefix } from '../../src/model/ip/prefix.ts';
import type { AddressNames, NsgRule } from '../../src/model/nsg/rule-traffic.ts';
import { PROTOCOLS } from '../../src/model/nsg/traffic.ts';
import type { Packet } from '../../src/model/nsg/traffic.ts';
import type { SlowNames, SlowPacket, SlowRule } from './golden/slow-security-rules.ts';

export const PUBLIC = ['8.0.0.0/8', '192.0.0.0/9', '198.51.100.0/24', '203.0.113.0/24'];
export const NAMES: SlowNames = {
  known: {
    virtualnetwork: ['10.0.0.0/16', '10.244.0.0/17', '192.168.0.0/16', '168.63.129.16/32'],
    azureloadbalancer: ['168.63.129.16/32'],
    internet: PUBLIC,
    'asg/web': ['10.0.1.4', '10.0.1.6'],
    'asg/db': ['10.0.2.200'],
  },
  elsewhere: PUBLIC,
};

/** The same names for the model. */
export function addressNames(names: SlowNames = NAMES): AddressNames {
  const known = new Map(
    Object.entries(names.known).map(([name, prefixes]) => [
      name,
      setOf(...prefixes.map((each) => prefix(each.includes('/') ? each : `${each}/32`))),
    ]),
  );
  const elsewhere = setOf(...names.elsewhere.map((each) => prefix(each)));
  const named = (name: string): ReturnType<AddressNames['tag']> => {
    const certain = known.get(name.toLowerCase());
    return certain === undefined ? { certain: noAddress, maybe: elsewhere } : { certain, maybe: noAddress };
  };
  return { tag: named, applicationSecurityGroup: (id) => named(`asg/${id}`) };
}

/** A rule in ARM's shape: one value in the singular property, several in the plural one. */
export function armRule(rule: SlowRule): NsgRule {
  const one = (texts: readonly string[]): string | null => (texts.length === 1 ? (texts[0] ?? null) : null);
  const several = (texts: readonly string[]): readonly string[] => (texts.length === 1 ? [] : texts);
  return {
    name: rule.name,
    priority: rule.priority,
    direction: rule.direction === 'Inbound' ? 'Inbound' : 'Outbound',
    access: rule.access === 'Allow' ? 'Allow' : 'Deny',
    protocol: PROTOCOLS.find((each) => each === rule.protocol) ?? '*',
    sourceAddressPrefix: isGroup(rule.sources) ? null : one(rule.sources),
    sourceAddressPrefixes: isGroup(rule.sources) ? [] : several(rule.sources),
    ...(isGroup(rule.sources) ? { sourceApplicationSecurityGroups: groups(rule.sources) } : {}),
    sourcePortRange: one(rule.sourcePorts),
    sourcePortRanges: several(rule.sourcePorts),
    destinationAddressPrefix: isGroup(rule.destinations) ? null : one(rule.destinations),
    destinationAddressPrefixes: isGroup(rule.destinations) ? [] : several(rule.destinations),
    ...(isGroup(rule.destinations)
      ? { destinationApplicationSecurityGroups: groups(rule.destinations) }
      : {}),
    destinationPortRange: one(rule.destinationPorts),
    destinationPortRanges: several(rule.destinationPorts),
  };
}

function isGroup(texts: readonly string[]): boolean {
  return texts.some((text) => text.startsWith('asg/'));
}

function groups(texts: readonly string[]): readonly { readonly id: string }[] {
  return texts.map((text) => ({ id: text.slice('asg/'.length) }));
}

/** Every rule of a group in ARM's shape, with the default ones. */
export function armRules(own: readonly SlowRule[]): readonly NsgRule[] {
  const defaults = DEFAULT_SECURITY_RULES.map((each) =>
    armRule({
      ...each,
      protocol: '*',
      sources: [each.source],
      sourcePorts: ['*'],
      destinations: [each.destination],
      destinationPorts: ['*'],
    }),
  );
  return [...own.map(armRule), ...defaults];
}

export function slowRule(rule: NsgRule): SlowRule {
  const both = (one: string | null, several: readonly string[]): readonly string[] =>
    one === null ? several : [one];
  return {
    name: rule.name,
    priority: rule.priority,
    direction: rule.direction,
    access: rule.access,
    protocol: rule.protocol,
    sources: [
      ...both(rule.sourceAddressPrefix, rule.sourceAddressPrefixes),
      ...(rule.sourceApplicationSecurityGroups ?? []).map(({ id }) => `asg/${id}`),
    ],
    sourcePorts: both(rule.sourcePortRange, rule.sourcePortRanges),
    destinations: [
      ...both(rule.destinationAddressPrefix, rule.destinationAddressPrefixes),
      ...(rule.destinationApplicationSecurityGroups ?? []).map(({ id }) => `asg/${id}`),
    ],
    destinationPorts: both(rule.destinationPortRange, rule.destinationPortRanges),
  };
}

export function packetOf(packet: SlowPacket): Packet {
  return {
    protocol: PROTOCOLS.find((each) => each === packet.protocol) ?? 'Tcp',
    source: address(packet.source),
    sourcePort: packet.sourcePort,
    destination: address(packet.destination),
    destinationPort: packet.destinationPort,
  };
}
