/** Puts the resources of all texts together: parts into their parents, instances into machines. */
import type { RuleCollectionGroup } from '../../model/azure/firewall-resources.ts';
import { armKey } from '../../model/azure/resource-store.ts';
import type {
  ArmKey,
  NetworkInterface,
  NetworkSecurityGroup,
  RouteTable,
  VirtualNetwork,
} from '../../model/azure/resources.ts';
import type { AgentPool } from '../../model/aks/managed-cluster.ts';
import { newCloud } from '../../model/azure/subscription.ts';
import type { Cloud, Resource } from '../../model/cloud.ts';
import { bagOfObject, labelOf, nameOf } from './arm-object.ts';
import type { ArmObject, ReadContext } from './arm-object.ts';
import { addressesIn, idsIn, rawObject } from './bag.ts';
import { parentOf } from './gather.ts';
import type { Gathered } from './gather.ts';
import type { ImportLog } from './left-out.ts';
import { readNatGateway, readPublicIpAddress, readPublicIpPrefix } from './read-addresses.ts';
import { readCluster, readPool } from './read-cluster.ts';
import { readScaleSet, readScaleSetInterface, readVirtualMachine } from './read-compute.ts';
import { readFirewall, readFirewallPolicy, readIpGroup, readRuleCollectionGroup } from './read-firewall.ts';
import { readLocalNetworkGateway, readVirtualNetworkGateway, readVpnConnection } from './read-gateway.ts';
import { readLoadBalancer } from './read-load-balancer.ts';
import { readNetworkInterface } from './read-interface.ts';
import { readPeering, readSubnet, readVirtualNetwork } from './read-network.ts';
import { readRoute, readRouteTable } from './read-route-table.ts';
import { readApplicationSecurityGroup, readSecurityGroup, readSecurityRule } from './read-security-group.ts';
import { readPrivateEndpoint, readPrivateLinkService } from './read-private-link.ts';
import { effectOfType } from './unmodelled-types.ts';

/** Nothing of a machine is drawn. */
const EMPTY = newCloud({ seed: 'import' });

type Reader = (object: ArmObject, context: ReadContext) => Resource | null;

const READERS: Readonly<Record<string, Reader>> = {
  'microsoft.network/virtualnetworks': readVirtualNetwork,
  'microsoft.network/routetables': readRouteTable,
  'microsoft.network/networksecuritygroups': readSecurityGroup,
  'microsoft.network/applicationsecuritygroups': readApplicationSecurityGroup,
  'microsoft.network/networkinterfaces': readNetworkInterface,
  'microsoft.network/publicipaddresses': readPublicIpAddress,
  'microsoft.network/publicipprefixes': readPublicIpPrefix,
  'microsoft.network/natgateways': readNatGateway,
  'microsoft.network/loadbalancers': readLoadBalancer,
  'microsoft.network/privatelinkservices': readPrivateLinkService,
  'microsoft.network/privateendpoints': readPrivateEndpoint,
  'microsoft.network/azurefirewalls': readFirewall,
  'microsoft.network/firewallpolicies': readFirewallPolicy,
  'microsoft.network/ipgroups': readIpGroup,
  'microsoft.network/virtualnetworkgateways': readVirtualNetworkGateway,
  'microsoft.network/localnetworkgateways': readLocalNetworkGateway,
  'microsoft.network/connections': readVpnConnection,
  'microsoft.compute/virtualmachines': readVirtualMachine,
  'microsoft.compute/virtualmachinescalesets': readScaleSet,
  'microsoft.containerservice/managedclusters': readCluster,
};

/** One instance of a scale set, as its NICs and `list-instances` tell of it. */
export interface Instance {
  readonly set: ArmKey;
  readonly id: string;
  readonly instanceId: string;
  computerName: string | null;
  readonly interfaces: NetworkInterface[];
}

export interface ImportedResources {
  readonly resources: Map<ArmKey, Resource>;
  readonly instances: ReadonlyMap<ArmKey, Instance>;
}

