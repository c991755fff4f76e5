import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../../model/kubernetes/objects.ts';
import { pairLines } from './describe-parts.ts';
import { formatLabelSelector } from './label-selector-text.ts';

/** The lines of `kubectl describe networkpolicy` (kubectl pkg/describe, describeNetworkPolicy). */
export function describeNetworkPolicy({ metadata, spec }: NetworkPolicy): string[] {
  const selected = formatLabelSelector(spec.podSelector);
  return [
    `Name:\t${metadata.name}`,
    `Namespace:\t${metadata.namespace ?? 'default'}`,
    `Created on:\t${metadata.creationTimestamp.replace('T', ' ').replace('Z', ' +0000 UTC')}`,
    ...pairLines('Labels:', metadata.labels, '='),
    ...pairLines('Annotations:', metadata.annotations, ': '),
    'Spec:',
    `  PodSelector:     ${selected}${selected === '<none>' ? ' (Allowing the specific traffic to all pods in this namespace)' : ''}`,
    ...(spec.policyTypes.includes('Ingress')
      ? [
          '  Allowing ingress traffic:',
          ...ruleLines(
            (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports })),
            { side: 'From', isolated: 'ingress', open: 'source' },
          ),
        ]
      : ['  Not affecting ingress traffic']),
    ...(spec.policyTypes.includes('Egress')
      ? [
          '  Allowing egress traffic:',
          ...ruleLines(
            (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports })),
            { side: 'To', isolated: 'egress', open: 'destination' },
          ),
        ]
      : ['  Not affecting egress traffic']),
    `  Policy Types: ${spec.policyTypes.join(', ')}`,
  ];
}

interface Rule {
  readonly peers: readonly NetworkPolicyPeer[] | undefined;
  readonly ports: readonly NetworkPolicyPort[] | undefined;
}

interface Words {
  readonly side: 'From' | 'To';
  readonly isolated: 'ingress' | 'egress';
  readonly open: 'source' | 'destination';
}

function ruleLines(rules: readonly Rule[], words: Words): readonly string[] {
  if (rules.length === 0) {
    return [`    <none> (Selected pods are isolated for ${words.isolated} connectivity)`];
  }
  return rules.flatMap(({ peers = [], ports = [] }, at) => [
    ...(ports.length === 0 ? ['    To Port: <any> (traffic allowed to all ports)'] : ports.map(portLine)),
    ...(peers.length === 0
      ? [`    ${words.side}: <any> (traffic not restricted by ${words.open})`]
      : peers.flatMap((peer) => [`    ${words.side}:`, ...peerLines(peer)])),
    ...(at < rules.length - 1 ? ['    ----------'] : []),
  ]);
}

/** A rule for every port of a protocol has no number, which Go prints as `<nil>`. */
function portLine({ port, endPort, protocol = 'TCP' }: NetworkPolicyPort): string {
  const first = port ?? '<nil>';
  return endPort === undefined
    ? `    To Port: ${first}/${protocol}`
    : `    To Port Range: ${first}-${endPort}/${protocol}`;
}

function peerLines({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer): readonly string[] {
  if (ipBlock !== undefined) {
    return [
      '      IPBlock:',
      `        CIDR: ${ipBlock.cidr}`,
      `        Except: ${(ipBlock.except ?? []).join(', ')}`,
    ];
  }
  return [
    ...(namespaceSelector === undefined
      ? []
      : [`      NamespaceSelector: ${formatLabelSelector(namespaceSelector)}`]),
    ...(podSelector === undefined ? [] : [`      PodSelector: ${formatLabelSelector(podSelector)}`]),
  ];
}
