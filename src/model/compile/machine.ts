/** Virtual machines: Linux hosts with the routes that Azure's DHCP gives. */
import type { MasqueradeRule } from '../azure/resources.ts';
import { addressPlus, formatAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { firstAddress, formatPrefix, hostPrefix, prefix } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import { setOf } from '../ip/address-set.ts';
import { EMPTY_IPTABLES, chainOf } from '../network/iptables.ts';
import type { IptablesRule } from '../network/iptables.ts';
import type { Host, Interface, InterfaceName, Route } from '../network/network.ts';
import type { Draft } from './draft.ts';
import { host, mainTable } from './draft.ts';
import { fabricId, interfaceOfNic } from './fabric-interfaces.ts';
import type { Inventory, Port } from './inventory.ts';
import type { ParsedText } from './parsed-text.ts';
import { ASSUMED_PROGRAM, listenerOf } from './pod-listeners.ts';
import { INSTANCE_METADATA, WIRE_SERVER } from './service-tags.ts';

const EVERYWHERE = prefix('0.0.0.0/0');
const DHCP_METRIC = 100;

/** Returns the gateway of a subnet: its first address after the network's own. */
export function gatewayOf(subnet: Prefix): Address {
  const gateway = addressPlus(firstAddress(subnet), 1);
  if (gateway === null) throw new Error(`no gateway in ${formatPrefix(subnet)}`);
  return gateway;
}

/**
 * Returns the routes that a Linux machine has after DHCP on one NIC. `by` is the line that
 * `ip route show` prints. Only the primary NIC gets routes beyond its subnet.
 */
export function dhcpRoutes(
  port: Port,
  interfaceName: InterfaceName,
  source: Address,
  rank: 'primary' | 'secondary',
): Route[] {
  const gateway = gatewayOf(port.subnet.prefix);
  const tail = `dev ${interfaceName} src ${formatAddress(source)} metric ${DHCP_METRIC}`;
  const via = (at: Prefix, text: string): Route => ({
    prefix: at,
    target: { kind: 'gateway', via: gateway, interface: interfaceName },
    metric: DHCP_METRIC,
    preferredSource: source,
    by: `${text} via ${formatAddress(gateway)} ${tail}`,
  });
  const onLink = (at: Prefix, text: string): Route => ({
    prefix: at,
    target: { kind: 'connected', interface: interfaceName },
    metric: DHCP_METRIC,
    preferredSource: source,
    by: `${text} ${tail.replace(' src', ' scope link src')}`,
  });
  const near = [
    onLink(port.subnet.prefix, formatPrefix(port.subnet.prefix)),
    onLink(hostPrefix(gateway), formatAddress(gateway)),
  ];
  if (rank === 'secondary') return near;
  return [
    via(EVERYWHERE, 'default'),
    ...near,
    ...[WIRE_SERVER, INSTANCE_METADATA].map((each) => via(hostPrefix(each), formatAddress(each))),
  ];
}

/** Returns the machine's side of the cable to the fabric. A node's further addresses are its pods', not its own. */
export function nicInterface(port: Port): Interface {
  const own = port.owner.kind === 'node' ? port.addresses.slice(0, 1) : port.addresses;
  return {
    name: interfaceOfNic(port),
    // ARM writes 60-45-BD-1A-2B-3C where Linux shows 60:45:bd:1a:2b:3c.
    mac: port.nic.macAddress.replaceAll('-', ':').toLowerCase(),
    segment: `${fabricId(port.subnet.network)}/${port.name}`,
    addresses: own.map((address) => ({ address, length: port.subnet.prefix.length })),
    proxyArp: false,
  };
}

function masquerade(text: ParsedText, rule: MasqueradeRule): IptablesRule {
  const { source, destination, outInterface } = rule;
  return {
    match: {
      ...(source === null ? {} : { source: setOf(...text.prefixes([source])) }),
      ...(destination === null ? {} : { destination: setOf(...text.prefixes([destination])) }),
      ...(outInterface === null ? {} : { outInterface }),
    },
    target: { kind: 'masquerade', ports: 'kept-if-possible' },
  };
}

function usersIptables(rules: readonly IptablesRule[]): Pick<Host, 'iptables'> {
  if (rules.length === 0) return {};
  const nat = { ...EMPTY_IPTABLES.nat, POSTROUTING: chainOf('POSTROUTING', rules) };
  return { iptables: { ...EMPTY_IPTABLES, nat } };
}

/** Adds every virtual machine that has a NIC in some VNet. */
export function addMachines(draft: Draft, { networks, text }: Pick<Inventory, 'networks' | 'text'>): void {
  const portsOf = new Map<string, Port[]>();
  for (const network of networks) {
    for (const port of network.ports) {
      if (port.owner.kind !== 'vm') continue;
      const ports = portsOf.get(port.owner.host) ?? [];
      ports.push(port);
      portsOf.set(port.owner.host, ports);
    }
  }
  for (const [id, unsorted] of portsOf) {
    const ports = unsorted.toSorted((a, b) => interfaceOfNic(a).localeCompare(interfaceOfNic(b)));
    const [first] = ports;
    if (first?.owner.kind !== 'vm') continue;
    const { vm } = first.owner;
    const primary = ports.find((each) => each.nic.primary) ?? first;
    draft.hosts.set(
      id,
      host(id, 'vm', vm.simulation.forwarding, {
        interfaces: ports.map(nicInterface),
        tables: mainTable(
          ports.flatMap((port) => {
            const [source] = port.addresses;
            return source === undefined
              ? []
              : dhcpRoutes(port, interfaceOfNic(port), source, port === primary ? 'primary' : 'secondary');
          }),
        ),
        ...usersIptables((vm.simulation.masquerade ?? []).map((rule) => masquerade(text, rule))),
        listeners: vm.simulation.listeners.map(listenerOf),
        ...(vm.simulation.programs === 'assumed' ? { assumedProgram: ASSUMED_PROGRAM } : {}),
      }),
    );
  }
}
