/**
 * The resources of the simulated subscription, in ARM's names with `properties` lifted one level,
 * which is the shape azure-cli prints. Addresses and prefixes are text here, so that the state
 * survives JSON; `compile` parses them once.
 */
import type { HttpService } from '../http-service.ts';
import type { ForwardProxy } from '../proxy/forward-proxy.ts';
import type { ProxyLogEvent } from '../proxy/log-event.ts';
import type { MachineSoftware } from './machine-software.ts';

/** A lower-cased ARM resource id; the key of `Cloud.resources` and `Cloud.clusters`. */
export type ArmKey = string;

export interface ResourceGroup {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  /** Set on a node resource group: the id of the managed cluster that owns it. */
  readonly managedBy: string | null;
  readonly tags: Readonly<Record<string, string>> | null;
  readonly type: 'Microsoft.Resources/resourceGroups';
}

export interface ResourceBase {
  readonly id: string;
  readonly name: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>> | null;
  readonly etag: string;
  readonly provisioningState: 'Succeeded' | 'Failed' | 'Updating';
}

export interface SubResource {
  readonly id: string;
}

/** What a subnet's security group and route table say to private endpoints: nothing, one of the two, or both. */
export type PrivateEndpointNetworkPolicies =
  'Disabled' | 'Enabled' | 'NetworkSecurityGroupEnabled' | 'RouteTableEnabled';

export interface Subnet {
  readonly id: string;
  readonly name: string;
  readonly addressPrefix: string;
  readonly networkSecurityGroup: SubResource | null;
  readonly routeTable: SubResource | null;
  /** Absent: none. */
  readonly natGateway?: SubResource;
  readonly delegations: readonly { readonly name: string; readonly serviceName: string }[];
  /** `Microsoft.Storage` and the like: their public addresses are reached by a route of their own. Absent: none. */
  readonly serviceEndpoints?: readonly { readonly service: string; readonly locations: readonly string[] }[];
  readonly defaultOutboundAccess: boolean | null;
  readonly privateEndpointNetworkPolicies: PrivateEndpointNetworkPolicies;
  readonly privateLinkServiceNetworkPolicies: 'Enabled' | 'Disabled';
  readonly etag: string;
  readonly provisioningState: 'Succeeded';
}

/**
 * One side of a peering, in ARM's shape. Each VNet holds its own side; traffic flows when both exist
 * (`Connected`). The name of the other VNet's resource is in its id.
 */
export interface VirtualNetworkPeering {
  readonly id: string;
  readonly name: string;
  readonly remoteVirtualNetwork: SubResource;
  readonly allowVirtualNetworkAccess: boolean;
  readonly allowForwardedTraffic: boolean;
  readonly allowGatewayTransit: boolean;
  readonly useRemoteGateways: boolean;
  readonly peeringState: 'Initiated' | 'Connected' | 'Disconnected';
  readonly peeringSyncLevel: 'FullyInSync' | 'LocalNotInSync' | 'RemoteNotInSync' | 'LocalAndRemoteNotInSync';
  /** The remote VNet's space as this side last learned it; routes follow this, not the space of today. */
  readonly remoteAddressSpace: { readonly addressPrefixes: readonly string[] };
  readonly etag: string;
  readonly provisioningState: 'Succeeded';
}

export interface VirtualNetwork extends ResourceBase {
  readonly type: 'Microsoft.Network/virtualNetworks';
  readonly addressSpace: { readonly addressPrefixes: readonly string[] };
  readonly dhcpOptions: { readonly dnsServers: readonly string[] };
  readonly enableDdosProtection: boolean;
  readonly subnets: readonly Subnet[];
  readonly virtualNetworkPeerings: readonly VirtualNetworkPeering[];
}

export type RouteNextHopType =
  'VirtualAppliance' | 'VnetLocal' | 'Internet' | 'VirtualNetworkGateway' | 'None';

export interface Route {
  readonly id: string;
  readonly name: string;
  readonly addressPrefix: string;
  readonly nextHopType: RouteNextHopType;
  /** Only for `VirtualAppliance`. */
  readonly nextHopIpAddress: string | null;
  readonly hasBgpOverride: boolean;
  readonly etag: string;
  readonly provisioningState: 'Succeeded';
}

export interface RouteTable extends ResourceBase {
  readonly type: 'Microsoft.Network/routeTables';
  readonly disableBgpRoutePropagation: boolean;
  readonly routes: readonly Route[];
}

export type SecurityRuleProtocol = 'Tcp' | 'Udp' | 'Icmp' | 'Esp' | 'Ah' | '*';

/**
 * Prefix fields hold a CIDR, an address, a service tag or `*`; port fields `80`, `1-1024` or `*`. A side
 * that names application security groups has no prefixes: null and an empty list.
 */