export function importResources(
  cloud: Cloud,
  gathered: Gathered,
  log: ImportLog,
): { readonly resources: ImportedResources; readonly backends: ReadonlyMap<ArmKey, readonly string[]> } {
  const context: ReadContext = { cloud, log };
  const resources = new Map<ArmKey, Resource>();
  const instances = new Map<ArmKey, Instance>();
  const parts: ArmObject[] = [];
  for (const object of gathered.objects) {
    const read = READERS[object.type];
    if (read !== undefined) {
      const resource = read(object, context);
      if (resource !== null) resources.set(object.key, withParts(resource, resources.get(object.key)));
    } else parts.push(object);
  }
  for (const part of parts) {
    if (!addPart(part, resources, instances, context)) nameUnmodelled(part, log);
  }
  for (const object of gathered.listed) {
    if (READERS[object.type] === undefined) nameUnmodelled(object, log);
    else if (!resources.has(object.key)) {
      log.add({
        kind: 'missing',
        name: labelOf(object.id),
        what: object.type,
        effect: `Only its name is there: a list of all resources has no properties. Paste ${commandFor(object.type)}.`,
        weight: 'decides',
        on: object.key,
      });
    }
  }
  addMachinesOfInterfaces(resources, log);
  forwardWherePermitted(resources, log);
  return { resources: { resources, instances }, backends: backendsOf(gathered) };
}

/** What was read before of the same resource stays where the later text leaves it out: `--query` and templates do. */
function withParts(resource: Resource, before: Resource | undefined): Resource {
  if (before?.type !== 'Microsoft.Network/virtualNetworks' || resource.type !== before.type) return resource;
  return {
    ...resource,
    virtualNetworkPeerings:
      resource.virtualNetworkPeerings.length === 0
        ? before.virtualNetworkPeerings
        : resource.virtualNetworkPeerings,
  };
}

/** The command that prints resources of a type (lower-cased). */
export function commandFor(type: string): string {
  const commands: Readonly<Record<string, string>> = {
    'microsoft.network/virtualnetworks': 'az network vnet list',
    'microsoft.network/routetables': 'az network route-table list',
    'microsoft.network/networksecuritygroups': 'az network nsg list',
    'microsoft.network/applicationsecuritygroups': 'az network asg list',
    'microsoft.network/networkinterfaces': 'az network nic list',
    'microsoft.network/publicipaddresses': 'az network public-ip list',
    'microsoft.network/publicipprefixes': 'az network public-ip prefix list',
    'microsoft.network/natgateways': 'az network nat gateway list',
    'microsoft.network/loadbalancers': 'az network lb list',
    'microsoft.network/privatelinkservices': 'az network private-link-service list',
    'microsoft.network/privateendpoints': 'az network private-endpoint list',
    'microsoft.network/azurefirewalls': 'az network firewall list',
    'microsoft.network/firewallpolicies': 'az network firewall policy list',
    'microsoft.network/firewallpolicies/rulecollectiongroups':
      'az network firewall policy rule-collection-group list -g GROUP --policy-name POLICY',
    'microsoft.network/ipgroups': 'az network ip-group list',
    'microsoft.network/virtualnetworkgateways': 'az network vnet-gateway list -g GROUP',
    'microsoft.network/localnetworkgateways': 'az network local-gateway list -g GROUP',
    'microsoft.network/connections': 'az network vpn-connection list -g GROUP',
    'microsoft.compute/virtualmachines': 'az vm list -d',
    'microsoft.compute/virtualmachinescalesets': 'az vmss list',
    'microsoft.compute/virtualmachinescalesets/virtualmachines': 'az vmss nic list -g GROUP --vmss-name NAME',
    'microsoft.containerservice/managedclusters': 'az aks list',
  };
  const known = commands[type];
  return `${known ?? 'az resource show --ids ID'} -o json`;
}

