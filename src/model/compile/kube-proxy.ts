/**
 * kube-proxy in iptables mode: Services as destination translations, in the order and under the
 * names of its chains (kubernetes pkg/proxy/iptables/proxier.go).
 */
import type { Address } from '../ip/address.ts';
import { formatAddress } from '../ip/address.ts';
import { setComplement, setOf, setOfAddresses } from '../ip/address-set.ts';
import type { Prefix } from '../ip/prefix.ts';
import type { KubernetesState, Service, ServicePort } from '../kubernetes/objects.ts';
import { endpointsOf } from '../kubernetes/services.ts';
import type {
  FilterChain,
  FilterRule,
  Protocol,
  TranslationAction,
  TranslationRule,
} from '../network/network.ts';
import type { Report } from './diagnostics.ts';
import { endpointChain, serviceChain } from './kube-proxy-chain-name.ts';
import type { ParsedText } from './parsed-text.ts';

type Backends = Extract<TranslationAction, { kind: 'destination' }>['backends'];

export interface KubeProxy {
  /** Translations of a node, in order. Nodes without rules of their own share one list. */
  readonly translationsOf: (nodeName: string) => readonly TranslationRule[];
  /** Filters for node ports that a node must not answer. */
  readonly chainsOf: (nodeName: string) => readonly FilterChain[];
}

export function protocolOf(protocol: ServicePort['protocol']): Protocol | null {
  switch (protocol) {
    case 'TCP':
      return 'tcp';
    case 'UDP':
      return 'udp';
    case 'SCTP':
      return null;
  }
}

/** One port of a Service with everything its rules need. */
interface ProxiedPort {
  readonly service: Service;
  readonly port: ServicePort;
  readonly protocol: Protocol;
  readonly label: string;
  readonly chain: string;
  readonly backends: Backends;
  /** The node of each backend; null for one outside the cluster. */
  readonly nodeNames: readonly (string | null)[];
  readonly clusterIp: Address | null;
}

/** Returns the rules that kube-proxy writes on the nodes of a cluster with this pod range. */
export function kubeProxy(
  state: KubernetesState,
  podCidr: Prefix,
  text: ParsedText,
  report: Report,
): KubeProxy {
  const ports = proxiedPorts(state, text, report);
  const outside = setComplement(setOf(podCidr));
  const internalLocal = ports.some((each) => each.service.spec.internalTrafficPolicy === 'Local');
  const externalLocal = ports.some((each) => isLocalNodePort(each));
  const rulesFor = (nodeName: string): readonly TranslationRule[] => [
    ...ports.flatMap((each) => clusterIpRules(each, outside, nodeName)),
    ...ports.flatMap((each) => nodePortRules(each, setOf(podCidr), nodeName)),
  ];
  const chainsFor = (nodeName: string): readonly FilterChain[] => {
    const rules = ports.flatMap((each) => closedNodePort(each, nodeName));
    return rules.length === 0
      ? []
      : [
          {
            by: 'KUBE-EXTERNAL-SERVICES',
            hook: 'input',
            interface: null,
            rules,
            otherwise: { kind: 'accept' },
          },
        ];
  };
  const shared = internalLocal || externalLocal ? null : rulesFor('');
  return {
    translationsOf: (nodeName) => shared ?? rulesFor(nodeName),
    chainsOf: (nodeName) => (externalLocal ? chainsFor(nodeName) : []),
  };
}

function proxiedPorts(state: KubernetesState, text: ParsedText, report: Report): readonly ProxiedPort[] {
  return Object.values(state.services).flatMap((service) => {
    const { name, namespace = 'default' } = service.metadata;
    if (service.spec.type === 'ExternalName') return [];
    if (service.spec.type === 'LoadBalancer') {
      report(
        `service ${namespace}/${name}`,
        'is of type LoadBalancer; its load balancer is not simulated, its cluster IP and node ports are',
      );
    }
    return endpointsOf(state, service).flatMap(({ port, addresses }): ProxiedPort[] => {
      const protocol = protocolOf(port.protocol);
      if (protocol === null) {
        report(`service ${namespace}/${name}`, `has an SCTP port, which is not simulated`);
        return [];
      }
      const label = `${namespace}/${name}${port.name === undefined ? '' : `:${port.name}`}`;
      const endpoints = addresses.flatMap((each) => {
        const address = text.address(each.address);
        return address === null ? [] : [{ address, port: each.port, nodeName: each.nodeName }];
      });
      return [
        {
          service,
          port,
          protocol,
          label,
          chain: serviceChain(label, protocol),
          backends: endpoints.map((each) => backendOf(each.address, each.port, label, protocol)),
          nodeNames: endpoints.map((each) => each.nodeName),
          clusterIp: text.address(service.spec.clusterIP),
        },
      ];
    });
  });
}

function backendOf(address: Address, port: number, label: string, protocol: Protocol): Backends[number] {
  const where = `${formatAddress(address)}:${port}`;
  return {
    address,
    port,
    by: `${endpointChain(label, protocol, where)} (${where})`,
  };
}

function clusterIpRules(
  each: ProxiedPort,
  outside: ReturnType<typeof setComplement>,
  nodeName: string,
): TranslationRule[] {
  if (each.clusterIp === null) return [];
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

function nodePortRules(
  each: ProxiedPort,
  pods: ReturnType<typeof setOf>,
  nodeName: string,
): TranslationRule[] {
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
  if (!isLocalNodePort(each)) return [{ hook: 'prerouting', match, action: everywhere, by }];
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
  if (nodePort === undefined || !isLocalNodePort(each) || onNode(each, nodeName).length > 0) return [];
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

function isLocalNodePort(each: ProxiedPort): boolean {
  return each.port.nodePort !== undefined && each.service.spec.externalTrafficPolicy === 'Local';
}

function onNode(each: ProxiedPort, nodeName: string): Backends {
  return each.backends.filter((_, at) => each.nodeNames[at] === nodeName);
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
