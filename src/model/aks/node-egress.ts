/**
 * Whether a new node gets out far enough to become one. A node's first act is to reach mcr.microsoft.com:443; where it
 * cannot, its extension vmssCSE ends with exit code 50
 * (https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/vmextensionerror-outboundconnfail).
 * Decided: the request that wants the node is refused, and nothing is left behind; the service leaves the machine
 * and a failed pool. Running nodes stay as they are, whatever happens to their way out.
 */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import { findResource, getResource } from '../azure/resource-store.ts';
import type { SecurityRule, Subnet, SubResource } from '../azure/resources.ts';
import { findSubnet } from '../azure/subnet.ts';
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { AgentPool, ManagedCluster } from './managed-cluster.ts';

const GROUP = 'Microsoft.Network/networkSecurityGroups';
const REGISTRY_PORT = 443;

export type EgressSetting = Pick<
  ManagedCluster,
  'nodeResourceGroup' | 'networkProfile' | 'bootstrapArtifactSource'
> & {
  readonly simulation: Pick<ManagedCluster['simulation'], 'agentPoolDigits' | 'virtualNetworkId'>;
};

/**
 * Checks that a new node of a pool has a way to the internet, unless the cluster takes what nodes need from a
 * registry of its own. Whether an appliance or a gateway is there and what it does with packets, and rules that allow some public addresses
 * only, are taken for a way out, since no simulated packet goes to the registry. Error: `VMExtensionProvisioningError`.
 */
export function checkNodeEgress(
  cloud: Cloud,
  cluster: EgressSetting,
  pool: Pick<AgentPool, 'vnetSubnetId'>,
): Result<null, AzureError> {
  if (cluster.bootstrapArtifactSource === 'Cache') return ok(null);
  const id = pool.vnetSubnetId ?? `${cluster.simulation.virtualNetworkId}/subnets/aks-subnet`;
  const subnet = findSubnet(cloud, id)?.subnet ?? null;
  if (subnet === null) return ok(null);
  const why = routeProblem(cloud, cluster, subnet) ?? securityProblem(cloud, cluster, subnet);
  if (why === null) return ok(null);
  return err(
    azureError(
      'VMExtensionProvisioningError',
      `CSE failed with 'VMExtensionError_OutboundConnFail'. Agents are unable to establish outbound connection: ${why}. Exit status 50. For more detailed troubleshooting, see https://aka.ms/aks/vmextensionerror_outboundconnfail and https://aka.ms/aks-required-ports-and-addresses for more information.`,
    ),
  );
}

function routeProblem(cloud: Cloud, cluster: EgressSetting, subnet: Subnet): string | null {
  const table =
    subnet.routeTable === null
      ? null
      : getResource(cloud, subnet.routeTable.id, 'Microsoft.Network/routeTables');
  const route = table?.routes.find((each) => each.addressPrefix === '0.0.0.0/0');
  switch (route?.nextHopType) {
    case 'VirtualAppliance':
    case 'VirtualNetworkGateway':
    case 'VnetLocal':
      return null;
    case 'None':
      return `route ${route.name} of subnet ${subnet.name} drops what is for the internet`;
    case 'Internet':
    case undefined:
      break;
  }
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

function securityProblem(cloud: Cloud, cluster: EgressSetting, subnet: Subnet): string | null {
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
