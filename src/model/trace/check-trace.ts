import { formatEndpoint, sameTuple } from './header.ts';
import type { Header, Path, Trace } from './trace.ts';

/**
 * Throws if a trace contradicts itself: a path without hops, a hop without steps, a packet that
 * changes between two steps, a last step that does not end the path, or an ending that its last step
 * does not bear out. Such a trace is a bug of the tracer, never of the network.
 */
export function checkTrace(trace: Trace): void {
  checkPath(trace, 'the way there');
  if (trace.reverse !== null) checkPath(trace.reverse, 'the way back');
  if (trace.reverse !== null && trace.seenSource === null) broken('a reply to a packet that never arrived');
  if (trace.disposition === 'delivered' && trace.reverse?.disposition !== 'delivered') {
    broken('delivered without a reply');
  }
}

function checkPath(path: Path, name: string): void {
  if (path.hops.length === 0) broken(`${name} has no hops`);
  let carried: Header | null = null;
  for (const { place, steps } of path.hops) {
    if (steps.length === 0) broken(`${name} has no steps at ${place}`);
    for (const step of steps) {
      if (carried !== null && carried !== step.before && !sameHeader(carried, step.before)) {
        broken(`${name} changes ${show(carried)} to ${show(step.before)} before ${step.by} at ${place}`);
      }
      if (step.kind === 'deliver' || step.kind === 'drop') {
        if (step !== path.hops.at(-1)?.steps.at(-1)) broken(`${name} goes on after ${step.kind} at ${place}`);
      }
      carried = step.after;
    }
  }
  const last = path.hops.at(-1)?.steps.at(-1);
  if (last?.kind !== 'deliver' && last?.kind !== 'drop') broken(`${name} does not end`);
  if (path.reason === '') broken(`${name} gives no reason`);
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
