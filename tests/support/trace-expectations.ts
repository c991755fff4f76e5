import { formatAddress } from '../../src/model/ip/address.ts';
import type { Disposition } from '../../src/model/trace/disposition.ts';
import { describeTrace } from '../../src/model/trace/text.ts';
import type { Path, Step, StepKind, Trace } from '../../src/model/trace/trace.ts';

/** Returns where a path went, in order. */
export function places(path: Path): string[] {
  return path.hops.map((hop) => hop.place);
}

/** Returns the steps of one place, of one kind if given. */
export function stepsAt(path: Path, place: string, kind?: StepKind): Step[] {
  return path.hops
    .filter((hop) => hop.place === place)
    .flatMap((hop) => hop.steps)
    .filter((step) => kind === undefined || step.kind === kind);
}

/** Returns the step that ended a path. */
export function lastStep(path: Path): Step {
  const last = path.hops.at(-1)?.steps.at(-1);
  if (last === undefined) throw new Error('a path without steps');
  return last;
}

export function seenAddress(path: Path): string | null {
  return path.seenSource === null ? null : formatAddress(path.seenSource.address);
}

/** Throws with the whole trace if it did not end so. */
export function mustEnd(trace: Trace, disposition: Disposition): void {
  if (trace.disposition === disposition) return;
  throw new Error(`expected ${disposition}\n${describeTrace(trace).join('\n')}`);
}
