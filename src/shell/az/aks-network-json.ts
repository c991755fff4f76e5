/** The network profile of a cluster as `az aks show` prints it. */
import type { NatGatewayProfile, NetworkProfile } from '../../model/aks/managed-cluster.ts';
import { parseResourceId } from '../../model/azure/resource-store.ts';
import type { SubResource } from '../../model/azure/resources.ts';
import type { Json } from './command.ts';

export function networkProfileJson(network: NetworkProfile): Json {
  const balancer = network.loadBalancerProfile;
  return {
    advancedNetworking: null,
    dnsServiceIp: network.dnsServiceIp,
    ipFamilies: network.ipFamilies,
    loadBalancerProfile:
      balancer === null
        ? null
        : {
            allocatedOutboundPorts: balancer.allocatedOutboundPorts,
            backendPoolType: 'nodeIPConfiguration',
            effectiveOutboundIPs: balancer.effectiveOutboundIPs.map(resourceReference),
            enableMultipleStandardLoadBalancers: null,
            idleTimeoutInMinutes: balancer.idleTimeoutInMinutes,
            managedOutboundIPs:
              balancer.managedOutboundIPs === null
                ? null
                : { count: balancer.managedOutboundIPs.count, countIpv6: null },
            outboundIPs: listed('publicIPs', balancer.outboundIPs ?? []),
            outboundIpPrefixes: listed('publicIpPrefixes', balancer.outboundIPPrefixes ?? []),
          },
    loadBalancerSku: network.loadBalancerSku,
    natGatewayProfile: gatewayJson(network.natGatewayProfile ?? null),
    networkDataplane: network.networkDataplane,
    networkMode: null,
    networkPlugin: network.networkPlugin,
    networkPluginMode: network.networkPluginMode,
    networkPolicy: network.networkPolicy,
    outboundType: network.outboundType,
    podCidr: network.podCidr,
    podCidrs: network.podCidrs,
    serviceCidr: network.serviceCidr,
    serviceCidrs: network.serviceCidrs,
    staticEgressGatewayProfile: null,
  };
}

/** Ids of addresses of one's own; null for none, as the service has it. */
function listed(key: string, ids: readonly SubResource[]): Json {
  return ids.length === 0 ? null : { [key]: ids.map(resourceReference) };
}

function resourceReference({ id }: SubResource): { readonly id: string; readonly resourceGroup: string } {
  return { id, resourceGroup: parseResourceId(id)?.resourceGroup ?? '' };
}

function gatewayJson(profile: NatGatewayProfile | null): Json {
  if (profile === null) return null;
  const managed = profile.managedOutboundIPProfile;
  return {
    effectiveOutboundIPs: profile.effectiveOutboundIPs.map(resourceReference),
    idleTimeoutInMinutes: profile.idleTimeoutInMinutes,
    managedOutboundIpProfile: managed === null ? null : { count: managed.count, countIpv6: null },
    outboundIpPrefixes: listed('publicIpPrefixes', profile.outboundIPPrefixes),
    outboundIPs: listed('publicIPs', profile.outboundIPs),
    sku: profile.sku,
  };
}
