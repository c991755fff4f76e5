/** A trace as the page shows it: every text ready to print, every address as text. Pure. */
import { formatAddress } from '../../model/ip/address.ts';
import type { HostRole } from '../../model/network/network.ts';
import { DISPOSITIONS, type Disposition } from '../../model/trace/disposition.ts';
import { seenBySender } from '../../model/trace/sender-sees.ts';
import type { Header, Hop, Path, Step, StepKind, Trace } from '../../model/trace/trace.ts';

/** What is known about a place beyond its id. */
export interface PlaceName {
  readonly label: string;
  readonly role: HostRole;
}

export interface PathView {
  readonly disposition: Disposition;
  readonly verdict: 'delivered' | 'not-delivered' | 'unknown';
  /** What the disposition means, and what the sender notices. */
  readonly meaning: string;
  readonly reason: string;
  /** Source address the destination saw; null if nothing arrived. */
  readonly seenSource: string | null;
  /** One for the way there; two if something came back. */
  readonly ways: readonly WayView[];
}

export interface WayView {
  readonly direction: 'there' | 'back';
  readonly disposition: Disposition;
  readonly reason: string;
  readonly hops: readonly HopView[];
  /** Number of steps over all hops. */
  readonly length: number;
  /** In the order of the way; several where a forward proxy relays, and on each the hops that it has. */
  readonly connections: readonly ConnectionView[];
}

/** One connection of the way. A proxy's place is the last hop of the one and the first of the next. */
export interface ConnectionView {
  /** From 1, counted from the sender's side also on the way back. */
  readonly number: number;
  /** Its header at the first hop. */
  readonly header: HeaderView;
  readonly hops: readonly HopView[];
}

export interface HopView {
  readonly place: string;
  readonly label: string;
  readonly role: HostRole;
  readonly steps: readonly StepView[];
}

export interface StepView {
  /** Counted from 1 over the whole way. */
  readonly number: number;
  readonly kind: StepKind;
  /** The kind in a word a reader knows. */
  readonly word: string;
  readonly outcome: 'passes' | 'ends' | 'arrives';
  readonly by: string;
  readonly action: string;
  readonly lost: readonly { readonly candidate: string; readonly why: string }[];
  readonly before: HeaderView;
  /** Null if the step left the header as it was. */
  readonly after: HeaderView | null;
  /** `relay`: the two headers are of two connections. */
  readonly headers: 'packet' | 'relay';
}

export interface HeaderView {
  readonly protocol: string;
  readonly source: HeaderField;
  readonly destination: HeaderField;
  readonly ttl: number;
  readonly changed: readonly ('source' | 'destination' | 'ttl')[];
}

export interface HeaderField {
  readonly address: string;
  readonly port: number | null;
}

export function pathView(
  trace: Trace,
  nameOf: (place: string) => PlaceName,
  senderSees = seenBySender(trace),
): PathView {
  const { meaning } = DISPOSITIONS[trace.disposition];
  return {
    disposition: trace.disposition,
    verdict:
      trace.disposition === 'delivered'
        ? 'delivered'
        : trace.disposition === 'undetermined'
          ? 'unknown'
          : 'not-delivered',
    meaning: `${meaning} The sender sees ${senderSees}.`,
    reason: trace.reason,
    seenSource: trace.seenSource === null ? null : formatAddress(trace.seenSource.address),
    ways: [
      wayView('there', trace, nameOf, trace.relayed?.legs.length ?? 1),
      ...(trace.reverse === null
        ? []
        : [wayView('back', trace.reverse, nameOf, trace.relayed?.legs.length ?? 1)]),
    ],
  };
}

function wayView(
  direction: WayView['direction'],
  path: Path,
  nameOf: (place: string) => PlaceName,
  legs: number,
): WayView {
  let number = 0;
  const parts = connectionsOf(path).map((hops) =>
    hops.map((hop: Hop): HopView => {
      const { label, role } = nameOf(hop.place);
      return {
        place: hop.place,
        label,
        role,
        steps: hop.steps.map((step) => {
          number += 1;
          return stepView(step, number);
        }),
      };
    }),
  );
  const hops = parts.flat();
  const connections = parts.flatMap((each, index): readonly ConnectionView[] => {
    const header = each[0]?.steps[0]?.before;
    // On the way back the connections come in the order in which the answer meets them: the sender's own last.
    const place = direction === 'there' ? index + 1 : parts.length - index + returnedBefore(path, legs);
    return header === undefined ? [] : [{ number: place, header: { ...header, changed: [] }, hops: each }];
  });
  // Where a packet is stopped on its way, the path's own ending says so, not that of the conversation.
  const last = path.hops.at(-1)?.steps.at(-1);
  const disposition = direction === 'there' && last?.kind === 'deliver' ? 'delivered' : path.disposition;
  return { direction, disposition, reason: path.reason, hops, length: number, connections };
}