/** Returns whether the part is known; one whose parent nobody pasted is named. */
function addPart(
  part: ArmObject,
  resources: Map<ArmKey, Resource>,
  instances: Map<ArmKey, Instance>,
  context: ReadContext,
): boolean {
  const { log } = context;
  const parent = parentOf(part);
  const owner = resources.get(parent.key);
  const bag = bagOfObject(part, log);
  const orphan = (): true => {
    const type = part.type.slice(0, part.type.lastIndexOf('/'));
    log.add({
      kind: 'missing',
      name: labelOf(part.id.split('/').slice(0, -2).join('/')),
      what: type,
      effect: `${labelOf(part.id)} is a part of it, and cannot be used alone. Paste ${commandFor(type)}.`,
      weight: 'decides',
      on: parent.key,
    });
    return true;
  };
  const put = <T extends Resource>(resource: T): true => {
    resources.set(parent.key, resource);
    return true;
  };
  const replaced = <T extends { readonly id: string }>(list: readonly T[], one: T): readonly T[] =>
    list.some((each) => armKey(each.id) === armKey(one.id))
      ? list.map((each) => (armKey(each.id) === armKey(one.id) ? one : each))
      : [...list, one];
  switch (part.type) {
    case 'microsoft.network/virtualnetworks/subnets': {
      const vnet = ofType<VirtualNetwork>(owner, 'Microsoft.Network/virtualNetworks');
      if (vnet === null) return orphan();
      return put({ ...vnet, subnets: replaced(vnet.subnets, readSubnet(bag, vnet.id)) });
    }
    case 'microsoft.network/virtualnetworks/virtualnetworkpeerings': {
      const vnet = ofType<VirtualNetwork>(owner, 'Microsoft.Network/virtualNetworks');
      if (vnet === null) return orphan();
      const peering = readPeering(bag, vnet.id);
      return put({ ...vnet, virtualNetworkPeerings: replaced(vnet.virtualNetworkPeerings, peering) });
    }
    case 'microsoft.network/routetables/routes': {
      const table = ofType<RouteTable>(owner, 'Microsoft.Network/routeTables');
      if (table === null) return orphan();
      const route = readRoute(bag, table.id);
      return route === null || put({ ...table, routes: replaced(table.routes, route) });
    }
    case 'microsoft.network/networksecuritygroups/securityrules':
    case 'microsoft.network/networksecuritygroups/defaultsecurityrules': {
      const group = ofType<NetworkSecurityGroup>(owner, 'Microsoft.Network/networkSecurityGroups');
      if (group === null) return orphan();
      const collection = part.type.endsWith('/securityrules') ? 'securityRules' : 'defaultSecurityRules';
      const rule = readSecurityRule(bag, group.id, collection);
      return rule === null || put({ ...group, [collection]: replaced(group[collection], rule) });
    }
    case 'microsoft.network/firewallpolicies/rulecollectiongroups': {
      if (owner?.type !== 'Microsoft.Network/firewallPolicies') return orphan();
      const group: RuleCollectionGroup = readRuleCollectionGroup(part, context);
      return put({ ...owner, ruleCollectionGroups: replaced(owner.ruleCollectionGroups, group) });
    }
    case 'microsoft.containerservice/managedclusters/agentpools': {
      if (owner?.type !== 'Microsoft.ContainerService/ManagedClusters') return orphan();
      const pool: AgentPool = readPool(bag, owner.id, owner.resourceGroup);
      const others = owner.agentPoolProfiles.filter((each) => each.name !== pool.name);
      return put({ ...owner, agentPoolProfiles: [...others, pool] });
    }
    case 'microsoft.compute/virtualmachinescalesets/virtualmachines': {
      const found = instanceOf(part.id, instances);
      const os = rawObject(bag.raw('osProfile'))?.['computerName'];
      if (typeof os === 'string') found.computerName = os;
      return true;
    }
    case 'microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces': {
      const found = instanceOf(part.id.split('/').slice(0, -2).join('/'), instances);
      found.interfaces.push(readScaleSetInterface(part, context));
      return true;
    }
  }
  return isPartOfBalancerOrNic(part, owner) || (PARTS_OF_KNOWN.test(part.type) && orphan());
}

const PARTS_OF_KNOWN = /^microsoft\.network\/(loadbalancers|networkinterfaces)\/[^/]+$/;

/** The lists of a load balancer or a NIC hold the same parts, so that one of them alone adds nothing. */
function isPartOfBalancerOrNic(part: ArmObject, owner: Resource | undefined): boolean {
  const has = (list: readonly { readonly id: string }[]): boolean =>
    list.some((each) => armKey(each.id) === part.key);
  if (owner?.type === 'Microsoft.Network/loadBalancers') {
    const { frontendIPConfigurations, backendAddressPools, loadBalancingRules, probes, outboundRules } =
      owner;
    return [frontendIPConfigurations, backendAddressPools, loadBalancingRules, probes, outboundRules].some(
      has,
    );
  }
  return owner?.type === 'Microsoft.Network/networkInterfaces' && has(owner.ipConfigurations);
}

