/**
 * A cluster whose nodes route between the veths of their pods and one wire, on which an outside host is
 * too: nothing but what NetworkPolicies need.
 */
import type { ClusterPart } from '../../src/model/compile/inventory.ts';
import { networkPolicyFilters } from '../../src/model/compile/network-policy.ts';
import type { PolicyEngine } from '../../src/model/compile/network-policy-engine.ts';
import { parsedText } from '../../src/model/compile/parsed-text.ts';
import { hostPrefix } from '../../src/model/ip/prefix.ts';
import { address } from '../../src/model/ip/address.ts';
import { emptyKubernetesState } from '../../src/model/kubernetes/cluster-state.ts';
import type { KubernetesState, NetworkPolicy, Node, Pod } from '../../src/model/kubernetes/objects.ts';
import type { Host, Listener, Network } from '../../src/model/network/network.ts';
import { connected, face, gateway, host, listener, mainTable, network, route } from './network-drafts.ts';

export const OUTSIDE = '192.0.2.7';
const POD_GATEWAY = '169.254.1.1';
const META = { uid: '', creationTimestamp: '2026-09-01T08:00:00Z', resourceVersion: '1' };

export interface PodSketch {
  readonly namespace: string;
  readonly name: string;
  readonly node: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ports?: readonly {
    readonly name: string;
    readonly protocol: 'TCP' | 'UDP';
    readonly number: number;
  }[];
  readonly hostNetwork?: true;
}

export interface ClusterSketch {
  readonly engine: PolicyEngine | 'none';
  readonly kubernetesVersion?: string;
  readonly nodes: number;
  readonly namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly pods: readonly PodSketch[];
  readonly policies: readonly NetworkPolicy[];
  /** What pods, nodes and the outside host listen on. */
  readonly ports: readonly number[];
}

export interface PolicedNetwork {
  readonly network: Network;
  readonly said: readonly string[];
}

export function nodeAddress(node: number): string {
  return `10.224.0.${4 + node}`;
}

/** Pods take addresses in the order of the sketch, across nodes. */
export function podAddress(at: number): string {
  return `10.244.0.${10 + at}`;
}

export function policy(name: string, namespace: string, spec: NetworkPolicy['spec']): NetworkPolicy {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { ...META, name, namespace },
    spec,
  };
}

/** Returns the network with what the policies put on its nodes, and the diagnostics. */
export function policedNetwork(sketch: ClusterSketch): PolicedNetwork {
  const pods = sketch.pods.map(podOf);
  const part = clusterPart(sketch, pods);
  const said: string[] = [];
  const filters = networkPolicyFilters(part, parsedText(), (about, message) =>
    said.push(`${about} ${message}`),
  );
  const listeners: Listener[] = sketch.ports.flatMap((port) => [
    listener(port, 'tcp'),
    listener(port, 'udp'),
  ]);
  const toPods = sketch.pods.flatMap(({ node, hostNetwork }, at) =>
    hostNetwork === true ? [] : [{ node, at }],
  );
  const wire = (self: number | null) => [
    ...Array.from({ length: sketch.nodes }, (_, node) => connected(`${nodeAddress(node)}/32`, 'wire')),
    connected(`${OUTSIDE}/32`, 'wire'),
    ...toPods
      .filter(({ node }) => node !== self)
      .map(({ node, at }) => gateway(`${podAddress(at)}/32`, nodeAddress(node), 'wire')),
  ];
  const nodes = Array.from({ length: sketch.nodes }, (_, node): Host => {
    const own = toPods.filter((each) => each.node === node);
    return host(`node/${node}`, 'node', {
      forwarding: 'on',
      interfaces: [
        face('wire', 'wire', `${nodeAddress(node)}/32`),
        ...own.map(({ at }) => face(veth(at), `cable ${at}`, null, 'proxies')),
      ],
      tables: mainTable(
        ...wire(node),
        ...own.map(({ at }) => ({
          ...route(hostPrefix(address(podAddress(at))), { kind: 'connected', interface: veth(at) }),
          preferredSource: address(nodeAddress(node)),
        })),
      ),
      listeners,
      chains: filters.chainsOf(
        pods.filter((_, at) => sketch.pods[at]?.node === node),
        (pod) => veth(pods.indexOf(pod)),
      ),
    });
  });
  const guests = toPods.map(({ at }) =>
    host(podHost(sketch.pods[at]), 'pod', {
      interfaces: [
        {
          ...face('eth0', `cable ${at}`, `${podAddress(at)}/32`),
          permanentNeighbours: [address(POD_GATEWAY)],
        },
      ],
      tables: mainTable(connected(`${POD_GATEWAY}/32`, 'eth0'), gateway('0.0.0.0/0', POD_GATEWAY, 'eth0')),
      listeners,
    }),
  );
  const outside = host('host/outside', 'outside', {
    interfaces: [face('wire', 'wire', `${OUTSIDE}/32`)],
    tables: mainTable(...wire(null)),
    listeners,
  });
  return { network: network([...nodes, ...guests, outside]), said };
}

