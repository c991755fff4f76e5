/**
 * Whether a node reaches an image registry. Asked are the HTTP proxy that the node was set up with, the routes and the
 * firewall that they lead to, and DNS servers of one's own. A subnet with no way out at all (outbound type none or
 * block, a private subnet) and, where no proxy is asked, security groups are not looked at: lessons and labs of this
 * course run pods on such nodes, whose images stand for ones that the nodes have already or take from a registry in
 * their own network.
 */
import { getResource } from '../azure/resource-store.ts';
import type { ArmKey } from '../azure/resources.ts';
import { findSubnet } from '../azure/subnet.ts';
import { drawInteger } from '../chance.ts';
import type { Cloud } from '../cloud.ts';
import { addressPlus, formatAddress, parseAddress } from '../ip/address.ts';
import { addressCount, firstAddress, prefix } from '../ip/prefix.ts';
import type { Address } from '../ip/address.ts';
import type { Node, NodeProxy } from '../kubernetes/objects.ts';
import { internalAddress } from '../kubernetes/pods.ts';
import { DOCUMENTATION_RANGES } from '../limits/azure-network.ts';
import { hostsOfRegistry } from '../limits/image-registries.ts';
import type { PullStep, RegistryHost } from '../limits/image-registries.ts';
import { nodeSubnetId } from './authorized-ranges.ts';
import { egressPathOf } from './egress-path.ts';
import { nodeProxyOf } from './http-proxy.ts';
import type { ManagedCluster } from './managed-cluster.ts';
import { whyNoNames } from './node-dns.ts';
import { goOutcome, nodeEnd, proxyOfNode, requestThroughProxy } from './node-proxy.ts';
import type { GoOutcome, ProxiedRequest } from './node-proxy.ts';
import { askFirewall } from './required-egress.ts';

/** The registry that AKS keeps a cache of in clusters with bootstrap artifact source Cache. */
const CACHED = 'mcr.microsoft.com';
const HTTPS_PORT = 443;

export type RegistryPath =
  /** Nothing on the way is known to deny anything. */
  | { readonly kind: 'open' }
  /** A firewall or a proxy lets all of it through. */
  | { readonly kind: 'allowed' }
  | Denied;

interface Denied {
  readonly kind: 'denied';
  readonly host: string;
  readonly step: PullStep;
  /** `connection`: what Go says of it, as `EOF`; `answer`: a status, as `403 Forbidden`. */
  readonly what: 'connection' | 'answer';
  readonly error: string;
}

/** One host on the way: what is known of it, or a request by way of a proxy, whose certificates depend on the time. */
interface HostStep {
  readonly host: RegistryHost;
  readonly way: RegistryPath | ProxiedRequest;
}

/** What is known of one node. */
interface KnownNode {
  readonly proxy: NodeProxy | undefined;
  /** By the names of registries. */
  readonly paths: Map<string, RegistryPath>;
  readonly proxied: Map<string, readonly HostStep[]>;
}

/** Of one cluster. */
interface KnownPaths {
  readonly cluster: ManagedCluster | null;
  readonly byNode: Map<string, KnownNode>;
}

/** Asked for each pod of large clusters, so that nothing is put together to look it up. */
const known = new WeakMap<Cloud['resources'], Map<ArmKey, KnownPaths>>();

/** Returns what happens to a node that pulls from a registry. */
export function pathToRegistry(cloud: Cloud, key: ArmKey, node: Node, registry: string): RegistryPath {
  const paths = pathsOf(cloud, key);
  if (paths.cluster === null) return { kind: 'open' };
  const ofNode = knownNode(paths, node);
  if (ofNode.proxy !== undefined) {
    return pathOf(cloud, ofNode.proxy, proxiedSteps(cloud, paths.cluster, ofNode, node, registry));
  }
  let path = ofNode.paths.get(registry);
  if (path === undefined) {
    ofNode.paths.set(registry, (path = pathOf(cloud, null, stepsTo(cloud, paths.cluster, node, registry))));
  }
  return path;
}

function pathsOf(cloud: Cloud, key: ArmKey): KnownPaths {
  let clusters = known.get(cloud.resources);
  if (clusters === undefined) known.set(cloud.resources, (clusters = new Map<ArmKey, KnownPaths>()));
  let paths = clusters.get(key);
  if (paths === undefined) {
    const cluster = getResource(cloud, key, 'Microsoft.ContainerService/ManagedClusters');
    clusters.set(key, (paths = { cluster, byNode: new Map<string, KnownNode>() }));
  }
  return paths;
}

function knownNode({ byNode }: KnownPaths, node: Node): KnownNode {
  const { name } = node.metadata;
  const proxy = node.simulation?.proxy;
  let ofNode = byNode.get(name);
  if (ofNode === undefined || ofNode.proxy !== proxy) {
    ofNode = {
      proxy,
      paths: new Map<string, RegistryPath>(),
      proxied: new Map<string, readonly HostStep[]>(),
    };
    byNode.set(name, ofNode);
  }
  return ofNode;
}

function proxiedSteps(
  cloud: Cloud,
  cluster: ManagedCluster,
  { proxied }: KnownNode,
  node: Node,
  registry: string,
): readonly HostStep[] {
  let steps = proxied.get(registry);
  if (steps === undefined) proxied.set(registry, (steps = stepsTo(cloud, cluster, node, registry)));
  return steps;
}

