/** Which NICs are in which backend pools. A NIC is in a pool where its IP configuration names it. */
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { azureError, refusedToo } from './error.ts';
import type { AzureError } from './error.ts';
import { checkLoadBalancer } from './load-balancer-checks.ts';
import { checkOutboundRule } from './load-balancer-outbound-checks.ts';
import { requireIpConfiguration } from './ip-configuration.ts';
import type { IpConfigurationName } from './ip-configuration.ts';
import {
  armKey,
  getResource,
  invalidReference,
  listResources,
  nextEtag,
  putResource,
  sameId,
} from './resource-store.ts';
import type { IpConfiguration, LoadBalancer, NetworkInterface, VirtualMachineScaleSet } from './resources.ts';

const NIC = 'Microsoft.Network/networkInterfaces';

type AnyInterface = Omit<NetworkInterface, 'virtualMachine'>;

/** Returns the load balancer that a pool belongs to, by the pool's id; null if it or the pool is not there. */
export function balancerOfPool(cloud: Cloud, poolId: string): LoadBalancer | null {
  const at = poolId.toLowerCase().lastIndexOf('/backendaddresspools/');
  if (at < 0) return null;
  const balancer = getResource(cloud, poolId.slice(0, at), 'Microsoft.Network/loadBalancers');
  return balancer?.backendAddressPools.some(({ id }) => sameId(id, poolId)) === true ? balancer : null;
}

export function isInternal(balancer: LoadBalancer): boolean {
  return balancer.frontendIPConfigurations.some((one) => one.subnet !== null);
}

/** Returns the scale sets with an instance in the pool. */
export function scaleSetsIn(cloud: Cloud, poolId: string): readonly VirtualMachineScaleSet[] {
  return listResources(cloud, 'Microsoft.Compute/virtualMachineScaleSets').filter((set) =>
    set.instances.some((one) => isIn(one.networkInterface, poolId)),
  );
}

/** Returns the IP configurations in the pool. */
export function poolMembers(cloud: Cloud, poolId: string): readonly IpConfiguration[] {
  return everyInterface(cloud)
    .flatMap((nic) => nic.ipConfigurations)
    .filter((one) => names(one, poolId));
}

/** Returns the cloud in which no NIC of its own is in any of these pools. */
export function leaveBackendPools(cloud: Cloud, poolIds: readonly string[]): Cloud {
  return listResources(cloud, NIC)
    .filter((nic) => poolIds.some((id) => isIn(nic, id)))
    .reduce(
      (next, nic) =>
        putResource(next, {
          ...nic,
          ipConfigurations: nic.ipConfigurations.map((one) => ({
            ...one,
            loadBalancerBackendAddressPools: one.loadBalancerBackendAddressPools.filter(
              ({ id }) => !poolIds.some((going) => sameId(going, id)),
            ),
          })),
          etag: nextEtag(cloud, nic.id, nic.etag),
        }),
      cloud,
    );
}

/**
 * Puts an IP configuration of a NIC into these pools and no others. Errors: the NIC's or the
 * configuration's absence, `InvalidResourceReference`, `AnotherInternalLoadBalancerExists`,
 * those of `checkLoadBalancer` and `checkOutboundRule`; `NotSimulated` for two public load balancers or a pool of another VNet,
 * which Azure refuses too.
 */
export function setBackendPools(
  cloud: Cloud,
  name: IpConfigurationName,
  poolIds: readonly string[],
): Result<Cloud, AzureError> {
  const found = requireIpConfiguration(cloud, name);
  if (!found.ok) return found;
  const { networkInterface, ipConfiguration } = found.value;
  const pools: { readonly id: string }[] = [];
  for (const wanted of poolIds) {
    const balancer = balancerOfPool(cloud, wanted);
    if (balancer === null || balancer.location !== networkInterface.location) {
      return err(invalidReference(wanted, networkInterface.id));
    }
    const pool = balancer.backendAddressPools.find(({ id }) => sameId(id, wanted));
    if (pool !== undefined && !pools.some(({ id }) => sameId(id, pool.id))) pools.push({ id: pool.id });
  }
  const changed: NetworkInterface = {
    ...networkInterface,
    ipConfigurations: networkInterface.ipConfigurations.map((one) =>
      one === ipConfiguration ? { ...one, loadBalancerBackendAddressPools: pools } : one,
    ),
    etag: nextEtag(cloud, networkInterface.id, networkInterface.etag),
  };
  const refusal = checkInterface(cloud, changed) ?? checkNetwork(cloud, changed, pools);
  return refusal === null ? ok(putResource(cloud, changed)) : err(refusal);
}

