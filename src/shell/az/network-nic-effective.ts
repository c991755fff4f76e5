/** What is in force for a NIC: routes after Azure has settled equal prefixes, and rules with their tags expanded. */
import { azureError } from '../../model/azure/error.ts';
import type { AzureError } from '../../model/azure/error.ts';
import { getResource, requireResource, sameId } from '../../model/azure/resource-store.ts';
import type { NetworkInterface, NetworkSecurityGroup, SecurityRule } from '../../model/azure/resources.ts';
import { compile } from '../../model/compile/compile.ts';
import type { Compiled } from '../../model/compile/compile.ts';
import { effectiveRoutes } from '../../model/compile/effective-routes.ts';
import type { EffectiveRoute } from '../../model/compile/effective-routes.ts';
import type { Port } from '../../model/compile/inventory.ts';
import { serviceTagsOf } from '../../model/compile/service-tags.ts';
import type { ServiceTags } from '../../model/compile/service-tags.ts';
import type { Cloud } from '../../model/cloud.ts';
import { setToPrefixes } from '../../model/ip/address-set.ts';
import { formatPrefix } from '../../model/ip/prefix.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzCommand, AzOutcome, Json } from './command.ts';
import { reference } from './network-json.ts';
import { groupOfId, nameOfId, noWaitFlag } from './option.ts';
import { refusedByAzure, textArgument } from './outcome.ts';
import type { Ran } from './outcome.ts';
import { isList, isObject, plainText } from './output-format.ts';

const options = [groupOfId, nameOfId('--name -n', 'The name of the network interface (NIC).'), noWaitFlag];

interface View {
  readonly nic: NetworkInterface;
  readonly port: Port;
  readonly routes: readonly EffectiveRoute[];
  readonly tags: ServiceTags;
}

/** Finds the NIC in the compiled network; Azure answers only for a NIC of a running machine. */
function viewOf(cloud: Cloud, args: AzArguments): Result<View, AzureError> {
  const found = requireResource(
    cloud,
    'Microsoft.Network/networkInterfaces',
    textArgument(args, 'resourceGroup'),
    textArgument(args, 'name'),
  );
  if (!found.ok) return found;
  const nic = found.value;
  const vm =
    nic.virtualMachine === null
      ? null
      : getResource(cloud, nic.virtualMachine.id, 'Microsoft.Compute/virtualMachines');
  const compiled = compile(cloud);
  const port = portOf(compiled, nic.id);
  if (vm?.powerState !== 'VM running' || port === null) {
    return err(
      azureError(
        'NicNotAttachedToRunningVirtualMachine',
        `Network interface ${nic.id} must be attached to a running virtual machine for its effective routes and security rules to be known.`,
      ),
    );
  }
  const { network } = port.subnet;
  const learned = compiled.learned.get(network.key) ?? [];
  const routes = effectiveRoutes(port.subnet, learned, compiled.inventory.text, () => undefined);
  return ok({ nic, port, routes, tags: serviceTagsOf(network.prefixes, learned, routes, []) });
}

function portOf(compiled: Compiled, nicId: string): Port | null {
  const ports = compiled.inventory.networks.flatMap((network) => network.ports);
  return ports.find((port) => sameId(port.nic.id, nicId)) ?? null;
}

function routeJson(route: EffectiveRoute): Json {
  return {
    addressPrefix: [formatPrefix(route.prefix)],
    disableBgpRoutePropagation: false,
    hasBgpOverride: false,
    name: route.name,
    nextHopIpAddress: route.nextHopIpAddress === null ? [] : [route.nextHopIpAddress],
    nextHopType: route.nextHopType,
    source: route.source,
    state: route.state,
  };
}

function showRoutes(cloud: Cloud, args: AzArguments): Ran {
  const view = viewOf(cloud, args);
  if (!view.ok) return refusedByAzure(view.error);
  const listed = view.value.routes.filter((route) => route.state !== 'Removed');
  return ok({
    cloud,
    durationSeconds: 10,
    output: { nextLink: null, value: listed.map(routeJson) },
    table: (output) =>
      valuesOf(output).map((route) => ({
        Source: plainText(route['source']),
        State: plainText(route['state']),
        'Address Prefix': wordsOf(route['addressPrefix']),
        'Next Hop Type': plainText(route['nextHopType']),
        'Next Hop IP': wordsOf(route['nextHopIpAddress']),
      })),
  });
}

function valuesOf(output: Json): readonly { readonly [key: string]: Json }[] {
  const values = isObject(output) ? output['value'] : undefined;
  return isList(values) ? values.filter(isObject) : [];
}

function wordsOf(value: Json | undefined): string {
  return isList(value) ? value.map(plainText).join(' ') : '';
}

/** A tag's prefixes as text; null for tags whose content is not known here, and for plain addresses. */
function expanded(tag: string | null, tags: ServiceTags): readonly string[] | null {
  if (tag === 'VirtualNetwork') return setToPrefixes(tags.virtualNetwork).map(formatPrefix);
  if (tag === 'Internet') return setToPrefixes(tags.internet).map(formatPrefix);
  return null;
}