/** A reply that gets lost before it reaches the first proxy never meets the connections before that. */
function returnedBefore(path: Path, legs: number): number {
  const own = connectionsOf(path).length;
  return path.disposition === 'delivered' ? 0 : legs - own;
}

/** The hops of each connection: a hop in which a proxy goes over to another one is cut there. */
function connectionsOf(path: Path): readonly (readonly Hop[])[] {
  const parts: Hop[][] = [[]];
  for (const hop of path.hops) {
    const at = hop.steps.findIndex((step, index) => index > 0 && isRelay(step));
    // Where the proxy goes no further, what follows is why.
    if (at < 0 || hop.steps[at + 1]?.kind === 'drop') {
      parts.at(-1)?.push(hop);
      continue;
    }
    parts.at(-1)?.push({ ...hop, steps: hop.steps.slice(0, at + 1) });
    parts.push([{ ...hop, steps: hop.steps.slice(at + 1) }]);
  }
  return parts;
}

function isRelay(step: Step): boolean {
  return step.kind === 'proxy' && step.does === 'relay';
}

const WORD: Readonly<Record<StepKind, string>> = {
  route: 'Route',
  arp: 'ARP',
  filter: 'Filter',
  translate: 'Rewrite',
  balance: 'Balance',
  proxy: 'Proxy',
  session: 'Session',
  deliver: 'Arrives',
  drop: 'Ends',
};

/** A bridge that knows where a MAC is asks nobody: it switches. */
function wordFor(step: Step): string {
  if (isRelay(step)) return 'Relay';
  return step.kind === 'arp' && step.by.startsWith('bridge ') ? 'Switch' : WORD[step.kind];
}

/** A filter's line names the rule, which is what a reader wants to know of a filter before opening it. */
function sentenceFor(step: Step): string {
  if (isRelay(step)) return `${step.by} ${step.action}`;
  if (step.kind !== 'filter') return step.action;
  switch (step.verdict) {
    case 'accept':
      return `${step.by} lets it pass`;
    case 'drop':
      return step.action.startsWith('reject') ? `${step.by} rejects it` : `${step.by} drops it`;
    case 'undetermined':
      return `${step.by}: not known`;
  }
}

function stepView(step: Step, number: number): StepView {
  const before = headerView(step.before, step.before);
  const after = headerView(step.after, step.before);
  return {
    number,
    kind: step.kind,
    word: wordFor(step),
    outcome: outcomeOf(step),
    by: step.by,
    action: sentenceFor(step),
    lost: step.lost,
    before,
    after: after.changed.length === 0 ? null : isRelay(step) ? { ...after, changed: [] } : after,
    headers: isRelay(step) ? 'relay' : 'packet',
  };
}

function outcomeOf(step: Step): StepView['outcome'] {
  if (step.kind === 'deliver') return 'arrives';
  if (step.kind === 'drop' || (step.kind === 'filter' && step.verdict !== 'accept')) return 'ends';
  return 'passes';
}

function headerView(header: Header, before: Header): HeaderView {
  const source = { address: formatAddress(header.source.address), port: header.source.port };
  const destination = { address: formatAddress(header.destination.address), port: header.destination.port };
  const was = {
    source: { address: formatAddress(before.source.address), port: before.source.port },
    destination: { address: formatAddress(before.destination.address), port: before.destination.port },
  };
  const differs = (one: HeaderField, other: HeaderField): boolean =>
    one.address !== other.address || one.port !== other.port;
  return {
    protocol: header.protocol.toUpperCase(),
    source,
    destination,
    ttl: header.ttl,
    changed: [
      ...(differs(source, was.source) ? (['source'] as const) : []),
      ...(differs(destination, was.destination) ? (['destination'] as const) : []),
      ...(header.ttl === before.ttl ? [] : (['ttl'] as const)),
    ],
  };
}
