/** `az network nic show-effective-route-table` and `list-effective-nsg`: what is in force on a NIC. */
import { requireResource } from '../../model/azure/resource-store.ts';
import type { SecurityRule } from '../../model/azure/resources.ts';
import type { Cloud } from '../../model/cloud.ts';
import { effectiveView } from '../../model/compile/effective-view.ts';
import type { EffectiveView } from '../../model/compile/effective-view.ts';
import { formatPrefix } from '../../model/ip/prefix.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzCommand, AzFailure, Json } from './command.ts';
import { groupOfId, nameOfId, noWaitFlag } from './option.ts';
import { refusedByAzure, textArgument } from './outcome.ts';

const name = nameOfId('--name -n', 'The name of the network interface (NIC).');

export const effectiveCommands: readonly AzCommand[] = [
  {
    path: ['network', 'nic', 'show-effective-route-table'],
    summary: 'Show the effective route table applied to a network interface.',
    options: [groupOfId, name, noWaitFlag],
    examples: [
      {
        does: 'Show the effective routes applied to a network interface.',
        line: 'az network nic show-effective-route-table -g MyResourceGroup -n MyNic -o table',
      },
    ],
    run: (cloud, args) => {
      const view = find(cloud, args);
      if (!view.ok) return view;
      return ok({
        cloud,
        output: { nextLink: null, value: view.value.routes.map((each) => routeJson(view.value, each)) },
        table: () => view.value.routes.map(routeRow),
        durationSeconds: 5,
      });
    },
  },
  {
    path: ['network', 'nic', 'list-effective-nsg'],
    summary: 'List all effective network security groups applied to a network interface.',
    options: [groupOfId, name, noWaitFlag],
    examples: [
      {
        does: 'List the effective NSGs associated with a NIC.',
        line: 'az network nic list-effective-nsg -g MyResourceGroup -n MyNic',
      },
    ],
    run: (cloud, args) => {
      const view = find(cloud, args);
      if (!view.ok) return view;
      return ok({
        cloud,
        output: { nextLink: null, value: view.value.groups.map((each) => groupJson(view.value, each)) },
        table: () => view.value.groups.flatMap((each) => groupRows(view.value, each)),
        durationSeconds: 5,
      });
    },
  },
];

function find(cloud: Cloud, args: AzArguments): Result<EffectiveView, AzFailure> {
  const nic = requireResource(
    cloud,
    'Microsoft.Network/networkInterfaces',
    textArgument(args, 'resourceGroup'),
    textArgument(args, 'name'),
  );
  if (!nic.ok) return refusedByAzure(nic.error);
  const view = effectiveView(cloud, nic.value.id);
  if (view !== null) return ok(view);
  return refusedByAzure({
    code: 'NotSimulated',
    message: `Network interface ${nic.value.name} is not attached to a running virtual machine, so nothing is in force on it. Real Azure refuses this too; its wording is not known to this workbook.`,
  });
}

function routeJson(view: EffectiveView, route: EffectiveView['routes'][number]): Json {
  return {
    addressPrefix: [formatPrefix(route.prefix)],
    disableBgpRoutePropagation: view.disableBgpRoutePropagation,
    hasBgpOverride: false,
    name: route.name,
    nextHopIpAddress: route.nextHopIpAddress === null ? [] : [route.nextHopIpAddress],
    nextHopType: route.nextHopType,
    source: route.source,
    state: route.state,
  };
}

function routeRow(route: EffectiveView['routes'][number]): Readonly<Record<string, string>> {
  return {
    Source: route.source,
    State: route.state,
    'Address Prefix': formatPrefix(route.prefix),
    'Next Hop Type': route.nextHopType,
    'Next Hop IP': route.nextHopIpAddress ?? '',
  };
}

type Group = EffectiveView['groups'][number];

function groupJson(view: EffectiveView, { group, on }: Group): Json {
  return {
    association: {
      networkInterface: on === 'networkInterface' ? { id: view.port.nic.id } : null,
      networkManager: null,
      subnet: on === 'subnet' ? { id: view.port.subnet.subnet.id } : null,
    },
    effectiveSecurityRules: rulesOf(group).map((rule) => ruleJson(view, group, rule)),
    networkSecurityGroup: { id: group.id },
    tagMap: null,
  };
}

function rulesOf(group: Group['group']): readonly SecurityRule[] {
  return [...group.securityRules, ...group.defaultSecurityRules].sort(
    (a, b) => a.direction.localeCompare(b.direction) || a.priority - b.priority,
  );
}

function ruleName(group: Group['group'], rule: SecurityRule): string {
  const own = group.securityRules.includes(rule);
  return `${own ? 'securityRules' : 'defaultSecurityRules'}/${rule.name}`;
}

function ruleJson(view: EffectiveView, group: Group['group'], rule: SecurityRule): Json {
  const sources = both(rule.sourceAddressPrefix, rule.sourceAddressPrefixes).map(anyPrefix);
  const destinations = both(rule.destinationAddressPrefix, rule.destinationAddressPrefixes).map(anyPrefix);
  const sourcePorts = both(rule.sourcePortRange, rule.sourcePortRanges).map(portRange);
  const destinationPorts = both(rule.destinationPortRange, rule.destinationPortRanges).map(portRange);
  return {
    access: rule.access,
    destinationAddressPrefix: destinations[0] ?? null,
    destinationAddressPrefixes: destinations,
    destinationPortRange: destinationPorts[0] ?? null,
    destinationPortRanges: destinationPorts,
    direction: rule.direction,
    expandedDestinationAddressPrefix: expand(view, destinations),
    expandedSourceAddressPrefix: expand(view, sources),
    name: ruleName(group, rule),
    priority: rule.priority,
    protocol: rule.protocol === '*' ? 'All' : rule.protocol,
    sourceAddressPrefix: sources[0] ?? null,
    sourceAddressPrefixes: sources,
    sourcePortRange: sourcePorts[0] ?? null,
    sourcePortRanges: sourcePorts,
  };
}

function both(one: string | null, several: readonly string[]): readonly string[] {
  return one === null || one === '' ? several : [one, ...several];
}

function anyPrefix(text: string): string {
  return text === '*' ? '0.0.0.0/0' : text;
}

function portRange(text: string): string {
  if (text === '*') return '0-65535';
  return text.includes('-') ? text : `${text}-${text}`;
}

/** Null unless a service tag among them has something to expand. */
function expand(view: EffectiveView, prefixes: readonly string[]): readonly string[] | null {
  const expanded = prefixes.flatMap((each) =>
    /^[\d.]+(\/\d+)?$/.test(each) ? [] : (view.expandTag(each) ?? []),
  );
  return expanded.length === 0 ? null : expanded;
}

function groupRows(view: EffectiveView, { group, on }: Group): readonly Readonly<Record<string, string>>[] {
  return rulesOf(group).map((rule) => ({
    NIC: on === 'networkInterface' ? view.port.nic.name : '',
    Subnet: on === 'subnet' ? view.port.subnet.name : '',
    NSG: group.name,
    'Rule Name': ruleName(group, rule),
    Protocol: rule.protocol === '*' ? 'All' : rule.protocol,
    Direction: rule.direction,
    Access: rule.access,
  }));
}
