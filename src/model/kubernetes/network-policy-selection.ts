/**
 * Whom a NetworkPolicy is about, and in which directions it isolates them
 * (https://kubernetes.io/docs/concepts/services-networking/network-policies/).
 */
import { selects } from './cluster-state.ts';
import type {
  FullLabelSelector,
  KubernetesState,
  LabelSelectorRequirement,
  NetworkPolicy,
  NetworkPolicyPeer,
  Pod,
} from './objects.ts';

export type PolicyDirection = NetworkPolicy['spec']['policyTypes'][number];

type Labels = Readonly<Record<string, string>> | undefined;

/** Reports whether labels satisfy every part of a selector; an empty selector is satisfied by all labels. */
export function matchesSelector(selector: FullLabelSelector, labels: Labels): boolean {
  const pairs = selector.matchLabels ?? {};
  return (
    (Object.keys(pairs).length === 0 || selects(pairs, labels)) &&
    (selector.matchExpressions ?? []).every((each) => meets(each, labels))
  );
}

/** A label that is not there is in no list, so `NotIn` holds without it. */
function meets(requirement: LabelSelectorRequirement, labels: Labels): boolean {
  const value = labels?.[requirement.key];
  const values = requirement.values ?? [];
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

/**
 * Reports whether a pod has an interface of its own that a policy can guard and whose address a
 * selector can stand for. Pods of the host network have not, and no engine of AKS takes them for pods.
 */
export function isPolicedPod(pod: Pod): boolean {
  const { phase, podIP } = pod.status;
  return pod.spec.hostNetwork !== true && podIP !== undefined && (phase === 'Running' || phase === 'Pending');
}

export function namespaceOf(object: Pod | NetworkPolicy): string {
  return object.metadata.namespace ?? 'default';
}

/** `default/deny-all` */
export function policyName(policy: NetworkPolicy): string {
  return `${namespaceOf(policy)}/${policy.metadata.name}`;
}

/** Reports whether a policy isolates a pod for a direction: it is in its namespace, selected, and of that type. */
export function isolates(policy: NetworkPolicy, pod: Pod, direction: PolicyDirection): boolean {
  return (
    policy.spec.policyTypes.includes(direction) &&
    namespaceOf(policy) === namespaceOf(pod) &&
    matchesSelector(policy.spec.podSelector, pod.metadata.labels)
  );
}

/** Returns the pods that a peer without `ipBlock` names, out of these; a peer with one names none. */
export function podsOfPeer(
  state: KubernetesState,
  policy: NetworkPolicy,
  peer: NetworkPolicyPeer,
  pods: readonly Pod[],
): readonly Pod[] {
  const { podSelector, namespaceSelector } = peer;
  if (podSelector === undefined && namespaceSelector === undefined) return [];
  const namespaces = new Set(
    namespaceSelector === undefined
      ? [namespaceOf(policy)]
      : Object.values(state.namespaces)
          .filter((each) => matchesSelector(namespaceSelector, each.metadata.labels))
          .map((each) => each.metadata.name),
  );
  return pods.filter(
    (pod) => namespaces.has(namespaceOf(pod)) && matchesSelector(podSelector ?? {}, pod.metadata.labels),
  );
}
