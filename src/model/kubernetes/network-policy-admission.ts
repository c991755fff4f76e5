/** What the API server makes of a NetworkPolicy that it stores (kubernetes pkg/apis/networking/v1, defaults.go). */
import type { NetworkPolicyManifest } from './manifest.ts';
import type { FullLabelSelector, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from './objects.ts';

/**
 * Returns the spec with the server's defaults: without `policyTypes` a policy is for Ingress, and for
 * Egress too if it has egress rules; a port without protocol is TCP. Empty lists are left out, as Go's
 * encoder leaves them out; they mean the same as absent ones. Keys come in one order, so that equal
 * specs have equal JSON.
 */
export function admitNetworkPolicySpec(spec: NetworkPolicyManifest['spec']): NetworkPolicy['spec'] {
  const { ingress = [], egress = [], policyTypes = [] } = spec;
  return {
    podSelector: admitSelector(spec.podSelector),
    ...(ingress.length === 0
      ? {}
      : {
          ingress: ingress.map(({ from = [], ports }) => ({
            ...(from.length === 0 ? {} : { from: from.map(admitPeer) }),
            ...admitPorts(ports),
          })),
        }),
    ...(egress.length === 0
      ? {}
      : {
          egress: egress.map(({ to = [], ports }) => ({
            ...(to.length === 0 ? {} : { to: to.map(admitPeer) }),
            ...admitPorts(ports),
          })),
        }),
    policyTypes:
      policyTypes.length > 0 ? policyTypes : egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'],
  };
}

function admitPeer({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer): NetworkPolicyPeer {
  const except = ipBlock?.except ?? [];
  return {
    ...(podSelector === undefined ? {} : { podSelector: admitSelector(podSelector) }),
    ...(namespaceSelector === undefined ? {} : { namespaceSelector: admitSelector(namespaceSelector) }),
    ...(ipBlock === undefined
      ? {}
      : { ipBlock: { cidr: ipBlock.cidr, ...(except.length === 0 ? {} : { except }) } }),
  };
}

function admitPorts(list: readonly NetworkPolicyPort[] = []): {
  readonly ports?: readonly NetworkPolicyPort[];
} {
  if (list.length === 0) return {};
  return {
    ports: list.map(({ protocol = 'TCP', port, endPort }) => ({
      ...(endPort === undefined ? {} : { endPort }),
      ...(port === undefined ? {} : { port }),
      protocol,
    })),
  };
}

function admitSelector({ matchLabels = {}, matchExpressions = [] }: FullLabelSelector): FullLabelSelector {
  return {
    ...(Object.keys(matchLabels).length === 0
      ? {}
      : {
          matchLabels: Object.fromEntries(Object.entries(matchLabels).sort(([a], [b]) => (a < b ? -1 : 1))),
        }),
    ...(matchExpressions.length === 0
      ? {}
      : {
          matchExpressions: matchExpressions.map(({ key, operator, values = [] }) => ({
            key,
            operator,
            ...(values.length === 0 ? {} : { values }),
          })),
        }),
  };
}
