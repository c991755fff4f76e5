/** Which flows change from one state of a network to another. */
import type { Question } from '../model/compile/ask.ts';
import { traceFlow, tracerEnds } from './packet-tracer.ts';
import type { TracerAnswer, TracerEnd, TracerState } from './packet-tracer.ts';

export interface FlowSide {
  readonly disposition: string;
  readonly decidedBy: string;
  readonly seenSource: string | null;
  readonly reason: string;
}

export interface ChangedFlow {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: number | null;
  /** Null where an end is not there in that state. */
  readonly before: FlowSide | null;
  readonly after: FlowSide | null;
  /** What differs: more than the first of them may. */
  readonly what: readonly ('disposition' | 'seen source' | 'deciding rule' | 'only before' | 'only after')[];
}

export interface StateDiff {
  readonly changes: readonly ChangedFlow[];
  /** Flows that were asked of both states. */
  readonly asked: number;
  /** Flows that there are between all ends. */
  readonly possible: number;
  /** Why not all were asked; null if they were. */
  readonly limited: string | null;
}

/** Asked one by one, in both states; beyond this the answer would take too long to wait for. */
export const MOST_FLOWS = 4_000;

export interface DiffOptions {
  /** Only these ends, on both sides; all if absent. */
  readonly ends?: readonly string[];
  readonly protocol?: NonNullable<Question['protocol']>;
  readonly port?: number;
  readonly mostFlows?: number;
}

/** Compares flows between ends. Pods of kube-system are left out where ends are not chosen. */
export function diffStates(before: TracerState, after: TracerState, options: DiffOptions = {}): StateDiff {
  const all = new Map<string, TracerEnd>();
  for (const each of [...tracerEnds(before.cloud), ...tracerEnds(after.cloud)]) all.set(each.end, each);
  const wanted =
    options.ends === undefined
      ? [...all.values()].filter(({ end }) => !/^(pod|service)\/kube-system\//.test(end))
      : options.ends.map((end): TracerEnd => all.get(end) ?? { end, kind: 'host', detail: '', side: 'both' });
  const most = options.mostFlows ?? MOST_FLOWS;
  const sources = wanted.filter(({ side }) => side === 'both');
  const pairs = sources.flatMap((from) =>
    wanted.filter((to) => to.end !== from.end).map((to) => ({ from, to })),
  );
  // Of a network with too many, every so manieth is asked, so that all parts of it are seen.
  const stride = Math.max(1, Math.ceil(pairs.length / most));
  const chosen = pairs.filter((_, index) => index % stride === 0);
  const changes = chosen.flatMap(({ from, to }) => {
    const question: Question = {
      from: from.end,
      to: to.end,
      protocol: options.protocol ?? 'tcp',
      ...(options.port === undefined || options.protocol === 'icmp' ? {} : { port: options.port }),
    };
    const [one, other] = [traceFlow(before, question), traceFlow(after, question)];
    const [was, is] = [one.ok ? one.value : null, other.ok ? other.value : null];
    const what = differences(was, is);
    if (what.length === 0) return [];
    return [
      {
        from: from.end,
        to: to.end,
        protocol: question.protocol ?? 'tcp',
        port: (is ?? was)?.answer.port ?? null,
        before: was === null ? null : sideOf(was),
        after: is === null ? null : sideOf(is),
        what,
      },
    ];
  });
  const limited =
    stride === 1
      ? null
      : `There are ${pairs.length.toLocaleString('en')} flows between ${wanted.length} ends, and ${chosen.length.toLocaleString('en')} were asked: choose ends to ask all between them.`;
  return { changes, asked: chosen.length, possible: pairs.length, limited };
}

function sideOf(answer: TracerAnswer): FlowSide {
  const { disposition, decidedBy, seenSource, reason } = answer;
  return { disposition, decidedBy, seenSource, reason };
}

function differences(was: TracerAnswer | null, is: TracerAnswer | null): ChangedFlow['what'] {
  if (was === null || is === null) {
    return was === is ? [] : [was === null ? 'only after' : 'only before'];
  }
  const address = (seen: string | null): string | null => seen?.split(':')[0] ?? null;
  return [
    ...(was.disposition === is.disposition ? [] : (['disposition'] as const)),
    ...(address(was.seenSource) === address(is.seenSource) ? [] : (['seen source'] as const)),
    ...(was.decidedBy === is.decidedBy ? [] : (['deciding rule'] as const)),
  ];
}
