/** Azure's own services that every VNet reaches: DNS and wire server, and instance metadata. */
import { formatAddress } from '../ip/address.ts';
import { everyAddress, setToPrefixes } from '../ip/address-set.ts';
import type { HostId, Listener } from '../network/network.ts';
import { host, hostAddress, mainTable, OUTSIDE_MAC } from './draft.ts';
import type { Draft } from './draft.ts';
import { fabricId, PLATFORM_INTERFACE } from './fabric-interfaces.ts';
import type { FabricUplink } from './fabric.ts';
import type { NetworkPart } from './inventory.ts';
import { INSTANCE_METADATA, PLATFORM, WIRE_SERVER } from './service-tags.ts';

/** https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16 and the instance metadata service. */
const LISTENERS: readonly Listener[] = [
  { protocol: 'udp', port: 53, address: WIRE_SERVER, program: 'Azure DNS' },
  { protocol: 'tcp', port: 53, address: WIRE_SERVER, program: 'Azure DNS' },
  { protocol: 'tcp', port: 80, address: WIRE_SERVER, program: 'Azure wire server' },
  { protocol: 'tcp', port: 32526, address: WIRE_SERVER, program: 'Azure wire server' },
  { protocol: 'tcp', port: 80, address: INSTANCE_METADATA, program: 'Azure Instance Metadata Service' },
];

/** Returns the HostId of Azure's own services as a VNet sees them. */
export function platformId(network: string): HostId {
  return `platform/${network}`;
}

/** Adds the platform host of a VNet; returns the fabric's cable to it. */
export function addPlatform(draft: Draft, network: NetworkPart): FabricUplink {
  const id = platformId(network.name);
  const segment = `${fabricId(network)}/${PLATFORM_INTERFACE}`;
  const names = [WIRE_SERVER, INSTANCE_METADATA].map(formatAddress).join(' and ');
  draft.hosts.set(
    id,
    host(id, 'outside', 'off', {
      interfaces: [
        {
          name: 'eth0',
          mac: OUTSIDE_MAC,
          segment,
          addresses: [WIRE_SERVER, INSTANCE_METADATA].map(hostAddress),
          proxyArp: false,
        },
      ],
      tables: mainTable(
        setToPrefixes(everyAddress).map((each) => ({
          prefix: each,
          target: { kind: 'connected', interface: 'eth0' },
          metric: 0,
          preferredSource: null,
          by: 'way back into the VNet',
        })),
      ),
      listeners: LISTENERS,
      chains: [
        {
          by: 'Azure platform',
          hook: 'input',
          interface: 'eth0',
          rules: [
            {
              match: { protocols: ['icmp'], destination: PLATFORM },
              verdict: { kind: 'undetermined', reason: `whether ${names} answer ping is not documented` },
              by: `echo requests to ${names}`,
            },
          ],
          otherwise: { kind: 'accept' },
        },
      ],
    }),
  );
  return { name: PLATFORM_INTERFACE, peer: { host: id, interface: 'eth0' } };
}
