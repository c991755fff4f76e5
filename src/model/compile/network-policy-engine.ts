/** Who enforces the NetworkPolicies of a cluster, and what is said of it where a policy decides. */
import type { ManagedCluster, NetworkProfile } from '../aks/managed-cluster.ts';
import { CILIUM_PORT_RANGES_SINCE, NPM_MAX_NODES, NPM_MAX_PODS } from '../limits/network-policy.ts';
import type { KubernetesState, NetworkPolicy } from '../kubernetes/objects.ts';
import { parseIpBlock } from '../kubernetes/ip-block.ts';
import type { ClusterPart } from './inventory.ts';

export type PolicyEngine = 'azure' | 'calico' | 'cilium';

/** Returns the engine of a cluster; null if nothing enforces policies. Cilium's data plane always does. */
export function policyEngineOf(profile: NetworkProfile): PolicyEngine | null {
  if (profile.networkDataplane === 'cilium') return 'cilium';
  const { networkPolicy } = profile;
  return networkPolicy === 'none' ? null : networkPolicy;
}

export const ENGINE_NAMES: Readonly<Record<PolicyEngine, string>> = {
  azure: 'Azure NPM',
  calico: 'Calico',
  cilium: 'Cilium',
};

/** Says why it is not known whether an engine enforces any policy of this cluster; null if it does. */
export function doubtAboutCluster(engine: PolicyEngine, state: KubernetesState): string | null {
  if (engine !== 'azure') return null;
  const nodes = Object.keys(state.nodes).length;
  const pods = Object.keys(state.pods).length;
  if (nodes <= NPM_MAX_NODES.value && pods <= NPM_MAX_PODS.value) return null;
  return `Azure NPM serves up to ${NPM_MAX_NODES.value} nodes and ${NPM_MAX_PODS.value} pods; with ${nodes} nodes and ${pods} pods it may have no memory left, and what then becomes of its rules is not documented`;
}

/**
 * Says why it is not known whether an engine enforces this policy. NPM refuses to translate a policy
 * with an IPv6 block (azure-container-networking, translatePolicy.go, ErrUnsupportedIPAddress).
 */
export function doubtAboutPolicy(engine: PolicyEngine, policy: NetworkPolicy): string | null {
  if (engine !== 'azure') return null;
  const { ingress = [], egress = [] } = policy.spec;
  const peers = [...ingress.flatMap((rule) => rule.from ?? []), ...egress.flatMap((rule) => rule.to ?? [])];
  const block = peers.find(
    (peer) => peer.ipBlock !== undefined && parseIpBlock(peer.ipBlock.cidr)?.family === 'ipv6',
  );
  return block === undefined
    ? null
    : `Azure NPM has no IPv6 and does not translate a policy that names ${block.ipBlock?.cidr ?? ''}`;
}

/** Says why it is not known whether an engine obeys `endPort`; null if it does. */
export function doubtAboutPortRanges(engine: PolicyEngine, { cluster }: ClusterPart): string | null {
  if (engine !== 'cilium' || !isOlder(cluster, CILIUM_PORT_RANGES_SINCE.value)) return null;
  return `whether the Cilium of Kubernetes ${cluster.kubernetesVersion} obeys endPort is not known (Cilium 1.16 does, which came with ${CILIUM_PORT_RANGES_SINCE.value})`;
}

function isOlder({ kubernetesVersion }: ManagedCluster, than: string): boolean {
  const minor = (version: string): number => Number(version.split('.')[1] ?? 0);
  return minor(kubernetesVersion) < minor(than);
}
