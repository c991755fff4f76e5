/** Whom the proxy's security groups let in that they did not when the lab was handed over, exactly: in sets of packets. */
import { subnetOfId, viewCluster, isMissing } from '../../src/lab/cluster-view.ts';
import type { Before, Holds } from '../../src/lab/lab.ts';
import { trafficInWords } from '../../src/lab/traffic-words.ts';
import { findResource, getResource } from '../../src/model/azure/resource-store.ts';
import type { NetworkInterface, SubResource } from '../../src/model/azure/resources.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { effectiveView } from '../../src/model/compile/effective-view.ts';
import { address } from '../../src/model/ip/address.ts';
import { everyAddress, noAddress, setOf, setOfAddresses, setUnion } from '../../src/model/ip/address-set.ts';
import type { AddressSet } from '../../src/model/ip/address-set.ts';
import { prefix } from '../../src/model/ip/prefix.ts';
import { verdictOver } from '../../src/model/nsg/partition.ts';
import { everyPort } from '../../src/model/nsg/port-set.ts';
import { subtractTraffic, trafficOf } from '../../src/model/nsg/traffic.ts';
import type { Traffic } from '../../src/model/nsg/traffic.ts';

const GROUP = 'rg-shut';
const PORT = 8080;

/** Nodes (and pods that have addresses of a subnet) may ask the proxy's port, and nobody may do more than before. */
export function doorOnlyForNodes(cloud: Cloud, { start }: Before): Holds {
  const [before, after] = [admitted(start), admitted(cloud)];
  if (before === null || after === null)
    return { passed: false, found: 'vm-proxy is gone, or without a network interface.' };
  const wanted = trafficOf({
    protocol: 'Tcp',
    source: rangesOfNodes(cloud),
    sourcePorts: everyPort,
    destination: everyAddress,
    destinationPorts: [{ from: PORT, to: PORT }],
  });
  const opened = subtractTraffic(subtractTraffic(after, before), wanted);
  return opened.length === 0
    ? { passed: true }
    : {
        passed: false,
        found: `The proxy's machine now lets in more than nodes at port ${PORT}: ${trafficInWords(opened)}`,
      };
}

/** What comes to the proxy's address through the groups of its subnet and its card. */
function admitted(cloud: Cloud): Traffic | null {
  const nic = nicOf(cloud);
  const [configuration] = nic?.ipConfigurations ?? [];
  const view = nic === null ? null : effectiveView(cloud, nic.id);
  if (nic === null || configuration === undefined || view === null) return null;
  let traffic: Traffic = trafficOf({
    protocol: '*',
    source: everyAddress,
    sourcePorts: everyPort,
    destination: setOfAddresses([address(configuration.privateIPAddress)]),
    destinationPorts: everyPort,
  });
  const groups: readonly (SubResource | null | undefined)[] = [
    subnetOfId(cloud, configuration.subnet.id)?.networkSecurityGroup,
    nic.networkSecurityGroup,
  ];
  for (const each of groups) {
    const group =
      each === null || each === undefined
        ? null
        : getResource(cloud, each.id, 'Microsoft.Network/networkSecurityGroups');
    if (group === null) continue;
    const rules = [...group.securityRules, ...group.defaultSecurityRules];
    traffic = verdictOver(rules, 'Inbound', traffic, view.names)
      .filter(({ access }) => access !== 'Deny')
      .map(({ where }) => where);
  }
  return traffic;
}

function nicOf(cloud: Cloud): NetworkInterface | null {
  const machine = findResource(cloud, 'Microsoft.Compute/virtualMachines', GROUP, 'vm-proxy');
  const [nic] = machine?.networkProfile.networkInterfaces ?? [];
  return nic === undefined ? null : getResource(cloud, nic.id, 'Microsoft.Network/networkInterfaces');
}

function rangesOfNodes(cloud: Cloud): AddressSet {
  const view = viewCluster(cloud, GROUP, 'aks-shut');
  // Before there is a cluster, the subnet that is meant for its nodes.
  const network = findResource(cloud, 'Microsoft.Network/virtualNetworks', GROUP, 'vnet-aks');
  const meant = network?.subnets.find(({ name }) => name === 'snet-nodes')?.id ?? null;
  const ids = isMissing(view)
    ? [meant]
    : view.cluster.agentPoolProfiles.flatMap(({ vnetSubnetId, podSubnetId }) => [vnetSubnetId, podSubnetId]);
  return ids
    .flatMap((id) => (id === null ? [] : (subnetOfId(cloud, id) ?? [])))
    .reduce((sources, subnet) => setUnion(sources, setOf(prefix(subnet.addressPrefix))), noAddress);
}
