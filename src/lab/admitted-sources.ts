/** Whom a host's own firewall lets in, as a set of addresses: what flows from a few senders cannot show. */
import type { Cloud } from '../model/cloud.ts';
import {
  everyAddress,
  noAddress,
  setContains,
  setIntersect,
  setSubtract,
  setUnion,
} from '../model/ip/address-set.ts';
import type { AddressSet } from '../model/ip/address-set.ts';
import { compile } from '../model/compile/compile.ts';
import type { FilterChain, Host, PacketMatch } from '../model/network/network.ts';
import type { Missing } from './lab.ts';

/**
 * Returns the sources from which a new TCP connection to a port gets through every `input` chain of a host.
 * What a chain leaves undetermined is not admitted.
 */
export function admittedSources(cloud: Cloud, hostId: string, port: number): AddressSet | Missing {
  const host = compile(cloud).network.hosts.get(hostId);
  if (host === undefined) return { missing: `There is no ${hostId} in this network.` };
  return host.chains
    .filter((chain) => chain.hook === 'input')
    .reduce<AddressSet>(
      (sources, chain) => setIntersect(sources, admittedBy(chain, host, port)),
      everyAddress,
    );
}

function admittedBy(chain: FilterChain, host: Host, port: number): AddressSet {
  let admitted = noAddress;
  let undecided = everyAddress;
  for (const { match, verdict } of chain.rules) {
    if (!concerns(match, host, port)) continue;
    const decided = setIntersect(undecided, match.source ?? everyAddress);
    if (verdict.kind === 'accept') admitted = setUnion(admitted, decided);
    undecided = setSubtract(undecided, decided);
  }
  return chain.otherwise.kind === 'accept' ? setUnion(admitted, undecided) : admitted;
}

function concerns(match: PacketMatch, host: Host, port: number): boolean {
  const { protocols, destination, destinationPorts, connection, inInterface } = match;
  const own = host.interfaces.flatMap((face) => face.addresses);
  return (
    (protocols?.includes('tcp') ?? true) &&
    (destination === undefined || own.some(({ address }) => setContains(destination, address))) &&
    (destinationPorts?.some(({ from, to }) => port >= from && port <= to) ?? true) &&
    (connection?.includes('new') ?? true) &&
    (inInterface === undefined || host.interfaces.some(({ name }) => name === inInterface))
  );
}
