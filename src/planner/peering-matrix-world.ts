/** The cloud behind a peering matrix: made of short text or of pasted JSON, with one machine in each VNet. */
import { createAzureFirewall } from '../model/azure/azure-firewall.ts';
import { createNetworkInterface } from '../model/azure/network-interface.ts';
import { createNetworkSecurityGroup } from '../model/azure/network-security-group.ts';
import { createPublicIpAddress } from '../model/azure/public-ip-address.ts';
import { createResourceGroup } from '../model/azure/resource-group.ts';
import { armKey, listResources, resourceId, sameId } from '../model/azure/resource-store.ts';
import type { VirtualNetwork } from '../model/azure/resources.ts';
import { createRoute, createRouteTable } from '../model/azure/route-table.ts';
import { createSubnet, updateSubnet } from '../model/azure/subnet.ts';
import { newCloud } from '../model/azure/subscription.ts';
import { createVirtualMachine, setForwarding } from '../model/azure/virtual-machine.ts';
import { createPeering } from '../model/azure/virtual-network-peering.ts';
import { createVirtualNetwork } from '../model/azure/virtual-network.ts';
import type { AzureError } from '../model/azure/error.ts';
import type { Cloud, OutsideHost } from '../model/cloud.ts';
import { addressPlus, formatAddress, parseAddress } from '../model/ip/address.ts';
import {
  firstAddress,
  formatPrefix,
  prefix,
  prefixAround,
  prefixContains,
  prefixesOverlap,
} from '../model/ip/prefix.ts';
import type { Prefix } from '../model/ip/prefix.ts';
import type { Result } from '../model/result.ts';
import type { MatrixText, VnetStatement } from './peering-matrix-text.ts';

export const GROUP = 'rg';

/** A VNet of the matrix. `machine` is the END that asks and is asked, null where there is no room for one. */
export interface MatrixVnet {
  readonly name: string;
  readonly id: string;
  readonly machine: string | null;
  /** The subnet that the machine is in. */
  readonly subnet: string | null;
}

/** Something on-premises, as an END. */
export interface MatrixSite {
  readonly end: string;
  readonly label: string;
}

/** What could not be made, with Azure's own words. */
export interface MatrixProblem {
  readonly about: string;
  readonly code: string;
  readonly message: string;
}

export interface MatrixWorld {
  readonly cloud: Cloud;
  readonly vnets: readonly MatrixVnet[];
  readonly sites: readonly MatrixSite[];
  readonly problems: readonly MatrixProblem[];
  readonly assumptions: readonly string[];
}

const SUBNET = 'vms';
export const GATEWAY_SUBNET = 'GatewaySubnet';
/** Kept for services, or for nobody. */
const NO_MACHINES = [
  'gatewaysubnet',
  'azurefirewallsubnet',
  'azurefirewallmanagementsubnet',
  'azurebastionsubnet',
  'routeserversubnet',
];

/** A cloud that grows by operations of the model; what Azure refuses is kept, and leaves it as it was. */
class Builder {
  cloud: Cloud;
  readonly problems: MatrixProblem[] = [];
  readonly assumptions: string[] = [];

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  do(about: string, made: Result<Cloud, AzureError>): boolean {
    if (made.ok) this.cloud = made.value;
    else this.problems.push({ about, code: made.error.code, message: made.error.message });
    return made.ok;
  }
}