export interface SecurityRule {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly priority: number;
  readonly direction: 'Inbound' | 'Outbound';
  readonly access: 'Allow' | 'Deny';
  readonly protocol: SecurityRuleProtocol;
  readonly sourceAddressPrefix: string | null;
  readonly sourceAddressPrefixes: readonly string[];
  /** Absent: none. */
  readonly sourceApplicationSecurityGroups?: readonly SubResource[];
  readonly sourcePortRange: string | null;
  readonly sourcePortRanges: readonly string[];
  readonly destinationAddressPrefix: string | null;
  readonly destinationAddressPrefixes: readonly string[];
  /** Absent: none. */
  readonly destinationApplicationSecurityGroups?: readonly SubResource[];
  readonly destinationPortRange: string | null;
  readonly destinationPortRanges: readonly string[];
  readonly etag: string;
  readonly provisioningState: 'Succeeded';
}

export interface NetworkSecurityGroup extends ResourceBase {
  readonly type: 'Microsoft.Network/networkSecurityGroups';
  readonly securityRules: readonly SecurityRule[];
  readonly defaultSecurityRules: readonly SecurityRule[];
}

/** A name for NICs that security rules may use in place of addresses; NICs name the groups they are in. */
export interface ApplicationSecurityGroup extends ResourceBase {
  readonly type: 'Microsoft.Network/applicationSecurityGroups';
}

export interface IpConfiguration {
  readonly id: string;
  readonly name: string;
  readonly primary: boolean;
  readonly privateIPAddress: string;
  readonly privateIPAllocationMethod: 'Dynamic' | 'Static';
  readonly privateIPAddressVersion: 'IPv4';
  readonly publicIPAddress: SubResource | null;
  readonly subnet: SubResource;
  readonly loadBalancerBackendAddressPools: readonly SubResource[];
  /** Absent: none. */
  readonly applicationSecurityGroups?: readonly SubResource[];
}

export interface NetworkInterface extends ResourceBase {
  readonly type: 'Microsoft.Network/networkInterfaces';
  readonly enableIPForwarding: boolean;
  readonly macAddress: string;
  readonly networkSecurityGroup: SubResource | null;
  readonly primary: boolean;
  readonly virtualMachine: SubResource | null;
  readonly ipConfigurations: readonly IpConfiguration[];
}

export interface PublicIpAddress extends ResourceBase {
  readonly type: 'Microsoft.Network/publicIPAddresses';
  readonly ipAddress: string | null;
  readonly publicIPAllocationMethod: 'Dynamic' | 'Static';
  readonly publicIPAddressVersion: 'IPv4';
  readonly idleTimeoutInMinutes: number;
  readonly sku: {
    readonly name: 'Basic' | 'Standard' | 'StandardV2';
    readonly tier: 'Regional' | 'Global';
  };
  readonly zones: readonly string[] | null;
  /** The IP configuration or load balancer frontend that holds it. */
  readonly ipConfiguration: SubResource | null;
  /** The NAT gateway that holds it. Absent: none. */
  readonly natGateway?: SubResource;
  /** Absent: none. */
  readonly dnsSettings?: { readonly domainNameLabel: string; readonly fqdn: string };
  readonly ipTags?: readonly { readonly ipTagType: string; readonly tag: string }[];
  readonly publicIPPrefix?: SubResource;
}

/** A block of public addresses, kept for the public IP addresses that name it. */
export interface PublicIpPrefix extends ResourceBase {
  readonly type: 'Microsoft.Network/publicIPPrefixes';
  /** In CIDR notation. */
  readonly ipPrefix: string;
  readonly prefixLength: number;
  readonly publicIPAddressVersion: 'IPv4';
  readonly sku: { readonly name: 'Standard' | 'StandardV2'; readonly tier: 'Regional' };
  readonly zones: readonly string[] | null;
  /** The NAT gateway that holds it whole. Absent: none. */
  readonly natGateway?: SubResource;
}

/** Gives every NIC of the subnets that name it a public source, when they open connections. */
export interface NatGateway extends ResourceBase {
  readonly type: 'Microsoft.Network/natGateways';
  readonly sku: { readonly name: 'Standard' | 'StandardV2' };
  /** Of TCP connections; that of UDP is fixed. */
  readonly idleTimeoutInMinutes: number;
  readonly publicIpAddresses: readonly SubResource[];
  readonly publicIpPrefixes: readonly SubResource[];
  readonly zones: readonly string[] | null;
}