/** The service writes ranges out: `80-80`, `0-65535`. */
function portRange(text: string | null): string | null {
  if (text === null) return null;
  if (text === '*') return '0-65535';
  return text.includes('-') ? text : `${text}-${text}`;
}

function addressPrefix(text: string | null): string | null {
  return text === '*' ? '0.0.0.0/0' : text;
}

function ruleJson(
  rule: SecurityRule,
  origin: 'securityRules' | 'defaultSecurityRules',
  tags: ServiceTags,
): Json {
  const both = (one: string | null, several: readonly string[]): readonly string[] =>
    (one === null ? several : [one]).map((text) => addressPrefix(text) ?? text);
  return {
    access: rule.access,
    destinationAddressPrefix: addressPrefix(rule.destinationAddressPrefix),
    destinationAddressPrefixes: both(rule.destinationAddressPrefix, rule.destinationAddressPrefixes),
    destinationPortRange: portRange(rule.destinationPortRange),
    destinationPortRanges: (rule.destinationPortRange === null
      ? rule.destinationPortRanges
      : [rule.destinationPortRange]
    ).map((text) => portRange(text) ?? text),
    direction: rule.direction,
    expandedDestinationAddressPrefix: expanded(rule.destinationAddressPrefix, tags),
    expandedSourceAddressPrefix: expanded(rule.sourceAddressPrefix, tags),
    name: `${origin}/${rule.name}`,
    priority: rule.priority,
    protocol: rule.protocol === '*' ? 'All' : rule.protocol,
    sourceAddressPrefix: addressPrefix(rule.sourceAddressPrefix),
    sourceAddressPrefixes: both(rule.sourceAddressPrefix, rule.sourceAddressPrefixes),
    sourcePortRange: portRange(rule.sourcePortRange),
    sourcePortRanges: (rule.sourcePortRange === null ? rule.sourcePortRanges : [rule.sourcePortRange]).map(
      (text) => portRange(text) ?? text,
    ),
  };
}

function groupJson(
  group: NetworkSecurityGroup,
  association: { readonly [key: string]: Json },
  tags: ServiceTags,
): Json {
  return {
    association: { networkInterface: null, networkManager: null, subnet: null, ...association },
    effectiveSecurityRules: [
      ...group.securityRules.map((rule) => ruleJson(rule, 'securityRules', tags)),
      ...group.defaultSecurityRules.map((rule) => ruleJson(rule, 'defaultSecurityRules', tags)),
    ],
    networkSecurityGroup: reference(group),
    tagMap: null,
  };
}

function listGroups(cloud: Cloud, args: AzArguments): Ran {
  const view = viewOf(cloud, args);
  if (!view.ok) return refusedByAzure(view.error);
  const { nic, port, tags } = view.value;
  const own =
    nic.networkSecurityGroup === null
      ? null
      : getResource(cloud, nic.networkSecurityGroup.id, 'Microsoft.Network/networkSecurityGroups');
  const ofSubnet = port.subnet.securityGroup;
  return ok({
    cloud,
    durationSeconds: 10,
    output: {
      nextLink: null,
      value: [
        ...(ofSubnet === null ? [] : [groupJson(ofSubnet, { subnet: reference(port.subnet.subnet) }, tags)]),
        ...(own === null ? [] : [groupJson(own, { networkInterface: reference(nic) }, tags)]),
      ],
    },
    table: groupTable,
  });
}

const groupTable: NonNullable<AzOutcome['table']> = (output) =>
  valuesOf(output).flatMap((entry) => {
    const association = isObject(entry['association']) ? entry['association'] : {};
    const rules = isList(entry['effectiveSecurityRules']) ? entry['effectiveSecurityRules'] : [];
    return rules.filter(isObject).map((rule, index) => ({
      NIC: index === 0 ? lastName(association['networkInterface']) : '',
      Subnet: index === 0 ? lastName(association['subnet']) : '',
      NSG: index === 0 ? lastName(entry['networkSecurityGroup']) : '',
      'Rule Name': plainText(rule['name']),
      Protocol: plainText(rule['protocol']),
      Direction: plainText(rule['direction']),
      Access: plainText(rule['access']),
    }));
  });

function lastName(target: Json | undefined): string {
  return isObject(target) ? (plainText(target['id']).split('/').at(-1) ?? '-') : '-';
}

export const effectiveCommands: readonly AzCommand[] = [
  {
    path: ['network', 'nic', 'show-effective-route-table'],
    summary: 'Show the effective route table applied to a network interface.',
    options,
    examples: [
      {
        does: 'Show the effective routes applied to a network interface.',
        line: 'az network nic show-effective-route-table -g MyResourceGroup -n MyNic -o table',
      },
    ],
    run: showRoutes,
  },
  {
    path: ['network', 'nic', 'list-effective-nsg'],
    summary: 'List all effective network security groups applied to a network interface.',
    options,
    examples: [
      {
        does: 'List the effective security groups associated with a NIC.',
        line: 'az network nic list-effective-nsg -g MyResourceGroup -n MyNic',
      },
    ],
    run: listGroups,
  },
];
