/**
 * kube-proxy in iptables mode: Services as destination translations, in the order and under the
 * names of its chains (kubernetes pkg/proxy/iptables/proxier.go).
 */
import type { Address } from '../ip/address.ts';
import { formatAddress } from '../ip/address.ts';
import { setComplement, setOfAddresses } from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import type {
  FilterChain,
  FilterRule,
  Protocol,
  TranslationAction,
  TranslationRule,
} from '../network/network.ts';
import { endpointChain, serviceChain } from './kube-proxy-chain-name.ts';
import { hasLocalNodePort } from './service-ports.ts';
import type { ServedPort } from './service-ports.ts';

type Backends = Extract<TranslationAction, { kind: 'destination' }>['backends'];

export interface KubeProxy {
  /** Translations of a node, in order. Nodes without rules of their own share one list. */
  readonly translationsOf: (nodeName: string) => readonly TranslationRule[];
  /** Filters for node ports that a node must not answer. */
  readonly chainsOf: (nodeName: string) => readonly FilterChain[];
}

/** One port of a Service with everything its rules need. */
interface ProxiedPort extends ServedPort {
  readonly chain: string;
  /** In the order of `endpoints`. */
  readonly backends: Backends;
}

/**
 * Returns the rules that kube-proxy writes on the nodes of a cluster. `local` is its `--cluster-cidr`:
 * a source outside it is no pod, and is masqueraded on its way to a cluster IP.
 */
export function kubeProxy(served: readonly ServedPort[], local: AddressSet): KubeProxy {
  const ports = served.map(proxied);
  const outside = setComplement(local);
  const internalLocal = ports.some((each) => each.service.spec.internalTrafficPolicy === 'Local');
  const externalLocal = ports.some(hasLocalNodePort);
  const rulesFor = (nodeName: string): readonly TranslationRule[] => [
    ...ports.flatMap((each) => clusterIpRules(each, outside, nodeName)),
    ...ports.flatMap((each) => nodePortRules(each, local, nodeName)),
  ];
  const chainsFor = (nodeName: string): readonly FilterChain[] => {
    const closed = ports.flatMap((each) => closedClusterIp(each, nodeName));
    return [
      ...filter(
        'KUBE-EXTERNAL-SERVICES',
        'input',
        ports.flatMap((each) => closedNodePort(each, nodeName)),
      ),
      ...filter('KUBE-SERVICES', 'forward', closed),
      ...filter('KUBE-SERVICES', 'output', closed),
    ];
  };
  const shared = internalLocal || externalLocal ? null : rulesFor('');
  return {
    translationsOf: (nodeName) => shared ?? rulesFor(nodeName),
    chainsOf: (nodeName) => (internalLocal || externalLocal ? chainsFor(nodeName) : []),
  };
}

function filter(by: string, hook: FilterChain['hook'], rules: readonly FilterRule[]): readonly FilterChain[] {
  return rules.length === 0 ? [] : [{ by, hook, interface: null, rules, otherwise: { kind: 'accept' } }];
}

function proxied(each: ServedPort): ProxiedPort {
  const { label, protocol } = each;
  return {
    ...each,
    chain: serviceChain(label, protocol),
    backends: each.endpoints.map(({ address, port }) => backendOf(address, port, label, protocol)),
  };
}

function backendOf(address: Address, port: number, label: string, protocol: Protocol): Backends[number] {
  const where = `${formatAddress(address)}:${port}`;
  return {
    address,
    port,
    by: `${endpointChain(label, protocol, where)} (${where})`,
  };
}

function clusterIpRules(each: ProxiedPort, outside: AddressSet, nodeName: string): TranslationRule[] {
  if (each.clusterIp === null || closedClusterIp(each, nodeName).length > 0) return [];
  const local = each.service.spec.internalTrafficPolicy === 'Local';
  const backends = local ? onNode(each, nodeName) : each.backends;
  const by = `KUBE-SERVICES -> ${each.chain} (${each.label} cluster IP)`;
  const match = {
    protocols: [each.protocol],
    destination: setOfAddresses([each.clusterIp]),
    destinationPorts: [{ from: each.port.port, to: each.port.port }],
  };
  return [
    {
      hook: 'prerouting',
      match: { ...match, source: outside },
      action: {
        kind: 'destination',
        backends,
        ...affinity(each),
        masquerade: {
          when: 'always',
          by: `${each.chain}: KUBE-MARK-MASQ for a source outside the pod range`,
        },
      },
      by,
    },
    {
      hook: 'prerouting',
      match,
      action: { kind: 'destination', backends, ...affinity(each), masquerade: hairpin(each) },
      by,
    },
  ];
}

