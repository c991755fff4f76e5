import { chainsAt } from '../network/host-index.ts';
import type { FilterChain, FilterVerdict, InterfaceName } from '../network/network.ts';
import { crossFilterTable } from './filter-chains.ts';
import { findMismatch, OTHER_PORTS } from './packet-match.ts';
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
  for (const rule of chain.rules) {
    const why = findMismatch(rule.match, walk.header, visit, visit.index);
    if (why === null) {
      const { verdict } = rule;
      if (verdict.kind === 'accept' && verdict.mark !== undefined) visit.word = verdict.mark;
      return obey(walk, chain, verdict, rule.by, `${chain.by}: first rule that matches`, lost);
    }
    lose(lost, rule.by, why);
  }
  return obey(walk, chain, chain.otherwise, chain.by, 'no rule matches, so its default applies', lost);
}

/** A rule with alternatives stands here once for each; the one for the packet's port tells why it lost. */
function lose(lost: Candidate[], candidate: string, why: string): void {
  if (lost.at(-1)?.candidate !== candidate) lost.push({ candidate, why });
  else if (why !== OTHER_PORTS) lost[lost.length - 1] = { candidate, why };
}

function obey(
  walk: Walk,
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
    lost,
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
        return dropHere(
          walk,
          by,
          'asymmetric',
          `${by} drops the reply, because the first packet did not pass ${chain.by} and left no session there`,
        );
      }
      return dropHere(
        walk,
        by,
        verdict.disposition,
        `${by} drops the packet${verdict.why === undefined ? '' : `: ${verdict.why}`}`,
      );
  }
}