export function podHost(pod: PodSketch | undefined): string {
  return `pod/${pod?.namespace ?? ''}/${pod?.name ?? ''}`;
}

function veth(at: number): string {
  return `azv${String(at).padStart(11, '0')}`;
}

function podOf(sketch: PodSketch, at: number): Pod {
  const address = sketch.hostNetwork === true ? nodeAddress(sketch.node) : podAddress(at);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...META, name: sketch.name, namespace: sketch.namespace, labels: sketch.labels ?? {} },
    spec: {
      containers: [
        {
          name: 'main',
          image: 'nginx',
          ports: (sketch.ports ?? []).map(({ name, protocol, number }) => ({
            name,
            protocol,
            containerPort: number,
          })),
        },
      ],
      nodeName: `node-${sketch.node}`,
      ...(sketch.hostNetwork === true ? { hostNetwork: true } : {}),
    },
    status: { phase: 'Running', podIP: address },
  };
}

function clusterPart(sketch: ClusterSketch, pods: readonly Pod[]): ClusterPart {
  const nodes = Array.from({ length: sketch.nodes }, (_, node): Node => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { ...META, name: `node-${node}` },
    spec: { providerID: '' },
    status: {
      addresses: [{ type: 'InternalIP', address: nodeAddress(node) }],
      allocatable: {},
      capacity: {},
      conditions: [],
      nodeInfo: {
        kubeletVersion: '',
        osImage: '',
        kernelVersion: '',
        containerRuntimeVersion: '',
        operatingSystem: 'linux',
        architecture: 'amd64',
      },
    },
  }));
  const keyed = <T extends Pod | NetworkPolicy>(objects: readonly T[]): Record<string, T> =>
    Object.fromEntries(
      objects.map((each) => [`${each.metadata.namespace ?? ''}/${each.metadata.name}`, each]),
    );
  const state: KubernetesState = {
    ...emptyKubernetesState({
      podAddressing: 'azure-cns',
      podCidr: '10.244.0.0/16',
      serviceCidr: '10.0.0.0/16',
      dnsServiceIp: '10.0.0.10',
      apiServer: { address: '203.0.113.1', port: 443 },
      nextResourceVersion: 1,
      nextPodCidrIndex: 0,
      podsCreated: {},
    }),
    namespaces: Object.fromEntries(
      Object.entries(sketch.namespaces).map(([name, labels]) => [
        name,
        {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { ...META, name, labels },
          status: { phase: 'Active' },
        },
      ]),
    ),
    nodes: Object.fromEntries(nodes.map((node) => [node.metadata.name, node])),
    pods: keyed(pods),
    networkPolicies: keyed(sketch.policies),
  };
  // Only what the filters look at: the name, the version and the network profile.
  const cluster = {
    name: 'aks',
    kubernetesVersion: sketch.kubernetesVersion ?? '1.34.2',
    networkProfile: {
      networkPlugin: 'azure',
      networkPolicy: sketch.engine,
      networkDataplane: sketch.engine === 'cilium' ? 'cilium' : 'azure',
    },
  } as ClusterPart['cluster'];
  return { key: 'aks', cluster, state };
}
