/**
 * NSG diagnostics of Network Watcher: every security group on the way, the rules that were asked in it,
 * and which parts of each match
 * (https://learn.microsoft.com/azure/network-watcher/diagnose-network-security-rules, 2024-09-15).
 *
 * That service "returns all network security groups that will be traversed": both groups are asked here,
 * also where the first one denies. A rule matches if it covers all of what is asked. Where it covers a part
 * that is treated otherwise than the rest, the answer of the service is not documented.
 */
import { azureError, notSimulated } from '../azure/error.ts';
import type { AzureError } from '../azure/error.ts';
import { parseAddress } from '../ip/address.ts';
import {
  everyAddress,
  setCovers,
  setIsEmpty,
  setOf,
  setOfAddresses,
  setSubtract,
} from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import { parsePrefix } from '../ip/prefix.ts';
import { inPathOrder } from '../nsg/evaluate.ts';
import type { PlacedGroup } from '../nsg/evaluate.ts';
import { verdictOfGroups } from '../nsg/partition.ts';
import { everyPort, parsePortRange, portsAreAll, portsSubtract } from '../nsg/port-set.ts';
import type { PortSet } from '../nsg/port-set.ts';
import { inOrder, isDefaultRule, isEverywhere, PLATFORM_ADDRESSES } from '../nsg/rule-traffic.ts';
import type { Access, AddressNames, Direction, NsgRule, RuleTraffic } from '../nsg/rule-traffic.ts';
import { trafficOf } from '../nsg/traffic.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { canonicalServiceTag } from '../azure/service-tags.ts';
import type { EffectiveView } from './effective-view.ts';
import { placedGroups } from './ip-flow.ts';

/** What is asked, in the service's texts: `*`, an address, a prefix or a tag; `*`, `443` or `80-90`. */
export interface DiagnosticProfile {
  readonly direction: Direction;
  readonly protocol: 'Tcp' | 'Udp' | 'Icmp' | '*';
  readonly source: string;
  readonly destination: string;
  readonly destinationPort: string;
}

export interface RuleEvaluation {
  readonly rule: NsgRule;
  readonly protocolMatched: boolean;
  readonly sourceMatched: boolean;
  readonly sourcePortMatched: boolean;
  readonly destinationMatched: boolean;
  readonly destinationPortMatched: boolean;
}

export interface EvaluatedGroup {
  readonly group: PlacedGroup;
  readonly matched: NsgRule;
  /** In order, up to the one that matches. */
  readonly evaluations: readonly RuleEvaluation[];
}

export interface Diagnosis {
  readonly access: Access;
  readonly groups: readonly EvaluatedGroup[];
}

interface Asked {
  readonly protocol: DiagnosticProfile['protocol'];
  readonly source: AddressSet;
  readonly destination: AddressSet;
  readonly destinationPorts: PortSet;
}

/** Returns what the groups of a NIC say. Errors: `InvalidRequestFormat`, and `NotSimulated` where nobody knows. */
export function diagnose(view: EffectiveView, profile: DiagnosticProfile): Result<Diagnosis, AzureError> {
  const asked = readProfile(profile, view.names);
  if (!asked.ok) return asked;
  const groups = placedGroups(view);
  if (groups.length === 0)
    return err(notSimulated('NSG diagnostics of a NIC without a network security group'));
  const { direction } = profile;
  const traffic = trafficOf({ ...asked.value, sourcePorts: everyPort });
  const verdicts = new Set(
    verdictOfGroups(groups, direction, traffic, view.names).map(({ access }) => access),
  );
  const [access, ...others] = verdicts;
  if (access === undefined || access === 'undetermined' || others.length > 0) {
    return err(
      notSimulated('NSG diagnostics of traffic of which only a part is allowed, or of unknown tags,'),
    );
  }
  const evaluated: EvaluatedGroup[] = [];
  for (const group of inPathOrder(groups, direction)) {
    const one = evaluateGroup(group, direction, asked.value, view.names);
    if (one === null) {
      return err(notSimulated("NSG diagnostics of packets to Azure's platform, which rules do not filter,"));
    }
    evaluated.push(one);
  }
  const denies = evaluated.some(({ matched }) => matched.access === 'Deny');
  if (denies !== (access === 'Deny')) {
    return err(notSimulated('NSG diagnostics of traffic that several rules share'));
  }
  return ok({ access, groups: evaluated });
}

function evaluateGroup(
  group: PlacedGroup,
  direction: Direction,
  asked: Asked,
  names: AddressNames,
): EvaluatedGroup | null {
  const evaluations: RuleEvaluation[] = [];
  for (const each of inOrder(group.rules, direction, names)) {
    const one = evaluation(each, direction, asked);
    evaluations.push(one);
    const matches =
      one.protocolMatched &&
      one.sourceMatched &&
      one.sourcePortMatched &&
      one.destinationMatched &&
      one.destinationPortMatched;
    if (matches) return { group, matched: each.rule, evaluations };
  }
  return null;
}

function evaluation({ rule, sides }: RuleTraffic, direction: Direction, asked: Asked): RuleEvaluation {
  const { source, destination } = sides;
  const aim =
    direction === 'Outbound' ? setSubtract(asked.destination, PLATFORM_ADDRESSES) : asked.destination;
  const covers = (ports: PortSet, wanted: PortSet): boolean =>
    portsAreAll(ports) || portsSubtract(wanted, ports).length === 0;
  return {
    rule,
    protocolMatched: rule.protocol === '*' || rule.protocol === asked.protocol,
    sourceMatched: setCovers(source.addresses, asked.source),
    sourcePortMatched: portsAreAll(source.ports),
    destinationMatched: !setIsEmpty(aim) && setCovers(destination.addresses, aim),
    destinationPortMatched: covers(destination.ports, asked.destinationPorts),
  };
}

function readProfile(profile: DiagnosticProfile, names: AddressNames): Result<Asked, AzureError> {
  const source = readAddresses(profile.source, 'source', names);
  if (!source.ok) return source;
  const destination = readAddresses(profile.destination, 'destination', names);
  if (!destination.ok) return destination;
  const ports = parsePortRange(profile.destinationPort);
  if (ports === null) return err(invalid('destinationPort', profile.destinationPort));
  return ok({
    protocol: profile.protocol,
    source: source.value,
    destination: destination.value,
    destinationPorts: profile.destinationPort === '*' ? everyPort : [ports],
  });
}

function readAddresses(text: string, property: string, names: AddressNames): Result<AddressSet, AzureError> {
  if (isEverywhere(text)) return ok(everyAddress);
  const address = parseAddress(text);
  if (address.ok) return ok(setOfAddresses([address.value]));
  const prefix = parsePrefix(text);
  if (prefix.ok) return ok(setOf(prefix.value));
  const tag = canonicalServiceTag(text);
  if (tag === null) return err(invalid(property, text));
  const { certain, maybe } = names.tag(tag, 'custom');
  if (!setIsEmpty(maybe) || setIsEmpty(certain)) {
    return err(
      notSimulated(`NSG diagnostics about the service tag ${tag}, whose content is not known here,`),
    );
  }
  return ok(certain);
}

function invalid(property: string, value: string): AzureError {
  return azureError(
    'InvalidRequestFormat',
    `Cannot parse the request. The value ${value} does not fit the property profiles[0].${property}.`,
  );
}

/** The name as NSG diagnostics write it: `UserRule_web`, `DefaultRule_DenyAllInBound`. */
export function diagnosedRuleName(rule: NsgRule): string {
  return `${isDefaultRule(rule) ? 'DefaultRule' : 'UserRule'}_${rule.name}`;
}
