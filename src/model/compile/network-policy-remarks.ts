/** What must be said of a flow that a NetworkPolicy would concern if something enforced it. */
import { isPolicedPod, isolates, policyName } from '../kubernetes/network-policy-selection.ts';
import type { PolicyDirection } from '../kubernetes/network-policy-selection.ts';
import type { Trace } from '../trace/trace.ts';
import type { Directory, Place } from './directory.ts';
import { whyUnenforced } from './network-policy.ts';
import { policyEngineOf } from './network-policy-engine.ts';

type PodPlace = Extract<Place, { kind: 'pod' }>;

/** Returns a sentence for each policy that selects an end of the flow in a cluster without an engine. */
export function unenforcedPolicies(directory: Directory, from: Place, traced: Trace): readonly string[] {
  const { clusters } = directory.compiled.inventory;
  if (clusters.every(({ state }) => Object.keys(state.networkPolicies).length === 0)) return [];
  const last = traced.hops.at(-1)?.place;
  const receiver = directory.pods.find((each) => each.host === last && isPolicedPod(each.pod));
  return [
    ...(from.kind === 'pod' ? remarksOn(from, 'Egress') : []),
    ...(receiver === undefined ? [] : remarksOn(receiver, 'Ingress')),
  ];
}

function remarksOn({ label, cluster, pod }: PodPlace, direction: PolicyDirection): readonly string[] {
  if (!isPolicedPod(pod) || policyEngineOf(cluster.cluster.networkProfile) !== null) return [];
  return Object.values(cluster.state.networkPolicies)
    .filter((policy) => isolates(policy, pod, direction))
    .map(
      (policy) =>
        `NetworkPolicy ${policyName(policy)} selects ${label} for ${direction.toLowerCase()}, but it ${whyUnenforced(cluster.cluster.name)}`,
    );
}
