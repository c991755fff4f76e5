/**
 * Whether a new node gets out far enough to become one. Its extension vmssCSE ends with exit code 50 where it cannot
 * reach what it needs, 51 where that is the API server, 52 where nobody resolves the name of it
 * (https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/vmextensionerror-outboundconnfail,
 * vmextensionerror-k8sapiserverconnfail and vmextensionerror-k8sapiserverdnslookupfail).
 *
 * Decided: the request that wants the node is refused, and nothing is left behind; the service leaves the machine
 * and a failed pool. Each required name that is blocked ends with 50, although only that of mcr.microsoft.com is
 * tried for its own sake, and a download that fails later has a code of its own. Dead DNS ends with 52, as the page
 * about custom DNS servers has it, although the newest script notices it before everything else.
 */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import { armKey, findResource, getResource } from '../azure/resource-store.ts';
import type { SecurityRule, Subnet, SubResource } from '../azure/resources.ts';
import { findSubnet } from '../azure/subnet.ts';
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { whyNoApiServer } from './api-server-contact.ts';
import { nodeSubnetId } from './authorized-ranges.ts';
import { egressPathOf } from './egress-path.ts';
import type { EgressPath } from './egress-path.ts';
import type { NodeProxy } from '../kubernetes/objects.ts';
import { OUTBOUND_CHECK } from '../limits/http-proxy.ts';
import { newNodeProxy } from './http-proxy.ts';
import type { AgentPool, ManagedCluster } from './managed-cluster.ts';
import { whyNoNames } from './node-dns.ts';
import { nodeEnd, proxyOfNode, requestThroughProxy, whyCheckFails } from './node-proxy.ts';
import { firewallDenies, likelySource, requiredEndpoints } from './required-egress.ts';
import type { RequiredEndpoint } from './required-egress.ts';

const GROUP = 'Microsoft.Network/networkSecurityGroups';
const REGISTRY_PORT = 443;
/** What a new node asks for to see whether it gets out. */
const CHECK = { method: 'GET', path: '/v2/' } as const;

/**
 * Checks that a new node of a pool reaches what it needs; of a cluster that takes its images from a registry of its
 * own, through a firewall, only the API server. The cluster and its control plane are in the cloud. What a virtual
 * machine or a gateway does with packets, and rules of security groups that allow some public addresses only, are taken for a way
 * out, since no simulated packet goes to the registry. Error: `VMExtensionProvisioningError`.
 */
export function checkNodeEgress(
  cloud: Cloud,
  cluster: ManagedCluster,
  pool: Pick<AgentPool, 'vnetSubnetId'>,
): Result<null, AzureError> {
  const found = findSubnet(cloud, nodeSubnetId(cluster, pool));
  if (found === null) return ok(null);
  const { subnet } = found;
  const path = egressPathOf(cloud, subnet.id, null);
  const isCached = cluster.bootstrapArtifactSource === 'Cache';
  if (isCached && path.kind !== 'firewall') return ok(null);
  const { proxy } = newNodeProxy(cloud, cluster);
  const direct = proxy === undefined ? null : directEndpoints(cloud, cluster, proxy);
  const proxied = proxy === undefined || isCached ? null : whyNotProxied(cloud, cluster, found, proxy);
  const goesDirect = direct === null || direct.length > 0;
  const why =
    proxied ?? (isCached || !goesDirect ? null : whyNoInternet(cloud, cluster, subnet, path, direct));
  if (why !== null) {
    return err(
      failedExtension(
        `CSE failed with 'VMExtensionError_OutboundConnFail'. Agents are unable to establish outbound connection: ${why}. Exit status 50. For more detailed troubleshooting, see https://aka.ms/aks/vmextensionerror_outboundconnfail and https://aka.ms/aks-required-ports-and-addresses for more information.`,
      ),
    );
  }
  const nameless = whyNoNames(cloud, found, cluster.fqdn);
  if (nameless !== null) {
    return err(
      failedExtension(
        `CSE failed with 'VMExtensionError_K8SAPIServerDNSLookupFail'. Agents are unable to resolve Kubernetes API server name. ${nameless}. Exit status 52. Please see https://aka.ms/aks/vmextensionerror_k8sapiserverdnslookupfail and https://aka.ms/aks/private-cluster#hub-and-spoke-with-custom-dns for more information.`,
      ),
    );
  }
  const unheard =
    whyNoApiServer(cloud, cluster, pool, likelySource(cloud, subnet)) ??
    (proxy === undefined ? null : whyNoDirectWay(cloud, cluster, subnet, path));
  if (unheard === null) return ok(null);
  return err(
    failedExtension(
      `CSE failed with 'VMExtensionError_K8SAPIServerConnFail'. Agents are unable to establish connection to Kubernetes API server, please see https://aka.ms/aks/vmextensionerror_k8sapiserverconnfail and https://aka.ms/aks-required-ports-and-addresses for more information. Exit status 51: ${unheard}.`,
    ),
  );
}

