/**
 * NetworkPolicies as filters on the nodes. A pod that a policy selects is isolated: what no rule of
 * any policy that selects it allows is dropped; replies pass. Policies decide about the packet that
 * the node forwards, after kube-proxy has put a pod in the place of a Service and before the node
 * puts its own address in the place of the pod's.
 *
 * Azure NPM hangs its rules in FORWARD of every node, by the addresses of pods, ingress first
 * (azure-container-networking npm/pkg/dataplane/policies/chain-management_linux.go), so a packet that
 * the receiver refuses does not leave the sender's node. Calico and Cilium guard the node's end of
 * each pod's veth, also towards the node itself: Calico asks the egress policy before its
 * defaultEndpointToHostAction (felix/rules/static.go, cali-wl-to-host), and Cilium blocks node
 * addresses (https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium). What the node itself
 * sends to its pods, such as a kubelet's probe, no engine stops.
 */
import type { Address } from '../ip/address.ts';
import { noAddress, setOfAddresses } from '../ip/address-set.ts';
import { isPolicedPod, isolates, namespaceOf, policyName } from '../kubernetes/network-policy-selection.ts';
import type { PolicyDirection } from '../kubernetes/network-policy-selection.ts';
import type { KubernetesState, NetworkPolicy, Pod } from '../kubernetes/objects.ts';
import type { FilterChain, FilterRule, FilterVerdict, InterfaceName } from '../network/network.ts';
import type { Report } from './diagnostics.ts';
import type { ClusterPart } from './inventory.ts';
import {
  doubtAboutCluster,
  doubtAboutPolicy,
  doubtAboutPortRanges,
  ENGINE_NAMES,
  policyEngineOf,
} from './network-policy-engine.ts';
import type { PolicyEngine } from './network-policy-engine.ts';
import { compilePolicyRules } from './network-policy-rules.ts';
import type { PolicyWorld } from './network-policy-rules.ts';
import type { ParsedText } from './parsed-text.ts';

export interface NetworkPolicyFilters {
  /**
   * Returns the chains of a node with these pods; `interfaceOf` is the node's end of a pod's veth.
   * Empty where no policy isolates anybody.
   */
  readonly chainsOf: (
    pods: readonly Pod[],
    interfaceOf: (pod: Pod) => InterfaceName,
  ) => readonly FilterChain[];
}

const NO_CHAINS: readonly FilterChain[] = [];
const NO_FILTERS: NetworkPolicyFilters = { chainsOf: () => NO_CHAINS };
/** The order in which NPM asks. */
const DIRECTIONS: readonly PolicyDirection[] = ['Ingress', 'Egress'];

const DENIED: Readonly<Record<PolicyDirection, FilterVerdict>> = {
  Ingress: {
    kind: 'drop',
    disposition: 'denied-inbound',
    why: 'the receiving pod is isolated for ingress, and no policy allows this',
  },
  Egress: {
    kind: 'drop',
    disposition: 'denied-outbound',
    why: 'the sending pod is isolated for egress, and no policy allows this',
  },
};

/** What all pods that the same policies isolate have in common. */
type Isolation = Pick<FilterChain, 'by' | 'rules' | 'otherwise'>;

/**
 * Returns the filters that the policies of a cluster amount to, and reports those that do nothing. The
 * work is done when the first node asks.
 */
export function networkPolicyFilters(
  cluster: ClusterPart,
  text: ParsedText,
  report: Report,
): NetworkPolicyFilters {
  const { state } = cluster;
  const policies = Object.values(state.networkPolicies);
  if (policies.length === 0) return NO_FILTERS;
  const engine = policyEngineOf(cluster.cluster.networkProfile);
  if (engine === null) {
    for (const policy of policies) {
      report(`NetworkPolicy ${policyName(policy)}`, whyUnenforced(cluster.cluster.name));
    }
    return NO_FILTERS;
  }
  const overloaded = doubtAboutCluster(engine, state);
  if (overloaded !== null) report(`cluster ${cluster.cluster.name}`, overloaded);
  let filters: NetworkPolicyFilters | null = null;
  return {
    chainsOf: (pods, interfaceOf) => {
      filters ??= filtersOf(engine, cluster, text, overloaded);
      return filters.chainsOf(pods, interfaceOf);
    },
  };
}

function filtersOf(
  engine: PolicyEngine,
  cluster: ClusterPart,
  text: ParsedText,
  overloaded: string | null,
): NetworkPolicyFilters {
  const { state } = cluster;
  const addressOf = podAddresses(state, text);
  const world: PolicyWorld = {
    state,
    engine,
    addressOf,
    outsideBlocks: engine === 'cilium' ? clusterAddresses(state, addressOf, text) : noAddress,
    doubtAboutRanges: doubtAboutPortRanges(engine, cluster),
  };
  const isolationOf = isolationsOf(world, Object.values(state.networkPolicies), overloaded);
  return engine === 'azure' ? filtersByAddress(addressOf, isolationOf) : filtersByInterface(isolationOf);
}