/** Returns the cloud that a text describes. */
export function worldOfText(text: MatrixText): MatrixWorld {
  const hosts = sitesOf(text);
  const start = createResourceGroup(
    newCloud({
      seed: 'peering matrix',
      ...(hosts.length === 0 ? {} : { outsideHosts: hosts.map(({ host }) => host) }),
    }),
    { name: GROUP, location: 'westeurope' },
  );
  if (!start.ok) throw new Error(start.error.message);
  const builder = new Builder(start.value);
  for (const vnet of text.vnets) addVnet(builder, vnet);
  // A link that uses a gateway needs the other side's flag, so those come last.
  for (const link of [...text.links].sort(
    (a, b) => Number(a.flags.useRemoteGateways) - Number(b.flags.useRemoteGateways),
  )) {
    builder.do(
      `link ${link.from}->${link.to} (line ${link.line})`,
      createPeering(
        builder.cloud,
        { resourceGroup: GROUP, virtualNetwork: link.from, name: linkName(link.from, link.to) },
        idOf(builder.cloud, link.to),
        link.flags,
      ),
    );
  }
  addRoutes(builder, text);
  if (hosts.some(({ assumed }) => assumed)) {
    builder.assumptions.push(
      `Behind a gateway of which nothing is said: ${hosts
        .filter(({ assumed }) => assumed)
        .map(
          ({ host }) =>
            `${host.kind === 'on-premises' ? host.prefix : ''} on-premises of ${host.name.replace(/^on-premises-/, '')}`,
        )
        .join(', ')}.`,
    );
  }
  if (text.vnets.some(({ forwarder }) => forwarder?.kind === 'firewall')) {
    builder.assumptions.push(
      'Every firewall allows everything: what its rules deny is a matter of calc firewall-rules.',
    );
  }
  if (text.vnets.some(({ forwarder }) => forwarder?.kind === 'nva')) {
    builder.assumptions.push(
      'Every appliance (nva=) has IP forwarding on, in Azure and in its system, and filters nothing.',
    );
  }
  return withMachines(
    builder,
    hosts.map(({ host }) => ({
      end: `host/${host.name}`,
      label: host.name.replace(/^on-premises-/, 'on-premises of '),
    })),
  );
}

/** Returns a cloud that was read from elsewhere, with a machine in each of its VNets. */
export function worldOfCloud(cloud: Cloud): MatrixWorld {
  const sites = cloud.outsideHosts.flatMap((host) =>
    host.kind === 'on-premises' ? [{ end: `host/${host.name}`, label: host.name }] : [],
  );
  return withMachines(new Builder(cloud), sites);
}

export function linkName(from: string, to: string): string {
  return `${from}-to-${to}`;
}

function idOf(cloud: Cloud, name: string): string {
  return resourceId(cloud, GROUP, 'Microsoft.Network/virtualNetworks', name);
}

function addVnet(builder: Builder, vnet: VnetStatement): void {
  const made = builder.do(
    `VNet ${vnet.name} (line ${vnet.line})`,
    createVirtualNetwork(builder.cloud, {
      resourceGroup: GROUP,
      name: vnet.name,
      ...(vnet.location === null ? {} : { location: vnet.location }),
      addressPrefixes: vnet.prefixes.map(formatPrefix),
    }),
  );
  if (!made) return;
  const at = (name: string) => ({ resourceGroup: GROUP, virtualNetwork: vnet.name, name });
  const taken: Prefix[] = [];
  const { forwarder } = vnet;
  if (forwarder !== null) {
    const address = parseAddress(forwarder.address);
    if (!address.ok) return;
    const range = prefixAround(address.value, forwarder.kind === 'firewall' ? 26 : 28);
    taken.push(range);
    const name = forwarder.kind === 'firewall' ? 'AzureFirewallSubnet' : 'nva';
    const subnet = builder.do(
      `${forwarder.kind} of ${vnet.name}`,
      createSubnet(builder.cloud, at(name), { addressPrefix: formatPrefix(range) }),
    );
    if (subnet && forwarder.kind === 'firewall') addFirewall(builder, vnet, forwarder.address, range);
    if (subnet && forwarder.kind === 'nva') addAppliance(builder, vnet, forwarder.address);
  }
  const range = freeRange(vnet.prefixes, taken, 24);
  if (range !== null) taken.push(range);
  const own = vnet.gateway === null ? null : freeRange(vnet.prefixes, taken, 27);
  if (own !== null)
    builder.do(
      `gateway of ${vnet.name}`,
      createSubnet(builder.cloud, at(GATEWAY_SUBNET), { addressPrefix: formatPrefix(own) }),
    );
  if (range !== null)
    builder.do(
      `subnet of ${vnet.name}`,
      createSubnet(builder.cloud, at(SUBNET), { addressPrefix: formatPrefix(range) }),
    );
}

