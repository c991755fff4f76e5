/** Inputs of the effective route explorer. */
import { endpointService } from '../../model/azure/service-endpoint.ts';
import { readServiceTag } from '../../model/azure/service-tags.ts';
import { parseAddress } from '../../model/ip/address.ts';
import { hostPrefix } from '../../model/ip/prefix.ts';
import type { Prefix } from '../../model/ip/prefix.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { CalculatorFlag } from '../calculator.ts';
import type { PeerRange, RoutedPlace } from '../effective-routes.ts';
import { placesOf } from '../effective-routes-places.ts';
import { readRouteTexts, ROUTE_WORD } from '../effective-routes-text.ts';
import { cutName, InputReader } from '../input.ts';
import type { FlagValues, InputIssue } from '../input.ts';

export const EFFECTIVE_ROUTES_FLAGS: readonly CalculatorFlag[] = [
  {
    name: 'file',
    aliases: ['f', 'routes-file'],
    takes: 'many',
    placeholder: 'FILE|- ...',
    label: 'File',
    help: "Output of 'az network nic show-effective-route-table', 'route-table show', 'route list' or 'vnet show' with -o json, or several such files.",
    fileFor: 'routes',
    fileName: 'routes.json',
    terminalOnly: true,
  },
  {
    name: 'routes',
    aliases: ['route', 'r', 'udr', 'table'],
    takes: 'many',
    placeholder: 'JSON|WORD ...',
    label: 'Routes',
    help: `The JSON of az network nic show-effective-route-table, of one NIC or of two. Or that of a route table and of its VNet. Or one word for each route of a table: ${ROUTE_WORD}.`,
    required: true,
    lines: 10,
  },
  {
    name: 'to',
    aliases: ['destination', 'dest', 'destinations', 'dest-ip'],
    takes: 'many',
    placeholder: 'ADDRESS|PREFIX ...',
    label: 'To',
    help: 'One destination or several. A prefix is answered part by part.',
    required: true,
  },
  {
    name: 'vnet',
    aliases: ['vnet-prefix', 'address-space', 'address-prefixes'],
    takes: 'many',
    placeholder: 'PREFIX ...',
    label: 'VNet',
    help: 'Its address space, where only a route table is given. Lists of effective routes and VNets hold it.',
  },
  {
    name: 'peer',
    aliases: ['peers', 'peering', 'peered-vnet'],
    takes: 'many',
    placeholder: '[NAME=]PREFIX ...',
    label: 'Peered VNets',
    help: 'In the same region, connected on both sides.',
  },
  {
    name: 'on-premises',
    aliases: ['on-prem', 'onprem', 'gateway', 'learned', 'bgp'],
    takes: 'many',
    placeholder: 'PREFIX ...',
    label: 'Learned from a gateway',
    help: 'By BGP, or from a local network gateway. 0.0.0.0/0 is forced tunnelling.',
  },
  {
    name: 'subnet',
    aliases: ['own-subnet', 'subnets'],
    takes: 'many',
    placeholder: '[TABLE=]PREFIX ...',
    label: 'Subnet',
    help: 'Where the NIC is: finds an appliance in its own subnet, and routes that differ on the way back.',
  },
  {
    name: 'global-peer',
    aliases: ['global-peers', 'global-peering'],
    takes: 'many',
    placeholder: '[NAME=]PREFIX ...',
    label: 'Peered VNets in other regions',
    help: 'They are listed as VNetGlobalPeering.',
    rare: true,
  },
  {
    name: 'service-endpoint',
    aliases: ['service-endpoints', 'endpoint'],
    takes: 'many',
    placeholder: 'SERVICE ...',
    label: 'Service endpoints',
    help: 'As in Microsoft.Storage. Their addresses are not known here: name some with the next field.',
    rare: true,
  },
  {
    name: 'tag',
    aliases: ['service-tag', 'tags'],
    takes: 'many',
    placeholder: 'NAME=PREFIX ...',
    label: 'Content of service tags',
    help: 'For routes with a service tag and for service endpoints: Storage=20.60.0.0/16.',
    rare: true,
  },
  {
    name: 'private-endpoint',
    aliases: ['private-endpoints'],
    takes: 'many',
    placeholder: 'ADDRESS ...',
    label: 'Private endpoints',
    help: 'In the VNet or a peered one: each gives a route of /32.',
    rare: true,
  },
  {
    name: 'no-propagation',
    aliases: ['disable-bgp-route-propagation', 'no-bgp'],
    takes: 'switch',
    placeholder: '',
    label: 'Propagation of gateway routes is off',
    help: 'As disableBgpRoutePropagation of the route table.',
    choices: [{ value: 'yes', label: 'off' }],
    rare: true,
  },
];

export interface EffectiveRoutesInput {
  readonly places: readonly RoutedPlace[];
  readonly destinations: readonly { readonly asked: string; readonly prefix: Prefix }[];
  readonly assumptions: readonly string[];
}

