/** Clusters and node pools as `az aks show` and `az aks nodepool show` print them. */
import { kubeletIdentityOf } from '../../model/aks/kubelet-identity.ts';
import { effectiveNoProxy } from '../../model/aks/http-proxy.ts';
import type { AgentPool, ManagedCluster } from '../../model/aks/managed-cluster.ts';
import { monitoringIdentity } from '../../model/aks/monitoring.ts';
import { getResource } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import { DEFAULT_MAX_SURGE } from '../../model/limits/aks.ts';
import { networkProfileJson } from './aks-network-json.ts';
import type { AzOutcome, Json } from './command.ts';
import { isObject } from './output-format.ts';

const IDENTITY = 'Microsoft.ManagedIdentity/userAssignedIdentities';
const DISK_GB = 128;

/** What a pool prints inside a cluster; on its own it has `id`, `resourceGroup` and `type` too. */
function poolProperties(pool: AgentPool): { readonly [key: string]: Json } {
  const upgrade = pool.upgradeSettings;
  return {
    availabilityZones: null,
    capacityReservationGroupId: null,
    count: pool.count,
    creationData: null,
    currentOrchestratorVersion: pool.currentOrchestratorVersion,
    enableAutoScaling: pool.enableAutoScaling,
    enableEncryptionAtHost: null,
    enableFips: false,
    enableNodePublicIp: false,
    enableUltraSsd: false,
    gpuInstanceProfile: null,
    hostGroupId: null,
    kubeletConfig: null,
    kubeletDiskType: 'OS',
    linuxOsConfig: null,
    maxCount: pool.maxCount,
    maxPods: pool.maxPods,
    minCount: pool.minCount,
    mode: pool.mode,
    name: pool.name,
    networkProfile: null,
    nodeImageVersion: pool.nodeImageVersion,
    nodeLabels: pool.nodeLabels,
    nodePublicIpPrefixId: null,
    nodeTaints: pool.nodeTaints,
    orchestratorVersion: pool.orchestratorVersion,
    osDiskSizeGb: DISK_GB,
    osDiskType: 'Managed',
    osSku: pool.osSku,
    osType: pool.osType,
    podIpAllocationMode: pool.podIPAllocationMode,
    podSubnetId: pool.podSubnetId,
    powerState: { code: pool.powerState.code },
    provisioningState: pool.provisioningState,
    proximityPlacementGroupId: null,
    scaleDownMode: 'Delete',
    scaleSetEvictionPolicy: null,
    scaleSetPriority: null,
    spotMaxPrice: null,
    tags: pool.tags,
    upgradeSettings: {
      drainTimeoutInMinutes: upgrade.drainTimeoutInMinutes,
      // The service writes its default into the pool.
      maxSurge: upgrade.maxSurge ?? DEFAULT_MAX_SURGE.value,
      maxUnavailable: upgrade.maxUnavailable,
      nodeSoakDurationInMinutes: upgrade.nodeSoakDurationInMinutes,
      undrainableNodeBehavior: upgrade.undrainableNodeBehavior,
    },
    vmSize: pool.vmSize,
    vnetSubnetId: pool.vnetSubnetId,
    workloadRuntime: 'OCIContainer',
  };
}

export function agentPoolJson(pool: AgentPool): Json {
  return {
    ...poolProperties(pool),
    id: pool.id,
    resourceGroup: pool.resourceGroup,
    type: pool.type,
    typePropertiesType: pool.typePropertiesType,
  };
}

export function managedClusterJson(cloud: Cloud, cluster: ManagedCluster): { readonly [key: string]: Json } {
  return {
    aadProfile: null,
    addonProfiles: addOnProfiles(cloud, cluster),
    agentPoolProfiles: cluster.agentPoolProfiles.map((pool) => ({
      ...poolProperties(pool),
      type: pool.typePropertiesType,
    })),
    apiServerAccessProfile:
      cluster.authorizedIpRanges === undefined
        ? null
        : {
            authorizedIpRanges: cluster.authorizedIpRanges,
            disableRunCommand: null,
            enablePrivateCluster: null,
            enablePrivateClusterPublicFqdn: null,
            privateDnsZone: null,
          },
    autoScalerProfile: null,
    autoUpgradeProfile: null,
    azureMonitorProfile: null,
    ...(cluster.bootstrapArtifactSource === undefined
      ? {}
      : {
          bootstrapProfile: {
            artifactSource: cluster.bootstrapArtifactSource,
            containerRegistryId: null,
          },
        }),
    azurePortalFqdn: cluster.fqdn.replace('.hcp.', '.portal.hcp.'),
    currentKubernetesVersion: cluster.currentKubernetesVersion,
    disableLocalAccounts: false,
    diskEncryptionSetId: null,
    dnsPrefix: cluster.dnsPrefix,
    enablePodSecurityPolicy: null,
    enableRbac: cluster.enableRbac,
    extendedLocation: null,
    fqdn: cluster.fqdn,
    fqdnSubdomain: null,
    httpProxyConfig: httpProxyJson(cloud, cluster),
    id: cluster.id,
    identity: identityJson(cloud, cluster),
    identityProfile: kubeletIdentity(cloud, cluster),
    kubernetesVersion: cluster.kubernetesVersion,
    linuxProfile:
      cluster.linuxProfile === null
        ? null
        : {
            adminUsername: cluster.linuxProfile.adminUsername,
            ssh: { publicKeys: [{ keyData: cluster.linuxProfile.publicKey }] },
          },
    location: cluster.location,
    maxAgentPools: 100,
    name: cluster.name,
    networkProfile: networkProfileJson(cluster.networkProfile),
    nodeResourceGroup: cluster.nodeResourceGroup,
    oidcIssuerProfile: { enabled: false, issuerUrl: null },
    podIdentityProfile: null,
    powerState: { code: cluster.powerState.code },
    privateFqdn: null,
    privateLinkResources: null,
    provisioningState: cluster.provisioningState,
    publicNetworkAccess: null,
    resourceGroup: cluster.resourceGroup,
    securityProfile: {
      azureKeyVaultKms: null,
      defender: null,
      imageCleaner: null,
      workloadIdentity: null,
    },
    servicePrincipalProfile: { clientId: 'msi', secret: null },
    sku: { name: cluster.sku.name, tier: cluster.sku.tier },
    storageProfile: {
      blobCsiDriver: null,
      diskCsiDriver: { enabled: true },
      fileCsiDriver: { enabled: true },
      snapshotController: { enabled: true },
    },
    supportPlan: 'KubernetesOfficial',
    systemData: null,
    tags: cluster.tags,
    type: cluster.type,
    windowsProfile: null,
    workloadAutoScalerProfile: { keda: null, verticalPodAutoscaler: null },
  };
}

