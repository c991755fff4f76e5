/**
 * Whether a node reaches an image registry. Asked are the routes and the firewall that they lead to, and DNS servers
 * of one's own. A subnet with no way out at all (outbound type none or block, a private subnet) and security groups
 * are not asked: lessons and labs of this course run pods on such nodes, whose images stand for ones that the
 * nodes have already or take from a registry in their own network.
 */
import { getResource } from '../azure/resource-store.ts';
import type { ArmKey } from '../azure/resources.ts';
import { findSubnet } from '../azure/subnet.ts';
import { drawInteger } from '../chance.ts';
import type { Cloud } from '../cloud.ts';
import { addressPlus, formatAddress, parseAddress } from '../ip/address.ts';
import { addressCount, firstAddress, prefix } from '../ip/prefix.ts';
import type { Node } from '../kubernetes/objects.ts';
import { internalAddress } from '../kubernetes/pods.ts';
import { DOCUMENTATION_RANGES } from '../limits/azure-network.ts';
import { hostsOfRegistry } from '../limits/image-registries.ts';
import type { PullStep } from '../limits/image-registries.ts';
import { nodeSubnetId } from './authorized-ranges.ts';
import { egressPathOf } from './egress-path.ts';
import type { ManagedCluster } from './managed-cluster.ts';
import { whyNoNames } from './node-dns.ts';
import { askFirewall } from './required-egress.ts';

/** The registry that AKS keeps a cache of in clusters with bootstrap artifact source Cache. */
const CACHED = 'mcr.microsoft.com';
const HTTPS_PORT = 443;

export type RegistryPath =
  /** Nothing on the way is known to deny anything. */
  | { readonly kind: 'open' }
  /** A firewall lets all of it through. */
  | { readonly kind: 'allowed' }
  | {
      readonly kind: 'denied';
      readonly host: string;
      readonly step: PullStep;
      /** What Go says of the connection: `EOF`, `dial tcp 192.0.2.1:443: i/o timeout`. */
      readonly error: string;
    };

/** Of one cluster: the paths of each node to each registry, by their names. */
interface KnownPaths {
  readonly cluster: ManagedCluster | null;
  readonly byNode: Map<string, Map<string, RegistryPath>>;
}

/** Asked for each pod of large clusters, so that nothing is put together to look it up. */
const known = new WeakMap<Cloud['resources'], Map<ArmKey, KnownPaths>>();

/** Returns what happens to a node that pulls from a registry. */
export function pathToRegistry(cloud: Cloud, key: ArmKey, node: Node, registry: string): RegistryPath {
  let clusters = known.get(cloud.resources);
  if (clusters === undefined) known.set(cloud.resources, (clusters = new Map<ArmKey, KnownPaths>()));
  let paths = clusters.get(key);
  if (paths === undefined) {
    const cluster = getResource(cloud, key, 'Microsoft.ContainerService/ManagedClusters');
    clusters.set(key, (paths = { cluster, byNode: new Map<string, Map<string, RegistryPath>>() }));
  }
  if (paths.cluster === null) return { kind: 'open' };
  const { name } = node.metadata;
  let ofNode = paths.byNode.get(name);
  if (ofNode === undefined) paths.byNode.set(name, (ofNode = new Map<string, RegistryPath>()));
  let path = ofNode.get(registry);
  if (path === undefined) ofNode.set(registry, (path = findPath(cloud, paths.cluster, node, registry)));
  return path;
}

function findPath(cloud: Cloud, cluster: ManagedCluster, node: Node, registry: string): RegistryPath {
  const pool = cluster.agentPoolProfiles.find(
    ({ name }) => name === node.metadata.labels?.['kubernetes.azure.com/agentpool'],
  );
  const place = pool === undefined ? null : findSubnet(cloud, nodeSubnetId(cluster, pool));
  const source = parseAddress(internalAddress(node));
  if (place === null || !source.ok) return { kind: 'open' };
  if (registry === CACHED && cluster.bootstrapArtifactSource === 'Cache') return { kind: 'open' };
  const hosts = hostsOfRegistry(registry, cluster.location);
  const [first] = hosts;
  if (first === undefined) return { kind: 'open' };
  if (whyNoNames(cloud, place, first.host) !== null) {
    return { kind: 'denied', ...first, error: `dial tcp: lookup ${first.host}: i/o timeout` };
  }
  const path = egressPathOf(cloud, place.subnet.id, null);
  switch (path.kind) {
    case 'edge':
    case 'unknown':
      return { kind: 'open' };
    case 'blocked':
      return { kind: 'denied', ...first, error: timeout(cloud, first.host) };
    case 'firewall': {
      for (const each of hosts) {
        const answer = askFirewall(cloud, path.firewall, source.value, {
          host: each.host,
          address: null,
          protocol: 'tcp',
          port: HTTPS_PORT,
          request: 'https',
        });
        if (answer.kind !== 'denied') continue;
        const error = answer.after === 'handshake' ? 'EOF' : timeout(cloud, each.host);
        return { kind: 'denied', ...each, error };
      }
      return { kind: 'allowed' };
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
