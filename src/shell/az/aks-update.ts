/** `az aks update`: what may change on a running cluster, its network included. */
import { requireManagedCluster } from '../../model/aks/create-managed-cluster.ts';
import type { ManagedCluster, NetworkPlugin } from '../../model/aks/managed-cluster.ts';
import type { NetworkChange } from '../../model/aks/migrate-checks.ts';
import { updateManagedCluster } from '../../model/aks/update-managed-cluster.ts';
import type { Cloud } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { changedAuthorizedRanges, readRanges } from './aks-api-server.ts';
import { clusterFeatureOptions } from './aks-cluster-options.ts';
import {
  httpProxyConfig,
  httpProxyPaths,
  httpProxySwitches,
  proxyWarnings,
  readHttpProxyFile,
  readHttpProxySwitch,
} from './aks-http-proxy.ts';
import { newerFeatureOptions, updateOnlyOptions } from './aks-newer-options.ts';
import { managedClusterJson } from './aks-json.ts';
import { checkNetworkPolicy, notEmpty } from './aks-network.ts';
import { longOutcome } from './aks-operation.ts';
import { clusterKey } from './aks-options.ts';
import {
  checkOutboundNumbers,
  outboundOptions,
  outboundType,
  readOutbound,
  readOutboundTypeChange,
} from './aks-outbound.ts';
import { changeAutoscalerOptions } from './aks-pool-options.ts';
import { updateAutoscaler } from './aks-update-autoscaler.ts';
import { NOT_CONFIRMED } from './aks-upgrade.ts';
import { checkResourceIdOption } from './aks-validation.ts';
import type { AzArguments, AzCommand, AzFailure, AzFiles, AzOption, Json } from './command.ts';
import { choice, flag, refused, tags, text, yes } from './option.ts';
import { given, optionalTags, optionalText, textArgument, usageFailure } from './outcome.ts';

const UPDATE_SECONDS = 60;
const SOURCES = ['Direct', 'Cache'] as const;
const PLUGINS: readonly NetworkPlugin[] = ['kubenet', 'azure', 'none'];
const POLICIES = ['none', 'azure', 'calico', 'cilium'] as const;

/** Options that change the network of a running cluster, each with the azure-cli version that brought it (its release notes). */
const networkOptions: readonly AzOption[] = [
  choice('--network-plugin', PLUGINS, 'The Kubernetes network plugin to use.', { since: '2.56.0' }),
  choice(
    '--network-plugin-mode',
    ['overlay'],
    'Update the mode of a network plugin to migrate to a different pod networking setup.',
    {
      since: '2.47.0',
    },
  ),
  choice('--network-dataplane', ['azure', 'cilium'], 'The network dataplane to use.', { since: '2.52.0' }),
  text('--network-policy', 'Update the mode of a network policy: "azure", "calico", "cilium" or "none".', {
    since: '2.54.0',
  }),
  text(
    '--pod-cidr',
    'Update the pod CIDR for a cluster. Used when updating a cluster from Azure CNI to Azure CNI Overlay.',
    {
      since: '2.47.0',
    },
  ),
  { ...outboundType, since: '2.51.0' },
];

export const aksUpdate: AzCommand = {
  path: ['aks', 'update'],
  summary:
    'Update a managed Kubernetes cluster. When called with no optional arguments this attempts to move the cluster to its goal state without changing the current cluster configuration. This can be used to move out of a non succeeded state.',
  options: [
    ...clusterKey,
    ...outboundOptions,
    flag('--no-wait', 'Do not wait for the long-running operation to finish.'),
    tags,
    choice('--tier', ['free', 'standard', 'premium'], 'Specify SKU tier for managed clusters.', {
      since: '2.47.0',
    }),
    flag('--no-uptime-sla', 'Change a paid managed cluster to a free one.'),
    flag('--uptime-sla', 'Enable a paid managed cluster service with a financially backed SLA.'),
    yes,
    ...changeAutoscalerOptions,
    ...clusterFeatureOptions,
    changedAuthorizedRanges,
    httpProxyConfig,
    ...httpProxySwitches,
    text('--assign-identity', 'Specify an existing user assigned identity to manage cluster resource group.'),
    ...refused(
      'add-ons, drivers and integrations stay as they were made',
      '--detach-acr',
      'flag:--disable-ahub',
      'flag:--disable-azure-keyvault-kms',
      'flag:--disable-azure-rbac',
      'flag:--disable-blob-driver',
      'flag:--disable-defender',
      'flag:--disable-keda',
      'flag:--disable-secret-rotation',
      'flag:--enable-disk-driver',
      'flag:--enable-file-driver',
      'flag:--enable-local-accounts',
      'flag:--enable-public-fqdn',
      'flag:--enable-snapshot-controller',
      '--aks-custom-headers',
      'list:--cluster-autoscaler-profile --ca-profile',
    ),
    ...refused('nodes keep the identity they were made with', '--assign-kubelet-identity'),
    ...refused('use az aks nodepool update for the labels of one pool', 'maybe:--nodepool-labels'),
    ...networkOptions,
    ...newerFeatureOptions,
    ...updateOnlyOptions,
  ],
  examples: [
    {
      does: 'Let a cluster leave by a managed NAT gateway instead of its load balancer.',
      line: 'az aks update -g MyResourceGroup -n MyManagedCluster --outbound-type managedNATGateway --nat-gateway-managed-outbound-ip-count 2',
    },
    {
      does: 'Update a kubenet cluster to Azure CNI Overlay.',
      line: 'az aks update -g MyResourceGroup -n MyManagedCluster --network-plugin azure --network-plugin-mode overlay',
    },
  ],
  reads: httpProxyPaths,
  run: runUpdate,
};

