/** `az aks update`: what may change on a running cluster. */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import { getResource, putResource } from '../azure/resource-store.ts';
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { readAuthorizedRanges } from './authorized-ranges.ts';
import { requireManagedCluster } from './create-managed-cluster.ts';
import type { HttpProxyConfig } from './http-proxy-config.ts';
import { isSameProxy } from './http-proxy.ts';
import { readHttpProxyConfig } from './http-proxy-request.ts';
import type { HttpProxyRequest } from './http-proxy-request.ts';
import type { ManagedCluster, NetworkProfile, OutboundType } from './managed-cluster.ts';
import { changedProfile } from './migrate-checks.ts';
import type { NetworkChange } from './migrate-checks.ts';
import { migrateManagedCluster, resumeMigration } from './migrate-managed-cluster.ts';
import { checkRouteTableUnchanged, restoreManagedNetwork } from './node-network.ts';
import type { ClusterIdentity } from './node-network.ts';
import { reconcileCluster } from './reconcile.ts';
import { reimageOutdated } from './renew-pools.ts';
import { outboundMigration } from './outbound-migration.ts';
import type { MigrationType } from './outbound-migration.ts';
import { changeOutbound } from './outbound.ts';
import { checkOutboundAddresses, checkOutboundNetwork } from './outbound-checks.ts';
import { readOutboundProfile } from './outbound-profile.ts';
import type { OutboundInput } from './outbound-profile.ts';
import { checkNothingPending } from './pending-operation.ts';
import { findIdentity } from './request-checks.ts';
import { refreshSystemAddons } from './system-addons.ts';
import { restoreOutbound } from './restore-outbound.ts';
import { upgradeManagedCluster } from './upgrade-managed-cluster.ts';

const CLUSTER = 'Microsoft.ContainerService/ManagedClusters';

export interface ManagedClusterChanges {
  readonly outboundType?: OutboundType;
  readonly outbound?: OutboundInput;
  readonly bootstrapArtifactSource?: 'Direct' | 'Cache';
  /** Takes the place of the whole list; an empty one lets everyone in. */
  readonly authorizedIpRanges?: readonly string[];
  /** Takes the place of the whole configuration. */
  readonly httpProxyConfig?: HttpProxyRequest;
  /** Switches the configuration that there is on or off. */
  readonly httpProxy?: 'enable' | 'disable';
  readonly tags?: Readonly<Record<string, string>> | null;
  readonly tier?: ManagedCluster['sku']['tier'];
  readonly network?: NetworkChange;
  /** A user-assigned identity that takes the place of the cluster's identity. */
  readonly identityId?: string;
}

/**
 * Changes a cluster; absent keys stay. Whatever changes, AKS puts its own network back as it made it,
 * and goes on with what failed before. Another network or HTTP proxy is the start of an operation. Errors: the
 * cluster's absence, `OperationNotAllowed`, `CustomRouteTableInvalidUpdateAttempt`, those of
 * `changedProfile` and `migrateManagedCluster` for the network, those of `readHttpProxyConfig`, and for the way
 * out `UpdatingOutboundTypeNotAllowed` and those of `readOutboundProfile`, `checkOutboundNetwork`,
 * `checkOutboundAddresses`.
 */
export function updateManagedCluster(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
  changes: ManagedClusterChanges,
): Result<Cloud, AzureError> {
  const found = requireManagedCluster(cloud, resourceGroup, name);
  if (!found.ok) return found;
  const idle = checkNothingPending(cloud, found.value, 'cluster');
  if (!idle.ok) return idle;
  const identity = findIdentity(cloud, changes.identityId ?? userAssigned(found.value));
  if (!identity.ok) return identity;
  const authorized = readAuthorizedRanges(changes.authorizedIpRanges ?? []);
  if (!authorized.ok) return authorized;
  const proxy = changedHttpProxy(found.value.httpProxyConfig, changes);
  if (!proxy.ok) return proxy;
  const { bootstrapArtifactSource: source, ...before } = found.value;
  const asked = changes.bootstrapArtifactSource ?? source;
  const cluster: ManagedCluster = {
    ...before,
    ...(asked === 'Cache' ? { bootstrapArtifactSource: asked } : {}),
    ...(changes.authorizedIpRanges === undefined ? {} : { authorizedIpRanges: authorized.value }),
    ...(proxy.value === undefined ? {} : { httpProxyConfig: proxy.value }),
    identity:
      changes.identityId === undefined
        ? found.value.identity
        : { type: 'UserAssigned', userAssignedIdentities: [changes.identityId] },
    tags: changes.tags === undefined ? found.value.tags : changes.tags,
    sku: { ...found.value.sku, tier: changes.tier ?? found.value.sku.tier },
  };
  const unchanged = checkRouteTableUnchanged(cloud, cluster);
  if (!unchanged.ok) return unchanged;
  const restored = restoreManagedNetwork(cloud, cluster);
  if (!restored.ok) return restored;
  const profile = changedProfile(restored.value, cluster, changes.network ?? {});
  if (!profile.ok) return profile;
  const outbound = { outboundType: changes.outboundType, input: changes.outbound ?? {} };
  const updated =
    Object.keys(outbound.input).length === 0 && outbound.outboundType === undefined
      ? ok(putResource(restored.value, cluster))
      : updateOutbound(restored.value, cluster, identity.value, outbound);
  if (!updated.ok) return updated;
  const present = getResource(updated.value, cluster.id, CLUSTER) ?? cluster;
  const reimages = !isSameProxy(found.value.httpProxyConfig, cluster.httpProxyConfig);
  if (profile.value === cluster.networkProfile) {
    return reimages
      ? reimageOutdated(refreshed(updated.value, present), present)
      : goOn(updated.value, present);
  }
  const migrated = migrateManagedCluster(updated.value, present, {
    ...profile.value,
    ...outboundOf(present),
  });
  // A migration sets every node up anew, except where only the pod range grows.
  const started = migrated.ok && migrated.value.operations.length > cloud.operations.length;
  if (!migrated.ok || started || !reimages) return migrated;
  return reimageOutdated(migrated.value, getResource(migrated.value, cluster.id, CLUSTER) ?? cluster);
}

