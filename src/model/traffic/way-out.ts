/** Whose source ports a connection takes, read from its trace. */
import { armKey, getResource, listResources } from '../azure/resource-store.ts';
import type { Compiled } from '../compile/compile.ts';
import { fabricId } from '../compile/fabric-interfaces.ts';
import type { Port } from '../compile/inventory.ts';
import { balancerHosts } from '../compile/load-balancers.ts';
import { natGateways } from '../compile/nat-gateway.ts';
import { instanceAddress } from '../compile/public-address.ts';
import { formatAddress, sameAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import type { HostId } from '../network/network.ts';
import type { WayOut } from '../snat/load.ts';
import { portsPerNode } from '../snat/ports.ts';
import type { Header, Step, Trace } from '../trace/trace.ts';

/** What a connection looks like where its source becomes public. */
export interface Translation {
  /** `lb/kubernetes`, `natgw/egress`, `edge/VNET`. */
  readonly device: HostId;
  readonly by: string;
  readonly before: Header;
  readonly way: WayOut;
}

/** Returns where a connection's source becomes public, and whose ports that takes; null if nowhere. */
export function translationOf(compiled: Compiled, trace: Trace): Translation | null {
  let fabric: HostId | null = null;
  let found: { readonly device: HostId; readonly step: Step; readonly fabric: HostId | null } | null = null;
  for (const { place, steps } of trace.hops) {
    if (place.startsWith('fabric/')) fabric = place;
    if (!/^(lb|natgw|edge)\//.test(place)) continue;
    for (const step of steps) {
      const isSource =
        step.kind === 'translate' &&
        sameAddress(step.before.destination.address, step.after.destination.address);
      if (isSource) found = { device: place, step, fabric };
    }
  }
  if (found === null) return null;
  const { device, step } = found;
  const { address } = step.before.source;
  const port = portOf(compiled, found.fabric, address);
  if (port === null) return null;
  const way = wayOf(compiled, device, step, port);
  return way === null ? null : { device, by: step.by, before: step.before, way };
}

/** The NIC that sends from an address, in the VNet that the packet was in last. */
function portOf({ inventory }: Compiled, fabric: HostId | null, source: Address): Port | null {
  const network = inventory.networks.find((each) => fabricId(each) === fabric);
  return (
    network?.ports.find(
      ({ addresses, owner }) =>
        addresses.some((each) => sameAddress(each, source)) ||
        (owner.kind === 'node' &&
          owner.podSubnet?.addresses.some((each) => sameAddress(each, source)) === true),
    ) ?? null
  );
}

function wayOf(world: Compiled, device: HostId, step: Step, port: Port): WayOut | null {
  const [kind] = device.split('/');
  if (kind === 'lb') return balancerWay(world, device, step, port);
  if (kind === 'natgw') return gatewayWay(world, device, step);
  return instanceWay(world, step, port);
}

function backendOf(port: Port): string {
  const [address] = port.addresses;
  return address === undefined ? '' : formatAddress(address);
}

function ownerOf({ owner, label }: Port): string {
  switch (owner.kind) {
    case 'node':
      return owner.name;
    case 'vm':
      return owner.vm.name;
    case 'private-endpoint':
    case 'none':
      return label;
  }
}

function balancerWay(world: Compiled, device: HostId, { by, before }: Step, port: Port): WayOut | null {
  const { inventory, balancers } = world;
  const [key] = [...balancerHosts(inventory)].find(([, host]) => host === device) ?? [];
  const resource =
    key === undefined ? null : getResource(inventory.cloud, key, 'Microsoft.Network/loadBalancers');
  const rule = balancers
    .filter(({ host }) => host === device)
    .flatMap(({ outbound }) => outbound.flatMap(({ rules }) => rules))
    .find((each) => each.by === by);
  if (resource === null || rule === undefined) return null;
  const outbound = resource.outboundRules.find(
    (each) => by === `outbound rule ${each.name} of load balancer ${resource.name}`,
  );
  const inbound = resource.loadBalancingRules.find((each) => by.startsWith(`rule ${each.name} of `));
  const pool = outbound?.backendAddressPool.id ?? inbound?.backendAddressPool?.id ?? '';
  const nodes = inventory.networks.reduce(
    (sum, { ports }) => sum + ports.filter((each) => isInPool(each, pool)).length,
    0,
  );
  const ports = portsPerNode({
    nodes,
    addresses: rule.addresses.length,
    allocated: outbound?.allocatedOutboundPorts ?? 0,
  });
  const backend = backendOf(port);
  return ports === null
    ? null
    : {
        id: `${device} ${backend} ${rule.protocol === 'All' ? '' : before.protocol}`.trim(),
        resource: resource.id,
        by,
        owner: ownerOf(port),
        backend,
        addresses: rule.addresses.map(formatAddress),
        inventory: {
          method: 'load-balancer',
          ports,
          idleTimeoutInMinutes: outbound?.idleTimeoutInMinutes ?? inbound?.idleTimeoutInMinutes ?? 4,
        },
      };
}

function isInPool({ nic }: Port, pool: string): boolean {
  return nic.ipConfigurations.some(({ loadBalancerBackendAddressPools }) =>
    loadBalancerBackendAddressPools.some(({ id }) => armKey(id) === armKey(pool)),
  );
}

function gatewayWay({ inventory }: Compiled, device: HostId, { by, before }: Step): WayOut | null {
  const nothingToSay = (): void => undefined;
  const gateway = [...natGateways(inventory, nothingToSay).values()].find(({ host }) => host === device);
  return gateway === undefined
    ? null
    : {
        id: device,
        resource: gateway.resource.id,
        by,
        owner: gateway.name,
        backend: formatAddress(before.source.address),
        addresses: gateway.addresses.map(formatAddress),
        inventory: {
          method: 'nat-gateway',
          addresses: gateway.addresses.length,
          idleTimeoutInMinutes: gateway.resource.idleTimeoutInMinutes,
        },
      };
}

/** Default outbound access has ports too, but how many is not documented. */
function instanceWay({ inventory }: Compiled, { by }: Step, port: Port): WayOut | null {
  const own = instanceAddress(inventory, port);
  if (own === null || !by.startsWith('public IP ')) return null;
  const address = listResources(inventory.cloud, 'Microsoft.Network/publicIPAddresses').find(
    ({ ipAddress }) => ipAddress === formatAddress(own.address),
  );
  return {
    id: `public IP ${own.name} ${backendOf(port)}`,
    resource: address?.id ?? own.name,
    by,
    owner: ownerOf(port),
    backend: backendOf(port),
    addresses: [formatAddress(own.address)],
    inventory: { method: 'instance-public-ip' },
  };
}
