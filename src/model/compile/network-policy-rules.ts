/** The rules of a NetworkPolicy as filter rules: who may send to whom, on which ports. */
import type { Address } from '../ip/address.ts';
import {
  noAddress,
  setIntersect,
  setIsEmpty,
  setOf,
  setOfAddresses,
  setSubtract,
  setUnion,
} from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import { parseIpBlock, prefixOfIpBlock } from '../kubernetes/ip-block.ts';
import { podsOfPeer, policyName } from '../kubernetes/network-policy-selection.ts';
import type { PolicyDirection } from '../kubernetes/network-policy-selection.ts';
import type {
  KubernetesState,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  Pod,
} from '../kubernetes/objects.ts';
import type { FilterRule, FilterVerdict, PacketMatch, PortRange, Protocol } from '../network/network.ts';
import { ENGINE_NAMES } from './network-policy-engine.ts';
import type { PolicyEngine } from './network-policy-engine.ts';

/** What the rules of all policies of a cluster are compiled with. */
export interface PolicyWorld {
  readonly state: KubernetesState;
  readonly engine: PolicyEngine;
  /** Every pod that has an interface of its own, with its address. */
  readonly addressOf: ReadonlyMap<Pod, Address>;
  /** Addresses that an `ipBlock` never stands for: with Cilium those of pods and nodes, else none. */
  readonly outsideBlocks: AddressSet;
  /** Why it is not known what a range of ports does; null if it is known. */
  readonly doubtAboutRanges: string | null;
}

/** SCTP has no packets in this network. */
const PROTOCOLS: Readonly<Record<NonNullable<NetworkPolicyPort['protocol']>, Protocol | null>> = {
  TCP: 'tcp',
  UDP: 'udp',
  SCTP: null,
};
const ACCEPT: FilterVerdict = { kind: 'accept' };

/**
 * Returns what the policy's rules for a direction let pass, in their order, with its doubtful rules
 * among them. A rule without peers is for every address, one without ports for every protocol.
 */
export function compilePolicyRules(
  world: PolicyWorld,
  policy: NetworkPolicy,
  direction: PolicyDirection,
  doubt: string | null,
): readonly FilterRule[] {
  const { ingress = [], egress = [] } = policy.spec;
  const rules =
    direction === 'Ingress'
      ? ingress.map(({ from = [], ports = [] }) => ({ peers: from, ports }))
      : egress.map(({ to = [], ports = [] }) => ({ peers: to, ports }));
  return rules.flatMap(({ peers, ports }, at) => {
    const set = peers.length === 0 ? null : setUnion(...peers.map((peer) => peerSet(world, policy, peer)));
    const cut = peers.some(({ ipBlock }) => ipBlock !== undefined && isCut(ipBlock, world.outsideBlocks));
    const remark = cut ? ', for which no ipBlock holds pods or nodes' : '';
    const by = `NetworkPolicy ${policyName(policy)} spec.${direction.toLowerCase()}[${at}] (${ENGINE_NAMES[world.engine]}${remark})`;
    const side = direction === 'Ingress' ? 'source' : 'destination';
    return portMatches(world, ports).map(({ match, doubt: doubtful }): FilterRule => {
      const reason = doubt ?? doubtful;
      return {
        match: set === null ? match : { ...match, [side]: both(match[side], set) },
        verdict: reason === null ? ACCEPT : { kind: 'undetermined', reason: `${by}: ${reason}` },
        by,
      };
    });
  });
}

function both(one: AddressSet | undefined, other: AddressSet): AddressSet {
  return one === undefined ? other : setIntersect(one, other);
}

function peerSet(world: PolicyWorld, policy: NetworkPolicy, peer: NetworkPolicyPeer): AddressSet {
  if (peer.ipBlock !== undefined) return blockSet(peer.ipBlock, world.outsideBlocks);
  const pods = podsOfPeer(world.state, policy, peer, [...world.addressOf.keys()]);
  return setOfAddresses(pods.flatMap((pod) => world.addressOf.get(pod) ?? []));
}

type IpBlock = NonNullable<NetworkPolicyPeer['ipBlock']>;

function blockSet({ cidr, except = [] }: IpBlock, never: AddressSet): AddressSet {
  return setSubtract(setOfCidrs([cidr]), setUnion(setOfCidrs(except), never));
}

/** Reports whether a block names addresses that it does not stand for. */
function isCut(block: IpBlock, never: AddressSet): boolean {
  return !setIsEmpty(setIntersect(blockSet(block, noAddress), never));
}

function setOfCidrs(texts: readonly string[]): AddressSet {
  return setOf(
    ...texts.flatMap((text) => {
      const range = parseIpBlock(text);
      const prefix = range === null ? null : prefixOfIpBlock(range);
      return prefix === null ? [] : [prefix];
    }),
  );
}

interface PortMatch {
  readonly match: PacketMatch;
  readonly doubt: string | null;
}

/** Returns one match for all ports of each protocol, and more for named and for doubtful ones; all must be tried. */
function portMatches(world: PolicyWorld, ports: readonly NetworkPolicyPort[]): readonly PortMatch[] {
  if (ports.length === 0) return [{ match: {}, doubt: null }];
  const ranges = new Map<Protocol, PortRange[] | 'all'>();
  const others: PortMatch[] = [];
  for (const { protocol: name = 'TCP', port, endPort } of ports) {
    const protocol = PROTOCOLS[name];
    if (protocol === null) continue;
    if (typeof port === 'string') others.push(...namedPort(world, port, protocol));
    else if (port === undefined) ranges.set(protocol, 'all');
    else {
      const range = { from: port, to: endPort ?? port };
      const doubt = endPort === undefined || endPort === port ? null : world.doubtAboutRanges;
      const known = ranges.get(protocol);
      if (doubt !== null) others.push({ match: { protocols: [protocol], destinationPorts: [range] }, doubt });
      else if (known !== 'all') ranges.set(protocol, [...(known ?? []), range]);
    }
  }
  return [
    ...Array.from(ranges, ([protocol, found]): PortMatch => ({
      match: { protocols: [protocol], ...(found === 'all' ? {} : { destinationPorts: found }) },
      doubt: null,
    })),
    ...others,
  ];
}

/** A name stands for what the receiving pod's containers call so, which differs from pod to pod. */
function namedPort(world: PolicyWorld, name: string, protocol: Protocol): readonly PortMatch[] {
  const receivers = new Map<number, Address[]>();
  for (const [pod, address] of world.addressOf) {
    for (const port of pod.spec.containers.flatMap((container) => container.ports ?? [])) {
      if (port.name !== name || PROTOCOLS[port.protocol ?? 'TCP'] !== protocol) continue;
      const list = receivers.get(port.containerPort);
      if (list === undefined) receivers.set(port.containerPort, [address]);
      else list.push(address);
    }
  }
  if (receivers.size === 0) {
    return [{ match: { protocols: [protocol], destination: noAddress }, doubt: null }];
  }
  return Array.from(receivers, ([port, addresses]): PortMatch => ({
    match: {
      protocols: [protocol],
      destination: setOfAddresses(addresses),
      destinationPorts: [{ from: port, to: port }],
    },
    doubt: null,
  }));
}