export interface FrontendIpConfiguration {
  readonly id: string;
  readonly name: string;
  /** A public frontend has this; an internal one has the three fields below. */
  readonly publicIPAddress: SubResource | null;
  /** A whole prefix of public addresses in its place, for outbound rules alone. Absent: none. */
  readonly publicIPPrefix?: SubResource;
  readonly privateIPAddress: string | null;
  readonly privateIPAllocationMethod?: 'Dynamic' | 'Static';
  readonly subnet: SubResource | null;
  readonly zones?: readonly string[] | null;
}

/** A NIC is a member where its IP configuration names the pool in `loadBalancerBackendAddressPools`. */
export interface BackendAddressPool {
  readonly id: string;
  readonly name: string;
}

export interface LoadBalancingRule {
  readonly id: string;
  readonly name: string;
  /** `All` with ports 0 is a rule for HA ports. */
  readonly protocol: 'Tcp' | 'Udp' | 'All';
  readonly frontendPort: number;
  readonly backendPort: number;
  readonly frontendIPConfiguration: SubResource;
  readonly backendAddressPool: SubResource | null;
  readonly probe: SubResource | null;
  readonly enableFloatingIP: boolean;
  readonly enableTcpReset: boolean;
  readonly disableOutboundSnat: boolean;
  readonly idleTimeoutInMinutes: number;
  readonly loadDistribution: 'Default' | 'SourceIP' | 'SourceIPProtocol';
}

export interface LoadBalancerProbe {
  readonly id: string;
  readonly name: string;
  readonly protocol: 'Tcp' | 'Http' | 'Https';
  readonly port: number;
  /** Null for TCP. */
  readonly requestPath: string | null;
  readonly intervalInSeconds: number;
  readonly numberOfProbes: number;
  /** What the service counts by. Absent: as `numberOfProbes`, which is how the cloud provider sets it. */
  readonly probeThreshold?: number;
}

export interface LoadBalancer extends ResourceBase {
  readonly type: 'Microsoft.Network/loadBalancers';
  readonly sku: { readonly name: 'Standard'; readonly tier: 'Regional' };
  readonly frontendIPConfigurations: readonly FrontendIpConfiguration[];
  readonly backendAddressPools: readonly BackendAddressPool[];
  readonly loadBalancingRules: readonly LoadBalancingRule[];
  readonly probes: readonly LoadBalancerProbe[];
  readonly outboundRules: readonly {
    readonly id: string;
    readonly name: string;
    readonly protocol: 'All' | 'Tcp' | 'Udp';
    readonly allocatedOutboundPorts: number;
    readonly idleTimeoutInMinutes: number;
    readonly enableTcpReset: boolean;
    readonly frontendIPConfigurations: readonly SubResource[];
    readonly backendAddressPool: SubResource;
  }[];
}

/** One private endpoint's side of a Private Link service, kept by the service. */
export interface PrivateEndpointConnection {
  readonly id: string;
  readonly name: string;
  readonly privateEndpoint: SubResource;
  /** Only `Approved` carries traffic. */
  readonly privateLinkServiceConnectionState: {
    readonly status: 'Pending' | 'Approved' | 'Rejected' | 'Disconnected';
    readonly description: string;
    readonly actionsRequired: string;
  };
  /** Sent to the backend in PROXY protocol v2, as TLV 0xEE. */
  readonly linkIdentifier: string;
  readonly provisioningState: 'Succeeded';
}

export interface PrivateLinkService extends ResourceBase {
  readonly type: 'Microsoft.Network/privateLinkServices';
  /** `NAME.GUID.REGION.azure.privatelinkservice`. */
  readonly alias: string;
  readonly loadBalancerFrontendIpConfigurations: readonly SubResource[];
  /** The addresses that the backend sees as source. The first one that is primary names the subnet. */
  readonly ipConfigurations: readonly {
    readonly id: string;
    readonly name: string;
    readonly primary: boolean;
    readonly privateIPAddress: string;
    readonly privateIPAllocationMethod: 'Dynamic' | 'Static';
    readonly subnet: SubResource;
  }[];
  readonly enableProxyProtocol: boolean;
  readonly fqdns: readonly string[];
  /** Subscription ids, or `*`. */
  readonly visibility: { readonly subscriptions: readonly string[] };
  readonly autoApproval: { readonly subscriptions: readonly string[] };
  readonly privateEndpointConnections: readonly PrivateEndpointConnection[];
}

export interface PrivateEndpoint extends ResourceBase {
  readonly type: 'Microsoft.Network/privateEndpoints';
  readonly subnet: SubResource;
  /** Its NIC is made with it and deleted with it; the endpoint's address is the NIC's. */
  readonly networkInterfaces: readonly SubResource[];
  readonly customNetworkInterfaceName: string | null;
  /** Connections that ask for approval go in the manual list, as in ARM. */
  readonly privateLinkServiceConnections: readonly PrivateLinkServiceConnection[];
  readonly manualPrivateLinkServiceConnections: readonly PrivateLinkServiceConnection[];
}

