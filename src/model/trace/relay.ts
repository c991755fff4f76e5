/**
 * One trace over a forward proxy. The proxy takes the sender's connection and opens one of its own: two
 * connections, each traced by itself, become the way of one conversation. Words of the network only; what a proxy
 * makes of a request is decided elsewhere and told here.
 */
import { checkTrace } from './check-trace.ts';
import { DISPOSITIONS } from './disposition.ts';
import type { Disposition } from './disposition.ts';
import type { Candidate, Header, Hop, Path, Step, Trace } from './trace.ts';

/** What the proxy does with the request, in the reader's words. */
export interface RelayAction {
  /** The program and its host. */
  readonly by: string;
  readonly action: string;
  readonly lost: readonly Candidate[];
  readonly reads: 'all' | 'nothing';
}

/** Why a request is not passed on, and what the sender hears of it. */
export interface RelayRefusal {
  /** The rule that decided. */
  readonly by: string;
  readonly disposition: Exclude<Disposition, 'delivered'>;
  readonly reason: string;
  /** What the proxy does instead, such as `answers 403 Forbidden`; null where that is not known. */
  readonly answer: string | null;
  /** Ends a sentence that begins "The sender sees". */
  readonly senderSees: string;
}

/** What the proxy tells the sender when its own connection fails. */
export interface RelayFailure {
  readonly reason: string;
  readonly answer: string;
  readonly senderSees: string;
}

/**
 * Returns the trace of a conversation over a proxy that passes it on: the way of `first` to the proxy, the relay,
 * and the way of `second`, which may itself go over a proxy. `first` must have been delivered, and `second` start
 * where it ended. The disposition is that of `second`; where that failed, the way back has the proxy's answer,
 * unless a reply to it got lost, and then that reply.
 */
export function joinTraces(first: Trace, relay: RelayAction, second: Trace, failure: RelayFailure): Trace {
  const { disposition } = second;
  const joined: Trace = {
    flow: first.flow,
    hops: joinHops(first.hops, relayStep(relay, lastHeader(first), firstHeader(second)), second.hops),
    disposition,
    reason: disposition === 'delivered' ? second.reason : failure.reason,
    seenSource: second.seenSource,
    reverse: joinReverse(first, relay, second, failure),
    relayed: {
      legs: [first, ...(second.relayed?.legs ?? [second])],
      senderSees:
        disposition === 'delivered' || disposition === 'undetermined'
          ? DISPOSITIONS[disposition].senderSees
          : failure.senderSees,
    },
  };
  checkTrace(joined);
  return joined;
}

/** Returns the trace of a conversation that ends at the proxy, which does not pass it on. */
export function endAtRelay(first: Trace, relay: RelayAction, refusal: RelayRefusal): Trace {
  const { by, disposition, reason, answer, senderSees } = refusal;
  const header = lastHeader(first);
  const drop: Step = {
    kind: 'drop',
    by,
    action: reason,
    lost: [],
    before: header,
    after: header,
    disposition,
  };
  const place = first.hops.at(-1)?.place ?? first.flow.from;
  const ended: Trace = {
    flow: first.flow,
    hops: joinHops(first.hops, relayStep(relay, header, header), [{ place, steps: [drop] }]),
    disposition,
    reason,
    seenSource: null,
    reverse: answer === null ? null : ownAnswer(first, relay.by, answer),
    relayed: { legs: [first], senderSees },
  };
  checkTrace(ended);
  return ended;
}

/** Returns the trace of a conversation that does not get as far as its proxy. `why` begins the reason. */
export function endBeforeRelay(first: Trace, why: string): Trace {
  const { reason, ...rest } = first;
  return { ...rest, reason: `${why}${reason}`, relayed: { legs: [first], senderSees: null } };
}

function joinReverse(first: Trace, relay: RelayAction, second: Trace, failure: RelayFailure): Path | null {
  const back = second.reverse;
  if (second.disposition === 'undetermined') return null;
  if (back === null) return ownAnswer(first, relay.by, failure.answer);
  if (back.disposition !== 'delivered') return back;
  const home = homeOf(first);
  const action = second.disposition === 'delivered' ? 'passes the answer on' : failure.answer;
  const step = relayStep({ ...relay, action, lost: [] }, lastHeader(back), firstHeader(home));
  return {
    hops: joinHops(back.hops, step, home.hops),
    disposition: home.disposition,
    reason: home.reason,
    seenSource: home.seenSource,
  };
}

/** The way back of an answer that the proxy gives itself. */
function ownAnswer(first: Trace, by: string, action: string): Path {
  const home = homeOf(first);
  const header = firstHeader(home);
  const [start, ...rest] = home.hops;
  if (start === undefined) throw new Error('a way back without hops');
  const step = relayStep({ by, action, lost: [], reads: 'all' }, header, header);
  return { ...home, hops: [{ place: start.place, steps: [step, ...start.steps] }, ...rest] };
}

function homeOf(first: Trace): Path {
  if (first.disposition !== 'delivered' || first.reverse === null) {
    throw new Error(`no connection to the proxy: ${first.reason}`);
  }
  return first.reverse;
}

function relayStep({ by, action, lost, reads }: RelayAction, before: Header, after: Header): Step {
  return { kind: 'proxy', does: 'relay', by, action, lost, before, after, reads };
}

/** Two lists of hops as one: the last of the one and the first of the other are the same place. */
function joinHops(one: readonly Hop[], between: Step, other: readonly Hop[]): readonly Hop[] {
  const [last, start] = [one.at(-1), other[0]];
  if (last === undefined || start === undefined || last.place !== start.place) {
    throw new Error(
      `a connection ends at ${last?.place ?? 'no place'}, the next starts at ${start?.place ?? 'none'}`,
    );
  }
  return [
    ...one.slice(0, -1),
    { place: last.place, steps: [...last.steps, between, ...start.steps] },
    ...other.slice(1),
  ];
}

function firstHeader({ hops }: Path): Header {
  const step = hops[0]?.steps[0];
  if (step === undefined) throw new Error('a path without steps');
  return step.before;
}

function lastHeader({ hops }: Path): Header {
  const step = hops.at(-1)?.steps.at(-1);
  if (step === undefined) throw new Error('a path without steps');
  return step.after;
}
