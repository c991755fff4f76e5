/** The routers on a path, as those who let packets run out of time to live get to know them. */
import { ask } from '../../model/compile/ask.ts';
import { formatAddress } from '../../model/ip/address.ts';
import type { Trace } from '../../model/trace/trace.ts';
import { ownAddress, type NetworkView } from './network-view.ts';

/** Returns each place that lowers the time to live, by the address from which it would report; null if nothing comes back. */
export function routersOf(trace: Trace, view: NetworkView): readonly (string | null)[] {
  const routers: (string | null)[] = [];
  for (const [at, hop] of trace.hops.entries()) {
    const first = hop.steps[0]?.before.ttl;
    const next = trace.hops[at + 1]?.steps[0]?.before.ttl ?? hop.steps.at(-1)?.after.ttl;
    if (at === 0 || first === undefined || next === undefined || next >= first) continue;
    routers.push(reportingAddress(hop.place, view));
  }
  return routers;
}

/** Linux reports from the address of the interface that leads back to the sender. */
function reportingAddress(place: string, view: NetworkView): string | null {
  const { directory } = view;
  const router =
    directory.nodes.find((each) => each.host === place) ??
    directory.machines.find((each) => each.host === place);
  if (router === undefined) return null;
  const end = router.kind === 'node' ? `${router.label}@${router.cluster.cluster.name}` : router.label;
  const answer = ask(view.cloud, { from: end, to: ownAddress(view), protocol: 'icmp' });
  if (!answer.ok || answer.value.trace.seenSource === null) return null;
  return formatAddress(answer.value.trace.seenSource.address);
}