export interface PrivateLinkServiceConnection {
  readonly id: string;
  readonly name: string;
  readonly privateLinkServiceId: string;
  readonly groupIds: readonly string[];
  readonly requestMessage: string | null;
  readonly privateLinkServiceConnectionState: PrivateEndpointConnection['privateLinkServiceConnectionState'];
  readonly provisioningState: 'Succeeded';
}

/** What answers on a simulated machine: set by the image and by what the learner starts on it. */
export interface Listener {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** The program, as `ss` would show it; every http program answers with the client it sees. */
  readonly program: string;
  readonly application: 'http' | 'ssh' | 'dns' | 'opaque';
  /** What it answers to which path. Absent: not known, or no HTTP. */
  readonly http?: HttpService;
  /** What it passes on to others, of a forward proxy. */
  readonly proxy?: ForwardProxy;
  /** The one address that it listens on; absent: every address of the machine. */
  readonly address?: string;
}

export interface VirtualMachine extends ResourceBase {
  readonly type: 'Microsoft.Compute/virtualMachines';
  readonly vmId: string;
  readonly hardwareProfile: { readonly vmSize: string };
  readonly osProfile: { readonly computerName: string; readonly adminUsername: string };
  readonly storageProfile: { readonly imageReference: string };
  readonly networkProfile: { readonly networkInterfaces: readonly SubResource[] };
  /** The one availability zone that it is in; absent: none was asked for. */
  readonly zones?: readonly string[];
  readonly powerState: 'VM running' | 'VM stopped' | 'VM deallocated';
  /** Ours, not ARM's: never printed by `az vm show`. */
  readonly simulation: {
    readonly listeners: readonly Listener[];
    /** Of a machine that was read from JSON, which does not say what runs on it: every port is taken to answer. */
    readonly programs?: 'assumed';
    readonly forwarding: 'on' | 'off';
    /** What its nat table masquerades, in the chain POSTROUTING; absent where the chain is empty. */
    readonly masquerade?: readonly MasqueradeRule[];
    /** What was installed, started and set up on it beyond its image; absent: nothing. */
    readonly software?: MachineSoftware;
    /** What its forward proxies have seen, by the port that they listen on; absent before the first connection. */
    readonly proxyLogs?: readonly { readonly port: number; readonly events: readonly ProxyLogEvent[] }[];
  };
}

/** `iptables -t nat -A POSTROUTING … -j MASQUERADE`; null matches everything. */
export interface MasqueradeRule {
  /** In CIDR notation. */
  readonly source: string | null;
  readonly destination: string | null;
  readonly outInterface: string | null;
}

/** One instance of an AKS node pool's scale set, with its NIC. */
export interface ScaleSetInstance {
  readonly instanceId: string;
  /** The Linux host name and Kubernetes node name. */
  readonly computerName: string;
  readonly networkInterface: Omit<NetworkInterface, 'virtualMachine'>;
}

export interface VirtualMachineScaleSet extends ResourceBase {
  readonly type: 'Microsoft.Compute/virtualMachineScaleSets';
  readonly sku: { readonly name: string; readonly tier: 'Standard'; readonly capacity: number };
  readonly instances: readonly ScaleSetInstance[];
  /** Ours, never printed so: instance ids are never used twice; NICs forward by the model unless it says no. */
  readonly simulation: { readonly nextInstanceId: number; readonly enableIPForwarding?: boolean };
}

export interface UserAssignedIdentity extends ResourceBase {
  readonly type: 'Microsoft.ManagedIdentity/userAssignedIdentities';
  readonly principalId: string;
  readonly clientId: string;
  readonly tenantId: string;
}

export interface RoleAssignment {
  readonly id: string;
  readonly name: string;
  readonly type: 'Microsoft.Authorization/roleAssignments';
  readonly principalId: string;
  readonly principalType: 'ServicePrincipal' | 'User';
  readonly roleDefinitionName: string;
  readonly scope: string;
}

export interface RolePermission {
  /** Patterns: a star stands for any text. */
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

/** A role; only custom ones are resources of the subscription. */
export interface RoleDefinition {
  readonly id: string;
  /** The definition's GUID. */
  readonly name: string;
  readonly type: 'Microsoft.Authorization/roleDefinitions';
  readonly roleName: string;
  readonly roleType: 'BuiltInRole' | 'CustomRole';
  readonly description: string | null;
  readonly permissions: readonly RolePermission[];
  readonly assignableScopes: readonly string[];
}