/** The first range of that length in a VNet, or the largest smaller one, that nothing is in yet. */
function freeRange(prefixes: readonly Prefix[], taken: readonly Prefix[], largest: number): Prefix | null {
  for (const space of prefixes) {
    for (let length = Math.max(largest, space.length); length <= 29; length++) {
      const count = Math.min(2 ** (length - space.length), 64);
      for (let at = 0; at < count; at++) {
        const start = addressPlus(firstAddress(space), at * 2 ** (32 - length));
        if (start === null) break;
        const range = prefixAround(start, length);
        if (!taken.some((each) => prefixesOverlap(each, range))) return range;
      }
    }
  }
  return null;
}

function addFirewall(builder: Builder, vnet: VnetStatement, address: string, range: Prefix): void {
  const expected = addressPlus(firstAddress(range), 4);
  if (expected === null || formatAddress(expected) !== address) {
    builder.problems.push({
      about: `firewall of ${vnet.name}`,
      code: 'firewall-address',
      message: `Azure Firewall takes the first free address of its subnet, a /26 or larger: not ${address}, but ${expected === null ? '' : formatAddress(expected)} of ${formatPrefix(range)}. Write firewall=${expected === null ? '' : formatAddress(expected)}, or nva=${address} for an appliance.`,
    });
    return;
  }
  const name = `${vnet.name}-firewall`;
  const place = vnet.location === null ? {} : { location: vnet.location };
  const ready = builder.do(
    `firewall of ${vnet.name}`,
    createPublicIpAddress(builder.cloud, { resourceGroup: GROUP, name: `${name}-ip`, ...place }),
  );
  if (!ready) return;
  const any = {
    name: 'any',
    description: null,
    sourceAddresses: ['*'],
    sourceIpGroups: [],
    protocols: ['Any' as const],
    destinationAddresses: ['*'],
    destinationIpGroups: [],
    destinationFqdns: [],
    destinationPorts: ['*'],
  };
  builder.do(
    `firewall of ${vnet.name}`,
    createAzureFirewall(builder.cloud, {
      resourceGroup: GROUP,
      name,
      ...place,
      ipConfigurations: [
        {
          name: 'config',
          subnetId: `${idOf(builder.cloud, vnet.name)}/subnets/AzureFirewallSubnet`,
          publicIpAddressId: resourceId(
            builder.cloud,
            GROUP,
            'Microsoft.Network/publicIPAddresses',
            `${name}-ip`,
          ),
        },
      ],
      networkRuleCollections: [
        {
          id: `${resourceId(builder.cloud, GROUP, 'Microsoft.Network/azureFirewalls', name)}/networkRuleCollections/all`,
          name: 'all',
          etag: '',
          priority: 100,
          action: { type: 'Allow' },
          rules: [any],
          provisioningState: 'Succeeded',
        },
      ],
    }),
  );
}

function addAppliance(builder: Builder, vnet: VnetStatement, address: string): void {
  const made = addMachine(builder, {
    name: `${vnet.name}-nva`,
    group: GROUP,
    subnetId: `${idOf(builder.cloud, vnet.name)}/subnets/nva`,
    location: vnet.location,
    address,
    about: `nva of ${vnet.name}`,
  });
  if (made !== null) builder.cloud = setForwarding(builder.cloud, made, 'on');
}

