/** Load balancers and their parts as `az network lb ... show` prints them. */
import { listResources, sameId } from '../../model/azure/resource-store.ts';
import type {
  BackendAddressPool,
  FrontendIpConfiguration,
  LoadBalancer,
  LoadBalancerProbe,
  LoadBalancingRule,
  SubResource,
} from '../../model/azure/resources.ts';
import type { Cloud } from '../../model/cloud.ts';
import { compact, groupOf, reference, resourceGuid } from './network-json.ts';
import type { JsonObject } from './network-json.ts';

export const LOAD_BALANCERS = 'Microsoft.Network/loadBalancers';

type OutboundRule = LoadBalancer['outboundRules'][number];

/** What a part of a load balancer has in common with every other part. */
function part(balancer: LoadBalancer, kind: string, entry: { readonly id: string; readonly name: string }) {
  return {
    etag: balancer.etag,
    id: entry.id,
    name: entry.name,
    provisioningState: balancer.provisioningState,
    resourceGroup: groupOf(entry.id),
    type: `${LOAD_BALANCERS}/${kind}`,
  };
}

/** References to the rules that use something; null, which is not printed, where none does. */
function users<Rule extends SubResource>(
  rules: readonly Rule[],
  used: SubResource,
  uses: (rule: Rule) => readonly (SubResource | null)[],
): readonly JsonObject[] | null {
  const found = rules.filter((rule) => uses(rule).some((one) => one !== null && sameId(one.id, used.id)));
  return found.length === 0 ? null : found.map(reference);
}

export function frontendJson(balancer: LoadBalancer, frontend: FrontendIpConfiguration): JsonObject {
  return compact({
    ...part(balancer, 'frontendIPConfigurations', frontend),
    loadBalancingRules: users(balancer.loadBalancingRules, frontend, (rule) => [
      rule.frontendIPConfiguration,
    ]),
    outboundRules: users(balancer.outboundRules, frontend, (rule) => rule.frontendIPConfigurations),
    privateIPAddress: frontend.privateIPAddress,
    privateIPAddressVersion: frontend.subnet === null ? null : 'IPv4',
    privateIPAllocationMethod: frontend.privateIPAllocationMethod ?? 'Dynamic',
    publicIPAddress: frontend.publicIPAddress === null ? null : reference(frontend.publicIPAddress),
    publicIPPrefix: frontend.publicIPPrefix === undefined ? null : reference(frontend.publicIPPrefix),
    subnet: frontend.subnet === null ? null : reference(frontend.subnet),
    zones: frontend.zones,
  });
}

/** The IP configurations that say they are in the pool. */
function members(cloud: Cloud, pool: SubResource): readonly string[] {
  const single = listResources(cloud, 'Microsoft.Network/networkInterfaces');
  const sets = listResources(cloud, 'Microsoft.Compute/virtualMachineScaleSets');
  return [...single, ...sets.flatMap((set) => set.instances.map((one) => one.networkInterface))]
    .flatMap((nic) => nic.ipConfigurations)
    .filter((one) => one.loadBalancerBackendAddressPools.some(({ id }) => sameId(id, pool.id)))
    .map((one) => one.id);
}

export function poolJson(cloud: Cloud, balancer: LoadBalancer, pool: BackendAddressPool): JsonObject {
  const ids = members(cloud, pool);
  return compact({
    ...part(balancer, 'backendAddressPools', pool),
    backendIPConfigurations: ids.length === 0 ? null : ids.map((id) => reference({ id })),
    loadBalancerBackendAddresses: ids.map((id) => ({
      name: addressName(id),
      networkInterfaceIPConfiguration: reference({ id }),
    })),
    loadBalancingRules: users(balancer.loadBalancingRules, pool, (rule) => [rule.backendAddressPool]),
    outboundRules: users(balancer.outboundRules, pool, (rule) => [rule.backendAddressPool]),
  });
}

/**
 * As the service names an address that it took over from a NIC: group, NIC and configuration
 * (https://github.com/Azure/azure-cli/issues/15175); of a scale set's NIC with the instance before it.
 */
function addressName(id: string): string {
  const [nic = '', , configuration = ''] = id.split('/').slice(-3);
  const instance = /\/virtualMachines\/([^/]+)\//i.exec(id)?.[1] ?? '';
  return `${groupOf(id)}_${instance}${nic}${configuration}`;
}

export function ruleJson(balancer: LoadBalancer, rule: LoadBalancingRule): JsonObject {
  const pool = rule.backendAddressPool;
  return compact({
    ...part(balancer, 'loadBalancingRules', rule),
    // The service fills in both: the list came with gateway load balancers, which have several.
    backendAddressPool: pool === null ? null : reference(pool),
    backendAddressPools: pool === null ? null : [reference(pool)],
    backendPort: rule.backendPort,
    disableOutboundSnat: rule.disableOutboundSnat,
    enableFloatingIP: rule.enableFloatingIP,
    enableTcpReset: rule.enableTcpReset,
    frontendIPConfiguration: reference(rule.frontendIPConfiguration),
    frontendPort: rule.frontendPort,
    idleTimeoutInMinutes: rule.idleTimeoutInMinutes,
    loadDistribution: rule.loadDistribution,
    probe: rule.probe === null ? null : reference(rule.probe),
    protocol: rule.protocol,
  });
}

export function probeJson(balancer: LoadBalancer, probe: LoadBalancerProbe): JsonObject {
  return compact({
    ...part(balancer, 'probes', probe),
    intervalInSeconds: probe.intervalInSeconds,
    loadBalancingRules: users(balancer.loadBalancingRules, probe, (rule) => [rule.probe]),
    numberOfProbes: probe.numberOfProbes,
    port: probe.port,
    probeThreshold: probe.probeThreshold ?? probe.numberOfProbes,
    protocol: probe.protocol,
    requestPath: probe.requestPath,
  });
}

export function outboundRuleJson(balancer: LoadBalancer, rule: OutboundRule): JsonObject {
  return {
    ...part(balancer, 'outboundRules', rule),
    allocatedOutboundPorts: rule.allocatedOutboundPorts,
    backendAddressPool: reference(rule.backendAddressPool),
    enableTcpReset: rule.enableTcpReset,
    frontendIPConfigurations: rule.frontendIPConfigurations.map(reference),
    idleTimeoutInMinutes: rule.idleTimeoutInMinutes,
    protocol: rule.protocol,
  };
}

export function loadBalancerJson(cloud: Cloud, balancer: LoadBalancer): JsonObject {
  return compact({
    backendAddressPools: balancer.backendAddressPools.map((one) => poolJson(cloud, balancer, one)),
    etag: balancer.etag,
    frontendIPConfigurations: balancer.frontendIPConfigurations.map((one) => frontendJson(balancer, one)),
    id: balancer.id,
    inboundNatPools: [],
    inboundNatRules: [],
    loadBalancingRules: balancer.loadBalancingRules.map((one) => ruleJson(balancer, one)),
    location: balancer.location,
    name: balancer.name,
    outboundRules: balancer.outboundRules.map((one) => outboundRuleJson(balancer, one)),
    probes: balancer.probes.map((one) => probeJson(balancer, one)),
    provisioningState: balancer.provisioningState,
    resourceGroup: balancer.resourceGroup,
    resourceGuid: resourceGuid(cloud, balancer.id),
    sku: { name: balancer.sku.name, tier: balancer.sku.tier },
    tags: balancer.tags,
    type: balancer.type,
  });
}
