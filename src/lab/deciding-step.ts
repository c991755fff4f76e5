import type { Hop, Path, Step, Trace } from '../model/trace/trace.ts';

/** The hop that settled how a conversation ended, and on which way. */
export interface DecidingHop {
  readonly direction: 'forward' | 'reverse';
  readonly hop: Hop;
  /** The hop's last step. */
  readonly step: Step;
}

/**
 * Returns the last hop with a step, of the direction that failed: the reply's if the way there was
 * completed, else the way there. Null if that direction has no step at all.
 */
export function decidingHop(trace: Trace): DecidingHop | null {
  const { reverse } = trace;
  const failedReply =
    trace.disposition !== 'delivered' && reverse !== null && reverse.disposition !== 'delivered'
      ? reverse
      : null;
  const path: Path = failedReply ?? trace;
  const hop = path.hops.findLast(({ steps }) => steps.length > 0);
  const step = hop?.steps.at(-1);
  if (hop === undefined || step === undefined) return null;
  return { direction: failedReply === null ? 'forward' : 'reverse', hop, step };
}

/**
 * Returns the names of what decided: the last step's object and, where the last step only says that
 * the packet was dropped, the object of the step before it, which asked for that.
 */
export function decidingNames(trace: Trace): readonly string[] {
  const decided = decidingHop(trace);
  if (decided === null) return [];
  const { hop, step } = decided;
  const before = step.kind === 'drop' ? hop.steps.at(-2) : undefined;
  return before === undefined ? [step.by] : [step.by, before.by];
}
