/**
 * What becomes of a cluster's HTTP proxy configuration: the names and ranges that AKS exempts, and the variables that
 * nodes and pods get (https://learn.microsoft.com/azure/aks/http-proxy, 2026-08-26).
 */
import { getResource } from '../azure/resource-store.ts';
import type { ArmKey } from '../azure/resources.ts';
import { findSubnet } from '../azure/subnet.ts';
import type { Cloud } from '../cloud.ts';
import { ALWAYS_EXEMPT, PROXY_VARIABLE_NAMES } from '../limits/http-proxy.ts';
import type { Node, NodeProxy } from '../kubernetes/objects.ts';
import type { HttpProxyConfig } from './http-proxy-config.ts';
import type { ManagedCluster } from './managed-cluster.ts';

const CLUSTER = 'Microsoft.ContainerService/ManagedClusters';
const VNET = 'Microsoft.Network/virtualNetworks';

type Exempting = Pick<
  ManagedCluster,
  'fqdn' | 'networkProfile' | 'simulation' | 'agentPoolProfiles' | 'httpProxyConfig'
>;

/** What the exemptions of a cluster follow from. */
export interface ExemptionInput {
  readonly fqdn: string;
  /** Address space of the VNet. */
  readonly addressPrefixes: readonly string[];
  /** Ranges of the subnets that the user brought. */
  readonly subnetPrefixes: readonly string[];
  readonly podCidr: string | null;
  readonly serviceCidr: string;
  readonly noProxy: readonly string[];
}

/**
 * Returns what does not go to the proxy: the user's entries and those that AKS adds, each once. The order of the
 * service differs from cluster to cluster (captures in https://github.com/Azure/AKS/issues/3174 and in public
 * repositories) and decides nothing; 168.63.129.16 is always last. Here AKS's own come first, as in the capture of a
 * cluster without entries of a user. The pod range is there where the cluster has one, subnets where the user brought
 * them. Names below `.svc` and `.cluster.local` are not added.
 */
export function exemptions(input: ExemptionInput): readonly string[] {
  const [konnectivity = '', localhost = '', loopback = '', metadata = '', platform = ''] =
    ALWAYS_EXEMPT.value;
  const entries = [
    konnectivity,
    input.fqdn,
    ...input.addressPrefixes,
    ...input.subnetPrefixes,
    localhost,
    loopback,
    metadata,
    ...(input.podCidr === null ? [] : [input.podCidr]),
    input.serviceCidr,
    ...input.noProxy,
  ];
  return [...new Set(entries.filter((each) => each !== platform)), platform];
}

/** Returns the exemptions of a cluster as it is. */
export function effectiveNoProxy(cloud: Cloud, cluster: Exempting): readonly string[] {
  const network = getResource(cloud, cluster.simulation.virtualNetworkId, VNET);
  return exemptions({
    fqdn: cluster.fqdn,
    addressPrefixes: network?.addressSpace.addressPrefixes ?? [],
    subnetPrefixes: cluster.agentPoolProfiles.flatMap(({ vnetSubnetId }) => {
      const found = vnetSubnetId === null ? null : findSubnet(cloud, vnetSubnetId);
      return found === null ? [] : [found.subnet.addressPrefix];
    }),
    podCidr: cluster.networkProfile.podCidr,
    serviceCidr: cluster.networkProfile.serviceCidr,
    noProxy: cluster.httpProxyConfig?.noProxy ?? [],
  });
}

/** The variables of one cluster; known as long as the cluster and its network stay as they are. */
const known = new WeakMap<
  ManagedCluster,
  { readonly resources: Cloud['resources']; readonly variables: ProxyEnvironment }
>();

export type ProxyEnvironment = Readonly<Record<string, string>>;

/**
 * Returns the variables that pods and nodes of a cluster get, in the order in which they stand in a pod; null where
 * there is no proxy, or it is switched off.
 */
export function proxyEnvironment(cloud: Cloud, cluster: ManagedCluster): ProxyEnvironment | null {
  const config = cluster.httpProxyConfig;
  if (config?.enabled !== true) return null;
  const before = known.get(cluster);
  if (before?.resources === cloud.resources) return before.variables;
  const variables = proxyVariables(config, effectiveNoProxy(cloud, cluster));
  const kept = sameVariables(before?.variables, variables) ? before.variables : variables;
  known.set(cluster, { resources: cloud.resources, variables: kept });
  return kept;
}

/** Returns the six variables, or those of them that have a value. */
export function proxyVariables(
  { httpProxy, httpsProxy }: Pick<HttpProxyConfig, 'httpProxy' | 'httpsProxy'>,
  noProxy: readonly string[],
): ProxyEnvironment {
  const variables: Record<string, string> = {};
  for (const name of PROXY_VARIABLE_NAMES.value) {
    const value = valueOf(name.toUpperCase());
    if (value !== null) variables[name] = value;
  }
  return variables;

  function valueOf(name: string): string | null {
    if (name === 'NO_PROXY') return noProxy.join(',');
    return name === 'HTTP_PROXY' ? httpProxy : httpsProxy;
  }
}

function sameVariables(
  before: ProxyEnvironment | undefined,
  after: ProxyEnvironment,
): before is ProxyEnvironment {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(after);
}

/** Returns the variables for pods of the cluster with this key, or null. */
export function proxyEnvironmentOf(cloud: Cloud, key: ArmKey): ProxyEnvironment | null {
  const cluster = getResource(cloud, key, CLUSTER);
  return cluster === null ? null : proxyEnvironment(cloud, cluster);
}

/** Returns what a node that joins now is set up with. */
export function newNodeProxy(cloud: Cloud, cluster: ManagedCluster): { readonly proxy?: NodeProxy } {
  const environment = proxyEnvironment(cloud, cluster);
  const config = cluster.httpProxyConfig;
  return environment === null || config === undefined ? {} : { proxy: { config, environment } };
}

/** Returns what a node was set up with; null without a proxy. It stays so until the node is reimaged. */
export function nodeProxyOf(node: Node): NodeProxy | null {
  return node.simulation?.proxy ?? null;
}

/** Reports whether a node was set up with the proxy that its cluster has now. */
export function hasProxyOf(node: Node, cluster: Pick<ManagedCluster, 'httpProxyConfig'>): boolean {
  return isSameProxy(nodeProxyOf(node)?.config, cluster.httpProxyConfig);
}

/**
 * Reports whether nodes and pods get the same from two configurations: one that is off is like none. These are the
 * properties that the service reimages nodes for (https://learn.microsoft.com/azure/aks/http-proxy, 2026-08-26).
 */
export function isSameProxy(one: HttpProxyConfig | undefined, other: HttpProxyConfig | undefined): boolean {
  return effectiveText(one) === effectiveText(other);
}

function effectiveText(config: HttpProxyConfig | undefined): string {
  if (config?.enabled !== true) return '';
  return JSON.stringify([config.httpProxy, config.httpsProxy, config.noProxy ?? [], config.trustedCa]);
}
