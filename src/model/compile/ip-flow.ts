/**
 * What Network Watcher's IP flow verify says of a packet: which rule of a NIC's security groups lets it
 * pass or drops it (https://learn.microsoft.com/azure/network-watcher/ip-flow-verify-overview).
 */
import { azureError, notSimulated } from '../azure/error.ts';
import type { AzureError } from '../azure/error.ts';
import type { NetworkSecurityGroup } from '../azure/resources.ts';
import { formatAddress, sameAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { setOfAddresses } from '../ip/address-set.ts';
import { verdictOfGroups } from '../nsg/partition.ts';
import type { PathPart } from '../nsg/partition.ts';
import type { PlacedGroup } from '../nsg/evaluate.ts';
import { everyPort } from '../nsg/port-set.ts';
import type { PortSet } from '../nsg/port-set.ts';
import { isDefaultRule } from '../nsg/rule-traffic.ts';
import type { Access, Direction, NsgRule } from '../nsg/rule-traffic.ts';
import { trafficOf } from '../nsg/traffic.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { EffectiveView } from './effective-view.ts';

/** A packet from or to a NIC; a port that is null may be any. */
export interface IpFlow {
  readonly direction: Direction;
  readonly protocol: 'Tcp' | 'Udp';
  readonly local: { readonly address: Address; readonly port: number | null };
  readonly remote: { readonly address: Address; readonly port: number | null };
}

export interface IpFlowAnswer {
  readonly access: Access;
  /** The rule that denies, or else that of the group which is asked first. */
  readonly rule: NsgRule;
  readonly group: PlacedGroup;
}

/** Returns a NIC's groups with all their rules, named by their ids. */
export function placedGroups(view: EffectiveView): readonly PlacedGroup[] {
  return view.groups.map(({ group, on }) => ({
    name: group.id,
    place: on === 'subnet' ? 'subnet' : 'nic',
    rules: rulesOf(group),
  }));
}

function rulesOf(group: NetworkSecurityGroup): readonly NsgRule[] {
  return [...group.securityRules, ...group.defaultSecurityRules];
}

/**
 * Returns what decides about a flow. Errors: `LocalIPAddressNotFoundOnTargetNic`, and `NotSimulated` where
 * the answer is not known: no group, a tag of unknown content, packets to Azure's platform, or ports that
 * are left open and matter.
 */
export function verifyIpFlow(view: EffectiveView, flow: IpFlow): Result<IpFlowAnswer, AzureError> {
  const { direction, protocol, local, remote } = flow;
  if (!view.port.addresses.some((one) => sameAddress(one, local.address))) {
    return err(
      azureError(
        'LocalIPAddressNotFoundOnTargetNic',
        `The local IP address ${formatAddress(local.address)} is not assigned to the network interface ${view.port.nic.id}.`,
      ),
    );
  }
  const groups = placedGroups(view);
  if (groups.length === 0)
    return err(notSimulated('IP flow verify on a NIC without a network security group'));
  const [from, to] = direction === 'Inbound' ? [remote, local] : [local, remote];
  const asked = trafficOf({
    protocol,
    source: setOfAddresses([from.address]),
    sourcePorts: portsOf(from.port),
    destination: setOfAddresses([to.address]),
    destinationPorts: portsOf(to.port),
  });
  return oneAnswer(verdictOfGroups(groups, direction, asked, view.names));
}

function portsOf(port: number | null): PortSet {
  return port === null ? everyPort : [{ from: port, to: port }];
}

function oneAnswer(parts: readonly PathPart[]): Result<IpFlowAnswer, AzureError> {
  const answers = new Map<string, IpFlowAnswer>();
  for (const { access, by } of parts) {
    const decided = access === 'Deny' ? by.find(({ part }) => part.access === 'Deny') : by[0];
    if (access === 'undetermined') {
      const doubts = new Set(by.flatMap(({ part }) => part.doubtful.flatMap((one) => one.doubts)));
      return err(notSimulated(`A verdict that depends on what is not known: ${[...doubts].join(', ')}`));
    }
    if (decided === undefined || decided.part.rule === null) {
      return err(
        notSimulated("IP flow verify for packets to Azure's platform, which security rules do not filter,"),
      );
    }
    const { rule } = decided.part;
    answers.set(`${decided.group.name} ${rule.name}`, { access, rule, group: decided.group });
  }
  const [first, ...others] = answers.values();
  if (first === undefined) throw new Error('a flow fell into no part');
  if (others.length > 0) {
    return err(
      notSimulated('IP flow verify with a port that is left open where different ports meet different rules'),
    );
  }
  return ok(first);
}

/** The name as IP flow verify writes it: `securityRules/web`, `defaultSecurityRules/DenyAllInBound`. */
export function flowRuleName(rule: NsgRule): string {
  return `${isDefaultRule(rule) ? 'defaultSecurityRules' : 'securityRules'}/${rule.name}`;
}
