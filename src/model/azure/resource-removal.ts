import type { Cloud, Resource } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { ipGroupsOfFirewall } from './azure-firewall-rule-checks.ts';
import { azureError, refusedToo } from './error.ts';
import type { AzureError } from './error.ts';
import { ipGroupsOf, rulesOfPolicy } from './firewall-policy-group.ts';
import { subnetsOfNatGateway } from './nat-gateway-checks.ts';
import { armKey } from './resource-store.ts';
import type { ArmKey, IpConfiguration, NetworkInterface } from './resources.ts';
import { settlePeerings } from './virtual-network-peering.ts';

/** Why resources cannot go: each as `TYPE/NAME`, and Azure's refusal for the first. */
export interface RemovalRefusal {
  readonly identifiers: readonly string[];
  readonly cause: AzureError;
}

/** A use of one resource by another: `by` is the id that Azure names in its refusal. */
interface Use {
  readonly of: ArmKey;
  readonly by: string;
  /** The subnet's name, when what is used is a subnet of a VNet. */
  readonly subnet?: string;
}

/**
 * Removes resources that go together, with what hangs on them: the cluster's Kubernetes objects, role
 * assignments on their scopes, and the references that the ones which stay hold to them. Error: the
 * first is still used by a resource that stays.
 */
export function removeResources(cloud: Cloud, keys: readonly ArmKey[]): Result<Cloud, RemovalRefusal> {
  const going = new Set(keys.flatMap((key) => [key, ...goingAlong(cloud, key)]));
  const blocked = new Map<ArmKey, Use>();
  for (const [key, resource] of Object.entries(cloud.resources)) {
    if (going.has(key)) continue;
    for (const use of usesBy(resource)) {
      if (going.has(use.of) && !blocked.has(use.of)) blocked.set(use.of, use);
    }
  }
  for (const key of going) {
    const connected = connectionThatStays(cloud, key, going);
    if (connected !== null && !blocked.has(key)) blocked.set(key, connected);
  }
  const [first] = blocked.values();
  if (first !== undefined) {
    return err({
      identifiers: [...blocked.keys()].map((key) => identifier(cloud, key)),
      cause: refusal(cloud, first),
    });
  }
  const resources: Record<ArmKey, Resource> = {};
  for (const [key, resource] of Object.entries(cloud.resources)) {
    if (going.has(key)) continue;
    if (resource.type === 'Microsoft.Authorization/roleAssignments' && scopeGoes(going, resource.scope)) {
      continue;
    }
    resources[key] = forget(resource, going);
  }
  const kubernetes = Object.fromEntries(Object.entries(cloud.kubernetes).filter(([key]) => !going.has(key)));
  return ok(settlePeerings({ ...cloud, resources, kubernetes }));
}

/** Removes one resource. Error: Azure's refusal, because another resource uses it. */
export function removeUnused(cloud: Cloud, id: string): Result<Cloud, AzureError> {
  const removed = removeResources(cloud, [armKey(id)]);
  return removed.ok ? removed : err(removed.error.cause);
}

/** A private endpoint's NIC is made with it and goes with it. */
function goingAlong(cloud: Cloud, key: ArmKey): readonly ArmKey[] {
  const resource = cloud.resources[key];
  if (resource?.type !== 'Microsoft.Network/privateEndpoints') return [];
  return resource.networkInterfaces.map(({ id }) => armKey(id));
}

/** A Private Link service stays as long as an endpoint that stays is connected to it. */
function connectionThatStays(cloud: Cloud, key: ArmKey, going: ReadonlySet<ArmKey>): Use | null {
  const resource = cloud.resources[key];
  if (resource?.type !== 'Microsoft.Network/privateLinkServices') return null;
  const connection = resource.privateEndpointConnections.find(
    ({ privateEndpoint }) => !going.has(armKey(privateEndpoint.id)),
  );
  return connection === undefined ? null : { of: key, by: connection.id };
}

