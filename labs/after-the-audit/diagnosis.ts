/** The questions of the lab, answered by the model on the network as it was handed over. */
import { isMissing } from '../../src/lab/cluster-view.ts';
import type { Accepts, Before } from '../../src/lab/lab.ts';
import { plainAnswer } from '../../src/lab/plain-answer.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { failedCalls, libraryOf } from './calls.ts';
import { GROUPS, PARTS, RULES, differences, withRuleAsMeant } from './groups.ts';
import type { Difference } from './groups.ts';

const known = new WeakMap<Cloud, Difference>();

/** The one part of one rule that is other than the audit meant it, and without which every call gets through. */
function culpritOf(start: Cloud): Difference {
  const before = known.get(start);
  if (before !== undefined) return before;
  const library = libraryOf(start);
  if (isMissing(library)) throw new Error(library.missing);
  const [found, ...others] = differences(start, library.address);
  if (found === undefined || others.length > 0) throw new Error('not exactly one difference');
  const mended = withRuleAsMeant(start, found.group, found.rule, library.address);
  if (failedCalls(start, library).length === 0) throw new Error('nothing fails at the start');
  if (failedCalls(mended, library).length > 0) throw new Error('one rule does not heal it');
  known.set(start, found);
  return found;
}

const refuse = (feedback: string): Accepts => ({ passed: false, feedback });

export function acceptGroup(_: Cloud, answer: string, { start }: Before): Accepts {
  const { group } = culpritOf(start);
  const given = plainAnswer(answer);
  if (given === group) return { passed: true };
  if (GROUPS.some((name) => name === given))
    return refuse(
      `On a copy of your network each rule of ${given} was put as the audit meant it: the call fails as before. The deciding step of a failing trace names a group.`,
    );
  return refuse(
    given.startsWith('aks-')
      ? 'That group belongs to AKS, and denies none of the calls that fail.'
      : `Answer with the name of one of the two groups of the audit: ${GROUPS.join(' or ')}.`,
  );
}

export function acceptRule(_: Cloud, answer: string, { start }: Before): Accepts {
  const { rule } = culpritOf(start);
  const given = plainAnswer(answer);
  if (given === rule) return { passed: true };
  if (!RULES.includes(given)) return refuse('Answer with the name of one rule, for example a17-01.');
  return refuse(
    given === 'a17-07' || given === 'a17-10'
      ? `${given} drops the packet, and is meant to drop whatever no rule before it allows. Which rule before it was meant for this packet, and why did it not match?`
      : `${given} says what the audit meant. Among the candidates that lost, look for the rule that this call was meant for.`,
  );
}

export function acceptPart(_: Cloud, answer: string, { start }: Before): Accepts {
  const { part } = culpritOf(start);
  const given = plainAnswer(answer).replaceAll(/[\s_]+/g, '-');
  if (given === part || (part === 'port' && given === 'destination-port')) return { passed: true };
  return refuse(
    PARTS.some((each) => each === given)
      ? `The ${given} of that rule fits the calls that fail. The trace says of each rule that lost what it is for; a rule that it does not list was never reached.`
      : `Answer with one of: ${PARTS.join(', ')}.`,
  );
}
