/** Load balancers as the compiled network needs them: their frontends, inbound rules and pools, all found and parsed. */
import { armKey, listResources } from '../azure/resource-store.ts';
import type { ArmKey, LoadBalancer, LoadBalancerProbe, LoadBalancingRule } from '../azure/resources.ts';
import type { Address } from '../ip/address.ts';
import type { HostId } from '../network/network.ts';
import type { Report } from './diagnostics.ts';
import { hostNames } from './host-names.ts';
import type { Inventory, NetworkPart, Port, SubnetPart } from './inventory.ts';
import { publicAddressOf } from './public-address.ts';

/** One IP configuration of a NIC in a backend pool. */
export interface PoolMember {
  readonly port: Port;
  readonly address: Address;
  /** `node aks-…`, `VM web1` or `NIC web1VMNic`. */
  readonly label: string;
}

export interface Frontend {
  readonly name: string;
  readonly address: Address;
  readonly place: { readonly kind: 'internet' } | { readonly kind: 'subnet'; readonly subnet: SubnetPart };
}

export interface InboundRule {
  readonly rule: LoadBalancingRule;
  readonly frontend: Frontend;
  readonly pool: string;
  readonly members: readonly PoolMember[];
  /** Null where the rule has none: then every member counts as healthy. */
  readonly probe: LoadBalancerProbe | null;
  /** Whether probes begin with a PROXY protocol header, as a Private Link service at the frontend has them do. */
  readonly proxyHeader: 'none' | 'version-2';
}

export interface BalancerPart {
  readonly resource: LoadBalancer;
  readonly host: HostId;
  /** Where its instances and internal frontends are; null while there are neither. */
  readonly network: NetworkPart | null;
  readonly frontends: readonly Frontend[];
  readonly rules: readonly InboundRule[];
}

/** Returns the HostId of each load balancer: `lb/NAME`, with more where the name alone is not unique. */
export function balancerHosts(inventory: Inventory): ReadonlyMap<ArmKey, HostId> {
  const all = listResources(inventory.cloud, 'Microsoft.Network/loadBalancers');
  return hostNames('lb', all);
}

/** Returns the load balancers that take sessions in, or could but for a rule; the others have only a way out. */
export function balancerParts(
  inventory: Inventory,
  hosts: ReadonlyMap<ArmKey, HostId>,
  report: Report,
): readonly BalancerPart[] {
  const all = listResources(inventory.cloud, 'Microsoft.Network/loadBalancers').filter(takesSessions);
  if (all.length === 0) return [];
  const subnets = new Map(
    inventory.networks.flatMap((network) => network.subnets.map((subnet) => [subnet.key, subnet])),
  );
  const members = membersByPool(inventory);
  const proxied = proxiedFrontends(inventory);
  return all.map((resource): BalancerPart => {
    const frontends = new Map<ArmKey, Frontend>();
    for (const each of resource.frontendIPConfigurations) {
      const frontend = frontendOf(inventory, each, subnets, (message) =>
        report(`frontend ${each.name} of load balancer ${resource.name}`, message),
      );
      if (frontend !== null) frontends.set(armKey(each.id), frontend);
    }
    const rules = resource.loadBalancingRules.flatMap((rule): InboundRule[] => {
      const frontend = frontends.get(armKey(rule.frontendIPConfiguration.id));
      if (frontend === undefined) return [];
      const pool = resource.backendAddressPools.find(
        (each) => armKey(each.id) === armKey(rule.backendAddressPool?.id ?? ''),
      );
      const probe = resource.probes.find((each) => armKey(each.id) === armKey(rule.probe?.id ?? ''));
      return [
        {
          rule,
          frontend,
          pool: pool?.name ?? '',
          members: members.get(armKey(pool?.id ?? '')) ?? [],
          probe: probe ?? null,
          proxyHeader: proxied.has(armKey(rule.frontendIPConfiguration.id)) ? 'version-2' : 'none',
        },
      ];
    });
    const [internal] = [...frontends.values()].flatMap(({ place }) =>
      place.kind === 'subnet' ? place.subnet.network : [],
    );
    const pooled = resource.backendAddressPools.flatMap((each) => members.get(armKey(each.id)) ?? [])[0];
    return {
      resource,
      host: hosts.get(armKey(resource.id)) ?? `lb/${resource.name}`,
      network: internal ?? pooled?.port.subnet.network ?? null,
      frontends: [...frontends.values()],
      rules,
    };
  });
}

/** Frontends of outbound rules alone belong to the way out. */
function takesSessions(balancer: LoadBalancer): boolean {
  if (balancer.loadBalancingRules.length > 0) return true;
  const outbound = new Set(
    balancer.outboundRules.flatMap((each) => each.frontendIPConfigurations.map(({ id }) => armKey(id))),
  );
  return balancer.frontendIPConfigurations.some((each) => !outbound.has(armKey(each.id)));
}

function frontendOf(
  inventory: Inventory,
  {
    name,
    publicIPAddress,
    publicIPPrefix,
    privateIPAddress,
    subnet,
  }: LoadBalancer['frontendIPConfigurations'][number],
  subnets: ReadonlyMap<ArmKey, SubnetPart>,
  report: (message: string) => void,
): Frontend | null {
  if (publicIPAddress !== null) {
    const own = publicAddressOf(inventory, publicIPAddress.id);
    if (own !== null) return { name, address: own.address, place: { kind: 'internet' } };
    report(`has a public IP address that does not exist or has no address: ${publicIPAddress.id}`);
    return null;
  }
  // A prefix takes nothing in: only outbound rules use it.
  if (publicIPPrefix !== undefined) return null;
  const part = subnets.get(armKey(subnet?.id ?? ''));
  const address = privateIPAddress === null ? null : inventory.text.address(privateIPAddress);
  if (part !== undefined && address !== null) {
    return { name, address, place: { kind: 'subnet', subnet: part } };
  }
  report('has neither a public address nor one in a subnet that exists');
  return null;
}

function membersByPool(inventory: Inventory): ReadonlyMap<ArmKey, readonly PoolMember[]> {
  const members = new Map<ArmKey, PoolMember[]>();
  for (const port of inventory.networks.flatMap((network) => network.ports)) {
    for (const configuration of port.nic.ipConfigurations) {
      if (configuration.loadBalancerBackendAddressPools.length === 0) continue;
      const address = inventory.text.address(configuration.privateIPAddress);
      if (address === null) continue;
      const member: PoolMember = { port, address, label: memberLabel(port) };
      for (const { id } of configuration.loadBalancerBackendAddressPools) {
        const key = armKey(id);
        const list = members.get(key);
        if (list === undefined) members.set(key, [member]);
        else list.push(member);
      }
    }
  }
  return members;
}

function memberLabel({ owner, label }: Port): string {
  switch (owner.kind) {
    case 'node':
      return `node ${owner.name}`;
    case 'vm':
      return `VM ${owner.vm.name}`;
    case 'private-endpoint':
    case 'none':
      return `NIC ${label}`;
  }
}

function proxiedFrontends(inventory: Inventory): ReadonlySet<ArmKey> {
  return new Set(
    listResources(inventory.cloud, 'Microsoft.Network/privateLinkServices')
      .filter((each) => each.enableProxyProtocol)
      .flatMap((each) => each.loadBalancerFrontendIpConfigurations.map(({ id }) => armKey(id))),
  );
}