/** Returns why the pools that a NIC names cannot be together, or null. */
function checkInterface(cloud: Cloud, nic: NetworkInterface): AzureError | null {
  const balancers = new Set<LoadBalancer>();
  for (const { id } of nic.ipConfigurations.flatMap((one) => one.loadBalancerBackendAddressPools)) {
    const balancer = balancerOfPool(cloud, id);
    if (balancer !== null) balancers.add(balancer);
  }
  const internal = [...balancers].filter(isInternal);
  const open = [...balancers].filter((one) => !isInternal(one));
  if (internal.length > 1) {
    return azureError(
      'AnotherInternalLoadBalancerExists',
      `Network interface ${nic.id} is in a backend pool of internal load balancer ${internal[0]?.id ?? ''}. It cannot be in a pool of internal load balancer ${internal[1]?.id ?? ''} too.`,
    );
  }
  if (open.length > 1) {
    return refusedToo(
      `Network interface ${nic.name} behind two public load balancers, ${open[0]?.name ?? ''} and ${open[1]?.name ?? ''},`,
    );
  }
  const next = putResource(cloud, nic);
  for (const one of balancers) {
    const refusal = checkLoadBalancer(next, one) ?? checkOutboundRules(next, one, nic);
    if (refusal !== null) return refusal;
  }
  return null;
}

/**
 * A new member shares the ports of its pool: NICs are refused for them too
 * (https://github.com/MicrosoftDocs/azure-docs/issues/36809).
 */
function checkOutboundRules(cloud: Cloud, balancer: LoadBalancer, nic: NetworkInterface): AzureError | null {
  for (const rule of balancer.outboundRules) {
    const pool = rule.backendAddressPool.id;
    if (!isIn(nic, pool)) continue;
    const refusal = checkOutboundRule(cloud, balancer, rule, poolMembers(cloud, pool));
    if (refusal !== null) return refusal;
  }
  return null;
}

/** Members of a pool, and the frontends of an internal load balancer, are in one VNet. */
function checkNetwork(
  cloud: Cloud,
  nic: NetworkInterface,
  pools: readonly { readonly id: string }[],
): AzureError | null {
  const own = networkOf(nic.ipConfigurations[0]?.subnet.id ?? '');
  for (const { id } of pools) {
    const members = everyInterface(cloud).filter((one) => !sameId(one.id, nic.id) && isIn(one, id));
    const frontends = balancerOfPool(cloud, id)?.frontendIPConfigurations ?? [];
    const subnets = [
      ...members.flatMap((one) => one.ipConfigurations.map(({ subnet }) => subnet.id)),
      ...frontends.flatMap(({ subnet }) => (subnet === null ? [] : [subnet.id])),
    ];
    const other = subnets.map(networkOf).find((one) => one !== own);
    if (other !== undefined) {
      return refusedToo(`Network interface ${nic.name} in the pool ${id} of another virtual network`);
    }
  }
  return null;
}

function networkOf(subnetId: string): string {
  return armKey(subnetId).split('/subnets/')[0] ?? '';
}

function everyInterface(cloud: Cloud): readonly AnyInterface[] {
  return [
    ...listResources(cloud, NIC),
    ...listResources(cloud, 'Microsoft.Compute/virtualMachineScaleSets').flatMap((set) =>
      set.instances.map((one) => one.networkInterface),
    ),
  ];
}

/** Returns the NICs with an IP configuration in the pool, those of scale sets included. */
export function interfacesIn(cloud: Cloud, poolId: string): readonly AnyInterface[] {
  return everyInterface(cloud).filter((nic) => isIn(nic, poolId));
}

function isIn(nic: AnyInterface, poolId: string): boolean {
  return nic.ipConfigurations.some((one) => names(one, poolId));
}

function names(configuration: IpConfiguration, poolId: string): boolean {
  return configuration.loadBalancerBackendAddressPools.some(({ id }) => sameId(id, poolId));
}