/** More of them nobody reads. */
const MOST_DESTINATIONS = 100;

/** Returns the inputs, or everything that is wrong with them. */
export function readEffectiveRoutes(values: FlagValues): Result<EffectiveRoutesInput, readonly InputIssue[]> {
  const reader = new InputReader(values);
  const { documents, problems } = readRouteTexts(reader.raw('routes'));
  for (const { line, message, instead } of problems)
    reader.refuse('routes', null, `${line === null ? '' : `line ${line}: `}${message}`, instead);
  const tags = new Map<string, Prefix[]>();
  for (const text of reader.texts('tag')) {
    const { name, rest } = cutName(text);
    if (name === null || readServiceTag(name) === null) {
      reader.refuse(
        'tag',
        text,
        `"${name ?? text}" is no service tag with its prefixes.`,
        'Storage=20.60.0.0/16',
      );
      continue;
    }
    const prefix = reader.prefixOf('tag', rest);
    const key = name.toLowerCase();
    if (prefix !== null) tags.set(key, [...(tags.get(key) ?? []), prefix]);
  }
  const serviceEndpoints = reader.texts('service-endpoint').flatMap((text): readonly string[] => {
    const service = endpointService(text) ?? endpointService(`Microsoft.${text}`);
    if (service !== null) return [service.name];
    reader.refuse(
      'service-endpoint',
      text,
      `"${text}" is no service that a subnet can have an endpoint for.`,
      'Microsoft.Storage',
    );
    return [];
  });
  const told = {
    vnet: prefixes(reader, 'vnet'),
    peers: peers(reader, 'peer'),
    globalPeers: peers(reader, 'global-peer'),
    learned: prefixes(reader, 'on-premises'),
    tags,
    serviceEndpoints,
    privateEndpoints: reader.texts('private-endpoint').flatMap((text) => {
      const address = parseAddress(text.replace(/\/32$/, ''));
      if (address.ok) return [hostPrefix(address.value)];
      reader.refuseAddress('private-endpoint', address.error);
      return [];
    }),
    subnets: reader.namedPrefixes('subnet'),
    isPropagationOff: reader.isGiven('no-propagation'),
  };
  const destinations = readDestinations(reader);
  const found = placesOf(documents, told);
  if (problems.length === 0)
    for (const { field, message, instead } of found.problems) reader.refuse(field, null, message, instead);
  if (reader.issues.length > 0) return err(reader.issues);
  return ok({
    places: found.places,
    destinations,
    assumptions: [...found.assumptions, ...unused(reader, found.places)],
  });
}

function readDestinations(reader: InputReader): EffectiveRoutesInput['destinations'] {
  const texts = reader.texts('to');
  if (texts.length === 0)
    reader.refuse('to', null, 'is missing: an address to find the route of.', '10.1.0.4');
  if (texts.length > MOST_DESTINATIONS)
    reader.refuse('to', null, `has ${texts.length} destinations, and ${MOST_DESTINATIONS} are read.`);
  return texts.slice(0, MOST_DESTINATIONS).flatMap((asked) => {
    if (asked.includes('/')) {
      const prefix = reader.prefixOf('to', asked);
      return prefix === null ? [] : [{ asked, prefix }];
    }
    const address = parseAddress(asked);
    if (address.ok) return [{ asked, prefix: hostPrefix(address.value) }];
    reader.refuseAddress('to', address.error);
    return [];
  });
}

function prefixes(reader: InputReader, flag: string): readonly Prefix[] {
  return reader.texts(flag).flatMap((text) => reader.prefixOf(flag, text) ?? []);
}

/** Prefixes of the same name are one VNet. */
function peers(reader: InputReader, flag: string): readonly PeerRange[] {
  const found = new Map<string, Prefix[]>();
  for (const { name, prefix } of reader.namedPrefixes(flag)) {
    const key = name ?? `${found.size}`;
    found.set(key, [...(found.get(key) ?? []), prefix]);
  }
  return [...found].map(([name, ranges]) => ({
    name: /^\d+$/.test(name) ? 'a peered VNet' : name,
    prefixes: ranges,
  }));
}

/** What lists of effective routes hold already. */
function unused(reader: InputReader, places: readonly RoutedPlace[]): readonly string[] {
  if (places.length === 0 || places.some(({ kind }) => kind === 'computed')) return [];
  const idle = [
    'vnet',
    'peer',
    'global-peer',
    'on-premises',
    'service-endpoint',
    'private-endpoint',
    'no-propagation',
  ].filter((flag) => reader.isGiven(flag));
  return idle.length === 0
    ? []
    : [
        `${idle.map((flag) => `--${flag}`).join(', ')} change nothing: a list of effective routes is complete as it is.`,
      ];
}
