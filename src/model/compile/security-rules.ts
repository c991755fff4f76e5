/**
 * Network security groups as filter chains: rules by priority, first match decides, flows are
 * remembered (https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview).
 */
import type { NetworkSecurityGroup, SecurityRule, SubResource } from '../azure/resources.ts';
import { everyAddress, setIsEmpty, setOf, setUnion } from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import type { FilterRule, FilterVerdict, PacketMatch, PortRange, Protocol } from '../network/network.ts';
import type { Report } from './diagnostics.ts';
import type { ParsedText } from './parsed-text.ts';
import type { RuleNames } from './rule-names.ts';
import { isPlatformTag, tagContent } from './service-tags.ts';
import type { TagContent } from './service-tags.ts';

export type Direction = 'Inbound' | 'Outbound';

/** A set of addresses as one side of a rule names it, as far as it is known. */
interface Side {
  readonly set: AddressSet;
  /** Tags whose content is not known; their addresses lie in `maybe`. */
  readonly unknown: readonly string[];
  readonly maybe: AddressSet;
  /** Ports that a platform tag implies; null for all. */
  readonly ports: readonly number[] | null;
}

/** The rules of a group for one direction, compiled. */
export interface CompiledSecurityRules {
  /** What ordinary packets meet. */
  readonly rules: readonly FilterRule[];
  /** What packets to Azure's platform services meet: only rules that name an AzurePlatform tag filter them. */
  readonly platformRules: readonly FilterRule[];
}

/** Returns the rules of one direction, where `place` says on what the group sits. */
export function compileSecurityRules(
  group: NetworkSecurityGroup,
  direction: Direction,
  place: string,
  names: RuleNames,
  text: ParsedText,
  report: Report,
): CompiledSecurityRules {
  const rules = [...group.securityRules, ...group.defaultSecurityRules]
    .filter((rule) => rule.direction === direction)
    .sort((a, b) => a.priority - b.priority);
  const compiled = (rule: SecurityRule): readonly FilterRule[] =>
    compileRule(
      rule,
      group.defaultSecurityRules.includes(rule) ? 'default' : 'custom',
      `${rule.name} (priority ${rule.priority}) of NSG ${group.name} on ${place}`,
      names,
      text,
      (message) => report(`rule ${rule.name} of NSG ${group.name}`, message),
    );
  return {
    rules: rules.flatMap(compiled),
    platformRules: rules.filter(namesPlatformTag).flatMap(compiled),
  };
}

function namesPlatformTag(rule: SecurityRule): boolean {
  return [rule.destinationAddressPrefix, ...rule.destinationAddressPrefixes].some(isPlatformTag);
}

function compileRule(
  rule: SecurityRule,
  kind: 'default' | 'custom',
  by: string,
  names: RuleNames,
  text: ParsedText,
  report: (message: string) => void,
): readonly FilterRule[] {
  const protocols = protocolsOf(rule);
  // ESP and AH packets are not simulated, so a rule for them can match nothing here.
  if (protocols !== null && protocols.length === 0) return [];
  const side = (
    single: string | null,
    several: readonly string[],
    groups: readonly SubResource[] | undefined,
  ): Side =>
    groups === undefined || groups.length === 0
      ? sideOf(single, several, (tag) => tagContent(tag, names.tags, kind), text, report)
      : sideOfGroups(groups, names);
  const source = side(
    rule.sourceAddressPrefix,
    rule.sourceAddressPrefixes,
    rule.sourceApplicationSecurityGroups,
  );
  const destination = side(
    rule.destinationAddressPrefix,
    rule.destinationAddressPrefixes,
    rule.destinationApplicationSecurityGroups,
  );
  const sourcePorts = portsOf(rule.sourcePortRange, rule.sourcePortRanges, report);
  const written = portsOf(rule.destinationPortRange, rule.destinationPortRanges, report);
  // A rule for AzurePlatformDNS is about port 53, if its own ports hold that.
  const destinationPorts =
    destination.ports === null
      ? written
      : destination.ports
          .filter((port) => written === null || written.some(({ from, to }) => from <= port && port <= to))
          .map((port) => ({ from: port, to: port }));
  if (destinationPorts?.length === 0) return [];
  const match = (from: AddressSet, to: AddressSet): PacketMatch => ({
    ...(protocols === null ? {} : { protocols }),
    ...(from === everyAddress ? {} : { source: from }),
    ...(to === everyAddress ? {} : { destination: to }),
    ...(sourcePorts === null ? {} : { sourcePorts }),
    ...(destinationPorts === null ? {} : { destinationPorts }),
  });
  if (rule.protocol === 'Icmp' && (sourcePorts !== null || destinationPorts !== null)) {
    const { sourcePorts: _from, destinationPorts: _to, ...anyPort } = match(source.set, destination.set);
    return [
      {
        match: anyPort,
        verdict: {
          kind: 'undetermined',
          reason: `${by} is for Icmp, which has no ports, and names ports; what Azure makes of that is not documented (azure-cli sets port 80 unless told '*')`,
        },
        by,
      },
    ];
  }
  const certain: FilterRule = { match: match(source.set, destination.set), verdict: verdictOf(rule), by };
  const unknown = [...source.unknown, ...destination.unknown];
  if (unknown.length === 0) return [certain];
  return [
    certain,
    {
      match: match(setUnion(source.set, source.maybe), setUnion(destination.set, destination.maybe)),
      verdict: {
        kind: 'undetermined',
        reason: whyUnknown(by, unknown),
      },
      by,
    },
  ];
}