function usesBy(resource: Resource): readonly Use[] {
  switch (resource.type) {
    case 'Microsoft.Network/virtualNetworks':
      return resource.subnets.flatMap((subnet) => [
        ...useOf(subnet.routeTable, subnet.id),
        ...useOf(subnet.networkSecurityGroup, subnet.id),
        ...useOf(subnet.natGateway ?? null, subnet.id),
      ]);
    case 'Microsoft.Network/networkInterfaces':
      return usesByInterface(resource);
    case 'Microsoft.Compute/virtualMachineScaleSets':
      return resource.instances.flatMap((instance) => usesByInterface(instance.networkInterface));
    case 'Microsoft.Network/loadBalancers':
      return resource.frontendIPConfigurations.flatMap((frontend) => [
        ...useOf(frontend.publicIPAddress, frontend.id),
        ...useOf(frontend.publicIPPrefix ?? null, frontend.id),
        ...useOfSubnet(frontend.subnet, frontend.id),
      ]);
    case 'Microsoft.Compute/virtualMachines':
      return resource.networkProfile.networkInterfaces.flatMap((one) => useOf(one, resource.id));
    case 'Microsoft.Network/privateLinkServices':
      return [
        ...resource.ipConfigurations.flatMap((one) => useOfSubnet(one.subnet, one.id)),
        ...resource.loadBalancerFrontendIpConfigurations.flatMap(({ id }) =>
          useOf({ id: id.replace(/\/frontendIPConfigurations\/[^/]+$/i, '') }, resource.id),
        ),
      ];
    case 'Microsoft.Network/privateEndpoints':
      return [
        ...useOfSubnet(resource.subnet, resource.id),
        ...resource.networkInterfaces.flatMap((one) => useOf(one, resource.id)),
      ];
    case 'Microsoft.Network/publicIPAddresses':
      return useOf(resource.publicIPPrefix ?? null, resource.id);
    case 'Microsoft.Network/natGateways':
      return [...resource.publicIpAddresses, ...resource.publicIpPrefixes].flatMap((one) =>
        useOf(one, resource.id),
      );
    case 'Microsoft.Network/networkSecurityGroups':
      return resource.securityRules.flatMap((rule) =>
        [
          ...(rule.sourceApplicationSecurityGroups ?? []),
          ...(rule.destinationApplicationSecurityGroups ?? []),
        ].flatMap((one) => useOf(one, rule.id)),
      );
    case 'Microsoft.Network/azureFirewalls':
      return [
        ...[...resource.ipConfigurations, resource.managementIpConfiguration].flatMap((one) =>
          one === undefined
            ? []
            : [...useOfSubnet(one.subnet, one.id), ...useOf(one.publicIPAddress, one.id)],
        ),
        ...useOf(resource.firewallPolicy, resource.id),
        ...ipGroupsOfFirewall(resource).flatMap((id) => useOf({ id }, resource.id)),
      ];
    case 'Microsoft.Network/firewallPolicies':
      return [
        ...useOf(resource.basePolicy, resource.id),
        ...rulesOfPolicy(resource).flatMap((rule) =>
          ipGroupsOf(rule).flatMap((id) => useOf({ id }, resource.id)),
        ),
      ];
    case 'Microsoft.Network/virtualNetworkGateways':
      return resource.ipConfigurations.flatMap((one) => [
        ...useOfSubnet(one.subnet, one.id),
        ...useOf(one.publicIPAddress, one.id),
      ]);
    case 'Microsoft.Network/connections':
      return [
        ...useOf(resource.virtualNetworkGateway1, resource.id),
        ...useOf(resource.localNetworkGateway2, resource.id),
      ];
    case 'Microsoft.Network/routeTables':
    case 'Microsoft.Network/ipGroups':
    case 'Microsoft.Network/localNetworkGateways':
    case 'Microsoft.Network/applicationSecurityGroups':
    case 'Microsoft.Network/publicIPPrefixes':
    case 'Microsoft.ManagedIdentity/userAssignedIdentities':
    case 'Microsoft.Authorization/roleAssignments':
    case 'Microsoft.Authorization/roleDefinitions':
    case 'Microsoft.ContainerService/ManagedClusters':
      return [];
  }
}

function usesByInterface(nic: Omit<NetworkInterface, 'virtualMachine'>): readonly Use[] {
  return [
    ...useOf(nic.networkSecurityGroup, nic.id),
    ...nic.ipConfigurations.flatMap((one: IpConfiguration) => [
      ...useOfSubnet(one.subnet, one.id),
      ...useOf(one.publicIPAddress, one.id),
      ...(one.applicationSecurityGroups ?? []).flatMap((group) => useOf(group, one.id)),
      ...one.loadBalancerBackendAddressPools.flatMap((pool) =>
        useOf({ id: pool.id.slice(0, pool.id.toLowerCase().lastIndexOf('/backendaddresspools/')) }, one.id),
      ),
    ]),
  ];
}