function addRoutes(builder: Builder, text: MatrixText): void {
  for (const [vnet, of] of text.vnets.flatMap((each) => [
    [each, 'machines'] as const,
    [each, 'gateway'] as const,
  ])) {
    const routes = text.routes.filter(
      (each) => each.of === of && each.vnet.toLowerCase() === vnet.name.toLowerCase(),
    );
    const closed = of === 'machines' && vnet.propagation === 'off';
    if (routes.length === 0 && !closed) continue;
    const name = routeTableName(vnet.name, of);
    const table = createRouteTable(builder.cloud, {
      resourceGroup: GROUP,
      name,
      ...(vnet.location === null ? {} : { location: vnet.location }),
      disableBgpRoutePropagation: closed,
    });
    if (!builder.do(`route table of ${vnet.name}`, table)) continue;
    for (const { prefix: at, nextHop, line } of routes) {
      const hop = typeof nextHop === 'object' ? nextHop.address : null;
      builder.do(
        `route ${vnet.name} ${at} (line ${line})`,
        createRoute(
          builder.cloud,
          { resourceGroup: GROUP, routeTable: name, name: `to-${at.replace('/', '-')}` },
          { addressPrefix: at, nextHopType: nextHopType(nextHop), nextHopIpAddress: hop },
        ),
      );
    }
    builder.do(
      `route table of ${vnet.name}`,
      updateSubnet(
        builder.cloud,
        {
          resourceGroup: GROUP,
          virtualNetwork: vnet.name,
          name: of === 'machines' ? SUBNET : GATEWAY_SUBNET,
        },
        { routeTable: resourceId(builder.cloud, GROUP, 'Microsoft.Network/routeTables', name) },
      ),
    );
  }
}

function nextHopType(
  hop: MatrixText['routes'][number]['nextHop'],
): 'VirtualAppliance' | 'VirtualNetworkGateway' | 'Internet' | 'None' {
  if (typeof hop === 'object') return 'VirtualAppliance';
  switch (hop) {
    case 'gateway':
      return 'VirtualNetworkGateway';
    case 'internet':
      return 'Internet';
    case 'none':
      return 'None';
  }
}

export function routeTableName(vnet: string, of: 'machines' | 'gateway' = 'machines'): string {
  return of === 'machines' ? `rt-${vnet}` : `rt-${vnet}-gateway`;
}

/** On-premises hosts behind the gateways; a range that no VNet has where none is given. */
function sitesOf(text: MatrixText): readonly { readonly host: OutsideHost; readonly assumed: boolean }[] {
  const used = text.vnets.flatMap(({ prefixes }) => prefixes);
  let next = 0;
  const free = (): Prefix => {
    for (; ; next++) {
      const candidate = prefix(next < 256 ? `192.168.${next}.0/24` : `172.31.${next % 256}.0/24`);
      if (next < 512 && used.some((each) => prefixesOverlap(each, candidate))) continue;
      next++;
      return candidate;
    }
  };
  return text.vnets.flatMap((vnet) => {
    if (vnet.gateway === null) return [];
    const ranges = vnet.gateway.length === 0 ? [free()] : vnet.gateway;
    return ranges.map((range, at) => ({
      assumed: vnet.gateway?.length === 0,
      host: {
        kind: 'on-premises' as const,
        name: `on-premises-${vnet.name}${at === 0 ? '' : `-${at + 1}`}`,
        address: formatAddress(
          addressPlus(firstAddress(range), range.length > 30 ? 0 : 1) ?? firstAddress(range),
        ),
        prefix: formatPrefix(range),
        virtualNetwork: vnet.name,
        ports: [22, 80, 443],
      },
    }));
  });
}

