/** What is in force for a NIC: routes after Azure has settled equal prefixes, and rules with their tags expanded. */
import { azureError } from '../../model/azure/error.ts';
import type { AzureError } from '../../model/azure/error.ts';
import { requireResource } from '../../model/azure/resource-store.ts';
import type {
  NetworkInterface,
  NetworkSecurityGroup,
  SecurityRule,
  SubResource,
} from '../../model/azure/resources.ts';
import { canonicalServiceTag } from '../../model/azure/service-tags.ts';
import type { EffectiveRoute } from '../../model/compile/effective-routes.ts';
import { effectiveView } from '../../model/compile/effective-view.ts';
import type { EffectiveView } from '../../model/compile/effective-view.ts';
import type { NamedRoute } from '../../model/compile/named-routes.ts';
import type { Cloud } from '../../model/cloud.ts';
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

/** What is asked about a NIC, as the codes of Azure name it. */
const ASKED = {
  EffectiveRoutes: 'effective routes',
  EffectiveSecurityGroups: 'effective security groups',
} as const;

/**
 * Azure answers only for a NIC of a running machine; those of scale sets are no resources of their own. Code
 * and words as recorded in https://github.com/Azure/azure-xplat-cli, test of nic effective-nsg (2017-10-01).
 */
function viewOf(
  cloud: Cloud,
  args: AzArguments,
  asked: keyof typeof ASKED,
): Result<EffectiveView & { nic: NetworkInterface }, AzureError> {
  const found = requireResource(
    cloud,
    'Microsoft.Network/networkInterfaces',
    textArgument(args, 'resourceGroup'),
    textArgument(args, 'name'),
  );
  if (!found.ok) return found;
  const nic = found.value;
  const view = effectiveView(cloud, nic.id);
  if (view === null) {
    return err(
      azureError(
        `NicMustBeAttachedToRunningVmToGet${asked}`,
        `A network interface must be attached to a running virtual machine to get ${ASKED[asked]}. The network interface ${nic.id} is not attached to a running virtual machine.`,
      ),
    );
  }
  return ok({ ...view, nic });
}

/**
 * One route as the service sends it. Of routes that name a service it would list every prefix; which those
 * are is not simulated, so the tag stands for them, as it stands in the route table.
 */
function routeJson(route: EffectiveRoute | NamedRoute, view: EffectiveView): Json {
  const isNamed = 'certain' in route;
  const learned = route.source === 'VirtualNetworkGateway' ? view.gatewayAddresses : [];
  return {
    addressPrefix: [isNamed ? route.tag : formatPrefix(route.prefix)],
    destinationServiceTags: isNamed ? [route.tag] : [],
    disableBgpRoutePropagation: view.disableBgpRoutePropagation,
    hasBgpOverride: false,
    name: route.name,
    nextHopIpAddress: route.nextHopIpAddress === null ? [...learned] : [route.nextHopIpAddress],
    nextHopType: route.nextHopType,
    source: route.source,
    state: route.state,
    tagMap: {},
  };
}