function runUpdate(cloud: Cloud, args: AzArguments, files: AzFiles) {
  const resourceGroup = textArgument(args, 'resourceGroup');
  const cluster = textArgument(args, 'name');
  const identity = optionalText(args, 'assignIdentity');
  const ranges = readRanges(args);
  if (!ranges.ok) return ranges;
  for (const check of [
    checkOutboundNumbers(args),
    checkNetworkPolicy(args),
    checkResourceIdOption('--assign-identity', identity),
  ]) {
    if (!check.ok) return check;
  }
  if (identity !== undefined && args['enableManagedIdentity'] !== true) {
    return usageFailure(
      '--assign-identity can only be specified when --enable-managed-identity is specified',
    );
  }
  const found = requireManagedCluster(cloud, resourceGroup, cluster);
  // azure-cli asks only where the kind of identity changes, and changes nothing else about it.
  const moves = identity !== undefined && found.ok && found.value.identity.type === 'SystemAssigned';
  if (moves && args['yes'] !== true) return usageFailure(NOT_CONFIRMED);
  const network = readNetworkChange(args);
  if (!network.ok) return network;
  const way = readOutboundTypeChange(args, found.ok ? found.value : null);
  if (!way.ok) return way;
  const proxy = readHttpProxyFile(args, files);
  if (!proxy.ok) return proxy;
  const httpProxy = readHttpProxySwitch(args);
  if (!httpProxy.ok) return httpProxy;
  const scaled = found.ok ? updateAutoscaler(cloud, found.value, args) : null;
  if (scaled !== null && !scaled.ok) return scaled;
  if (scaled?.value.kind === 'stop') return ok({ cloud, warnings: [scaled.value.warning] });
  const print = (after: Cloud): Json => {
    const present = requireManagedCluster(after, resourceGroup, cluster);
    return present.ok ? managedClusterJson(after, present.value) : null;
  };
  const outcome = longOutcome(
    updateManagedCluster(
      scaled?.value.cloud ?? cloud,
      resourceGroup,
      cluster,
      given({
        tags: optionalTags(args),
        tier: tierChange(args),
        network: network.value,
        identityId: moves ? identity : undefined,
        outboundType: way.value,
        bootstrapArtifactSource: SOURCES.find(
          (each) => each === optionalText(args, 'bootstrapArtifactSource'),
        ),
        outbound: readOutbound(args),
        authorizedIpRanges: ranges.value,
        httpProxyConfig: proxy.value,
        httpProxy: httpProxy.value,
      }),
    ),
    args,
    { before: cloud, resourceGroup, cluster, print, seconds: UPDATE_SECONDS },
  );
  const asksProxy = proxy.value !== undefined || httpProxy.value === 'enable';
  const warnings = [
    ...(scaled?.value.warnings ?? []),
    ...(outcome.ok && asksProxy ? proxyWarnings(outcome.value.cloud, resourceGroup, cluster) : []),
  ];
  if (!outcome.ok || warnings.length === 0) return outcome;
  return ok({ ...outcome.value, warnings: [...warnings, ...(outcome.value.warnings ?? [])] });
}

function readNetworkChange(args: AzArguments): Result<NetworkChange, AzFailure> {
  const policy = optionalText(args, 'networkPolicy');
  const known = POLICIES.find((each) => each === policy);
  if (policy !== undefined && policy !== '' && known === undefined) {
    return usageFailure(
      `argument --network-policy: '${policy}' is not a valid network policy. Allowed values: ${POLICIES.join(', ')}.`,
      2,
    );
  }
  const dataplane = optionalText(args, 'networkDataplane');
  return ok(
    given<NetworkChange>({
      networkPlugin: PLUGINS.find((each) => each === optionalText(args, 'networkPlugin')),
      networkPluginMode: optionalText(args, 'networkPluginMode') === 'overlay' ? 'overlay' : undefined,
      networkDataplane: dataplane === 'azure' || dataplane === 'cilium' ? dataplane : undefined,
      networkPolicy: known,
      podCidr: notEmpty(optionalText(args, 'podCidr')) ?? undefined,
    }),
  );
}

function tierChange(args: AzArguments): ManagedCluster['sku']['tier'] | undefined {
  const tier = optionalText(args, 'tier');
  if (tier === 'premium') return 'Premium';
  if (tier === 'standard' || args['uptimeSla'] === true) return 'Standard';
  return tier === 'free' || args['noUptimeSla'] === true ? 'Free' : undefined;
}