/** What AKS runs and leaves by follows any update; the VNet may have grown meanwhile. */
function refreshed(cloud: Cloud, cluster: ManagedCluster): Cloud {
  return restoreOutbound(refreshSystemAddons(cloud, cluster), cluster);
}

/** Any update of a failed cluster goes on with what failed. */
function goOn(cloud: Cloud, cluster: ManagedCluster): Result<Cloud, AzureError> {
  const next = refreshed(cloud, cluster);
  if (cluster.provisioningState !== 'Failed') return ok(next);
  switch (cluster.simulation.lastOperation?.kind) {
    case 'migrate':
      return resumeMigration(next, cluster);
    case 'reimage':
      return reimageOutdated(next, cluster);
    case 'upgrade':
    case 'create':
    case 'scale':
    case undefined:
      return upgradeManagedCluster(next, cluster.resourceGroup, cluster.name, {
        kubernetesVersion: null,
        scope: 'everything',
      });
  }
}

/**
 * Returns the configuration after a request; undefined where there is none. To switch a proxy that was never
 * configured on is to configure one without an address.
 */
function changedHttpProxy(
  before: HttpProxyConfig | undefined,
  { httpProxyConfig, httpProxy }: ManagedClusterChanges,
): Result<HttpProxyConfig | undefined, AzureError> {
  const read = httpProxyConfig === undefined ? ok(before) : readHttpProxyConfig(httpProxyConfig, 'existing');
  if (!read.ok || httpProxy === undefined) return read;
  if (read.value !== undefined) return ok({ ...read.value, enabled: httpProxy === 'enable' });
  return httpProxy === 'enable' ? readHttpProxyConfig({}, 'existing') : ok(undefined);
}

function userAssigned({ identity }: ManagedCluster): string | null {
  return identity.type === 'UserAssigned' ? (identity.userAssignedIdentities[0] ?? null) : null;
}

function outboundOf({
  networkProfile,
}: ManagedCluster): Pick<NetworkProfile, 'outboundType' | 'loadBalancerProfile' | 'natGatewayProfile'> {
  const { outboundType, loadBalancerProfile, natGatewayProfile } = networkProfile;
  return {
    outboundType,
    loadBalancerProfile,
    ...(natGatewayProfile === undefined ? {} : { natGatewayProfile }),
  };
}

/** Another way out, or the same with other numbers. */
function updateOutbound(
  cloud: Cloud,
  cluster: ManagedCluster,
  identity: ClusterIdentity,
  { outboundType, input }: { readonly outboundType: OutboundType | undefined; readonly input: OutboundInput },
): Result<Cloud, AzureError> {
  const before = cluster.networkProfile;
  const wanted = outboundType ?? before.outboundType;
  const migrates = wanted !== before.outboundType;
  if (migrates) {
    const allowed = checkMigration(cluster, wanted);
    if (!allowed.ok) return allowed;
    const routed = checkOutboundNetwork(cloud, wanted, cluster.agentPoolProfiles, 'update');
    if (!routed.ok) return routed;
  }
  const { location, nodeResourceGroup, agentPoolProfiles } = cluster;
  const profile = readOutboundProfile({
    outboundType: wanted,
    input,
    before: migrates ? null : outboundOf(cluster),
    location,
    now: cloud.now,
  });
  if (!profile.ok) return profile;
  const addressed = checkOutboundAddresses(cloud, profile.value, {
    location,
    nodeResourceGroup,
    identity,
    pools: agentPoolProfiles,
  });
  if (!addressed.ok) return addressed;
  const changed = changeOutbound(cloud, cluster, profile.value);
  if (!changed.ok) return changed;
  return ok(reconcileCluster(putResource(changed.value.cloud, changed.value.cluster), changed.value.cluster));
}

/** The code is that of the AKS resource provider; its wording is not documented. */
function checkMigration(cluster: ManagedCluster, wanted: OutboundType): Result<null, AzureError> {
  const { outboundType, natGatewayProfile } = cluster.networkProfile;
  const from: MigrationType =
    outboundType === 'managedNATGateway' && natGatewayProfile?.sku === 'StandardV2'
      ? 'managedNATGatewayV2'
      : outboundType;
  const network = cluster.agentPoolProfiles.every((pool) => pool.vnetSubnetId === null)
    ? 'managed'
    : 'brought';
  // From V2 the two names of a managed gateway are one type, and its SKU is another question.
  if (outboundMigration(from, wanted, network).decided !== 'no') return ok(null);
  return err(
    azureError(
      'UpdatingOutboundTypeNotAllowed',
      `Updating outbound type from ${outboundType} to ${wanted} is not allowed for a cluster with a ${network === 'managed' ? 'managed' : 'custom'} virtual network. Please refer to https://learn.microsoft.com/azure/aks/egress-outboundtype#updating-outboundtype-after-cluster-creation for more details.`,
      'networkProfile.outboundType',
    ),
  );
}