function instanceOf(id: string, instances: Map<ArmKey, Instance>): Instance {
  const known = instances.get(armKey(id));
  if (known !== undefined) return known;
  const instance: Instance = {
    set: armKey(id.split('/').slice(0, -2).join('/')),
    id,
    instanceId: nameOf(id),
    computerName: null,
    interfaces: [],
  };
  instances.set(armKey(id), instance);
  return instance;
}

function ofType<T extends Resource>(resource: Resource | undefined, type: T['type']): T | null {
  return resource?.type === type ? (resource as T) : null;
}

function nameUnmodelled(object: ArmObject, log: ImportLog): void {
  const { effect, weight } = effectOfType(object.type);
  log.add({
    kind: 'resource',
    name: labelOf(object.id),
    what: object.type,
    effect,
    weight,
    on: object.key,
    near: idsIn({ ...object.raw, id: null }).filter((id) => id !== object.key),
    addresses: addressesIn(object.raw),
  });
}

/** A NIC names its machine, which is enough to ask for it. */
function addMachinesOfInterfaces(resources: Map<ArmKey, Resource>, log: ImportLog): void {
  for (const nic of [...resources.values()]) {
    if (nic.type !== 'Microsoft.Network/networkInterfaces' || nic.virtualMachine === null) continue;
    const { id } = nic.virtualMachine;
    const known = resources.get(armKey(id));
    if (known !== undefined || !/\/virtualMachines\/[^/]+$/i.test(id)) continue;
    log.add({
      kind: 'missing',
      name: labelOf(id),
      what: 'microsoft.compute/virtualmachines',
      effect: `It is known from its NIC alone, and taken to run. Paste ${commandFor('microsoft.compute/virtualmachines')}.`,
      weight: 'may-matter',
      on: armKey(id),
    });
    const interfaces = [...resources.values()].filter(
      (each) =>
        each.type === 'Microsoft.Network/networkInterfaces' &&
        armKey(each.virtualMachine?.id ?? '') === armKey(id),
    );
    const raw = { id, networkProfile: { networkInterfaces: interfaces.map((each) => ({ id: each.id })) } };
    resources.set(
      armKey(id),
      readVirtualMachine(
        {
          id,
          key: armKey(id),
          type: 'microsoft.compute/virtualmachines',
          raw: { ...raw, powerState: 'VM running' },
        },
        { cloud: EMPTY, log },
      ),
    );
  }
}

/** What is permitted on the NIC is taken to be switched on in the machine: no JSON tells. */
function forwardWherePermitted(resources: Map<ArmKey, Resource>, log: ImportLog): void {
  for (const [key, machine] of resources) {
    if (machine.type !== 'Microsoft.Compute/virtualMachines') continue;
    const forwards = machine.networkProfile.networkInterfaces.some(({ id }) => {
      const nic = resources.get(armKey(id));
      return nic?.type === 'Microsoft.Network/networkInterfaces' && nic.enableIPForwarding;
    });
    if (!forwards) continue;
    log.note(
      'A machine whose NIC may forward (enableIPForwarding) is taken to forward: the setting in its own system stands in no JSON.',
    );
    resources.set(key, { ...machine, simulation: { ...machine.simulation, forwarding: 'on' } });
  }
}

/** IP configurations of each backend pool, as the load balancers list them. */
export function backendsOf(gathered: Gathered): ReadonlyMap<ArmKey, readonly string[]> {
  const found = new Map<ArmKey, string[]>();
  for (const object of gathered.objects) {
    if (object.type !== 'microsoft.network/loadbalancers') continue;
    const nested = rawObject(object.raw['properties']) ?? object.raw;
    const pools = nested['backendAddressPools'];
    for (const pool of Array.isArray(pools) ? (pools as readonly unknown[]) : []) {
      const raw = rawObject(pool);
      const id = raw?.['id'];
      const members =
        rawObject(raw?.['properties'])?.['backendIPConfigurations'] ?? raw?.['backendIPConfigurations'];
      if (typeof id !== 'string' || !Array.isArray(members)) continue;
      found.set(
        armKey(id),
        (members as readonly unknown[]).flatMap((each) => {
          const member = rawObject(each)?.['id'];
          return typeof member === 'string' ? [member] : [];
        }),
      );
    }
  }
  return found;
}
