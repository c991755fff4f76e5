/** What no JSON says and an answer would have to guess: what is set up inside machines, and who is at a site. */
import type { Answer } from '../model/compile/ask.ts';
import type { Compiled } from '../model/compile/compile.ts';
import { directoryOf } from '../model/compile/directory.ts';
import type { Cloud, OutsideHost } from '../model/cloud.ts';
import { formatAddress, sameAddress } from '../model/ip/address.ts';
import { parsePrefix, prefixContains } from '../model/ip/prefix.ts';
import type { Hop, Trace } from '../model/trace/trace.ts';

type Site = Extract<OutsideHost, { kind: 'on-premises' }>;

/** Returns why the end of a flow is not known; null where nothing unsaid decides it. */
export function unsaid(compiled: Compiled, cloud: Cloud, answer: Answer): string | null {
  const assumed = assumedMachines(compiled);
  const paths = [answer.trace, ...(answer.trace.reverse === null ? [] : [answer.trace.reverse])];
  for (const path of paths) {
    const why = floatingAddress(compiled, assumed, path) ?? wayOutOfAnother(assumed, path);
    if (why !== null) return why;
  }
  const last = answer.trace.hops.at(-1);
  const site = assumedSite(cloud, answer);
  return site !== null &&
    answer.trace.disposition === 'next-hop-unreachable' &&
    last?.place.startsWith('gateway/') === true
    ? `which hosts there are in ${site.prefix} is not known; as far as the gateway the way is that to host/${site.name}`
    : null;
}

/** The site of which only a made-up host is known, and the flow is for another of its addresses. */
export function assumedSite(cloud: Cloud, { to }: Answer): Site | null {
  if (to.place !== null) return null;
  for (const each of cloud.outsideHosts) {
    if (each.kind !== 'on-premises' || each.programs !== 'assumed') continue;
    const prefix = parsePrefix(each.prefix);
    if (prefix.ok && prefixContains(prefix.value, to.address)) return each;
  }
  return null;
}

/** Machines on the way that pass the packet on, and of which nobody knows what they do with its source. */
export function assumedForwarders(compiled: Compiled, { trace }: Answer): readonly string[] {
  const assumed = assumedMachines(compiled);
  const between = [trace, ...(trace.reverse === null ? [] : [trace.reverse])].flatMap(({ hops }) =>
    hops.slice(1, -1).map(({ place }) => place),
  );
  return [...new Set(between.filter((place) => assumed.has(place)))];
}

const assumedOf = new WeakMap<Compiled, ReadonlySet<string>>();

function assumedMachines(compiled: Compiled): ReadonlySet<string> {
  const known = assumedOf.get(compiled);
  if (known !== undefined) return known;
  const found = new Set(
    directoryOf(compiled).machines.flatMap(({ vm, host }) =>
      host !== null && vm.simulation.programs === 'assumed' ? [host] : [],
    ),
  );
  assumedOf.set(compiled, found);
  return found;
}

/** With floating IP the packet keeps the frontend's address, which a machine needs on an interface of its own. */
function floatingAddress(
  { balancers }: Compiled,
  assumed: ReadonlySet<string>,
  { hops }: Pick<Trace, 'hops'>,
): string | null {
  for (const [index, hop] of hops.entries()) {
    const part = balancers.find((each) => each.host === hop.place)?.inbound;
    const chosen = hop.steps.find((step) => step.kind === 'balance')?.after.destination.address;
    if (chosen === undefined) continue;
    const isFrontend = part?.frontends.some(({ address }) => sameAddress(address, chosen)) === true;
    const machine = hops.slice(index + 1).find(({ place }: Hop) => !place.startsWith('fabric/'));
    if (isFrontend && machine !== undefined && assumed.has(machine.place)) {
      return `the rule has floating IP, so that the packet keeps the destination ${formatAddress(chosen)}: whether ${machine.place} has this address on an interface of its own stands in no JSON`;
    }
  }
  return null;
}

/** A packet of somebody else finds a way to the internet only if the machine that forwards it translates its source. */
function wayOutOfAnother(
  assumed: ReadonlySet<string>,
  { hops, disposition }: Pick<Trace, 'hops' | 'disposition'>,
): string | null {
  if (disposition !== 'no-outbound-path') return null;
  const forwarder = hops.slice(1).find(({ place }) => assumed.has(place));
  return forwarder === undefined
    ? null
    : `whether ${forwarder.place}, which forwards the packet, translates its source stands in no JSON, and untranslated it has no way to the internet`;
}