/**
 * Returns the requests that a node sends by way of its proxy when it pulls from a registry, up to the one that fails,
 * each with its outcome.
 */
export function proxiedRequests(
  cloud: Cloud,
  key: ArmKey,
  node: Node,
  registry: string,
): readonly ProxiedStep[] {
  const paths = pathsOf(cloud, key);
  const proxy = nodeProxyOf(node);
  if (proxy === null || paths.cluster === null) return [];
  const found: ProxiedStep[] = [];
  for (const { host, way } of proxiedSteps(cloud, paths.cluster, knownNode(paths, node), node, registry)) {
    if (!('answer' in way)) {
      if (way.kind === 'denied') break;
      continue;
    }
    const outcome = goOutcome(cloud, proxy, way);
    found.push({ host, request: way, outcome });
    if (outcome.kind === 'error' || outcome.kind === 'status') break;
  }
  return found;
}

export interface ProxiedStep {
  readonly host: RegistryHost;
  readonly request: ProxiedRequest;
  readonly outcome: GoOutcome;
}

/** Returns the first step that fails, or what all of them come to. */
function pathOf(cloud: Cloud, proxy: NodeProxy | null, steps: readonly HostStep[]): RegistryPath {
  let isKnown = steps.length > 0;
  for (const { host, way } of steps) {
    const path =
      'answer' in way ? proxiedPath(host, proxy === null ? PASSES : goOutcome(cloud, proxy, way)) : way;
    if (path.kind === 'denied') return path;
    isKnown &&= path.kind === 'allowed';
  }
  return { kind: isKnown ? 'allowed' : 'open' };
}

const PASSES: GoOutcome = { kind: 'passes' };

function proxiedPath(host: RegistryHost, outcome: GoOutcome): RegistryPath {
  switch (outcome.kind) {
    case 'passes':
      return { kind: 'allowed' };
    case 'unknown':
      return { kind: 'open' };
    case 'error':
      return { kind: 'denied', ...host, what: 'connection', error: outcome.error };
    case 'status':
      return { kind: 'denied', ...host, what: 'answer', error: outcome.status };
  }
}

function stepsTo(cloud: Cloud, cluster: ManagedCluster, node: Node, registry: string): readonly HostStep[] {
  const pool = cluster.agentPoolProfiles.find(
    ({ name }) => name === node.metadata.labels?.['kubernetes.azure.com/agentpool'],
  );
  const place = pool === undefined ? null : findSubnet(cloud, nodeSubnetId(cluster, pool));
  const source = parseAddress(internalAddress(node));
  if (place === null || !source.ok) return [];
  if (registry === CACHED && cluster.bootstrapArtifactSource === 'Cache') return [];
  const proxy = nodeProxyOf(node);
  const from = proxy === null ? null : nodeEnd(cloud, cluster, place, source.value);
  return hostsOfRegistry(registry, cluster.location).map((host, index): HostStep => {
    const server = proxy === null ? null : proxyOfNode(proxy, host.host);
    if (server !== null && from !== null) {
      const method = host.step === 'manifest' ? 'HEAD' : 'GET';
      return { host, way: requestThroughProxy(cloud, from, server, host.host, { method, path: '/v2/' }) };
    }
    // Whoever answers for one name answers for all of them.
    const nameless = index === 0 || proxy !== null ? whyNoNames(cloud, place, host.host) : null;
    return { host, way: nameless === null ? directWay(cloud, place, source.value, host) : noName(host) };
  });
}

function noName(host: RegistryHost): RegistryPath {
  return {
    kind: 'denied',
    ...host,
    what: 'connection',
    error: `dial tcp: lookup ${host.host}: i/o timeout`,
  };
}

/** What becomes of a node that asks a host itself. */
function directWay(
  cloud: Cloud,
  { subnet }: NonNullable<ReturnType<typeof findSubnet>>,
  source: Address,
  host: RegistryHost,
): RegistryPath {
  const denied = (error: string): RegistryPath => ({ kind: 'denied', ...host, what: 'connection', error });
  const path = egressPathOf(cloud, subnet.id, null);
  switch (path.kind) {
    case 'edge':
    case 'unknown':
      return { kind: 'open' };
    case 'blocked':
      return denied(timeout(cloud, host.host));
    case 'firewall': {
      const answer = askFirewall(cloud, path.firewall, source, {
        host: host.host,
        address: null,
        protocol: 'tcp',
        port: HTTPS_PORT,
        request: 'https',
      });
      if (answer.kind !== 'denied') return { kind: 'allowed' };
      return denied(answer.after === 'handshake' ? 'EOF' : timeout(cloud, host.host));
    }
  }
}

/** The address is that of nobody else: a documentation address that the name draws. */
function timeout(cloud: Cloud, host: string): string {
  const ranges = DOCUMENTATION_RANGES.value.map((each) => prefix(each));
  const range = ranges[drawInteger(cloud, `registry-range/${host}`, ranges.length)] ?? prefix('192.0.2.0/24');
  const at = 1 + drawInteger(cloud, `registry-address/${host}`, addressCount(range) - 2);
  const address = addressPlus(firstAddress(range), at);
  return `dial tcp ${address === null ? host : formatAddress(address)}:${HTTPS_PORT}: i/o timeout`;
}
