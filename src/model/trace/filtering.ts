import { chainsAt } from '../network/host-index.ts';
import type { FilterChain, FilterRule, FilterVerdict, InterfaceName } from '../network/network.ts';
import { formatEndpoint } from './header.ts';
import { crossFilterTable } from './filter-chains.ts';
import { findMismatch, tellsMore } from './packet-match.ts';
import type { Candidate } from './trace.ts';
import { NOTHING_LOST, addStep, dropHere } from './visit.ts';
import type { Ending, Visit, Walk } from './visit.ts';

/** Takes the packet through the chains of a hook; returns an ending if one of them stops it. */
export function crossChains(
  walk: Walk,
  visit: Visit,
  hook: FilterChain['hook'],
  face: InterfaceName | null,
): Ending | null {
  const { iptables } = visit.index.host;
  if (iptables !== undefined) {
    const ending = crossFilterTable(walk, visit, iptables.filter, hook);
    if (ending !== null) return ending;
  }
  for (const chain of chainsAt(visit.index, hook, face)) {
    const { only } = chain;
    if (only !== undefined && findMismatch(only, walk.header, visit, visit.index) !== null) continue;
    const ending = isKnownReply(chain, visit) ? passReply(walk, chain) : askRules(walk, visit, chain);
    if (ending !== null) return ending;
  }
  return null;
}

function isKnownReply(chain: FilterChain, visit: Visit): boolean {
  if (chain.replies === 'checked' || visit.memory !== 'reply' || visit.session === null) return false;
  return chain.interface === null || visit.session.interfaces.has(chain.interface);
}

function passReply(walk: Walk, chain: FilterChain): null {
  addStep(walk, {
    kind: 'session',
    by: chain.by,
    action: 'lets it pass as the reply of a session it accepted; no rule is asked',
    lost: NOTHING_LOST,
    before: walk.header,
    after: walk.header,
  });
  return null;
}

function askRules(walk: Walk, visit: Visit, chain: FilterChain): Ending | null {
  const lost: Candidate[] = [];
  let doubtful: FilterRule[] | null = null;
  for (const rule of chain.rules) {
    const why = findMismatch(rule.match, walk.header, visit, visit.index);
    if (why !== null) {
      if (rule.told === undefined) lose(lost, rule.by, why);
    } else if (rule.verdict.kind === 'undetermined' && rule.verdict.would !== undefined) {
      (doubtful ??= []).push(rule);
    } else {
      const { verdict } = rule;
      const against = doubtful === null ? null : settle(visit, verdict, doubtful);
      if (against !== null) return obeyDoubt(walk, visit, chain, against, lost);
      if (verdict.kind === 'accept' && verdict.mark !== undefined) visit.word ??= verdict.mark;
      return obey(walk, visit, chain, verdict, rule.by, `${chain.by}: first rule that matches`, lost);
    }
  }
  const against = doubtful === null ? null : settle(visit, chain.otherwise, doubtful);
  if (against !== null) return obeyDoubt(walk, visit, chain, against, lost);
  return obey(walk, visit, chain, chain.otherwise, chain.by, 'no rule matches, so its default applies', lost);
}

function obeyDoubt(
  walk: Walk,
  visit: Visit,
  chain: FilterChain,
  rule: FilterRule,
  lost: readonly Candidate[],
): Ending | null {
  return obey(walk, visit, chain, rule.verdict, rule.by, `${chain.by}: it may match`, lost);
}

/**
 * Returns the first rule that may match and would decide otherwise than the one that does. Where all of them
 * accept, but with other marks, the packet gets all these words: what it is to be asked for is not known.
 */
function settle(visit: Visit, verdict: FilterVerdict, doubtful: readonly FilterRule[]): FilterRule | null {
  const words = new Set<string>();
  if (verdict.kind === 'accept' && verdict.mark !== undefined) words.add(verdict.mark);
  for (const rule of doubtful) {
    const would = rule.verdict.kind === 'undetermined' ? rule.verdict.would : undefined;
    if (would?.kind !== verdict.kind) return rule;
    if (would.kind === 'accept' && would.mark !== undefined) words.add(would.mark);
  }
  if (words.size > 1) visit.word = [...words].sort().join(' or ');
  return null;
}

/** A rule with alternatives stands in its chain once for each, and lost once. */
function lose(lost: Candidate[], candidate: string, why: string): void {
  const last = lost.at(-1);
  if (last?.candidate !== candidate) lost.push({ candidate, why });
  else lost[lost.length - 1] = { candidate, why: tellsMore(last.why, why) };
}

function obey(
  walk: Walk,
  visit: Visit,
  chain: FilterChain,
  verdict: FilterVerdict,
  by: string,
  how: string,
  lost: readonly Candidate[],
): Ending | null {
  const header = walk.header;
  addStep(walk, {
    kind: 'filter',
    by,
    action: `${verdict.kind === 'undetermined' ? 'not known' : verdict.kind}; ${how}`,
    // Alternatives of the rule that decides may have been asked before.
    lost: lost.some(({ candidate }) => candidate === by)
      ? lost.filter(({ candidate }) => candidate !== by)
      : lost,
    before: header,
    after: header,
    verdict: verdict.kind,
  });
  switch (verdict.kind) {
    case 'accept':
      return null;
    case 'undetermined':
      return dropHere(walk, by, 'undetermined', verdict.reason);
    case 'drop':
      if (walk.direction === 'back' && chain.replies !== 'checked') {
        const why = walk.sessions.has(visit.index.host.id)
          ? `no session there waits for an answer from ${formatEndpoint(header.source)}`
          : `the first packet did not pass ${chain.by} and left no session there`;
        return dropHere(walk, by, 'asymmetric', `${by} drops the reply, because ${why}`);
      }
      return dropHere(
        walk,
        by,
        verdict.disposition,
        `${by} drops the packet${verdict.why === undefined ? '' : `: ${verdict.why}`}`,
      );
  }
}