/**
 * Returns what is not known about the way of new nodes through the proxy, as a clause; null where there is no proxy, or
 * it is known. Such nodes are taken to get out.
 */
export function whyProxyUnknown(
  cloud: Cloud,
  cluster: ManagedCluster,
  pool: Pick<AgentPool, 'vnetSubnetId'>,
): string | null {
  const found = findSubnet(cloud, nodeSubnetId(cluster, pool));
  const { proxy } = newNodeProxy(cloud, cluster);
  if (found === null || proxy === undefined) return null;
  const from = nodeEnd(cloud, cluster, found, likelySource(cloud, found.subnet));
  const server = proxyOfNode(proxy, OUTBOUND_CHECK.value.host);
  if (server === null) return null;
  const { answer } = requestThroughProxy(cloud, from, server, OUTBOUND_CHECK.value.host, CHECK);
  return answer.kind === 'unknown' ? answer.why : null;
}

function failedExtension(message: string): AzureError {
  return azureError('VMExtensionProvisioningError', message);
}

/** What a node with an HTTP proxy goes to itself, of what it needs from the internet. */
function directEndpoints(
  cloud: Cloud,
  cluster: ManagedCluster,
  proxy: NodeProxy,
): readonly RequiredEndpoint[] {
  return internetEndpoints(cloud, cluster).filter(({ host }) => proxyOfNode(proxy, host) === null);
}

/** Why the proxy does not give a new node what it needs, as a clause; null if it does, or nobody knows. */
function whyNotProxied(
  cloud: Cloud,
  cluster: ManagedCluster,
  place: NonNullable<ReturnType<typeof findSubnet>>,
  proxy: NodeProxy,
): string | null {
  const from = nodeEnd(cloud, cluster, place, likelySource(cloud, place.subnet));
  for (const endpoint of internetEndpoints(cloud, cluster)) {
    const server = proxyOfNode(proxy, endpoint.host);
    if (server === null) continue;
    const asked = requestThroughProxy(cloud, from, server, endpoint.host, CHECK);
    const why = whyCheckFails(asked);
    if (why !== null) return `${described(endpoint)} ${why}`;
  }
  return null;
}

/** The API server is never asked through the proxy: why a subnet has no way of its own to it. */
function whyNoDirectWay(
  cloud: Cloud,
  cluster: ManagedCluster,
  subnet: Subnet,
  path: EgressPath,
): string | null {
  if (path.kind !== 'edge') return null;
  const why = edgeProblem(cloud, cluster, subnet) ?? securityProblem(cloud, cluster, subnet);
  return why === null ? null : `${cluster.fqdn}, which is never asked through the HTTP proxy: ${why}`;
}

/** `only` are the names that nodes ask for themselves; null for all. */
function whyNoInternet(
  cloud: Cloud,
  cluster: ManagedCluster,
  subnet: Subnet,
  path: EgressPath,
  only: readonly RequiredEndpoint[] | null,
): string | null {
  switch (path.kind) {
    case 'blocked':
      return path.why;
    case 'edge':
      return edgeProblem(cloud, cluster, subnet) ?? securityProblem(cloud, cluster, subnet);
    case 'unknown':
      return securityProblem(cloud, cluster, subnet);
    case 'firewall': {
      const source = likelySource(cloud, subnet);
      const denied = (only ?? internetEndpoints(cloud, cluster)).flatMap((endpoint) => {
        const why = firewallDenies(cloud, path.firewall, source, endpoint);
        return why === null ? [] : [{ endpoint, why }];
      });
      const [first, ...others] = denied;
      if (first === undefined) return securityProblem(cloud, cluster, subnet);
      const also =
        others.length === 0
          ? ''
          : `; the same goes for ${others.map(({ endpoint }) => endpoint.name).join(', ')}`;
      return `${described(first.endpoint)}, where route ${path.route.name} of subnet ${subnet.name} leads to ${first.why}${also}`;
    }
  }
}

