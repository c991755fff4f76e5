import type { Path, Step, Trace } from '../model/trace/trace.ts';

/** The step that settled how a conversation ended, and where. */
export interface DecidingStep {
  readonly direction: 'forward' | 'reverse';
  readonly place: string;
  readonly step: Step;
}

/**
 * Returns the last step of the direction that failed: the reply's if the way there was completed,
 * else the way there. Null if that direction has no step at all.
 */
export function decidingStep(trace: Trace): DecidingStep | null {
  const replyFailed =
    trace.disposition !== 'delivered' && trace.reverse !== null && trace.reverse.disposition !== 'delivered';
  const direction = replyFailed ? 'reverse' : 'forward';
  const path: Path = replyFailed && trace.reverse !== null ? trace.reverse : trace;
  for (const hop of [...path.hops].reverse()) {
    const step = hop.steps.at(-1);
    if (step !== undefined) return { direction, place: hop.place, step };
  }
  return null;
}

/**
 * Returns everything that the deciding hop names as having decided: the last step's object, and the
 * filter or route of the same hop that sent the packet there.
 */
export function decidingNames(trace: Trace): readonly string[] {
  const decided = decidingStep(trace);
  if (decided === null) return [];
  const path = decided.direction === 'reverse' && trace.reverse !== null ? trace.reverse : trace;
  const hop = path.hops.findLast(({ steps }) => steps.length > 0);
  const last = decided.step.by;
  // A drop may be its own step after the rule that asked for it.
  const previous = decided.step.kind === 'drop' ? hop?.steps.at(-2)?.by : undefined;
  return previous === undefined ? [last] : [last, previous];
}
