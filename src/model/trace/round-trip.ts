import type { Trace } from './trace.ts';

/** Plausible milliseconds per kind of place on the way; they say "near" and "far", nothing more. */
const WITHIN_HOST = 0.03;
const FABRIC = 0.35;
const GATEWAY = 12;
const INTERNET = 9;

/** Returns a round-trip time that follows from the path alone, so that the same path always takes as long. */
export function roundTripMilliseconds(trace: Trace | null): number {
  let total = WITHIN_HOST;
  for (const hop of trace?.hops ?? []) {
    const [kind = ''] = hop.place.split('/');
    if (kind === 'fabric') total += FABRIC;
    else if (kind === 'gateway' || kind === 'vpn') total += GATEWAY;
    else if (kind === 'edge' || kind === 'internet') total += INTERNET;
    else total += WITHIN_HOST;
  }
  return total;
}
