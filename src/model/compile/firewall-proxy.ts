/**
 * What a client learns from a firewall that denies its connection. Application rules are asked by a transparent
 * proxy: it takes the connection itself, hears what it asks for, and only then denies it, by a page for HTTP
 * and by a reset for TLS. What network rules deny gets no answer.
 */
import { setContains } from '../ip/address-set.ts';
import { FIREWALL_DENIED_PAGE, FIREWALL_PROXY_PORTS } from '../limits/firewall.ts';
import type { ApplicationEntry } from '../firewall/rules.ts';
import { seenBySender } from '../trace/sender-sees.ts';
import type { Trace } from '../trace/trace.ts';
import type { Compiled } from './compile.ts';
import type { FirewallPlan } from './firewall.ts';
import { entryName } from './firewall-rules.ts';

export type ProxyAnswer =
  /** The connection opens; what becomes of it depends on what is said over it. */
  | { readonly kind: 'accepts'; readonly place: string }
  /** The connection opens, and what it asks for is denied: the text of the page that HTTP gets. */
  | { readonly kind: 'denies'; readonly place: string; readonly page: string };

/** Returns the answer of the firewall at which a TCP connection ended; null where none took it. */
export function proxyAnswer({ firewalls }: Pick<Compiled, 'firewalls'>, trace: Trace): ProxyAnswer | null {
  if (trace.flow.protocol !== 'tcp' || trace.seenSource !== null) return null;
  const last = trace.hops.at(-1);
  const plan = firewalls.find(({ host }) => host === last?.place);
  const step = last?.steps.at(-1);
  if (plan === undefined || step?.kind !== 'drop') return null;
  const entries = plan.configuration.rules.application;
  const decided = entries.find((each) => entryName(each, plan.name) === step.by) ?? null;
  const place = plan.host;
  switch (step.disposition) {
    case 'denied-outbound':
      if (decided === null && (step.by !== `firewall ${plan.name}` || !isTaken(plan, trace, entries)))
        return null;
      return { kind: 'denies', place, page: pageOf(decided) };
    case 'undetermined':
      return decided === null || trace.flow.request !== undefined ? null : { kind: 'accepts', place };
    case 'asymmetric':
    case 'delivered':
    case 'denied-inbound':
    case 'dropped-by-route':
    case 'loop':
    case 'next-hop-unreachable':
    case 'no-outbound-path':
    case 'no-route':
    case 'refused':
    case 'snat-exhausted':
      return null;
  }
}

/** Returns what the sender of a flow sees, for a sentence that begins so. */
export function senderSees(compiled: Pick<Compiled, 'firewalls'>, trace: Trace): string {
  const legs = trace.relayed?.legs ?? [];
  const last = legs.at(-1);
  if (last !== undefined && legs.length > 1) return overRelay(compiled, trace, last);
  const answer = proxyAnswer(compiled, trace);
  const told = seenBySender(trace);
  if (answer === null || answer.kind === 'accepts') return told;
  const page = `a page with status ${FIREWALL_DENIED_PAGE.value.status}`;
  const opens = `that the connection opens at ${answer.place}, and then`;
  switch (trace.flow.request?.protocol) {
    case 'http':
      return `${opens} ${page}`;
    case 'https':
      return `${opens} a reset`;
    case undefined:
      return `${opens} ${page} (HTTP) or a reset (TLS)`;
  }
}

/** A forward proxy hears what the firewall says to its own connection, and passes on what is an answer. */
function overRelay(compiled: Pick<Compiled, 'firewalls'>, trace: Trace, last: Trace): string {
  const told = seenBySender(trace);
  const answer = proxyAnswer(compiled, last);
  if (answer?.kind !== 'denies') return told;
  return last.flow.request?.protocol === 'http'
    ? `a page with status ${FIREWALL_DENIED_PAGE.value.status}, which comes from ${answer.place} by way of the proxy`
    : `that the tunnel opens, and then an error in TLS: ${answer.place} resets the proxy's own connection`;
}

/** Reports whether the proxy takes a connection that no rule decides. */
function isTaken(plan: FirewallPlan, trace: Trace, entries: readonly ApplicationEntry[]): boolean {
  const header = trace.hops.findLast(({ place }) => place === plan.host)?.steps.at(-1)?.before;
  const port = header?.destination.port ?? null;
  if (header === undefined || port === null) return false;
  return (
    FIREWALL_PROXY_PORTS.value.includes(port) ||
    entries.some(
      ({ source, protocols }) =>
        setContains(source.addresses, header.source.address) && protocols.some((each) => each.port === port),
    )
  );
}

function pageOf(decided: ApplicationEntry | null): string {
  if (decided === null) return FIREWALL_DENIED_PAGE.value.noRule;
  const { policy, group, collection, rule } = decided.origin;
  const where =
    policy === null || group === null ? '' : ` Policy: ${policy}. Rule Collection Group: ${group.name}.`;
  return `Action: Deny.${where} Rule Collection: ${collection.name}. Rule: ${rule}`;
}