function nodePortRules(each: ProxiedPort, pods: AddressSet, nodeName: string): TranslationRule[] {
  const { nodePort } = each.port;
  if (nodePort === undefined) return [];
  const match = {
    protocols: [each.protocol],
    destinationPorts: [{ from: nodePort, to: nodePort }],
    destinationIsLocal: 'yes' as const,
  };
  const by = `KUBE-NODEPORTS -> ${each.chain} (${each.label} node port ${nodePort})`;
  const everywhere: TranslationAction = {
    kind: 'destination',
    backends: each.backends,
    ...affinity(each),
    masquerade: { when: 'always', by: 'KUBE-EXT: KUBE-MARK-MASQ for a node port' },
  };
  // A Service without any endpoint refuses, whatever its policy says.
  if (!hasLocalNodePort(each) || each.backends.length === 0) {
    return [{ hook: 'prerouting', match, action: everywhere, by }];
  }
  const local = onNode(each, nodeName);
  return [
    // With externalTrafficPolicy Local, pods of the cluster still reach every endpoint (KUBE-EXT short-circuit).
    {
      hook: 'prerouting',
      match: { ...match, source: pods },
      action: { kind: 'destination', backends: each.backends, ...affinity(each), masquerade: hairpin(each) },
      by,
    },
    ...(local.length === 0
      ? []
      : [
          {
            hook: 'prerouting' as const,
            match,
            action: {
              kind: 'destination' as const,
              backends: local,
              ...affinity(each),
              masquerade: hairpin(each),
            },
            by: `${by}, externalTrafficPolicy Local`,
          },
        ]),
  ];
}

/** With externalTrafficPolicy Local, a node without an endpoint drops what comes for the node port. */
function closedNodePort(each: ProxiedPort, nodeName: string): FilterRule[] {
  const { nodePort } = each.port;
  if (nodePort === undefined || !hasLocalNodePort(each) || !hasEndpointsElsewhereOnly(each, nodeName)) {
    return [];
  }
  return [
    {
      match: {
        protocols: [each.protocol],
        destinationPorts: [{ from: nodePort, to: nodePort }],
        destinationIsLocal: 'yes',
      },
      verdict: { kind: 'drop', disposition: 'denied-inbound' },
      by: `KUBE-EXTERNAL-SERVICES: ${each.label} has no endpoint on ${nodeName}, and externalTrafficPolicy is Local`,
    },
  ];
}

/** With internalTrafficPolicy Local, a node without an endpoint drops what its pods send to the cluster IP. */
function closedClusterIp(each: ProxiedPort, nodeName: string): FilterRule[] {
  const local = each.service.spec.internalTrafficPolicy === 'Local';
  if (each.clusterIp === null || !local || !hasEndpointsElsewhereOnly(each, nodeName)) return [];
  return [
    {
      match: {
        protocols: [each.protocol],
        destination: setOfAddresses([each.clusterIp]),
        destinationPorts: [{ from: each.port.port, to: each.port.port }],
      },
      verdict: { kind: 'drop', disposition: 'denied-outbound' },
      by: `KUBE-SERVICES: ${each.label} has no endpoint on ${nodeName}, and internalTrafficPolicy is Local`,
    },
  ];
}

function hasEndpointsElsewhereOnly(each: ProxiedPort, nodeName: string): boolean {
  return each.backends.length > 0 && onNode(each, nodeName).length === 0;
}

function onNode(each: ProxiedPort, nodeName: string): Backends {
  return each.backends.filter((_, at) => each.endpoints[at]?.nodeName === nodeName);
}

/** `sessionAffinity: ClientIP` binds a client to one endpoint (the module `recent` in KUBE-SVC). */
function affinity(each: ProxiedPort): { readonly affinity?: 'client' } {
  return each.service.spec.sessionAffinity === 'ClientIP' ? { affinity: 'client' } : {};
}

/** A pod that reaches itself through its Service must see another source, or its answer would never leave it. */
function hairpin(
  each: ProxiedPort,
): NonNullable<Extract<TranslationAction, { kind: 'destination' }>['masquerade']> {
  return {
    when: 'backend-is-source',
    by: `${each.chain}: KUBE-MARK-MASQ for an endpoint that reaches itself`,
  };
}
