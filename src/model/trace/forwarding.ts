import { addressKey, formatAddress, sameAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { chooseRoute, findListener, indexHost, isLocal, tableFor } from '../network/host-index.ts';
import type { Host, Interface, InterfaceName, Listener, Route } from '../network/network.ts';
import { farEnd, findNeighbour } from '../network/segment-index.ts';
import { chooseBackend } from './balancing.ts';
import { crossChains } from './filtering.ts';
import { formatEndpoint, forwarded, sameTuple } from './header.ts';
import { LOOPBACK, translateDestination, translateSource } from './translating.ts';
import type { Header } from './trace.ts';
import { NOTHING_LOST, addStep, dropHere, startHop } from './visit.ts';
import type { Ending, Visit, Walk } from './visit.ts';

/** What became of the packet in one place. */
export type Outcome =
  | { readonly kind: 'moved'; readonly host: Host; readonly incoming: InterfaceName }
  /** It reached the host it was for. */
  | { readonly kind: 'arrived'; readonly host: Host }
  | { readonly kind: 'ended'; readonly ending: Ending };

/** Takes a packet that the host itself sends as far as the next host. */
export function send(walk: Walk, host: Host): Outcome {
  startHop(walk, host.id);
  const visit = openVisit(walk, host, null);
  const ending = translateDestination(walk, visit);
  if (ending !== null) return { kind: 'ended', ending };
  if (isLocal(visit.index, walk.header.destination.address)) {
    visit.outgoing = LOOPBACK;
    const stopped =
      crossChains(walk, visit, 'output', LOOPBACK) ??
      crossChains(walk, visit, 'egress', LOOPBACK) ??
      translateSource(walk, visit, walk.header.destination.address) ??
      crossChains(walk, visit, 'ingress', LOOPBACK);
    return stopped === null
      ? takeIn(walk, { ...visit, incoming: LOOPBACK }, LOOPBACK)
      : { kind: 'ended', ending: stopped };
  }
  return passOn(walk, visit);
}

/** Takes a packet that came in on an interface to the host's own door, or as far as the next host. */
export function receive(walk: Walk, host: Host, incoming: InterfaceName): Outcome {
  startHop(walk, host.id);
  const loop = findLoop(walk, host, incoming);
  if (loop !== null) return { kind: 'ended', ending: loop };
  if (host.handshakesWatchedBy !== undefined) (walk.watchers ??= []).push(host);
  const visit = openVisit(walk, host, incoming);
  const ending = crossChains(walk, visit, 'ingress', incoming) ?? translateDestination(walk, visit);
  if (ending !== null) return { kind: 'ended', ending };
  const choice = host.balancing === undefined ? null : chooseBackend(walk, visit, host.balancing);
  if (choice?.kind === 'ended') return choice;
  if (choice !== null) return leave(walk, visit, choice.backend.interface, choice.backend.via);
  if (isLocal(visit.index, walk.header.destination.address)) return takeIn(walk, visit, incoming);
  if (host.forwarding === 'off') {
    const wanted = formatAddress(walk.header.destination.address);
    return ended(
      walk,
      host.id,
      'next-hop-unreachable',
      `${host.id} does not forward: ${wanted} is not its address`,
    );
  }
  return passOn(walk, visit);
}

/** Returns what takes the packet at its destination: a listener, or the kernel itself for an echo request. */
export function findReceiver(host: Host, header: Header): Listener | 'kernel' | null {
  if (header.protocol === 'icmp') return 'kernel';
  return findListener(host, header.protocol, header.destination.port, header.destination.address);
}

function openVisit(walk: Walk, host: Host, incoming: InterfaceName | null): Visit {
  const index = indexHost(host);
  const visit = { index, incoming, outgoing: null, masqueradeMark: null };
  if (!index.tracks) return { ...visit, memory: 'none', session: null };
  const known = walk.sessions.find(host.id, walk.header);
  if (known !== null) return { ...visit, memory: known.direction, session: known.session };
  // Linux takes a TCP or ICMP reply without a session for invalid, but cannot tell a UDP reply from a request.
  if (walk.direction === 'back' && walk.header.protocol !== 'udp') {
    return { ...visit, memory: 'untracked', session: null };
  }
  const session = {
    original: walk.header,
    translated: walk.header,
    incoming,
    outgoing: null,
    interfaces: new Set<InterfaceName>(),
    backend: null,
    translatedBy: [],
  };
  return { ...visit, memory: 'new', session };
}

function takeIn(walk: Walk, visit: Visit, incoming: InterfaceName): Outcome {
  const { host } = visit.index;
  const ending = crossChains(walk, visit, 'input', incoming);
  if (ending !== null) return { kind: 'ended', ending };
  // A reply to the host's own translated session gets the source back that the host once asked for.
  if (visit.memory === 'reply') translateSource(walk, visit, walk.header.source.address);
  rememberSession(walk, visit);
  return { kind: 'arrived', host };
}

function passOn(walk: Walk, visit: Visit): Outcome {
  const { index } = visit;
  const { host } = index;
  const destination = walk.header.destination.address;
  const table = tableFor(index, visit.incoming, walk.header.source.address);
  const choice = chooseRoute(index, table, destination);
  if (choice === null) {
    const where = table === 'main' ? host.id : `table ${table} of ${host.id}`;
    return ended(walk, where, 'no-route', `${where} has no route to ${formatAddress(destination)}`);
  }
  const { route } = choice;
  const before = walk.header;
  const lowersTtl = visit.incoming !== null && host.timeToLive === undefined;
  const wayBack = replyInterface(visit, route);
  addStep(walk, {
    kind: 'route',
    by: route.by,
    action:
      wayBack === null
        ? choice.action
        : `${choice.action}; as a reply it leaves by ${wayBack} instead, which brought the session in`,
    lost: choice.lost,
    before,
    after: lowersTtl ? forwarded(before) : before,
  });
  if (walk.header.ttl <= 0) {
    return ended(walk, host.id, 'loop', `the TTL ran out at ${host.id}`);
  }

  if (wayBack !== null) return leave(walk, visit, wayBack, destination);

  const { target } = route;
  let nextHop = destination;
  let outgoing: InterfaceName | undefined;
  switch (target.kind) {
    case 'connected':
      outgoing = target.interface;
      break;
    case 'gateway':
      nextHop = target.via;
      outgoing = target.interface;
      break;
    case 'attached':
      outgoing = host.attached.get(addressKey(destination));
      break;
    case 'attached-gateway':
      nextHop = target.via;
      outgoing = host.attached.get(addressKey(target.via));
      break;
    case 'drop':
      return ended(walk, route.by, 'dropped-by-route', `${route.by} says to drop what it matches`);
    case 'undetermined':
      return ended(walk, route.by, 'undetermined', target.reason);
  }
  if (outgoing === undefined) {
    const reason = `no interface in ${host.id} has address ${formatAddress(nextHop)}, which ${route.by} leads to`;
    return ended(walk, route.by, 'next-hop-unreachable', reason);
  }
  return leave(walk, visit, outgoing, nextHop);
}

/**
 * Returns the interface that brought the session in, if the route lets its replies leave by that one. It
 * must be from where the session went: a reply that took another way round is nobody's to return.
 */
function replyInterface(visit: Visit, { repliesBy, target }: Route): InterfaceName | null {
  const { memory, session } = visit;
  if (memory !== 'reply' || session?.outgoing !== visit.incoming) return null;
  const { incoming } = session;
  if (incoming === null || repliesBy?.has(incoming) !== true) return null;
  return target.kind === 'connected' && target.interface === incoming ? null : incoming;
}

function leave(walk: Walk, visit: Visit, outgoing: InterfaceName, nextHop: Address): Outcome {
  const face = visit.index.interfaces.get(outgoing);
  if (face === undefined) throw new Error(`${visit.index.host.id} has no interface ${outgoing}`);
  visit.outgoing = outgoing;
  const ending =
    (visit.incoming === null
      ? crossChains(walk, visit, 'output', outgoing)
      : (crossChains(walk, visit, 'routed', visit.incoming) ?? crossChains(walk, visit, 'forward', null))) ??
    crossChains(walk, visit, 'egress', outgoing) ??
    translateSource(walk, visit, nextHop);
  if (ending !== null) return { kind: 'ended', ending };
  announceClient(walk, visit);
  rememberSession(walk, visit);
  return transmit(walk, visit.index.host, face, nextHop);
}

function announceClient(walk: Walk, { index, memory, session, outgoing }: Visit): void {
  const { proxyHeader } = index.host;
  const { header } = walk;
  if (proxyHeader === undefined || proxyHeader.outInterface !== outgoing || header.protocol !== 'tcp') return;
  if (memory !== 'new' || session === null) return;
  const client = session.original.source;
  addStep(walk, {
    kind: 'proxy',
    does: 'header',
    by: proxyHeader.by,
    action: `puts a PROXY protocol header before the bytes: source ${formatEndpoint(client)}, link ${proxyHeader.link}`,
    lost: NOTHING_LOST,
    before: header,
    after: header,
    client,
    link: proxyHeader.link,
  });
}

/** Finds the next hop's MAC on the segment and carries the frame there, through the bridge if there is one. */
function transmit(walk: Walk, host: Host, face: Interface, nextHop: Address): Outcome {
  const neighbour =
    findNeighbour(walk.network, face.segment, host, nextHop) ??
    (host.attached.get(addressKey(nextHop)) === face.name ? farEnd(walk.network, face.segment, host) : null);
  const wanted = formatAddress(nextHop);
  if (neighbour === null) {
    const reason = `nobody answers when ${host.id} asks for ${wanted} on ${face.name}`;
    return ended(walk, `ARP on ${face.name}`, 'next-hop-unreachable', reason);
  }
  // A fabric asks nobody: it knows who is where.
  if (host.timeToLive === undefined) addResolution(walk, face, neighbour, nextHop);
  const bridge = walk.network.segments.get(face.segment)?.bridgedBy ?? null;
  if (bridge === null || bridge.host === host.id || bridge.host === neighbour.host.id) {
    return { kind: 'moved', host: neighbour.host, incoming: neighbour.interface.name };
  }
  const bridgeHost = walk.network.hosts.get(bridge.host);
  if (bridgeHost === undefined) throw new Error(`no host ${bridge.host}, which bridges ${face.segment}`);
  return crossBridge(walk, bridgeHost, bridge.device, neighbour.host, neighbour.interface);
}

function addResolution(
  walk: Walk,
  face: Interface,
  neighbour: { readonly host: Host; readonly interface: Interface },
  nextHop: Address,
): void {
  const wanted = formatAddress(nextHop);
  const { mac } = neighbour.interface;
  if (face.permanentNeighbours?.some((each) => sameAddress(each, nextHop)) === true) {
    addStep(walk, {
      kind: 'arp',
      by: `neighbour table on ${face.name}`,
      action: `${wanted} is at ${mac}, ${neighbour.interface.name} of ${neighbour.host.id}: a permanent entry, so nobody is asked`,
      lost: NOTHING_LOST,
      before: walk.header,
      after: walk.header,
      mac,
    });
    return;
  }
  const owner = isLocal(indexHost(neighbour.host), nextHop);
  addStep(walk, {
    kind: 'arp',
    by: `ARP on ${face.name}`,
    action: owner
      ? `${wanted} is at ${mac}, ${neighbour.interface.name} of ${neighbour.host.id}`
      : `${neighbour.host.id} answers for ${wanted} with ${mac}, as it does for every address`,
    lost: NOTHING_LOST,
    before: walk.header,
    after: walk.header,
    mac,
  });
}

/** Switches the frame, after the bridge's host has had it in its sessions and forward chains (br_netfilter). */
function crossBridge(walk: Walk, host: Host, device: InterfaceName, to: Host, face: Interface): Outcome {
  startHop(walk, host.id);
  const loop = findLoop(walk, host, device);
  if (loop !== null) return { kind: 'ended', ending: loop };
  const visit = openVisit(walk, host, device);
  const framed = walk.header;
  const early = translateDestination(walk, visit);
  if (early !== null) return { kind: 'ended', ending: early };
  if (walk.header !== framed) {
    // With another destination the frame is no longer for the neighbour: it goes up to the host's routing.
    const here = isLocal(visit.index, walk.header.destination.address);
    return here ? takeIn(walk, visit, device) : passOn(walk, visit);
  }
  visit.outgoing = device;
  addStep(walk, {
    kind: 'arp',
    by: `bridge ${device} of ${host.id}`,
    action: `switches the frame to ${face.mac}, ${face.name} of ${to.id}; no route of ${host.id} is asked`,
    lost: NOTHING_LOST,
    before: walk.header,
    after: walk.header,
    mac: face.mac,
  });
  const ending =
    crossChains(walk, visit, 'forward', null) ??
    translateSource(walk, visit, walk.header.destination.address);
  if (ending !== null) return { kind: 'ended', ending };
  rememberSession(walk, visit);
  return { kind: 'moved', host: to, incoming: face.name };
}

function rememberSession(walk: Walk, visit: Visit): void {
  const { session, incoming, outgoing } = visit;
  if (session === null || visit.memory === 'reply') return;
  if (visit.memory === 'new') session.translated = walk.header;
  session.outgoing = outgoing;
  if (incoming !== null) session.interfaces.add(incoming);
  if (outgoing !== null) session.interfaces.add(outgoing);
  walk.sessions.remember(visit.index.host.id, session);
}

function findLoop(walk: Walk, host: Host, incoming: InterfaceName): Ending | null {
  const { header } = walk;
  // A load balancer passes on what its backends send in its name.
  if (host.balancing === undefined && isLocal(indexHost(host), header.source.address)) {
    // Linux calls it a martian: a packet from the wire must not claim to come from the host itself.
    const source = formatAddress(header.source.address);
    const reason = `the packet comes back to ${host.id}, which drops what claims to come from its own address ${source}`;
    return dropHere(walk, host.id, 'loop', reason);
  }
  const again = walk.entered.some(
    (entry) => entry.place === host.id && entry.incoming === incoming && sameTuple(entry.header, header),
  );
  if (again) {
    const reason = `the packet to ${formatEndpoint(header.destination)} comes back to ${host.id}, which sends it the same way again: it goes round until its TTL runs out`;
    return dropHere(walk, host.id, 'loop', reason);
  }
  walk.entered.push({ place: host.id, incoming, header });
  return null;
}

function ended(walk: Walk, by: string, disposition: Ending['disposition'], reason: string): Outcome {
  return { kind: 'ended', ending: dropHere(walk, by, disposition, reason) };
}