function showRoutes(cloud: Cloud, args: AzArguments): Ran {
  const found = viewOf(cloud, args, 'EffectiveRoutes');
  if (!found.ok) return refusedByAzure(found.error);
  const view = found.value;
  const isSystems = ({ source }: EffectiveRoute | NamedRoute): boolean => source !== 'User';
  const whole = view.routes.filter(({ piece }) => piece === undefined);
  const routes = [
    ...whole.filter(isSystems),
    ...view.named.filter(isSystems),
    ...[...whole, ...view.named].filter((each) => !isSystems(each)),
  ];
  return ok({
    cloud,
    durationSeconds: 10,
    output: { nextLink: null, value: routes.map((route) => routeJson(route, view)) },
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

/** The service writes ranges out: `80-80`, `0-65535`. */
function portRange(text: string | null): string | null {
  if (text === null) return null;
  if (text === '*') return '0-65535';
  return text.includes('-') ? text : `${text}-${text}`;
}

function addressPrefix(text: string | null): string | null {
  return text === '*' ? '0.0.0.0/0' : text;
}

type Origin = 'securityRules' | 'defaultSecurityRules';

/** One side of a rule: groups show as the addresses of their members, tags with what they hold beside them. */
function sideJson(
  one: string | null,
  several: readonly string[],
  groups: readonly SubResource[] | undefined,
  origin: Origin,
  view: EffectiveView,
): { readonly single: Json; readonly plural: readonly string[]; readonly expanded: Json } {
  const members = (groups ?? []).flatMap(({ id }) => view.expandGroup(id));
  if (groups !== undefined && groups.length > 0) return { single: null, plural: members, expanded: null };
  const kind = origin === 'securityRules' ? 'custom' : 'default';
  return {
    single: addressPrefix(one),
    plural: (one === null ? several : [one]).map((text) => addressPrefix(text) ?? text),
    expanded: one !== null && canonicalServiceTag(one) !== null ? view.expandTag(one, kind) : null,
  };
}

function portsJson(one: string | null, several: readonly string[]): readonly string[] {
  return (one === null ? several : [one]).map((text) => portRange(text) ?? text);
}

function ruleJson(rule: SecurityRule, origin: Origin, view: EffectiveView): Json {
  const source = sideJson(
    rule.sourceAddressPrefix,
    rule.sourceAddressPrefixes,
    rule.sourceApplicationSecurityGroups,
    origin,
    view,
  );
  const destination = sideJson(
    rule.destinationAddressPrefix,
    rule.destinationAddressPrefixes,
    rule.destinationApplicationSecurityGroups,
    origin,
    view,
  );
  return {
    access: rule.access,
    destinationAddressPrefix: destination.single,
    destinationAddressPrefixes: destination.plural,
    destinationPortRange: portRange(rule.destinationPortRange),
    destinationPortRanges: portsJson(rule.destinationPortRange, rule.destinationPortRanges),
    direction: rule.direction,
    expandedDestinationAddressPrefix: destination.expanded,
    expandedSourceAddressPrefix: source.expanded,
    name: `${origin}/${rule.name}`,
    priority: rule.priority,
    protocol: rule.protocol === '*' ? 'All' : rule.protocol,
    sourceAddressPrefix: source.single,
    sourceAddressPrefixes: source.plural,
    sourcePortRange: portRange(rule.sourcePortRange),
    sourcePortRanges: portsJson(rule.sourcePortRange, rule.sourcePortRanges),
  };
}

/** What each tag in the rules holds, as far as it is known; the default rules name two besides the VNet's own. */
function tagMap(group: NetworkSecurityGroup, view: EffectiveView): Json {
  const entries: [string, Json][] = [];
  const rules = [...group.securityRules, ...group.defaultSecurityRules];
  for (const tag of new Set(
    rules.flatMap((rule) => [rule.sourceAddressPrefix, rule.destinationAddressPrefix]),
  )) {
    const prefixes = tag === null || canonicalServiceTag(tag) === null ? null : view.expandTag(tag);
    if (tag !== null && prefixes !== null) entries.push([tag, prefixes]);
  }
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function groupJson(
  group: NetworkSecurityGroup,
  association: { readonly [key: string]: Json },
  view: EffectiveView,
): Json {
  return {
    association: { networkInterface: null, networkManager: null, subnet: null, ...association },
    effectiveSecurityRules: [
      ...group.securityRules.map((rule) => ruleJson(rule, 'securityRules', view)),
      ...group.defaultSecurityRules.map((rule) => ruleJson(rule, 'defaultSecurityRules', view)),
    ],
    networkSecurityGroup: reference(group),
    tagMap: tagMap(group, view),
  };
}

function listGroups(cloud: Cloud, args: AzArguments): Ran {
  const found = viewOf(cloud, args, 'EffectiveSecurityGroups');
  if (!found.ok) return refusedByAzure(found.error);
  const { nic, ...view } = found.value;
  return ok({
    cloud,
    durationSeconds: 10,
    output: {
      nextLink: null,
      value: view.groups.map(({ group, on }) =>
        groupJson(
          group,
          on === 'subnet'
            ? { subnet: reference(view.port.subnet.subnet) }
            : { networkInterface: reference(nic) },
          view,
        ),
      ),
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
