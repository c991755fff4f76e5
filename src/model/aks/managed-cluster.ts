import type { AzureError } from '../azure/error.ts';
import type { SubResource } from '../azure/resources.ts';
import type { LongRunningOperation } from '../cloud.ts';
import type { HttpProxyConfig } from './http-proxy-config.ts';

export type AksProvisioningState =
  'Succeeded' | 'Failed' | 'Creating' | 'Updating' | 'Upgrading' | 'Scaling' | 'Deleting';

/** How a pool's nodes are replaced; null is the service's default. */
export interface AgentPoolUpgradeSettings {
  /** Extra nodes as text, `1` or `33%`. */
  readonly maxSurge: string | null;
  readonly maxUnavailable: string | null;
  readonly drainTimeoutInMinutes: number | null;
  readonly nodeSoakDurationInMinutes: number | null;
  readonly undrainableNodeBehavior: 'Schedule' | 'Cordon' | null;
}

/** A node pool, in the shape `az aks nodepool show` prints. */
export interface AgentPool {
  readonly id: string;
  readonly name: string;
  readonly resourceGroup: string;
  readonly type: 'Microsoft.ContainerService/managedClusters/agentPools';
  readonly typePropertiesType: 'VirtualMachineScaleSets';
  readonly mode: 'System' | 'User';
  readonly count: number;
  readonly vmSize: string;
  readonly osType: 'Linux' | 'Windows';
  readonly osSku: 'Ubuntu' | 'AzureLinux';
  readonly maxPods: number;
  readonly orchestratorVersion: string;
  readonly currentOrchestratorVersion: string;
  readonly nodeImageVersion: string;
  readonly enableAutoScaling: boolean;
  readonly minCount: number | null;
  readonly maxCount: number | null;
  readonly vnetSubnetId: string | null;
  readonly podSubnetId: string | null;
  /** Only with a pod subnet: addresses one by one in batches, or whole /28 blocks. */
  readonly podIPAllocationMode: 'DynamicIndividual' | 'StaticBlock' | null;
  readonly nodeLabels: Readonly<Record<string, string>> | null;
  readonly nodeTaints: readonly string[] | null;
  readonly tags: Readonly<Record<string, string>> | null;
  readonly upgradeSettings: AgentPoolUpgradeSettings;
  readonly powerState: { readonly code: 'Running' | 'Stopped' };
  readonly provisioningState: AksProvisioningState;
}

export type NetworkPlugin = 'azure' | 'kubenet' | 'none';
export type OutboundType =
  'loadBalancer' | 'managedNATGateway' | 'userAssignedNATGateway' | 'userDefinedRouting' | 'none' | 'block';

export interface NetworkProfile {
  readonly networkPlugin: NetworkPlugin;
  readonly networkPluginMode: 'overlay' | null;
  readonly networkDataplane: 'azure' | 'cilium' | null;
  readonly networkPolicy: 'none' | 'azure' | 'calico' | 'cilium' | null;
  readonly podCidr: string | null;
  readonly podCidrs: readonly string[] | null;
  readonly serviceCidr: string;
  readonly serviceCidrs: readonly string[];
  readonly dnsServiceIp: string;
  readonly ipFamilies: readonly ('IPv4' | 'IPv6')[];
  readonly outboundType: OutboundType;
  readonly loadBalancerSku: 'standard';
  readonly loadBalancerProfile: {
    readonly allocatedOutboundPorts: number | null;
    readonly effectiveOutboundIPs: readonly SubResource[];
    readonly idleTimeoutInMinutes: number | null;
    readonly managedOutboundIPs: { readonly count: number } | null;
    /** Addresses of one's own, instead of managed ones. Absent: none. */
    readonly outboundIPs?: readonly SubResource[];
    readonly outboundIPPrefixes?: readonly SubResource[];
  } | null;
  /** Only with the outbound types that have a NAT gateway; absent or null: none. */
  readonly natGatewayProfile?: NatGatewayProfile | null;
}

/** What a cluster says of its NAT gateway. Ids of `effectiveOutboundIPs` are of addresses or of prefixes. */
export interface NatGatewayProfile {
  readonly sku: 'Standard' | 'StandardV2';
  readonly idleTimeoutInMinutes: number;
  /** Null where the addresses are the user's own. */
  readonly managedOutboundIPProfile: { readonly count: number } | null;
  readonly outboundIPs: readonly SubResource[];
  readonly outboundIPPrefixes: readonly SubResource[];
  readonly effectiveOutboundIPs: readonly SubResource[];
}

/** A managed cluster, in the shape `az aks show` prints. */
export interface ManagedCluster {
  readonly type: 'Microsoft.ContainerService/ManagedClusters';
  readonly id: string;
  readonly name: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>> | null;
  readonly nodeResourceGroup: string;
  readonly kubernetesVersion: string;
  readonly currentKubernetesVersion: string;
  readonly dnsPrefix: string;
  readonly linuxProfile: { readonly adminUsername: string; readonly publicKey: string } | null;
  readonly fqdn: string;
  readonly enableRbac: boolean;
  readonly identity:
    | { readonly type: 'SystemAssigned'; readonly principalId: string }
    | { readonly type: 'UserAssigned'; readonly userAssignedIdentities: readonly string[] };
  readonly agentPoolProfiles: readonly AgentPool[];
  readonly networkProfile: NetworkProfile;
  readonly sku: { readonly name: 'Base'; readonly tier: 'Free' | 'Standard' | 'Premium' };
  readonly powerState: { readonly code: 'Running' | 'Stopped' };
  readonly provisioningState: AksProvisioningState;
  /** Of a brought identity for the nodes; absent where AKS made one. */
  readonly kubeletIdentityId?: string;
  /** Where nodes take images from that AKS needs; absent: from where they are (`Direct`). */
  readonly bootstrapArtifactSource?: 'Cache';
  /** Who may call the API server, in CIDR notation; absent or empty: everyone. */
  readonly authorizedIpRanges?: readonly string[];
  /** Absent where none was ever given. */
  readonly httpProxyConfig?: HttpProxyConfig;
  /** The add-on `omsagent`; absent where it is off. */
  readonly monitoring?: { readonly workspaceResourceId: string };
  /** Ours, never printed. */
  readonly simulation: {
    /** The 8 digits in `aks-agentpool-…-nsg` and `aks-vnet-…`. */
    readonly agentPoolDigits: string;
    /** The route table that the cloud controller was told to keep; null where the plugin needs none. */
    readonly routeTableId: string | null;
    /** The VNet of the nodes. */
    readonly virtualNetworkId: string;
    /** How often AKS has given up each of its ways out; absent: never. */
    readonly outboundRounds?: { readonly loadBalancer: number; readonly natGateway: number };
    /** What took time and ended last; absent before the first. */
    readonly lastOperation?: FinishedOperation;
  };
}

/** An operation that has ended. Times are seconds since the epoch. */
export interface FinishedOperation {
  readonly pool: string | null;
  readonly kind: LongRunningOperation['kind'];
  readonly startedAt: number;
  readonly endedAt: number;
  readonly failure: AzureError | null;
}
