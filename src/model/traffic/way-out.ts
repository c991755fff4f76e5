/** Whose source ports a connection takes, read from its trace. */
import { armKey, getResource, listResources } from '../azure/resource-store.ts';
import type { LoadBalancer } from '../azure/resources.ts';
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
import { OUTBOUND_RULE_IDLE_TIMEOUT } from '../limits/load-balancer.ts';
import { FIREWALL_INSTANCES } from '../limits/snat.ts';
import { portsPerNode } from '../snat/ports.ts';
import type { Header, Step, Trace } from '../trace/trace.ts';

/** What a connection looks like where its source becomes public. */
export interface Translation {
  /** `lb/kubernetes`, `natgw/egress`, `firewall/hub`, `edge/VNET`. */
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
    if (!/^(lb|natgw|edge|firewall)\//.test(place)) continue;
    for (const step of steps) {
      const isSource =
        step.kind === 'translate' &&
        sameAddress(step.before.destination.address, step.after.destination.address);
      if (isSource && becomesPublic(compiled, place, step)) found = { device: place, step, fabric };
    }
  }
  if (found === null) return null;
  const { device, step } = found;
  const port = portOf(compiled, found.fabric, step.before.source.address);
  const way = wayOf(compiled, device, step, port);
  return way === null ? null : { device, by: step.by, before: step.before, way };
}

/** A firewall also gives its private address, which takes none of the ports that are counted. */
function becomesPublic({ firewalls }: Compiled, place: HostId, { after }: Step): boolean {
  const plan = firewalls.find(({ host }) => host === place);
  return plan === undefined || plan.publicAddresses.some((each) => sameAddress(each, after.source.address));
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

function wayOf(world: Compiled, device: HostId, step: Step, port: Port | null): WayOut | null {
  const [kind] = device.split('/');
  if (kind === 'natgw') return gatewayWay(world, device, step);
  if (kind === 'firewall') return firewallWay(world, device, step);
  if (port === null) return null;
  if (kind === 'lb') return balancerWay(world, device, step, port);
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

function balancerWay(compiled: Compiled, device: HostId, { by, before }: Step, port: Port): WayOut | null {
  const { inventory, balancers } = compiled;
  const [key] = [...balancerHosts(inventory)].find(([, host]) => host === device) ?? [];
  const resource =
    key === undefined ? null : getResource(inventory.cloud, key, 'Microsoft.Network/loadBalancers');
  const rule = balancers
    .filter(({ host }) => host === device)
    .flatMap(({ outbound }) => outbound.flatMap(({ rules }) => rules))
    .find((each) => each.by === by);
  if (resource === null || rule === undefined) return null;
  const { pool, allocated, idleTimeoutInMinutes } = ruleParts(resource, by);
  const ports = portsPerNode({
    nodes: members(compiled, pool).length,
    addresses: rule.addresses.length,
    allocated,
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
        inventory: { method: 'load-balancer', ports, idleTimeoutInMinutes },
      };
}

/** Ports that a machine was given of a load balancer's addresses, per protocol, whether it uses them or not. */
export interface Allocation {
  readonly backend: string;
  readonly addresses: readonly string[];
  readonly protocols: readonly ('tcp' | 'udp')[];
  readonly ports: number;
}

/** Returns what a load balancer has given to whom; nothing where how much it is is not documented. */
export function allocationsOf(compiled: Compiled, balancer: LoadBalancer): readonly Allocation[] {
  const own = compiled.balancers.filter(
    ({ host }) => balancerHosts(compiled.inventory).get(armKey(balancer.id)) === host,
  );
  return own
    .flatMap(({ outbound }) => outbound.flatMap(({ rules }) => rules))
    .flatMap(({ by, addresses, protocol }): readonly Allocation[] => {
      const { pool, allocated } = ruleParts(balancer, by);
      const behind = members(compiled, pool);
      const ports = portsPerNode({ nodes: behind.length, addresses: addresses.length, allocated });
      if (ports === null) return [];
      return behind.map((port) => ({
        backend: backendOf(port),
        addresses: addresses.map(formatAddress),
        protocols: protocol === 'All' ? ['tcp', 'udp'] : protocol === 'Tcp' ? ['tcp'] : ['udp'],
        ports,
      }));
    });
}

interface RuleParts {
  readonly pool: string;
  readonly allocated: number;
  readonly idleTimeoutInMinutes: number;
}

/** `by` is what the compiled network calls the rule. */
function ruleParts(resource: LoadBalancer, by: string): RuleParts {
  const outbound = resource.outboundRules.find(
    (each) => by === `outbound rule ${each.name} of load balancer ${resource.name}`,
  );
  const inbound = resource.loadBalancingRules.find((each) => by.startsWith(`rule ${each.name} of `));
  return {
    pool: outbound?.backendAddressPool.id ?? inbound?.backendAddressPool?.id ?? '',
    allocated: outbound?.allocatedOutboundPorts ?? 0,
    idleTimeoutInMinutes:
      outbound?.idleTimeoutInMinutes ??
      inbound?.idleTimeoutInMinutes ??
      OUTBOUND_RULE_IDLE_TIMEOUT.value.default,
  };
}

function members({ inventory }: Compiled, pool: string): readonly Port[] {
  return inventory.networks.flatMap(({ ports }) => ports.filter((each) => isInPool(each, pool)));
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

/** With as many instances as it has at least: it gets more with load, some minutes later. */
function firewallWay({ firewalls }: Compiled, device: HostId, { before }: Step): WayOut | null {
  const plan = firewalls.find(({ host }) => host === device);
  return plan === undefined
    ? null
    : {
        id: device,
        resource: plan.resource.id,
        by: `firewall ${plan.name}`,
        owner: plan.name,
        backend: formatAddress(before.source.address),
        addresses: plan.publicAddresses.map(formatAddress),
        inventory: {
          method: 'firewall',
          addresses: plan.publicAddresses.length,
          instances: FIREWALL_INSTANCES.value.lowest,
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
