import { addressKey, formatAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import {
  MAIN_TABLE,
  anyAddress,
  chooseRoute,
  indexHost,
  isLocal,
  sourceTowards,
} from '../network/host-index.ts';
import type { Host, Network } from '../network/network.ts';
import { checkTrace } from './check-trace.ts';
import { findReceiver, receive, send } from './forwarding.ts';
import type { Outcome } from './forwarding.ts';
import { EPHEMERAL_PORT, INITIAL_TTL, formatEndpoint, isReplyTo } from './header.ts';
import { SessionMemory } from './session.ts';
import type { Endpoint, Flow, Header, Path, Trace } from './trace.ts';
import { NOTHING_LOST, addStep, dropHere, startHop } from './visit.ts';
import type { Ending, Walk } from './visit.ts';

/** More places than any real path has; only a network that changes the packet at each turn gets here. */
const MOST_PLACES = 256;

/**
 * Returns what happens to the first packet of a flow and to the reply, place by place.
 *
 * The disposition is that of the conversation: `delivered` only if the reply reaches the sender, and
 * otherwise whatever ended the first packet or the reply. `reverse` has the reply (or the refusal: a
 * reset, or an ICMP port unreachable) and is null if the packet reached no host that could answer.
 * Throws if the flow starts at a host that the network does not have.
 */
export function trace(network: Network, flow: Flow): Trace {
  const sender = network.hosts.get(flow.from);
  if (sender === undefined) throw new Error(`no host ${flow.from}`);
  const sessions = new SessionMemory();
  const source = chooseSource(sender, flow);
  const ports = flow.protocol !== 'icmp';
  const first: Header = {
    protocol: flow.protocol,
    source: {
      address: source ?? flow.destination.address,
      port: ports ? (flow.source.port ?? EPHEMERAL_PORT) : null,
    },
    destination: { address: flow.destination.address, port: ports ? flow.destination.port : null },
    ttl: INITIAL_TTL,
    ...(flow.request === undefined ? {} : { request: flow.request }),
  };

  const there = newWalk(network, sessions, 'there', first);
  const way =
    source === null
      ? { kind: 'ended' as const, ending: noSource(there, sender, flow) }
      : walkOn(there, sender);
  const result =
    way.kind === 'ended'
      ? { flow, ...way.ending, hops: there.hops, seenSource: null, reverse: null }
      : answer(there, way.host, sender, flow, first);
  checkTrace(result);
  return result;
}

/** Hands the packet to its receiver and follows the reply. */
function answer(there: Walk, receiver: Host, sender: Host, flow: Flow, first: Header): Trace {
  const asked = there.header;
  const taken = takeAtDestination(there, receiver);
  const back = newWalk(there.network, there.sessions, 'back', {
    protocol: asked.protocol,
    source: asked.destination,
    destination: asked.source,
    ttl: INITIAL_TTL,
    ...(asked.request === undefined ? {} : { request: asked.request }),
  });
  const path = { flow, hops: there.hops, seenSource: asked.source };
  if (taken.disposition === 'undetermined') {
    // Whether anything answers is what is not known, so there is no reply to follow.
    return { ...path, ...taken, reverse: null };
  }
  const watched = taken.disposition === 'delivered' && asked.protocol === 'tcp' ? there : null;
  const reverse = followReply(back, receiver, sender, first, watched);
  if (reverse.disposition === 'delivered') return { ...path, ...taken, reverse };
  const what = taken.disposition === 'refused' ? 'the refusal' : 'the reply';
  const isBack =
    reverse.hops.at(-1)?.place === sender.id && watched !== null && missedBy(watched, back) !== null;
  return {
    ...path,
    disposition: reverse.disposition,
    reason: `the packet reaches ${receiver.id}, but ${isBack ? '' : `${what} does not come back: `}${reverse.reason}`,
    reverse,
  };
}

function followReply(back: Walk, receiver: Host, sender: Host, first: Header, watched: Walk | null): Path {
  const way = walkOn(back, receiver);
  const ending = way.kind === 'ended' ? way.ending : takeReply(back, way.host, sender, first, watched);
  const seenSource: Endpoint | null = way.kind === 'ended' ? null : back.header.source;
  return { ...ending, hops: back.hops, seenSource };
}

function walkOn(walk: Walk, from: Host): Exclude<Outcome, { kind: 'moved' }> {
  let outcome = send(walk, from);
  for (let places = 1; outcome.kind === 'moved'; places++) {
    if (places > MOST_PLACES) {
      const reason = `the packet is still on its way after ${MOST_PLACES} places`;
      startHop(walk, outcome.host.id);
      return { kind: 'ended', ending: dropHere(walk, outcome.host.id, 'loop', reason) };
    }
    outcome = receive(walk, outcome.host, outcome.incoming);
  }
  return outcome;
}

function takeAtDestination(walk: Walk, host: Host): Ending {
  const { header } = walk;
  const receiver = findReceiver(host, header);
  const wanted = `${header.protocol} ${formatEndpoint(header.destination)}`;
  if (receiver === null) {
    if (host.unknown !== null) return dropHere(walk, host.id, 'undetermined', host.unknown);
    return dropHere(walk, host.id, 'refused', `nothing listens on ${wanted} at ${host.id}, so it is refused`);
  }
  const taker = receiver === 'kernel' ? `the kernel of ${host.id}` : `${receiver.program} at ${host.id}`;
  const reason = `${taker} takes ${wanted} and sees source ${formatEndpoint(header.source)}`;
  deliver(walk, receiver === 'kernel' ? host.id : receiver.program, reason);
  return { disposition: 'delivered', reason };
}

/** The sender waits for one tuple only: a reply that changed on its way is no answer to it. */
function takeReply(walk: Walk, host: Host, sender: Host, first: Header, watched: Walk | null): Ending {
  const { header } = walk;
  const from = formatEndpoint(header.source);
  if (host !== sender) {
    return dropHere(walk, host.id, 'asymmetric', `the reply ends at ${host.id}, which has no session for it`);
  }
  if (!isReplyTo(header, first)) {
    const expected = formatEndpoint(first.destination);
    const reason = `the reply reaches ${host.id} from ${from}, which waits for one from ${expected}`;
    return dropHere(walk, host.id, 'asymmetric', reason);
  }
  const by = watched === null ? null : missedBy(watched, walk);
  if (by !== null) {
    const reason = `the answer to the first packet comes to ${host.id} round ${by}, which drops what ${host.id} sends next, because it has seen no answer: the handshake is never done`;
    return dropHere(walk, by, 'asymmetric', reason);
  }
  const reason = `the reply reaches ${host.id} from ${from}, as it expects`;
  deliver(walk, host.id, reason);
  return { disposition: 'delivered', reason };
}

/** Returns who watched the way there and is not on the way back; null for nobody. */
function missedBy(there: Walk, back: Walk): string | null {
  const end = there.hops.at(-1)?.place;
  const missed = there.watchers?.find(
    ({ id }) => id !== end && back.watchers?.some((each) => each.id === id) !== true,
  );
  return missed?.handshakesWatchedBy ?? null;
}

function deliver(walk: Walk, by: string, action: string): void {
  const { header } = walk;
  addStep(walk, { kind: 'deliver', by, action, lost: NOTHING_LOST, before: header, after: header });
}

/** Returns the address a host puts on a packet: the one asked for, else by the route it will take. */
function chooseSource(host: Host, flow: Flow): Address | null {
  if (flow.source.address !== null) return flow.source.address;
  const index = indexHost(host);
  const destination = flow.destination.address;
  if (isLocal(index, destination)) return destination;
  const route = chooseRoute(index, MAIN_TABLE, destination)?.route;
  if (route === undefined) return null;
  if (route.preferredSource !== null) return route.preferredSource;
  const { target } = route;
  switch (target.kind) {
    case 'connected':
    case 'gateway': {
      const neighbour = target.kind === 'gateway' ? target.via : destination;
      return sourceTowards(host, index.interfaces.get(target.interface), neighbour);
    }
    case 'attached':
    case 'attached-gateway': {
      const neighbour = target.kind === 'attached-gateway' ? target.via : destination;
      const face = index.interfaces.get(host.attached.get(addressKey(neighbour)) ?? '');
      return sourceTowards(host, face, neighbour);
    }
    case 'drop':
    case 'undetermined':
      return anyAddress(host);
  }
}

function noSource(walk: Walk, host: Host, flow: Flow): Ending {
  startHop(walk, host.id);
  if (anyAddress(host) === null) {
    return dropHere(walk, host.id, 'undetermined', host.unknown ?? `${host.id} has no address to send from`);
  }
  const wanted = formatAddress(flow.destination.address);
  return dropHere(walk, host.id, 'no-route', `${host.id} has no route to ${wanted}`);
}

function newWalk(
  network: Network,
  sessions: SessionMemory,
  direction: Walk['direction'],
  header: Header,
): Walk {
  return { network, sessions, direction, hops: [], header, entered: [], watchers: null };
}
