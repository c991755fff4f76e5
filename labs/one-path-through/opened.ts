/** What a group lets through that it did not when it was handed over, exactly: rule by rule, in sets of packets. */
import { trafficInWords } from '../../src/lab/traffic-words.ts';
import { findResource, getResource } from '../../src/model/azure/resource-store.ts';
import type { NetworkInterface, Subnet } from '../../src/model/azure/resources.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { effectiveView } from '../../src/model/compile/effective-view.ts';
import { address } from '../../src/model/ip/address.ts';
import { everyAddress, noAddress, setOf, setOfAddresses } from '../../src/model/ip/address-set.ts';
import type { AddressSet } from '../../src/model/ip/address-set.ts';
import { prefix } from '../../src/model/ip/prefix.ts';
import { verdictOver } from '../../src/model/nsg/partition.ts';
import { everyPort } from '../../src/model/nsg/port-set.ts';
import type { Direction } from '../../src/model/nsg/rule-traffic.ts';
import { intersectTraffic, subtractTraffic, trafficOf } from '../../src/model/nsg/traffic.ts';
import type { Traffic } from '../../src/model/nsg/traffic.ts';
import type { Place } from './groups.ts';

const GROUP = 'rg-bank';

/** The direction in which each group stands in the way of orders. */
const DIRECTION: Readonly<Record<Place, Direction>> = {
  'snet-nodes': 'Outbound',
  'snet-data': 'Inbound',
  'vm-ledger': 'Inbound',
};

/**
 * Returns in words some traffic that the group at a place denied at `start` and no longer denies, other
 * than TCP to `port` of the ledger from the nodes; null if there is none. Only what can meet the group
 * counts: a rule on the ledger's card need not name the ledger.
 */
export function openedBeside(start: Cloud, now: Cloud, place: Place, port: number): string | null {
  const own = ledgerNic(now)?.ipConfigurations[0]?.privateIPAddress;
  if (own === undefined) return null;
  const ledger = setOfAddresses([address(own)]);
  const nodes = rangeOf(now, 'snet-nodes');
  const meets: Readonly<Record<Place, { readonly source: AddressSet; readonly destination: AddressSet }>> = {
    'snet-nodes': { source: nodes, destination: everyAddress },
    'snet-data': { source: everyAddress, destination: rangeOf(now, 'snet-data') },
    'vm-ledger': { source: everyAddress, destination: ledger },
  };
  const asked = trafficOf({
    protocol: '*',
    ...meets[place],
    sourcePorts: everyPort,
    destinationPorts: everyPort,
  });
  const wanted = trafficOf({
    protocol: 'Tcp',
    source: nodes,
    sourcePorts: everyPort,
    destination: ledger,
    destinationPorts: [{ from: port, to: port }],
  });
  const before = deniedAt(start, place, asked);
  const after = deniedAt(now, place, asked);
  if (before === null || after === null) return null;
  const opened = subtractTraffic(intersectTraffic(before, subtractTraffic(asked, after)), wanted);
  return opened.length === 0 ? null : trafficInWords(opened);
}

/** The part of some traffic that the group at a place denies: nothing where there is no group. */
function deniedAt(cloud: Cloud, place: Place, asked: Traffic): Traffic | null {
  const nic = ledgerNic(cloud);
  // All three groups are in one network, and names mean the same everywhere in it.
  const view = nic === null ? null : effectiveView(cloud, nic.id);
  if (nic === null || view === null) return null;
  const id =
    place === 'vm-ledger' ? nic.networkSecurityGroup?.id : subnetOf(cloud, place)?.networkSecurityGroup?.id;
  const group = id === undefined ? null : getResource(cloud, id, 'Microsoft.Network/networkSecurityGroups');
  if (group === null) return [];
  const rules = [...group.securityRules, ...group.defaultSecurityRules];
  return verdictOver(rules, DIRECTION[place], asked, view.names)
    .filter(({ access }) => access === 'Deny')
    .map(({ where }) => where);
}

function ledgerNic(cloud: Cloud): NetworkInterface | null {
  const machine = findResource(cloud, 'Microsoft.Compute/virtualMachines', GROUP, 'vm-ledger');
  const [nic] = machine?.networkProfile.networkInterfaces ?? [];
  return nic === undefined ? null : getResource(cloud, nic.id, 'Microsoft.Network/networkInterfaces');
}

function subnetOf(cloud: Cloud, name: string): Subnet | null {
  const network = findResource(cloud, 'Microsoft.Network/virtualNetworks', GROUP, 'vnet-bank');
  return network?.subnets.find((subnet) => subnet.name === name) ?? null;
}

function rangeOf(cloud: Cloud, name: string): AddressSet {
  const range = subnetOf(cloud, name)?.addressPrefix;
  return range === undefined ? noAddress : setOf(prefix(range));
}
