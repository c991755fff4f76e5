import { formatEndpoint, sameEndpoint } from './header.ts';
import { seenBySender } from './sender-sees.ts';
import type { Header, Path, Step, Trace } from './trace.ts';

/**
 * Returns a trace as lines of plain text: the outcome, the numbered places of the way there with what
 * decided in each, and the way back. `senderSees` ends a sentence. Indentation is two spaces per level. The same text serves the
 * terminal and screen readers.
 */
export function describeTrace(trace: Trace, senderSees = seenBySender(trace)): string[] {
  const lines = [`${trace.disposition}: ${sentence(trace.reason)}`, `The sender sees ${senderSees}.`];
  if (trace.seenSource !== null) {
    lines.push(`The destination sees source ${formatEndpoint(trace.seenSource)}.`);
  }
  lines.push('The way there:', ...describePath(trace));
  if (trace.reverse !== null) lines.push('The way back:', ...describePath(trace.reverse));
  return lines;
}

/** Returns one line per step of a path, under a numbered line per place. */
export function describePath(path: Path): string[] {
  return path.hops.flatMap(({ place, steps }, i) => [
    `  ${i + 1}. ${place}`,
    ...steps.flatMap((step) => describeStep(step).map((line) => `     ${line}`)),
  ]);
}

function describeStep(step: Step): string[] {
  const change = describeChange(step.before, step.after);
  const action = step.action === '' ? '' : `: ${step.action}`;
  // "nginx: nginx at vm/peer takes ..." would say it twice.
  const named = step.action.startsWith(step.by) ? step.action : `${step.by}${action}`;
  return [
    `${step.kind}: ${named}${change === null ? '' : ` [${change}]`}`,
    ...step.lost.map(({ candidate, why }) => `  not ${candidate}: ${why}`),
  ];
}

/** Returns what a step changed in the packet, for example `source 10.244.0.2 to 10.224.0.4`; null if nothing. */
function describeChange(before: Header, after: Header): string | null {
  const changes: string[] = [];
  if (!sameEndpoint(before.source, after.source)) {
    changes.push(`source ${formatEndpoint(before.source)} to ${formatEndpoint(after.source)}`);
  }
  if (!sameEndpoint(before.destination, after.destination)) {
    changes.push(`destination ${formatEndpoint(before.destination)} to ${formatEndpoint(after.destination)}`);
  }
  if (before.ttl !== after.ttl) changes.push(`ttl ${before.ttl} to ${after.ttl}`);
  return changes.length === 0 ? null : changes.join(', ');
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
