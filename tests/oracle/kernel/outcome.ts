import { z } from 'zod';
import type { HostId } from '../../../src/model/network/network.ts';
import type { Disposition } from '../../../src/model/trace/disposition.ts';
import type { RulesetPlan } from './ruleset.ts';

/** What the witness says about one flow. */
export const kernelOutcome = z.strictObject({
  id: z.string(),
  /** `answered`, `timeout`, or the error of the system call. */
  outcome: z.string(),
  seen: z.strictObject({ address: z.string(), port: z.number().nullable() }).nullish(),
  /** Namespace of the server that answered. */
  server: z.string().nullish(),
  /** ICMP error that came back: type, code, and the address of who sent it. */
  icmp: z.tuple([z.number(), z.number(), z.string()]).nullish(),
  /** Counters that moved while the flow failed. */
  moved: z.array(z.strictObject({ namespace: z.string(), counter: z.string() })).optional(),
});

export type KernelOutcome = z.infer<typeof kernelOutcome>;

export interface Verdict {
  readonly disposition: Disposition | 'unexplained';
  /** What dropped the packet, if a counter of ours knows. */
  readonly by: string | null;
  /** What the disposition was read off. */
  readonly evidence: string;
}

/** A way to read a kernel outcome; the first that applies is taken. */
interface Reading {
  readonly disposition: Disposition;
  readonly because: string;
  readonly applies: (outcome: KernelOutcome) => boolean;
}

const DESTINATION_UNREACHABLE = 3;
const NET_UNREACHABLE = 0;
const HOST_UNREACHABLE = 1;
const PORT_UNREACHABLE = 3;
const TIME_EXCEEDED = 11;

function icmp(type: number, code: number | null): Reading['applies'] {
  return ({ icmp: error }) =>
    error !== null && error !== undefined && error[0] === type && (code === null || error[1] === code);
}

function countedMove(counter: string): Reading['applies'] {
  return (outcome) => outcome.moved?.some((each) => each.counter === counter) === true;
}

/**
 * How what a program sees becomes a disposition. Drops that a ruleset made are not in here: a counter
 * says who made them and what they mean.
 */
export const READINGS: readonly Reading[] = [
  {
    disposition: 'delivered',
    because: 'the server answered',
    applies: ({ outcome }) => outcome === 'answered',
  },
  {
    disposition: 'loop',
    because: 'a router returned ICMP time exceeded',
    applies: icmp(TIME_EXCEEDED, null),
  },
  {
    disposition: 'refused',
    because: 'ICMP port unreachable came back',
    applies: icmp(DESTINATION_UNREACHABLE, PORT_UNREACHABLE),
  },
  {
    disposition: 'next-hop-unreachable',
    because: 'ICMP host unreachable came back: ARP failed at a router',
    applies: icmp(DESTINATION_UNREACHABLE, HOST_UNREACHABLE),
  },
  {
    disposition: 'no-route',
    because: 'ICMP net unreachable came back: a router had no route',
    applies: icmp(DESTINATION_UNREACHABLE, NET_UNREACHABLE),
  },
  {
    disposition: 'refused',
    because: 'the connection was reset (ECONNREFUSED)',
    applies: ({ outcome }) => outcome === 'ECONNREFUSED',
  },
  {
    disposition: 'no-route',
    because: 'the sender itself has no route (ENETUNREACH)',
    applies: ({ outcome }) => outcome === 'ENETUNREACH',
  },
  {
    disposition: 'next-hop-unreachable',
    because: 'ARP failed at the sender (EHOSTUNREACH)',
    applies: ({ outcome }) => outcome === 'EHOSTUNREACH',
  },
  {
    disposition: 'asymmetric',
    because:
      'nothing dropped a packet, but a host reset a connection it did not know: the reply came from the wrong address',
    applies: countedMove('OutRsts'),
  },
  {
    disposition: 'asymmetric',
    because:
      'nothing dropped a packet, but a host had no socket for a datagram: the reply came from the wrong address',
    applies: countedMove('NoPorts'),
  },
  {
    disposition: 'next-hop-unreachable',
    because: 'nothing dropped a packet, but a host has asked for a neighbour in vain',
    applies: countedMove('unanswered ARP'),
  },
];

/** Returns what the outcome means, with the counters of the network it happened in. */
export function readOutcome(
  outcome: KernelOutcome,
  counters: ReadonlyMap<string, { readonly host: HostId; readonly meanings: RulesetPlan['counters'] }>,
): Verdict {
  // An error is an answer about this very packet; only silence needs the counters. Of a drop in its own
  // output chain the sender is told, but not by whom (EPERM).
  const silent = (outcome.outcome === 'timeout' || outcome.outcome === 'EPERM') && !outcome.icmp;
  const moved = silent ? (outcome.moved ?? []) : [];
  for (const { namespace, counter } of moved) {
    const of = counters.get(namespace);
    const meaning = of?.meanings[counter];
    if (of === undefined || meaning === undefined) continue;
    const packet = meaning.direction === 'there' ? 'first packet' : 'reply';
    return {
      disposition: meaning.disposition,
      by: meaning.by,
      evidence: `${outcome.outcome}; a counter in ${of.host} saw "${meaning.by}" drop the ${packet}`,
    };
  }
  const reading = READINGS.find(({ applies }) => applies(outcome));
  if (reading === undefined) {
    return { disposition: 'unexplained', by: null, evidence: `${outcome.outcome}; no counter moved` };
  }
  return { disposition: reading.disposition, by: null, evidence: `${outcome.outcome}; ${reading.because}` };
}