function useOf(reference: { readonly id: string } | null, by: string): readonly Use[] {
  return reference === null ? [] : [{ of: armKey(reference.id), by }];
}

function useOfSubnet(reference: { readonly id: string } | null, by: string): readonly Use[] {
  if (reference === null) return [];
  const [virtualNetwork = '', subnet = ''] = reference.id.split(/\/subnets\//i);
  return [{ of: armKey(virtualNetwork), by, subnet }];
}

function identifier(cloud: Cloud, key: ArmKey): string {
  const resource = cloud.resources[key];
  return resource === undefined ? key : `${resource.type}/${resource.name}`;
}

function refusal(cloud: Cloud, use: Use): AzureError {
  const resource = cloud.resources[use.of];
  if (resource === undefined) throw new Error(`${use.of} blocks a removal but is not there`);
  const { id, name } = resource;
  switch (resource.type) {
    case 'Microsoft.Network/virtualNetworks':
      return azureError(
        'InUseSubnetCannotBeDeleted',
        `Subnet ${use.subnet ?? ''} is in use by ${use.by} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`,
      );
    case 'Microsoft.Network/routeTables':
      return azureError(
        'InUseRouteTableCannotBeDeleted',
        `Route table ${name} is in use and cannot be deleted.`,
      );
    case 'Microsoft.Network/networkSecurityGroups':
      return azureError(
        'InUseNetworkSecurityGroupCannotBeDeleted',
        `Network security group ${id} cannot be deleted because it is in use by the following resources: ${use.by}. In order to delete the Network security group, remove the association with the resource(s). To learn how to do this, see aka.ms/deletensg.`,
      );
    case 'Microsoft.Network/networkInterfaces':
      if (/\/privateEndpoints\//i.test(use.by)) {
        return azureError(
          'NicInUseWithPrivateEndpoint',
          `Network interface ${id} cannot be deleted since it is currently in use with an private endpoint (${use.by}).`,
        );
      }
      return azureError(
        'NicInUse',
        `Network Interface ${id} is used by existing resource ${use.by}. In order to delete the network interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.`,
      );
    case 'Microsoft.Network/publicIPAddresses':
      return azureError(
        'PublicIPAddressCannotBeDeleted',
        `Public IP address ${id} can not be deleted since it is still allocated to resource ${use.by}. In order to delete the public IP, disassociate/detach the Public IP address from the resource. To learn how to do this, see aka.ms/deletepublicip.`,
      );
    // Code in https://github.com/Azure/kube-egress-gateway/pull/1223 (2025-10-07); its text is not recorded.
    case 'Microsoft.Network/publicIPPrefixes':
      return azureError(
        'InUsePublicIpPrefixCannotBeDeleted',
        `Public IP prefix ${id} is in use by ${use.by} and cannot be deleted.`,
      );
    case 'Microsoft.Network/loadBalancers':
      if (!/\/privateLinkServices\//i.test(use.by)) return inUse(id, use.by);
      return azureError(
        'CannotDeleteLoadBalancerWithPrivateLinkService',
        `Cannot delete load balancer ${id} since it is referenced by private link service ${use.by}. Please delete private link service prior to deleting load balancer.`,
      );
    case 'Microsoft.Network/privateLinkServices':
      return azureError(
        'PrivateLinkServiceWithPrivateEndpointConnectionsCannotBeDeleted',
        `Private link service ${id} cannot be deleted since it has ${resource.privateEndpointConnections.length} private endpoint connections. Please delete all private endpoint connections before deleting the private link service.`,
      );
    // Text in https://github.com/Azure-Samples/Copilot-Studio-with-Azure-AI-Search/issues/62 (2025-05-08).
    case 'Microsoft.Network/natGateways':
      return azureError(
        'CannotDeleteNatGatewayAssociatedToSubnet',
        `NAT Gateway ${id} is still configured on ${subnetsOfNatGateway(cloud, id).length} subnets. Remove NAT Gateway from all referenced subnets and then delete NAT Gateway.`,
      );
    case 'Microsoft.Network/applicationSecurityGroups': {
      // The sentence is on record (azure-cli issue 12591, 2020-03-15); the code is formed like its siblings.
      const kind = /\/securityRules\//i.test(use.by) ? 'SecurityRule(s)' : 'IpConfiguration(s)';
      return azureError(
        'InUseApplicationSecurityGroupCannotBeDeleted',
        `Application Security Group ${name} cannot be deleted because it is referenced by ${kind} ${use.by.slice(use.by.lastIndexOf('/') + 1)}.`,
      );
    }
    // The code is in many public scripts; its text is not recorded.
    case 'Microsoft.Network/virtualNetworkGateways':
      return azureError(
        'VirtualNetworkGatewayCannotBeDeleted',
        `Virtual network gateway ${id} cannot be deleted because it is in use by connection ${use.by}. Delete the connection first.`,
      );
    case 'Microsoft.Network/firewallPolicies':
      return /\/firewallPolicies\//i.test(use.by)
        ? refusedToo(`Deleting firewall policy ${name}, from which other policies inherit,`)
        : refusedToo(`Deleting firewall policy ${name}, which firewalls use,`);
    // https://github.com/Azure/azure-rest-api-specs/issues/25739 (2023-09-11)
    case 'Microsoft.Network/ipGroups':
      if (!/\/firewallPolicies\//i.test(use.by)) {
        // https://github.com/Azure/azure-cli-extensions/issues/1670 (2020-05-08)
        return azureError(
          'IpGroupsHasResourceReferences',
          `IpGroups '${id}' cannot be deleted since there are other Azure Resources using this resource.`,
        );
      }
      return azureError(
        'IpGroupsHasFirewallPolicyReferences',
        `IpGroups '${id}' cannot be deleted since there are firewall policies using this resource.`,
      );
    case 'Microsoft.Network/privateEndpoints':
    case 'Microsoft.Network/azureFirewalls':
    case 'Microsoft.Network/localNetworkGateways':
    case 'Microsoft.Network/connections':
    case 'Microsoft.Compute/virtualMachines':
    case 'Microsoft.Compute/virtualMachineScaleSets':
    case 'Microsoft.ManagedIdentity/userAssignedIdentities':
    case 'Microsoft.Authorization/roleAssignments':
    case 'Microsoft.Authorization/roleDefinitions':
    case 'Microsoft.ContainerService/ManagedClusters':
      return inUse(id, use.by);
  }
}

function inUse(id: string, by: string): AzureError {
  return azureError('ResourceInUse', `Resource ${id} is in use by ${by} and cannot be deleted.`);
}

function scopeGoes(going: ReadonlySet<ArmKey>, scope: string): boolean {
  const key = armKey(scope);
  return going.has(key) || [...going].some((one) => key.startsWith(`${one}/`));
}

/** Clears the back references that a resource which stays holds to ones that go. */
function forget(resource: Resource, going: ReadonlySet<ArmKey>): Resource {
  if (resource.type === 'Microsoft.Network/networkInterfaces' && resource.virtualMachine !== null) {
    return going.has(armKey(resource.virtualMachine.id)) ? { ...resource, virtualMachine: null } : resource;
  }
  if (resource.type === 'Microsoft.Network/publicIPAddresses' && resource.ipConfiguration !== null) {
    return scopeGoes(going, resource.ipConfiguration.id) ? { ...resource, ipConfiguration: null } : resource;
  }
  if (
    (resource.type === 'Microsoft.Network/publicIPAddresses' ||
      resource.type === 'Microsoft.Network/publicIPPrefixes') &&
    resource.natGateway !== undefined &&
    going.has(armKey(resource.natGateway.id))
  ) {
    const { natGateway: _gone, ...kept } = resource;
    return kept;
  }
  if (resource.type === 'Microsoft.Network/privateLinkServices') {
    const kept = resource.privateEndpointConnections.filter(
      ({ privateEndpoint }) => !going.has(armKey(privateEndpoint.id)),
    );
    if (kept.length < resource.privateEndpointConnections.length) {
      return { ...resource, privateEndpointConnections: kept };
    }
  }
  return resource;
}
