/** `az aks upgrade` and `az aks get-upgrades`. */
import { requireManagedCluster } from '../../model/aks/create-managed-cluster.ts';
import type { ManagedCluster } from '../../model/aks/managed-cluster.ts';
import { upgradeManagedCluster, upgradeNodeImages } from '../../model/aks/upgrade-managed-cluster.ts';
import { controlPlaneUpgrades } from '../../model/aks/upgrade-versions.ts';
import type { Cloud } from '../../model/cloud.ts';
import { managedClusterJson } from './aks-json.ts';
import { ACCEPT_SECONDS, longOutcome } from './aks-operation.ts';
import { clusterKey } from './aks-options.ts';
import { checkKubernetesVersion } from './aks-validation.ts';
import type { AzArguments, AzCommand, AzOutcome, Json } from './command.ts';
import { flag, refused, text, yes } from './option.ts';
import { changed, optionalText, refusedByAzure, shown, textArgument, usageFailure } from './outcome.ts';
import type { Ran } from './outcome.ts';
import { isObject, plainText } from './output-format.ts';

const CONFLICTING =
  'Conflicting flags. Upgrading the Kubernetes version will also upgrade node image version. If you only want to upgrade the node version please use the "--node-image-only" option only.';

/** What azure-cli says where it cannot ask whether to go on. */
export const NOT_CONFIRMED = 'Unable to prompt for confirmation as no tty available. Use --yes.';

export const aksUpgrade: AzCommand = {
  path: ['aks', 'upgrade'],
  summary:
    'Upgrade a managed Kubernetes cluster to a newer version. Kubernetes will be unavailable during cluster upgrades.',
  confirm: true,
  options: [
    ...clusterKey,
    flag(
      '--control-plane-only',
      'Upgrade the cluster control plane only. If not specified, both control plane AND all node pools will be upgraded.',
    ),
    text('--kubernetes-version -k', 'Version of Kubernetes to upgrade the cluster to, such as "1.16.9".'),
    flag('--no-wait', 'Do not wait for the long-running operation to finish.'),
    flag('--node-image-only', 'Only upgrade node image for agent pools.'),
    yes,
    ...refused(
      'no upgrade is held back here, so none is forced',
      'flag:--enable-force-upgrade',
      'flag:--disable-force-upgrade',
      '--upgrade-override-until',
    ).map((option) => ({ ...option, since: '2.57.0' })),
    ...refused('tiers change with az aks update', '--tier', '--k8s-support-plan').map((option) => ({
      ...option,
      since: '2.63.0',
    })),
  ],
  examples: [
    {
      does: 'Upgrade a managed Kubernetes cluster to a newer version.',
      line: 'az aks upgrade --kubernetes-version 1.35.3 --name MyManagedCluster --resource-group MyResourceGroup --yes',
    },
  ],
  run: runUpgrade,
};

function runUpgrade(cloud: Cloud, args: AzArguments): Ran {
  const resourceGroup = textArgument(args, 'resourceGroup');
  const name = textArgument(args, 'name');
  const version = checkKubernetesVersion(optionalText(args, 'kubernetesVersion'));
  if (!version.ok) return version;
  const found = requireManagedCluster(cloud, resourceGroup, name);
  if (!found.ok) return refusedByAzure(found.error);
  const imageOnly = args['nodeImageOnly'] === true;
  if (version.value !== null && imageOnly) return usageFailure(CONFLICTING);
  const print = (after: Cloud): Json => {
    const present = requireManagedCluster(after, resourceGroup, name);
    return present.ok ? managedClusterJson(after, present.value) : null;
  };
  const command = { before: cloud, resourceGroup, cluster: name, print };
  // azure-cli starts one image upgrade for each pool here and waits for none of them.
  if (imageOnly) return changed(upgradeNodeImages(cloud, resourceGroup, name), print, ACCEPT_SECONDS);
  return longOutcome(
    upgradeManagedCluster(cloud, resourceGroup, name, {
      kubernetesVersion: version.value,
      scope: args['controlPlaneOnly'] === true ? 'control-plane' : 'everything',
    }),
    args,
    { ...command, warnings: sameVersionWarnings(found.value, version.value) },
  );
}

/** What azure-cli says before it asks for the version that the cluster has already. */
function sameVersionWarnings(cluster: ManagedCluster, wanted: string | null): readonly string[] {
  if (wanted !== null && wanted !== cluster.kubernetesVersion) return [];
  switch (cluster.provisioningState) {
    case 'Succeeded':
      return [
        `The cluster is already on version ${cluster.kubernetesVersion} and is not in a failed state. No operations will occur when upgrading to the same version if the cluster is not in a failed state.`,
      ];
    case 'Failed':
      return [
        `Cluster currently in failed state. Proceeding with upgrade to existing version ${cluster.kubernetesVersion} to attempt resolution of failed cluster state.`,
      ];
    case 'Creating':
    case 'Updating':
    case 'Upgrading':
    case 'Scaling':
    case 'Deleting':
      return [];
  }
}

export const aksGetUpgrades: AzCommand = {
  path: ['aks', 'get-upgrades'],
  summary: 'Get the upgrade versions available for a managed Kubernetes cluster.',
  options: clusterKey,
  examples: [
    {
      does: 'Get the upgrade versions available for a managed Kubernetes cluster.',
      line: 'az aks get-upgrades --name MyManagedCluster --resource-group MyResourceGroup',
    },
  ],
  run: (cloud, args) =>
    shown(
      cloud,
      requireManagedCluster(cloud, textArgument(args, 'resourceGroup'), textArgument(args, 'name')),
      (cluster) => upgradeProfileJson(cloud, cluster),
      upgradesTable,
    ),
};

/** Versions as upgrade profiles list them; null where there are none. */
export function upgradesJson(versions: readonly string[]): Json {
  if (versions.length === 0) return null;
  return versions.map((kubernetesVersion) => ({ isPreview: null, kubernetesVersion }));
}

function upgradeProfileJson(cloud: Cloud, cluster: ManagedCluster): Json {
  return {
    agentPoolProfiles: null,
    controlPlaneProfile: {
      kubernetesVersion: cluster.currentKubernetesVersion,
      name: null,
      osType: 'Linux',
      upgrades: upgradesJson(controlPlaneUpgrades(cloud.now, cluster.currentKubernetesVersion)),
    },
    id: `${cluster.id}/upgradeprofiles/default`,
    name: 'default',
    resourceGroup: cluster.resourceGroup,
    type: 'Microsoft.ContainerService/managedClusters/upgradeprofiles',
  };
}

const upgradesTable: NonNullable<AzOutcome['table']> = (output) => {
  if (!isObject(output)) return [];
  const profile = output['controlPlaneProfile'] ?? null;
  if (!isObject(profile)) return [];
  const upgrades = profile['upgrades'];
  const versions = Array.isArray(upgrades)
    ? upgrades.filter(isObject).map((each) => plainText(each['kubernetesVersion'] ?? null))
    : [];
  return [
    {
      Name: plainText(output['name'] ?? null),
      ResourceGroup: plainText(output['resourceGroup'] ?? null),
      MasterVersion: plainText(profile['kubernetesVersion'] ?? null),
      Upgrades: versions.length === 0 ? 'None available' : versions.join(', '),
    },
  ];
};
