/** `az aks nodepool upgrade` and `az aks nodepool get-upgrades`. */
import { requireAgentPool } from '../../model/aks/change-agent-pools.ts';
import type { AgentPool, ManagedCluster } from '../../model/aks/managed-cluster.ts';
import { upgradeAgentPool } from '../../model/aks/upgrade-managed-cluster.ts';
import { agentPoolUpgrades, latestNodeImage } from '../../model/aks/upgrade-versions.ts';
import type { Cloud } from '../../model/cloud.ts';
import { poolNameOf, printPool } from './aks-nodepool-key.ts';
import { longOutcome } from './aks-operation.ts';
import { poolKey } from './aks-options.ts';
import { NOT_CONFIRMED, upgradesJson } from './aks-upgrade.ts';
import { readUpgradeSettings } from './aks-pool-arguments.ts';
import { upgradeSettingOptions } from './aks-pool-options.ts';
import { checkKubernetesVersion } from './aks-validation.ts';
import type { AzArguments, AzCommand, Json } from './command.ts';
import { flag, ignored, refused, text, yes } from './option.ts';
import { optionalText, shown, usageFailure } from './outcome.ts';
import type { Ran } from './outcome.ts';

export const aksNodepoolUpgrade: AzCommand = {
  path: ['aks', 'nodepool', 'upgrade'],
  summary: 'Upgrade the node pool in a managed Kubernetes cluster.',
  options: [
    ...poolKey,
    text('--kubernetes-version -k', 'Version of Kubernetes to upgrade the node pool to, such as "1.16.9".'),
    ...upgradeSettingOptions,
    flag('--no-wait', 'Do not wait for the long-running operation to finish.'),
    flag('--node-image-only', "Only upgrade agent pool's node image."),
    yes,
    ...refused('there are no snapshots of node pools', '--snapshot-id'),
    ...ignored('headers carry nothing', '--aks-custom-headers'),
  ],
  examples: [
    {
      does: 'Upgrade a node pool to a newer version.',
      line: 'az aks nodepool upgrade -g MyResourceGroup --cluster-name MyManagedCluster -n nodepool1 --kubernetes-version 1.35.3 --yes',
    },
  ],
  run: runUpgrade,
};

function runUpgrade(cloud: Cloud, args: AzArguments): Ran {
  const name = poolNameOf(args);
  const version = checkKubernetesVersion(optionalText(args, 'kubernetesVersion'));
  if (!version.ok) return version;
  const imageOnly = args['nodeImageOnly'] === true;
  if (version.value !== null && imageOnly) {
    return usageFailure(
      'Conflicting flags. Upgrading the Kubernetes version will also upgrade node image version. If you only want to upgrade the node version please use the "--node-image-only" option only.',
    );
  }
  const settings = readUpgradeSettings(args);
  if (!settings.ok) return settings;
  const given = Object.keys(settings.value).length > 0;
  if (given && imageOnly) {
    return usageFailure(
      'Conflicting flags. Unable to specify max-surge/drain-timeout/node-soak-duration with node-image-only.If you want to use max-surge/drain-timeout/node-soak-duration with a node image upgrade, please first update max-surge/drain-timeout/node-soak-duration using "az aks nodepool update --max-surge/--drain-timeout/--node-soak-duration".',
    );
  }
  const found = requireAgentPool(cloud, name);
  // azure-cli asks only where a version is named, and only once it has seen the pool.
  if (found.ok && version.value !== null && args['yes'] !== true) return usageFailure(NOT_CONFIRMED);
  return longOutcome(
    upgradeAgentPool(cloud, name, {
      kubernetesVersion: version.value,
      scope: imageOnly ? 'image-only' : 'version',
      ...(given ? { settings: settings.value } : {}),
    }),
    args,
    {
      before: cloud,
      resourceGroup: name.resourceGroup,
      cluster: name.cluster,
      print: (after) => printPool(after, name),
    },
  );
}

export const aksNodepoolGetUpgrades: AzCommand = {
  path: ['aks', 'nodepool', 'get-upgrades'],
  summary: 'Get the available upgrade versions for an agent pool of the managed Kubernetes cluster.',
  options: poolKey,
  run: (cloud, args) =>
    shown(cloud, requireAgentPool(cloud, poolNameOf(args)), ({ cluster, pool }) =>
      profileJson(cloud, cluster, pool),
    ),
};

function profileJson(cloud: Cloud, cluster: ManagedCluster, pool: AgentPool): Json {
  const current = pool.currentOrchestratorVersion;
  return {
    id: `${pool.id}/upgradeProfiles/default`,
    kubernetesVersion: current,
    latestNodeImageVersion: latestNodeImage(current, cloud.now),
    name: 'default',
    osType: pool.osType,
    resourceGroup: pool.resourceGroup,
    type: 'Microsoft.ContainerService/managedClusters/agentPools/upgradeProfiles',
    upgrades: upgradesJson(agentPoolUpgrades(cloud.now, current, cluster.currentKubernetesVersion)),
  };
}
