import { formatEndpoint, sameTuple } from './header.ts';
import type { Header, Path, Step, Trace } from './trace.ts';

/**
 * Throws if a trace contradicts itself: a path without hops, a hop without steps, a packet that
 * changes between two steps, a last step that does not end the path, or an ending that its last step
 * does not bear out. Such a trace is a bug of the tracer, never of the network. Over a forward proxy, the
 * packet changes where one connection ends and the next begins, and nowhere else.
 */
export function checkTrace(trace: Trace): void {
  checkPath(trace, 'the way there');
  if (trace.reverse !== null) checkPath(trace.reverse, 'the way back');
  const { relayed } = trace;
  if (relayed !== undefined) checkLegs(trace, relayed.legs);
  else if (countRelays(trace) > 0) broken('a relay, and one connection only');
  // A proxy answers itself where it does not pass the request on.
  if (relayed === undefined && trace.reverse !== null && trace.seenSource === null) {
    broken('a reply to a packet that never arrived');
  }
  if (trace.disposition === 'delivered' && trace.reverse?.disposition !== 'delivered') {
    broken('delivered without a reply');
  }
}

function checkPath(path: Path, name: string): void {
  if (path.hops.length === 0) broken(`${name} has no hops`);
  let carried: Header | null = null;
  for (const { place, steps } of path.hops) {
    if (steps.length === 0) broken(`${name} has no steps at ${place}`);
    for (const [i, step] of steps.entries()) {
      if (carried !== null && carried !== step.before && !sameHeader(carried, step.before)) {
        broken(`${name} changes ${show(carried)} to ${show(step.before)} before ${step.by} at ${place}`);
      }
      const next = steps[i + 1];
      const isTaken = step.kind === 'deliver' && next !== undefined && isRelay(next);
      if ((step.kind === 'deliver' || step.kind === 'drop') && !isTaken) {
        if (step !== path.hops.at(-1)?.steps.at(-1)) broken(`${name} goes on after ${step.kind} at ${place}`);
      }
      const isFirst = carried === null;
      if (isRelay(step) && !isFirst && steps[i - 1]?.kind !== 'deliver') {
        broken(`${name} is relayed at ${place} before it has arrived there`);
      }
      carried = step.after;
    }
  }
  const last = path.hops.at(-1)?.steps.at(-1);
  if (last?.kind !== 'deliver' && last?.kind !== 'drop') broken(`${name} does not end`);
  if (path.reason === '') broken(`${name} gives no reason`);
}

/** Every connection but the last carries a request to the proxy that opens the next one. */
function checkLegs(trace: Trace, legs: readonly Trace[]): void {
  const relays = countRelays(trace);
  if (legs.length === 0 || relays < legs.length - 1 || relays > legs.length) {
    broken(`${legs.length} connections and ${relays} relays`);
  }
  for (const [i, leg] of legs.entries()) {
    const next = legs[i + 1];
    if (next !== undefined && leg.disposition !== 'delivered')
      broken(`connection ${i + 1} ends before its proxy`);
    if (next !== undefined && leg.hops.at(-1)?.place !== next.flow.from) {
      broken(`connection ${i + 2} starts at ${next.flow.from}, where connection ${i + 1} does not end`);
    }
    if (trace.disposition === 'delivered' && leg.disposition !== 'delivered') {
      broken(`delivered, but connection ${i + 1} is not`);
    }
  }
}

function countRelays(path: Path): number {
  let count = 0;
  for (const { steps } of path.hops) for (const step of steps) if (isRelay(step)) count++;
  return count;
}

function isRelay(step: Step): boolean {
  return step.kind === 'proxy' && step.does === 'relay';
}

function sameHeader(a: Header, b: Header): boolean {
  return a.ttl === b.ttl && sameTuple(a, b);
}

function show(header: Header): string {
  return `${header.protocol} ${formatEndpoint(header.source)} to ${formatEndpoint(header.destination)} ttl ${header.ttl}`;
}

function broken(what: string): never {
  throw new Error(`broken trace: ${what}`);
}