/** Says that nothing enforces a policy of this cluster. */
export function whyUnenforced(cluster: string): string {
  return `is stored and does nothing: cluster ${cluster} has no network policy engine (networkPolicy none), so nothing enforces it`;
}

function podAddresses(state: KubernetesState, text: ParsedText): ReadonlyMap<Pod, Address> {
  const addresses = new Map<Pod, Address>();
  for (const pod of Object.values(state.pods)) {
    const address = isPolicedPod(pod) ? text.address(pod.status.podIP ?? '') : null;
    if (address !== null) addresses.set(pod, address);
  }
  return addresses;
}

function clusterAddresses(
  state: KubernetesState,
  addressOf: ReadonlyMap<Pod, Address>,
  text: ParsedText,
): ReturnType<typeof setOfAddresses> {
  const nodes = Object.values(state.nodes).flatMap((node) =>
    node.status.addresses.flatMap((each) => text.address(each.address) ?? []),
  );
  return setOfAddresses([...nodes, ...addressOf.values()]);
}

/** Returns a function that tells how a pod is isolated, null if it is not. Pods with the same policies share the answer. */
function isolationsOf(
  world: PolicyWorld,
  policies: readonly NetworkPolicy[],
  overloaded: string | null,
): (pod: Pod, direction: PolicyDirection) => Isolation | null {
  const byNamespace = new Map<string, NetworkPolicy[]>();
  for (const policy of policies) {
    byNamespace.set(namespaceOf(policy), [...(byNamespace.get(namespaceOf(policy)) ?? []), policy]);
  }
  const known = new Map<string, Isolation>();
  return (pod, direction) => {
    const isolating = (byNamespace.get(namespaceOf(pod)) ?? []).filter((each) =>
      isolates(each, pod, direction),
    );
    if (isolating.length === 0) return null;
    const key = [direction, ...isolating.map(policyName)].join(' ');
    let isolation = known.get(key);
    if (isolation === undefined) {
      isolation = isolationBy(world, isolating, direction, overloaded);
      known.set(key, isolation);
    }
    return isolation;
  };
}

function isolationBy(
  world: PolicyWorld,
  policies: readonly NetworkPolicy[],
  direction: PolicyDirection,
  overloaded: string | null,
): Isolation {
  const doubts = policies.map((policy) => overloaded ?? doubtAboutPolicy(world.engine, policy));
  const rules = policies.flatMap((policy, at) =>
    compilePolicyRules(world, policy, direction, doubts[at] ?? null),
  );
  const [doubt] = doubts;
  // One policy that is enforced for certain is enough to isolate.
  const certain = doubts.includes(null);
  return {
    by: `${policies.map((policy) => `NetworkPolicy ${policyName(policy)}`).join(' and ')} (${ENGINE_NAMES[world.engine]})`,
    // What some rule allows for certain passes, whatever is doubtful about the others.
    rules: [...rules.filter(isCertain), ...rules.filter((rule) => !isCertain(rule))],
    otherwise:
      certain || doubt === undefined || doubt === null
        ? DENIED[direction]
        : { kind: 'undetermined', reason: doubt },
  };
}

function isCertain(rule: FilterRule): boolean {
  return rule.verdict.kind === 'accept';
}

type IsolationOf = ReturnType<typeof isolationsOf>;

/** All nodes have the same chains, one for each set of policies that isolates somebody. */
function filtersByAddress(
  addressOf: ReadonlyMap<Pod, Address>,
  isolationOf: IsolationOf,
): NetworkPolicyFilters {
  const chains = DIRECTIONS.flatMap((direction) => {
    const isolated = new Map<Isolation, Address[]>();
    for (const [pod, address] of addressOf) {
      const isolation = isolationOf(pod, direction);
      if (isolation === null) continue;
      const list = isolated.get(isolation);
      if (list === undefined) isolated.set(isolation, [address]);
      else list.push(address);
    }
    return Array.from(isolated, ([isolation, addresses]): FilterChain => {
      const pods = setOfAddresses(addresses);
      const only = direction === 'Ingress' ? { destination: pods } : { source: pods };
      return { ...isolation, hook: 'forward', interface: null, only };
    });
  });
  return { chainsOf: () => chains };
}

/** Each node guards its own pods: first what they send, then what they get. */
function filtersByInterface(isolationOf: IsolationOf): NetworkPolicyFilters {
  return {
    chainsOf: (pods, interfaceOf) => {
      const outwards: FilterChain[] = [];
      const inwards: FilterChain[] = [];
      for (const pod of pods) {
        if (!isPolicedPod(pod)) continue;
        const egress = isolationOf(pod, 'Egress');
        const ingress = isolationOf(pod, 'Ingress');
        if (egress !== null) {
          const face = interfaceOf(pod);
          outwards.push(
            { ...egress, hook: 'forward', interface: null, only: { inInterface: face } },
            { ...egress, hook: 'input', interface: face },
          );
        }
        if (ingress !== null) {
          const only = { outInterface: interfaceOf(pod) };
          inwards.push({ ...ingress, hook: 'forward', interface: null, only });
        }
      }
      return outwards.length + inwards.length === 0 ? NO_CHAINS : [...outwards, ...inwards];
    },
  };
}
