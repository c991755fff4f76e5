/** A host on-premises: its own network, and what its routers know of Azure. */
import type { Address } from '../ip/address.ts';
import { setToPrefixes } from '../ip/address-set.ts';
import { PUBLIC } from '../azure/datacenter-addresses.ts';
import { formatPrefix } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import type { Host, Route } from '../network/network.ts';
import { host, mainTable, OUTSIDE_MAC } from './draft.ts';
import { inputFilter } from './input-chain.ts';
import { outsideListeners } from './internet.ts';
import type { OnPremisesHost } from './on-premises-site.ts';
import { ASSUMED_PROGRAM } from './pod-listeners.ts';

/** One way from a site to Azure: the router's address on its network, and what is beyond. */
export interface WayToAzure {
  readonly router: Address;
  readonly addressSpace: readonly Prefix[];
}

/**
 * An on-premises host knows its own network and what the gateways learn from Azure: the address space of
 * the VNet and of peers that use the gateway, never a pod range. That takes a static route of the site.
 */
export function farHost(
  each: OnPremisesHost,
  segment: string,
  own: Prefix,
  ways: readonly WayToAzure[],
): Host {
  const route = (prefix: Prefix, via: Address, by: string): Route => ({
    prefix,
    target: { kind: 'gateway', via, interface: 'eth0' },
    metric: 0,
    preferredSource: each.address,
    by,
  });
  const [first] = ways;
  return host(each.id, 'outside', 'off', {
    interfaces: [
      {
        name: 'eth0',
        mac: OUTSIDE_MAC,
        segment,
        addresses: [{ address: each.address, length: own.length }],
        proxyArp: false,
      },
    ],
    tables: mainTable([
      {
        prefix: own,
        target: { kind: 'connected', interface: 'eth0' },
        metric: 0,
        preferredSource: each.address,
        by: `own network ${formatPrefix(own)}`,
      },
      ...ways.flatMap(({ router, addressSpace }) =>
        addressSpace.map((space) =>
          route(
            space,
            router,
            `route to the VNet's address space ${formatPrefix(space)} through the private connection`,
          ),
        ),
      ),
      ...(first === undefined ? [] : each.routesToAzure).map((wanted) =>
        route(
          wanted,
          first?.router ?? each.address,
          `static route of the site to ${formatPrefix(wanted)} through the private connection`,
        ),
      ),
      ...setToPrefixes(PUBLIC).map((somewhere): Route => ({
        prefix: somewhere,
        target: { kind: 'undetermined', reason: INTERNET_OF_A_SITE },
        metric: 0,
        preferredSource: null,
        by: 'the rest of the on-premises network',
      })),
    ]),
    chains: each.inputChain === null ? [] : [inputFilter(each.inputChain)],
    listeners: outsideListeners(each.ports),
    ...(each.programs === 'assumed' ? { assumedProgram: ASSUMED_PROGRAM } : {}),
  });
}

export const INTERNET_OF_A_SITE = 'how an on-premises network reaches the internet is not simulated';
