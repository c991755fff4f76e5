/** Instances of scale sets out of pasted JSON: nodes of a cluster stay in their set, all others are machines. */
import type { ManagedCluster } from '../../model/aks/managed-cluster.ts';
import { drawNetworkInterfaceMac } from '../../model/azure/network-interface.ts';
import { armKey } from '../../model/azure/resource-store.ts';
import type {
  ArmKey,
  NetworkInterface,
  ScaleSetInstance,
  VirtualMachine,
} from '../../model/azure/resources.ts';
import { newCloud } from '../../model/azure/subscription.ts';
import type { Resource } from '../../model/cloud.ts';
import { parseAddress } from '../../model/ip/address.ts';
import { parsePrefix, prefixContains } from '../../model/ip/prefix.ts';
import type { Node } from '../../model/kubernetes/objects.ts';
import { groupOf, labelOf, nameOf } from './arm-object.ts';
import type { Instance } from './import-resources.ts';
import type { ImportLog } from './left-out.ts';
import { objectKeyOf } from './read-kubernetes.ts';

const DIGITS = 36;

/** AKS names its machines by the scale set and the instance in base 36. */
function computerNameOf(instance: Instance): string {
  const set = nameOf(instance.set);
  const number = Number(instance.instanceId);
  return (
    instance.computerName ??
    `${set}${Number.isNaN(number) ? instance.instanceId : number.toString(DIGITS).padStart(6, '0')}`
  );
}

/** Instances that are nodes of a cluster go into their scale set; all others are machines of their own. */
export function placeInstances(
  all: Map<ArmKey, Resource>,
  instances: ReadonlyMap<ArmKey, Instance>,
  nodes: ReadonlyMap<string, { readonly node: Node; readonly cluster: ManagedCluster }>,
  log: ImportLog,
): void {
  const members = new Map<ArmKey, ScaleSetInstance[]>();
  for (const [key, instance] of instances) {
    const name = computerNameOf(instance);
    const nic = instance.interfaces.find((each) => each.primary) ?? instance.interfaces[0];
    if (nic === undefined) {
      if (nodes.has(name)) continue;
      log.add({
        kind: 'missing',
        name: labelOf(instance.id),
        what: 'its NIC',
        effect: `Where it is in the network is not known: paste az vmss nic list -g ${groupOf(instance.id)} --vmss-name ${nameOf(instance.set)} -o json.`,
        weight: 'decides',
        on: key,
      });
      continue;
    }
    const cloud = newCloud({ seed: 'import' });
    const own = { ...nic, macAddress: nic.macAddress || drawNetworkInterfaceMac(cloud, nic.id) };
    if (nodes.has(name)) {
      const list = members.get(instance.set) ?? [];
      members.set(instance.set, list);
      const { virtualMachine: _machine, ...networkInterface } = own;
      list.push({ instanceId: instance.instanceId, computerName: name, networkInterface });
    } else {
      const machine = machineOf(instance, name, own);
      all.set(key, machine);
      for (const each of instance.interfaces)
        all.set(armKey(each.id), { ...each, macAddress: each.macAddress || own.macAddress });
    }
  }
  for (const [key, list] of members) putInstances(all, key, list);
}

function putInstances(all: Map<ArmKey, Resource>, key: ArmKey, list: readonly ScaleSetInstance[]): void {
  const known = all.get(key);
  const [first] = list;
  if (first === undefined) return;
  const id = first.networkInterface.id.split('/').slice(0, 9).join('/');
  const before = known?.type === 'Microsoft.Compute/virtualMachineScaleSets' ? known : null;
  const instances = [...(before?.instances ?? []), ...list];
  all.set(key, {
    id: before?.id ?? id,
    name: before?.name ?? nameOf(id),
    resourceGroup: before?.resourceGroup ?? groupOf(id),
    location: before?.location ?? '',
    tags: before?.tags ?? null,
    etag: before?.etag ?? '',
    provisioningState: 'Succeeded',
    type: 'Microsoft.Compute/virtualMachineScaleSets',
    sku: before?.sku ?? { name: '', tier: 'Standard', capacity: instances.length },
    instances,
    simulation: { nextInstanceId: 1 + Math.max(...instances.map((each) => Number(each.instanceId) || 0)) },
  });
}

function machineOf(instance: Instance, name: string, nic: NetworkInterface): VirtualMachine {
  return {
    id: instance.id,
    name: `${nameOf(instance.set)}_${instance.instanceId}`,
    resourceGroup: groupOf(instance.id),
    location: nic.location,
    tags: null,
    etag: '',
    provisioningState: 'Succeeded',
    type: 'Microsoft.Compute/virtualMachines',
    vmId: '',
    hardwareProfile: { vmSize: '' },
    osProfile: { computerName: name, adminUsername: '' },
    storageProfile: { imageReference: '' },
    networkProfile: { networkInterfaces: instance.interfaces.map(({ id }) => ({ id })) },
    powerState: 'VM running',
    simulation: { listeners: [], programs: 'assumed', forwarding: nic.enableIPForwarding ? 'on' : 'off' },
  };
}

