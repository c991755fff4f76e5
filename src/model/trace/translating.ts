import { formatAddress, sameAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { sourceTowards } from '../network/host-index.ts';
import type { NatTable } from '../network/iptables.ts';
import type { TranslationAction, TranslationRule } from '../network/network.ts';
import { chooseBy, flowText } from './choosing.ts';
import { formatEndpoint, withDestination, withSource, withSourceAddress } from './header.ts';
import { crossEarlyNat, crossLateNat } from './nat-chains.ts';
import { findMismatch } from './packet-match.ts';
import type { Candidate, Header } from './trace.ts';
import { NOTHING_LOST, addStep, dropHere } from './visit.ts';
import type { Ending, Visit, Walk } from './visit.ts';

/** The interface of a host's packets to itself. */
export const LOOPBACK = 'lo';

/**
 * Gives the packet its destination: for the first packet of a session by the prerouting rules, later
 * by what the session says. Returns an ending if a rule ends the path.
 */
export function translateDestination(walk: Walk, visit: Visit): Ending | null {
  const { session } = visit;
  switch (visit.memory) {
    case 'none':
    case 'untracked':
      return null;
    case 'reply':
      if (session !== null) restore(walk, visit, withDestination(walk.header, session.original.source));
      return null;
    case 'original':
      if (session !== null)
        restore(walk, visit, withDestination(walk.header, session.translated.destination));
      return null;
    case 'new': {
      const rule = firstMatch(walk, visit, visit.index.prerouting);
      if (rule !== null) return applyToDestination(walk, visit, rule);
      const { iptables } = visit.index.host;
      return iptables === undefined ? null : crossEarlyNat(walk, visit, iptables.nat);
    }
  }
}

/** Gives the packet its source, as the last thing before it leaves `visit.outgoing` towards `nextHop`. */
export function translateSource(walk: Walk, visit: Visit, nextHop: Address): Ending | null {
  const { session } = visit;
  switch (visit.memory) {
    case 'none':
    case 'untracked':
      return null;
    case 'reply':
      if (session !== null) restore(walk, visit, withSource(walk.header, session.original.destination));
      return null;
    case 'original':
      if (session !== null) restore(walk, visit, withSource(walk.header, session.translated.source));
      return null;
    case 'new': {
      if (visit.masqueradeMark !== null) return masquerade(walk, visit, visit.masqueradeMark, nextHop);
      const rule = firstMatch(walk, visit, visit.index.postrouting);
      if (rule !== null) return applyToSource(walk, visit, rule, nextHop);
      const { iptables } = visit.index.host;
      return iptables === undefined ? null : applyLateNat(walk, visit, iptables.nat, nextHop);
    }
  }
}

function applyLateNat(walk: Walk, visit: Visit, nat: NatTable, nextHop: Address): Ending | null {
  const wish = crossLateNat(walk, visit, nat);
  switch (wish?.kind) {
    case undefined:
      return null;
    case 'masquerade':
      return masquerade(walk, visit, wish.by, nextHop);
    case 'source':
      changeSource(walk, visit, wish.by, wish.address);
      return null;
    case 'keep':
      return keepSource(walk, visit, wish.by);
    case 'undetermined':
      return dropHere(walk, wish.by, 'undetermined', wish.reason);
  }
}

function firstMatch(walk: Walk, visit: Visit, rules: readonly TranslationRule[]): TranslationRule | null {
  for (const rule of rules) {
    if (findMismatch(rule.match, walk.header, visit, visit.index) === null) return rule;
  }
  return null;
}

function applyToDestination(walk: Walk, visit: Visit, rule: TranslationRule): Ending | null {
  const { action } = rule;
  switch (action.kind) {
    case 'none':
      return null;
    case 'undetermined':
      return dropHere(walk, rule.by, 'undetermined', action.reason);
    case 'destination':
      return toBackend(walk, visit, rule, action);
    case 'exhausted':
    case 'masquerade':
    case 'source':
    case 'source-pool':
      throw new Error(`${rule.by} changes the source before routing`);
  }
}

function toBackend(
  walk: Walk,
  visit: Visit,
  rule: TranslationRule,
  action: Extract<TranslationAction, { kind: 'destination' }>,
): Ending | null {
  const header = walk.header;
  const text = action.affinity === 'client' ? formatAddress(header.source.address) : flowText(header);
  const backend = action.backends[chooseBy(text, action.backends.length)];
  if (backend === undefined) {
    const wanted = formatEndpoint(header.destination);
    return dropHere(
      walk,
      rule.by,
      'refused',
      `${rule.by} has no endpoint for ${wanted}, so the connection is refused`,
    );
  }
  // ICMP has no port to change.
  const port = header.destination.port === null ? null : (backend.port ?? header.destination.port);
  const target = { address: backend.address, port };
  if (action.backends.length > 1) {
    addStep(walk, {
      kind: 'balance',
      by: rule.by,
      action: `chooses ${formatEndpoint(target)} (${backend.by}), 1 of ${action.backends.length}; another connection may get another`,
      lost: action.backends
        .filter((other) => other !== backend)
        .map((other): Candidate => ({ candidate: other.by, why: 'not chosen for this connection' })),
      before: header,
      after: header,
    });
  }
  addStep(walk, {
    kind: 'translate',
    by: rule.by,
    action: `destination ${formatEndpoint(header.destination)} becomes ${formatEndpoint(target)} (${backend.by})`,
    lost: NOTHING_LOST,
    before: header,
    after: withDestination(header, target),
  });
  visit.session?.translatedBy.push(rule.by);
  if (action.mark !== undefined) visit.word = action.mark;
  const mark = action.masquerade;
  if (mark !== undefined && (mark.when === 'always' || sameAddress(backend.address, header.source.address))) {
    visit.masqueradeMark = mark.by;
  }
  return null;
}

function applyToSource(walk: Walk, visit: Visit, rule: TranslationRule, nextHop: Address): Ending | null {
  const { action } = rule;
  switch (action.kind) {
    case 'none':
      return keepSource(walk, visit, rule.by);
    case 'undetermined':
      return dropHere(walk, rule.by, 'undetermined', action.reason);
    case 'exhausted':
      return dropHere(walk, rule.by, 'snat-exhausted', action.reason);
    case 'masquerade':
      return masquerade(walk, visit, rule.by, nextHop);
    case 'source':
      changeSource(walk, visit, rule.by, action.address);
      return null;
    case 'source-pool': {
      const chosen = action.addresses[chooseBy(flowText(walk.header), action.addresses.length)];
      if (chosen === undefined) throw new Error(`${rule.by} has no address to translate to`);
      changeSource(walk, visit, rule.by, chosen);
      return null;
    }
    case 'destination':
      throw new Error(`${rule.by} changes the destination after routing`);
  }
}

/** Worth telling only where the packet is routed: a switched frame keeps its source anyway. */
function keepSource(walk: Walk, visit: Visit, by: string): null {
  if (visit.outgoing === visit.incoming) return null;
  const { header } = walk;
  addStep(walk, {
    kind: 'translate',
    by,
    action: `keeps source ${formatAddress(header.source.address)}`,
    lost: NOTHING_LOST,
    before: header,
    after: header,
  });
  return null;
}

function masquerade(walk: Walk, visit: Visit, by: string, nextHop: Address): Ending | null {
  const { interfaces, host } = visit.index;
  // An interface without an address to lend (the loopback, a pod's veth) takes the first of another one.
  const address = sourceTowards(host, interfaces.get(visit.outgoing ?? ''), nextHop);
  if (address === null) {
    const reason = `${by} cannot masquerade: ${visit.outgoing ?? 'the interface'} of ${visit.index.host.id} has no address`;
    return dropHere(walk, by, 'undetermined', reason);
  }
  changeSource(walk, visit, by, address);
  return null;
}

function changeSource(walk: Walk, visit: Visit, by: string, address: Address): void {
  const before = walk.header;
  const after = withSourceAddress(before, address);
  const action =
    after === before
      ? `source is ${formatAddress(address)} already`
      : `source ${formatAddress(before.source.address)} becomes ${formatAddress(address)}`;
  addStep(walk, { kind: 'translate', by, action, lost: NOTHING_LOST, before, after });
  visit.session?.translatedBy.push(by);
}

/** Applies what a session says about a later packet, if it says anything. */
function restore(walk: Walk, visit: Visit, after: Header): void {
  const before = walk.header;
  if (after === before) return;
  const [what, from, to] =
    after.source === before.source
      ? ['destination', before.destination, after.destination]
      : ['source', before.source, after.source];
  const undone = visit.memory === 'reply' ? 'translated back' : 'translated as before';
  addStep(walk, {
    kind: 'session',
    by: `session of ${visit.session?.translatedBy.join(' and ') ?? visit.index.host.id}`,
    action: `${what} ${formatEndpoint(from)} is ${undone} to ${formatEndpoint(to)}`,
    lost: NOTHING_LOST,
    before,
    after,
  });
}