/** A cluster as `az aks show` and `list` print it: azure-cli leaves some keys out while they are null. */
export function shownClusterJson(cloud: Cloud, cluster: ManagedCluster): Json {
  const {
    tags,
    agentPoolProfiles,
    servicePrincipalProfile: _whole,
    ...rest
  } = managedClusterJson(cloud, cluster);
  return {
    ...rest,
    agentPoolProfiles: rowsOf(agentPoolProfiles ?? []).map(({ vnetSubnetId = null, ...pool }) => ({
      ...pool,
      ...(vnetSubnetId === null ? {} : { vnetSubnetId }),
    })),
    servicePrincipalProfile: { clientId: 'msi' },
    ...(tags === null || tags === undefined ? {} : { tags }),
  };
}

function httpProxyJson(cloud: Cloud, cluster: ManagedCluster): Json {
  const config = cluster.httpProxyConfig;
  if (config === undefined) return null;
  return {
    effectiveNoProxy: effectiveNoProxy(cloud, cluster),
    enabled: config.enabled,
    httpProxy: config.httpProxy,
    httpsProxy: config.httpsProxy,
    noProxy: config.noProxy,
    trustedCa: config.trustedCa,
  };
}

function addOnProfiles(cloud: Cloud, cluster: ManagedCluster): Json {
  if (cluster.monitoring === undefined) return null;
  const identity = monitoringIdentity(cloud, cluster);
  return {
    omsagent: {
      config: {
        logAnalyticsWorkspaceResourceID: cluster.monitoring.workspaceResourceId,
        useAADAuth: 'true',
      },
      enabled: true,
      identity:
        identity === null
          ? null
          : { clientId: identity.clientId, objectId: identity.principalId, resourceId: identity.id },
    },
  };
}

function identityJson(cloud: Cloud, cluster: ManagedCluster): Json {
  const { identity } = cluster;
  switch (identity.type) {
    case 'SystemAssigned':
      return {
        principalId: identity.principalId,
        tenantId: cloud.subscription.tenantId,
        type: 'SystemAssigned',
        userAssignedIdentities: null,
      };
    case 'UserAssigned':
      return {
        principalId: null,
        tenantId: null,
        type: 'UserAssigned',
        userAssignedIdentities: Object.fromEntries(
          identity.userAssignedIdentities.map((id): [string, Json] => {
            const found = getResource(cloud, id, IDENTITY);
            return [id, { clientId: found?.clientId ?? null, principalId: found?.principalId ?? null }];
          }),
        ),
      };
  }
}

function kubeletIdentity(cloud: Cloud, cluster: ManagedCluster): Json {
  const found = kubeletIdentityOf(cloud, cluster);
  if (found === null) return null;
  return {
    kubeletidentity: {
      clientId: found.clientId,
      objectId: found.principalId,
      // AKS writes this part of its own ids so.
      resourceId: found.id.replace('/resourceGroups/', '/resourcegroups/'),
    },
  };
}

/** Columns of `-o table`; azure-cli leaves out what is null. */
function row(
  source: { readonly [key: string]: Json },
  columns: readonly (readonly [string, string])[],
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [title, key] of columns) {
    const value = source[key];
    if (typeof value === 'string' || typeof value === 'number') found[title] = value.toString();
  }
  return found;
}

const CLUSTER_COLUMNS = [
  ['Name', 'name'],
  ['Location', 'location'],
  ['ResourceGroup', 'resourceGroup'],
  ['KubernetesVersion', 'kubernetesVersion'],
  ['CurrentKubernetesVersion', 'currentKubernetesVersion'],
  ['ProvisioningState', 'provisioningState'],
  ['Fqdn', 'fqdn'],
] as const;

const POOL_COLUMNS = [
  ['Name', 'name'],
  ['OsType', 'osType'],
  ['KubernetesVersion', 'orchestratorVersion'],
  ['VmSize', 'vmSize'],
  ['Count', 'count'],
  ['MaxPods', 'maxPods'],
  ['ProvisioningState', 'provisioningState'],
  ['Mode', 'mode'],
] as const;

export function rowsOf(output: Json): readonly { readonly [key: string]: Json }[] {
  return (Array.isArray(output) ? output : [output]).filter(isObject);
}

export type Table = NonNullable<AzOutcome['table']>;

export const clusterTable: Table = (output) => rowsOf(output).map((each) => row(each, CLUSTER_COLUMNS));

export const poolTable: Table = (output) => rowsOf(output).map((each) => row(each, POOL_COLUMNS));