/** Without `az vmss nic list`, the address of a node and the subnet of its pool make its NIC. */
export function addNodesWithoutInterface(
  all: Map<ArmKey, Resource>,
  nodes: ReadonlyMap<string, { readonly node: Node; readonly cluster: ManagedCluster }>,
  backends: ReadonlyMap<ArmKey, readonly string[]>,
  log: ImportLog,
): void {
  const there = new Set(
    [...all.values()].flatMap((each) =>
      each.type === 'Microsoft.Compute/virtualMachineScaleSets'
        ? each.instances.map((one) => one.computerName)
        : [],
    ),
  );
  const added = new Map<ArmKey, ScaleSetInstance[]>();
  for (const [name, { node, cluster }] of nodes) {
    if (there.has(name)) continue;
    const provider = /(\/subscriptions\/.+\/virtualMachineScaleSets\/[^/]+)\/virtualMachines\/([^/]+)$/i.exec(
      node.spec.providerID,
    );
    const pool = cluster.agentPoolProfiles.find((each) => each.name === node.metadata.labels?.['agentpool']);
    const address = node.status.addresses.find(
      (each) => each.type === 'InternalIP' && !each.address.includes(':'),
    );
    const subnet = pool?.vnetSubnetId ?? subnetHolding(all, cluster, address?.address ?? '');
    const set = provider?.[1];
    if (set === undefined || subnet === null || address === undefined) {
      log.add({
        kind: 'missing',
        name: `Node ${name}`,
        what: 'its NIC',
        effect: `Where it is in the network is not known: paste az vmss nic list -g ${cluster.nodeResourceGroup} --vmss-name NAME -o json for each scale set.`,
        weight: 'decides',
        on: objectKeyOf(armKey(cluster.id), 'Node', undefined, name),
      });
      continue;
    }
    const id = `${set}/virtualMachines/${provider?.[2] ?? ''}/networkInterfaces/${nameOf(set)}`;
    const configuration = `${id}/ipConfigurations/ipconfig1`;
    const pools = [...backends].filter(([, members]) =>
      members.some((each) =>
        armKey(each).startsWith(`${armKey(set)}/virtualmachines/${provider?.[2] ?? ''}/`),
      ),
    );
    const group = agentGroup(all, cluster);
    const { outboundType } = cluster.networkProfile;
    if (group === null || (pools.length === 0 && outboundType === 'loadBalancer')) {
      log.add({
        kind: 'missing',
        name: `Node ${name}`,
        what: group === null ? 'the security group of its NIC' : 'the backend pools of its NIC',
        effect: `How it goes out to the internet, or what comes in from there, is not known without it: paste az vmss nic list, az network nsg list and az network lb list, each with -o json, for ${cluster.nodeResourceGroup}.`,
        weight: 'decides',
        only: 'internet',
        on: objectKeyOf(armKey(cluster.id), 'Node', undefined, name),
        near: [armKey(id)],
      });
    }
    log.add({
      kind: 'missing',
      name: `Node ${name}`,
      what: 'its NIC',
      effect: `Its NIC is made of its address and the subnet of its pool, ${group === null ? 'without a security group of its own' : 'with the security group of the cluster'}: paste az vmss nic list -g ${cluster.nodeResourceGroup} --vmss-name ${nameOf(set)} -o json.`,
      weight: 'may-matter',
      on: objectKeyOf(armKey(cluster.id), 'Node', undefined, name),
    });
    const list = added.get(armKey(set)) ?? [];
    added.set(armKey(set), list);
    list.push({
      instanceId: provider?.[2] ?? '',
      computerName: name,
      networkInterface: {
        id,
        name: nameOf(set),
        resourceGroup: groupOf(set),
        location: cluster.location,
        tags: null,
        etag: '',
        provisioningState: 'Succeeded',
        type: 'Microsoft.Network/networkInterfaces',
        // AKS switches it on for every node.
        enableIPForwarding: true,
        macAddress: drawNetworkInterfaceMac(newCloud({ seed: 'import' }), id),
        networkSecurityGroup: group,
        primary: true,
        ipConfigurations: [
          {
            id: configuration,
            name: 'ipconfig1',
            primary: true,
            privateIPAddress: address.address,
            privateIPAllocationMethod: 'Dynamic',
            privateIPAddressVersion: 'IPv4',
            publicIPAddress: null,
            subnet: { id: subnet },
            loadBalancerBackendAddressPools: pools.map(([pool]) => ({ id: pool })),
          },
        ],
      },
    });
  }
  for (const [key, list] of added) putInstances(all, key, list);
}

/** The security group that AKS puts on every node. */
function agentGroup(
  all: ReadonlyMap<ArmKey, Resource>,
  cluster: ManagedCluster,
): { readonly id: string } | null {
  const found = [...all.values()].find(
    (each) =>
      each.type === 'Microsoft.Network/networkSecurityGroups' &&
      each.resourceGroup.toLowerCase() === cluster.nodeResourceGroup.toLowerCase() &&
      /^aks-agentpool-\d+-nsg$/.test(each.name),
  );
  return found === undefined ? null : { id: found.id };
}

/** In the VNet that AKS made, the pool names no subnet: it is the one there that has the address. */
function subnetHolding(
  all: ReadonlyMap<ArmKey, Resource>,
  cluster: ManagedCluster,
  text: string,
): string | null {
  const address = parseAddress(text);
  if (!address.ok) return null;
  const holding = [...all.values()].flatMap((each) =>
    each.type === 'Microsoft.Network/virtualNetworks'
      ? each.subnets.filter((subnet) => {
          const prefix = parsePrefix(subnet.addressPrefix);
          return prefix.ok && prefixContains(prefix.value, address.value);
        })
      : [],
  );
  const group = `/resourcegroups/${cluster.nodeResourceGroup}/`.toLowerCase();
  const own = holding.find(({ id }) => armKey(id).includes(group));
  return own?.id ?? (holding.length === 1 ? (holding[0]?.id ?? null) : null);
}