/** The one tag whose content is known but for pods is VirtualNetwork. */
function whyUnknown(by: string, tags: readonly string[]): string {
  return tags.every((each) => each.toLowerCase() === 'virtualnetwork')
    ? `${by} names the service tag VirtualNetwork, and whether that holds the pod range of Azure CNI Overlay is not documented; a rule that names the pod range decides`
    : `which addresses the service tag ${tags.join(', ')} holds is not simulated`;
}

function verdictOf(rule: SecurityRule): FilterVerdict {
  if (rule.access === 'Allow') return { kind: 'accept' };
  return { kind: 'drop', disposition: rule.direction === 'Inbound' ? 'denied-inbound' : 'denied-outbound' };
}

/** Null for any protocol. */
function protocolsOf(rule: SecurityRule): readonly Protocol[] | null {
  switch (rule.protocol) {
    case '*':
      return null;
    case 'Tcp':
      return ['tcp'];
    case 'Udp':
      return ['udp'];
    case 'Icmp':
      return ['icmp'];
    case 'Esp':
    case 'Ah':
      return [];
  }
}

function sideOfGroups(groups: readonly SubResource[], names: RuleNames): Side {
  const set = groups.reduce((all, { id }) => setUnion(all, names.membersOf(id)), setOf());
  return { set, maybe: setOf(), unknown: [], ports: null };
}

function sideOf(
  single: string | null,
  several: readonly string[],
  contentOf: (tag: string) => TagContent,
  text: ParsedText,
  report: (message: string) => void,
): Side {
  let set: AddressSet = setOf();
  let maybe: AddressSet = setOf();
  let ports: readonly number[] | null = null;
  const unknown: string[] = [];
  for (const each of single === null || single === '' ? several : [single, ...several]) {
    if (each === '*' || each.toLowerCase() === 'any' || each === '0.0.0.0/0') {
      return { set: everyAddress, maybe: setOf(), unknown: [], ports: null };
    }
    const prefix = text.prefix(each);
    if (prefix !== null) {
      set = setUnion(set, setOf(prefix));
      continue;
    }
    const content = contentOf(each);
    if (content.kind === 'set') {
      set = setUnion(set, content.set);
      ports = content.ports ?? ports;
      if (content.maybe !== undefined && !setIsEmpty(content.maybe)) {
        unknown.push(each);
        maybe = setUnion(maybe, content.maybe);
      }
    } else {
      unknown.push(each);
      maybe = setUnion(maybe, content.within);
      report(
        `uses the service tag ${each}, whose addresses are not simulated; a public address that it may hold ends a trace as undetermined`,
      );
    }
  }
  return { set, maybe, unknown, ports };
}

/** Null for every port. */
function portsOf(
  single: string | null,
  several: readonly string[],
  report: (message: string) => void,
): readonly PortRange[] | null {
  const ranges: PortRange[] = [];
  for (const each of single === null || single === '' ? several : [single, ...several]) {
    // Azure itself writes `*` as 0-65535 where it lists effective rules: packets without ports match too.
    if (each === '*' || each === '0-65535') return null;
    const match = /^(\d+)(?:-(\d+))?$/.exec(each);
    if (match === null) {
      report(`has the port range ${each}, which cannot be read`);
      continue;
    }
    const from = Number(match[1]);
    ranges.push({ from, to: match[2] === undefined ? from : Number(match[2]) });
  }
  return ranges;
}