function described({ name, host, protocol, port, request, purpose }: RequiredEndpoint): string {
  const asked = name === host ? '' : `, here ${host}`;
  return `${name}:${port} (${request ?? protocol}${asked}; ${purpose})`;
}

function internetEndpoints(cloud: Cloud, cluster: ManagedCluster): readonly RequiredEndpoint[] {
  const apiServer = cloud.kubernetes[armKey(cluster.id)]?.controlPlane.apiServer;
  const { location, fqdn } = cluster;
  const asking = { location, fqdn, apiServer: apiServer ?? { address: '', port: REGISTRY_PORT } };
  return requiredEndpoints(asking).filter(({ leadsTo }) => leadsTo === 'internet');
}

/** Of a subnet whose routes lead to the internet: whether there is anything to leave by. */
function edgeProblem(cloud: Cloud, cluster: ManagedCluster, subnet: Subnet): string | null {
  if (hasGateway(cloud, subnet.natGateway ?? null)) return null;
  const { outboundType } = cluster.networkProfile;
  // What AKS made itself it puts back before it adds a node.
  if (outboundType === 'loadBalancer' || outboundType === 'managedNATGateway') return null;
  const nothing = `outbound type ${outboundType} makes no way out, subnet ${subnet.name} has no NAT gateway with an address`;
  if (subnet.defaultOutboundAccess === false) return `${nothing}, and it is private`;
  const balanced = ['kubernetes', 'kubernetes-internal'].some(
    (name) =>
      findResource(cloud, 'Microsoft.Network/loadBalancers', cluster.nodeResourceGroup, name) !== null,
  );
  return balanced ? `${nothing}, and nodes behind a load balancer have no default outbound access` : null;
}

function hasGateway(cloud: Cloud, gateway: SubResource | null): boolean {
  const found = gateway === null ? null : getResource(cloud, gateway.id, 'Microsoft.Network/natGateways');
  return found !== null && found.publicIpAddresses.length + found.publicIpPrefixes.length > 0;
}

function securityProblem(cloud: Cloud, cluster: ManagedCluster, subnet: Subnet): string | null {
  const own = findResource(
    cloud,
    GROUP,
    cluster.nodeResourceGroup,
    `aks-agentpool-${cluster.simulation.agentPoolDigits}-nsg`,
  );
  const onSubnet =
    subnet.networkSecurityGroup === null ? null : getResource(cloud, subnet.networkSecurityGroup.id, GROUP);
  for (const group of [own, onSubnet]) {
    const rule = group === null ? null : denyingRule(group.securityRules);
    if (group !== null && rule !== null) {
      return `rule ${rule.name} of network security group ${group.name} denies it`;
    }
  }
  return null;
}

/** Returns the rule that denies the whole internet, unless an earlier one lets some of it through; or null. */
function denyingRule(rules: readonly SecurityRule[]): SecurityRule | null {
  const outbound = rules
    .filter((rule) => rule.direction === 'Outbound' && (rule.protocol === '*' || rule.protocol === 'Tcp'))
    .filter((rule) => portsOf(rule).some(coversRegistry))
    .sort((a, b) => a.priority - b.priority);
  for (const rule of outbound) {
    const destinations = [rule.destinationAddressPrefix ?? '', ...rule.destinationAddressPrefixes];
    const whole = destinations.some((each) => ['*', 'internet', '0.0.0.0/0'].includes(each.toLowerCase()));
    const anySource = [rule.sourceAddressPrefix ?? '', ...rule.sourceAddressPrefixes].some((each) =>
      ['*', 'virtualnetwork', '0.0.0.0/0'].includes(each.toLowerCase()),
    );
    if (rule.access === 'Deny' && whole && anySource) return rule;
    const inside = destinations.every((each) => each === '' || each.toLowerCase() === 'virtualnetwork');
    if (rule.access === 'Allow' && !inside) return null;
  }
  return null;
}

function portsOf(rule: SecurityRule): readonly string[] {
  return rule.destinationPortRange === null ? rule.destinationPortRanges : [rule.destinationPortRange];
}

function coversRegistry(range: string): boolean {
  if (range === '*') return true;
  const [low = '', high = low] = range.split('-');
  return Number(low) <= REGISTRY_PORT && REGISTRY_PORT <= Number(high);
}
