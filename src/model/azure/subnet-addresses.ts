import type { Cloud } from '../cloud.ts';
import { addressPlus, compareAddresses, formatAddress, parseAddress, sameAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { addressCount, firstAddress, lastAddress, prefix, prefixContains } from '../ip/prefix.ts';
import {
  PRIVATE_ADDRESSES_PER_VIRTUAL_NETWORK,
  RESERVED_ADDRESSES_PER_SUBNET,
  RESERVED_AT_SUBNET_START,
} from '../limits/azure-network.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import { armKey, getResource, sameId } from './resource-store.ts';
import type { Subnet } from './resources.ts';

/** An address of a subnet and the id of what holds it. */
export interface Allocation {
  readonly address: string;
  readonly by: string;
  /** Addresses of AKS pods have no IP configuration in Azure: a link of the subnet holds them. */
  readonly kind: 'ip-configuration' | 'network-container';
  /** The /28 that the address came in, for blocks of pod addresses. */
  readonly block?: string;
}

/**
 * Returns who holds which address of a subnet: NICs, scale set NICs, internal frontends, Private Link services,
 * firewalls, and the nodes of AKS that give its addresses to pods.
 */
export function subnetAllocations(cloud: Cloud, subnetId: string): readonly Allocation[] {
  const key = armKey(subnetId);
  const configured = allAllocations(cloud).get(key) ?? [];
  const toPods = podNetworkAllocations(cloud, key);
  return toPods.length === 0 ? configured : [...configured, ...toPods];
}

const allocationsOfCloud = new WeakMap<Cloud['resources'], ReadonlyMap<string, readonly Allocation[]>>();

function allAllocations(cloud: Cloud): ReadonlyMap<string, readonly Allocation[]> {
  const known = allocationsOfCloud.get(cloud.resources);
  if (known !== undefined) return known;
  const bySubnet = new Map<string, Allocation[]>();
  const add = (subnet: string, address: string, by: string): void => {
    const key = armKey(subnet);
    const list = bySubnet.get(key);
    const allocation: Allocation = { address, by, kind: 'ip-configuration' };
    if (list === undefined) bySubnet.set(key, [allocation]);
    else list.push(allocation);
  };
  for (const resource of Object.values(cloud.resources)) {
    if (resource.type === 'Microsoft.Network/networkInterfaces') {
      for (const one of resource.ipConfigurations) add(one.subnet.id, one.privateIPAddress, one.id);
    } else if (resource.type === 'Microsoft.Compute/virtualMachineScaleSets') {
      for (const instance of resource.instances) {
        for (const one of instance.networkInterface.ipConfigurations) {
          add(one.subnet.id, one.privateIPAddress, one.id);
        }
      }
    } else if (resource.type === 'Microsoft.Network/loadBalancers') {
      for (const one of resource.frontendIPConfigurations) {
        if (one.subnet !== null && one.privateIPAddress !== null) {
          add(one.subnet.id, one.privateIPAddress, one.id);
        }
      }
    } else if (resource.type === 'Microsoft.Network/privateLinkServices') {
      for (const one of resource.ipConfigurations) add(one.subnet.id, one.privateIPAddress, one.id);
    } else if (resource.type === 'Microsoft.Network/azureFirewalls') {
      const management = resource.managementIpConfiguration;
      const all = management === undefined ? [] : [management];
      for (const one of [...resource.ipConfigurations, ...all]) {
        if (one.subnet !== null && one.privateIPAddress !== null) {
          add(one.subnet.id, one.privateIPAddress, one.id);
        }
      }
    } else if (resource.type === 'Microsoft.Network/virtualNetworkGateways') {
      // Its instances show no address of their own, except the one that they speak BGP from.
      const own = resource.bgpSettings?.bgpPeeringAddress ?? '';
      for (const one of resource.ipConfigurations) add(one.subnet.id, own, one.id);
    }
  }
  allocationsOfCloud.set(cloud.resources, bySubnet);
  return bySubnet;
}

type NodeNetworkConfigs = Cloud['kubernetes'][string]['nodeNetworkConfigs'];

const allocationsOfNodes = new WeakMap<NodeNetworkConfigs, ReadonlyMap<string, readonly Allocation[]>>();

function podNetworkAllocations(cloud: Cloud, subnet: string): readonly Allocation[] {
  const found: Allocation[] = [];
  for (const [key, state] of Object.entries(cloud.kubernetes)) {
    const cluster = cloud.resources[key];
    if (cluster?.type !== 'Microsoft.ContainerService/ManagedClusters') continue;
    const network = armKey(cluster.simulation.virtualNetworkId);
    if (!subnet.startsWith(`${network}/subnets/`)) continue;
    const name = subnet.slice(network.length + '/subnets/'.length);
    const own = allocationsBySubnet(state.nodeNetworkConfigs).get(name) ?? [];
    const by = `${cluster.simulation.virtualNetworkId}/subnets/${name}/serviceAssociationLinks/${POD_SUBNET_LINK}`;
    for (const each of own) found.push({ ...each, by });
  }
  return found;
}

/** What Azure names the link that keeps a pod subnet for AKS. */
export const POD_SUBNET_LINK = 'AzureKubernetesService';

/** By the subnet's name in lower case. */
function allocationsBySubnet(configs: NodeNetworkConfigs): ReadonlyMap<string, readonly Allocation[]> {
  const known = allocationsOfNodes.get(configs);
  if (known !== undefined) return known;
  const bySubnet = new Map<string, Allocation[]>();
  for (const config of Object.values(configs)) {
    for (const container of config.status.networkContainers) {
      if (container.type === 'overlay') continue;
      const name = container.subnetName.toLowerCase();
      const list = bySubnet.get(name) ?? [];
      bySubnet.set(name, list);
      const given = container.ipAssignments.map(({ ip }) => ip);
      if (container.type === 'vnetblock') given.unshift(container.primaryIP);
      for (const each of given) list.push(...addressesOf(each));
    }
  }
  allocationsOfNodes.set(configs, bySubnet);
  return bySubnet;
}

/** One address, or all of a block. */
function addressesOf(text: string): readonly Allocation[] {
  if (!text.includes('/')) return [{ address: text, by: '', kind: 'network-container' }];
  const block = prefix(text);
  return Array.from({ length: addressCount(block) }, (_, at): Allocation => {
    const address = addressPlus(firstAddress(block), at);
    return {
      address: address === null ? '' : formatAddress(address),
      by: '',
      kind: 'network-container',
      block: text,
    };
  });
}

/** Returns the addresses of a subnet that Azure keeps: .0, .1, .2, .3 and the last, in order. */
export function reservedAddresses(addressPrefix: string): readonly string[] {
  const range = prefix(addressPrefix);
  const reserved: string[] = [];
  for (let i = 0; i < RESERVED_AT_SUBNET_START.value; i++) {
    const address = addressPlus(firstAddress(range), i);
    if (address !== null) reserved.push(formatAddress(address));
  }
  reserved.push(formatAddress(lastAddress(range)));
  return reserved;
}

/** Reports whether Azure keeps this address of the subnet for itself. */
export function isReservedAddress(addressPrefix: string, address: Address): boolean {
  const range = prefix(addressPrefix);
  const firstUsable = addressPlus(firstAddress(range), RESERVED_AT_SUBNET_START.value);
  if (firstUsable === null) return true;
  if (!prefixContains(range, address)) return false;
  return compareAddresses(address, firstUsable) < 0 || sameAddress(address, lastAddress(range));
}

/** Returns how many addresses NICs can have in a subnet of this prefix, taken or not. */
export function usableAddressCount(addressPrefix: string): number {
  return Math.max(0, addressCount(prefix(addressPrefix)) - RESERVED_ADDRESSES_PER_SUBNET.value);
}

/** Yields the free blocks of a subnet, lowest first: those without a taken or kept address. */
export function* everyFreeBlock(
  cloud: Cloud,
  subnet: Pick<Subnet, 'id' | 'addressPrefix'>,
  length: number,
): Generator<string, undefined> {
  const range = prefix(subnet.addressPrefix);
  const taken = new Set([
    ...reservedAddresses(subnet.addressPrefix),
    ...subnetAllocations(cloud, subnet.id).map((one) => one.address),
  ]);
  const size = 2 ** (32 - length);
  for (let at = 0; at + size <= addressCount(range); at += size) {
    const first = addressPlus(firstAddress(range), at);
    if (first === null) return;
    let usable = true;
    for (let offset = 0; offset < size && usable; offset++) {
      const address = addressPlus(first, offset);
      usable = address !== null && !taken.has(formatAddress(address));
    }
    if (usable) yield `${formatAddress(first)}/${length}`;
  }
}

/** Yields the free addresses of a subnet, lowest first, without those that Azure keeps. */
export function* everyFreeAddress(
  cloud: Cloud,
  subnet: Pick<Subnet, 'id' | 'addressPrefix'>,
): Generator<string, undefined> {
  const range = prefix(subnet.addressPrefix);
  const taken = new Set(subnetAllocations(cloud, subnet.id).map((one) => one.address));
  const end = addressCount(range) - 1;
  for (let i = RESERVED_AT_SUBNET_START.value; i < end; i++) {
    const address = addressPlus(firstAddress(range), i);
    if (address === null) return;
    const text = formatAddress(address);
    if (!taken.has(text)) yield text;
  }
}

/**
 * Returns the next `count` addresses that Azure hands out in a subnet: the lowest free ones.
 * Errors: `SubnetIsFull`; `PrivateIPAddressLimitReached` for the VNet's total.
 */
export function freeAddresses(
  cloud: Cloud,
  subnet: Subnet,
  count: number,
): Result<readonly string[], AzureError> {
  const limit = checkVirtualNetworkTotal(cloud, subnet, count);
  if (!limit.ok) return limit;
  const free: string[] = [];
  if (count > 0) {
    for (const address of everyFreeAddress(cloud, subnet)) {
      free.push(address);
      if (free.length === count) break;
    }
  }
  if (free.length < count) {
    return err(
      azureError(
        'SubnetIsFull',
        `Subnet ${subnet.name} with address prefix ${subnet.addressPrefix} does not have enough capacity for ${count} IP addresses.`,
      ),
    );
  }
  return ok(free);
}

/** Returns up to five addresses that are free in a subnet, as Azure offers them to someone who asks for one. */
export function offeredAddresses(cloud: Cloud, subnet: Subnet): readonly string[] {
  const room = usableAddressCount(subnet.addressPrefix) - subnetAllocations(cloud, subnet.id).length;
  const free = freeAddresses(cloud, subnet, Math.max(0, Math.min(5, room)));
  return free.ok ? free.value : [];
}

/** Returns the next address that Azure hands out in a subnet. Errors: as `freeAddresses`. */
export function freeAddress(cloud: Cloud, subnet: Subnet): Result<string, AzureError> {
  const free = freeAddresses(cloud, subnet, 1);
  if (!free.ok) return free;
  const [address] = free.value;
  if (address === undefined) throw new Error('freeAddresses returned fewer addresses than it was asked for');
  return ok(address);
}

function checkVirtualNetworkTotal(cloud: Cloud, subnet: Subnet, count: number): Result<null, AzureError> {
  const vnetId = subnet.id.slice(0, subnet.id.toLowerCase().lastIndexOf('/subnets/'));
  if (count <= virtualNetworkRoom(cloud, vnetId)) return ok(null);
  return err(
    azureError(
      'PrivateIPAddressLimitReached',
      `Cannot have more than ${PRIVATE_ADDRESSES_PER_VIRTUAL_NETWORK.value} private IP addresses in virtual network ${vnetId}.`,
    ),
  );
}

/** Returns how many more private addresses a VNet may have in use, over all of its subnets. */
export function virtualNetworkRoom(cloud: Cloud, vnetId: string): number {
  const vnet = getResource(cloud, vnetId, 'Microsoft.Network/virtualNetworks');
  const used = (vnet?.subnets ?? []).reduce(
    (sum, one) => sum + countedAddresses(subnetAllocations(cloud, one.id)),
    0,
  );
  return PRIVATE_ADDRESSES_PER_VIRTUAL_NETWORK.value - used;
}

/** A block of pod addresses counts as one address of the VNet. */
function countedAddresses(allocations: readonly Allocation[]): number {
  const blocks = new Set<string>();
  let single = 0;
  for (const { block } of allocations) {
    if (block === undefined) single++;
    else blocks.add(block);
  }
  return single + blocks.size;
}

/**
 * Returns the canonical text of an address that an IP configuration asks for in a subnet. Errors:
 * `InvalidRequestFormat`, `PrivateIPAddressNotInSubnet`, `PrivateIPAddressInReservedRange`,
 * `PrivateIPAddressIsAllocated`.
 */
export function claimAddress(
  cloud: Cloud,
  subnet: Subnet,
  text: string,
  by: string,
): Result<string, AzureError> {
  const parsed = parseAddress(text);
  if (!parsed.ok) {
    return err(
      azureError(
        'InvalidIPAddressFormat',
        `The IP address ${text} of resource ${by} is not formatted correctly. It should be an IPv4 address, for example 10.0.0.4.`,
      ),
    );
  }
  const address = parsed.value;
  const canonical = formatAddress(address);
  if (!prefixContains(prefix(subnet.addressPrefix), address)) {
    return err(
      azureError(
        'PrivateIPAddressNotInSubnet',
        `Private static IP address ${canonical} does not belong to the range of subnet prefix ${subnet.addressPrefix}.`,
      ),
    );
  }
  if (isReservedAddress(subnet.addressPrefix, address)) {
    return err(
      azureError(
        'PrivateIPAddressInReservedRange',
        `Private static IP address ${canonical} falls within reserved IP range of subnet prefix ${subnet.addressPrefix}.`,
      ),
    );
  }
  const holder = subnetAllocations(cloud, subnet.id).find((one) => one.address === canonical);
  if (holder !== undefined && !sameId(holder.by, by)) {
    return err(
      azureError(
        'PrivateIPAddressIsAllocated',
        `IP configuration ${by} is using the private IP address ${canonical} which is already allocated to resource ${holder.by}.`,
      ),
    );
  }
  return ok(canonical);
}
