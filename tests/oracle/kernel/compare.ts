import { formatAddress } from '../../../src/model/ip/address.ts';
import type { HostId } from '../../../src/model/network/network.ts';
import type { Disposition } from '../../../src/model/trace/disposition.ts';
import type { Trace } from '../../../src/model/trace/trace.ts';
import type { KernelAnswer } from './send.ts';

/** What the model says, in the kernel's terms. */
export interface ModelAnswer {
  readonly disposition: Disposition;
  /** Only of what was delivered: nobody sees the source of a packet that is refused. */
  readonly seenSource: string | null;
  readonly answeredBy: HostId | null;
  /** What dropped the packet or its reply; null if it was delivered. */
  readonly by: string | null;
}

export function modelAnswer(trace: Trace): ModelAnswer {
  const { disposition, seenSource, reverse } = trace;
  if (disposition === 'delivered') {
    const receiver = trace.hops.at(-1)?.place ?? null;
    return {
      disposition,
      seenSource: seenSource === null ? null : formatAddress(seenSource.address),
      answeredBy: receiver,
      by: null,
    };
  }
  const failed = reverse !== null && reverse.disposition !== 'delivered' ? reverse : trace;
  return {
    disposition,
    seenSource: null,
    answeredBy: null,
    by: failed.hops.at(-1)?.steps.at(-1)?.by ?? null,
  };
}

/** Returns how model and kernel disagree, one line each; empty if they agree. */
export function disagreements(model: ModelAnswer, kernel: KernelAnswer): string[] {
  const lines: string[] = [];
  const compare = (what: string, ours: string | null, theirs: string | null): void => {
    if (ours !== theirs)
      lines.push(`${what}: the model says ${ours ?? 'none'}, the kernel ${theirs ?? 'none'}`);
  };
  compare('disposition', model.disposition, kernel.disposition);
  compare('source that the server saw', model.seenSource, kernel.seenSource);
  compare('host that answered', model.answeredBy, kernel.answeredBy);
  // Only drops that a counter saw have a name in the kernel; errors and refusals speak for themselves.
  if (kernel.by !== null) compare('what dropped it', model.by, kernel.by);
  return lines;
}
