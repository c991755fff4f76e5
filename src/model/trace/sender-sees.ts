import { DISPOSITIONS } from './disposition.ts';
import type { Trace } from './trace.ts';

/**
 * Returns what the sender of a flow sees, for a sentence that begins "The sender sees". A packet that
 * nobody takes is an error at once where the sender itself finds nobody, and silence where another place does.
 */
export function seenBySender(trace: Trace): string {
  if (trace.relayed !== undefined && trace.relayed.senderSees !== null) return trace.relayed.senderSees;
  const endsAtSender = trace.hops.length <= 1;
  switch (trace.disposition) {
    case 'no-route':
      return endsAtSender ? '"Network is unreachable"' : 'a timeout';
    case 'next-hop-unreachable':
      return endsAtSender ? '"No route to host"' : 'a timeout';
    case 'asymmetric':
    case 'delivered':
    case 'denied-inbound':
    case 'denied-outbound':
    case 'dropped-by-route':
    case 'loop':
    case 'no-outbound-path':
    case 'refused':
    case 'snat-exhausted':
    case 'undetermined':
      return DISPOSITIONS[trace.disposition].senderSees;
  }
}