function withMachines(builder: Builder, sites: readonly MatrixSite[]): MatrixWorld {
  const vnets = listResources(builder.cloud, 'Microsoft.Network/virtualNetworks').map(
    (vnet, at): MatrixVnet => {
      const subnet = vnet.subnets.find(
        (each) =>
          !NO_MACHINES.includes(each.name.toLowerCase()) &&
          each.name !== 'nva' &&
          each.delegations.length === 0,
      );
      const name = `in-${vnet.name.replaceAll(/[^A-Za-z0-9-]/g, '-')}`.slice(0, 50);
      const unique = listResources(builder.cloud, 'Microsoft.Compute/virtualMachines').some(
        (each) => armKey(each.name) === armKey(name),
      )
        ? `${name}-${at + 1}`
        : name;
      const made =
        subnet === undefined
          ? null
          : addMachine(builder, {
              name: unique,
              group: vnet.resourceGroup,
              subnetId: subnet.id,
              location: vnet.location,
              address: null,
              about: `a machine in VNet ${vnet.name}`,
            });
      return {
        name: labelOf(builder.cloud, vnet),
        id: vnet.id,
        machine: made === null ? null : `vm/${unique}`,
        subnet: made === null ? null : (subnet?.name ?? null),
      };
    },
  );
  return { cloud: builder.cloud, vnets, sites, problems: builder.problems, assumptions: builder.assumptions };
}

function labelOf(cloud: Cloud, vnet: VirtualNetwork): string {
  const same = listResources(cloud, 'Microsoft.Network/virtualNetworks').filter(
    (each) => armKey(each.name) === armKey(vnet.name),
  );
  return same.length > 1 ? `${vnet.resourceGroup}/${vnet.name}` : vnet.name;
}

interface MachineWish {
  readonly name: string;
  readonly group: string;
  readonly subnetId: string;
  readonly location: string | null;
  readonly address: string | null;
  readonly about: string;
}

/** Makes a machine; one with a fixed address passes packets on, the others have a group of default rules. Returns its id. */
function addMachine(builder: Builder, wish: MachineWish): string | null {
  const before = builder.cloud.subscription;
  const own = builder.cloud.subscriptions.find(({ id }) =>
    wish.subnetId.toLowerCase().startsWith(`/subscriptions/${id.toLowerCase()}/`),
  );
  builder.cloud = { ...builder.cloud, subscription: own ?? before };
  const place = wish.location === null ? {} : { location: wish.location };
  const forwards = wish.address !== null;
  const guard = `${wish.name}-nsg`;
  const id = (type: string, name: string): string => resourceId(builder.cloud, wish.group, type, name);
  const made =
    (forwards ||
      builder.do(
        wish.about,
        createNetworkSecurityGroup(builder.cloud, { resourceGroup: wish.group, name: guard, ...place }),
      )) &&
    builder.do(
      wish.about,
      createNetworkInterface(builder.cloud, {
        resourceGroup: wish.group,
        name: `${wish.name}-nic`,
        ...place,
        ipConfiguration: { name: 'ipconfig1', subnetId: wish.subnetId, privateIPAddress: wish.address },
        ...(forwards
          ? { enableIPForwarding: true }
          : { networkSecurityGroupId: id('Microsoft.Network/networkSecurityGroups', guard) }),
      }),
    ) &&
    builder.do(
      wish.about,
      createVirtualMachine(builder.cloud, {
        resourceGroup: wish.group,
        name: wish.name,
        ...place,
        vmSize: 'Standard_B1s',
        imageReference: 'Ubuntu2204',
        adminUsername: 'azureuser',
        networkInterfaces: [id('Microsoft.Network/networkInterfaces', `${wish.name}-nic`)],
      }),
    );
  const machine = id('Microsoft.Compute/virtualMachines', wish.name);
  builder.cloud = { ...builder.cloud, subscription: before };
  return made ? machine : null;
}

/** Returns a VNet of the world by its id. */
export function vnetWithId(cloud: Cloud, id: string): VirtualNetwork | null {
  return (
    listResources(cloud, 'Microsoft.Network/virtualNetworks').find((each) => sameId(each.id, id)) ?? null
  );
}

/** Reports whether an address is in the VNet. */
export function isInVnet(vnet: VirtualNetwork, text: string): boolean {
  const address = parseAddress(text);
  return (
    address.ok &&
    vnet.addressSpace.addressPrefixes.some((each) => prefixContains(prefix(each), address.value))
  );
}
