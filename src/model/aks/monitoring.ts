/**
 * The add-on `monitoring` (Container Insights): for the network it is a DaemonSet and a Deployment more,
 * whose pods take addresses like any other pod's. What they measure is not modelled.
 */
import type { AzureError } from '../azure/error.ts';
import { armKey, getResource, putResource, removeResource, resourceId } from '../azure/resource-store.ts';
import { createUserAssignedIdentity } from '../azure/user-assigned-identity.ts';
import type { Cloud } from '../cloud.ts';
import { putObject } from '../kubernetes/apply.ts';
import { kubernetesOf, newMetadata, withKubernetes } from '../kubernetes/cluster-state.ts';
import { ok } from '../result.ts';
import type { Result } from '../result.ts';
import { systemPod } from './admit-system-pod.ts';
import type { ManagedCluster } from './managed-cluster.ts';
import { reconcileCluster } from './reconcile.ts';
import { deploymentOf, requests } from './system-workloads.ts';

const SYSTEM = 'kube-system';
const IMAGE = 'mcr.microsoft.com/azuremonitor/containerinsights/ciprod:3.1.28';
const IDENTITY = 'Microsoft.ManagedIdentity/userAssignedIdentities';
const TOKEN_ADAPTER = {
  name: 'addon-token-adapter',
  image: 'mcr.microsoft.com/aks/msi/addon-token-adapter:master.250902.1',
  ...requests('20m', '30Mi'),
};

/** Returns the workspace that azure-cli makes for a subscription and region that has none. */
export function defaultWorkspace(cloud: Cloud, location: string): string {
  const { id } = cloud.subscription;
  const region = location.toUpperCase();
  return `/subscriptions/${id}/resourceGroups/DefaultResourceGroup-${region}/providers/Microsoft.OperationalInsights/workspaces/DefaultWorkspace-${id}-${region}`;
}

/** Returns the cloud with the add-on running on a cluster. */
export function enableMonitoring(
  cloud: Cloud,
  cluster: ManagedCluster,
  workspaceResourceId: string,
): Result<Cloud, AzureError> {
  const identity = {
    resourceGroup: cluster.nodeResourceGroup,
    name: identityName(cluster),
    location: cluster.location,
  };
  const made = createUserAssignedIdentity(cloud, identity);
  if (!made.ok) return made;
  const monitored: ManagedCluster = { ...cluster, monitoring: { workspaceResourceId } };
  const key = armKey(cluster.id);
  const metadata = (kind: string, name: string, labels: Readonly<Record<string, string>>) =>
    newMetadata(made.value, key, {
      kind,
      name,
      namespace: SYSTEM,
      labels,
      created: cloud.now,
      resourceVersion: kubernetesOf(made.value, key).controlPlane.nextResourceVersion,
    });
  const agent = { component: 'ama-logs-agent', tier: 'node' };
  const withAgents = putObject(putResource(made.value, monitored), key, {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: metadata('DaemonSet', 'ama-logs', agent),
    spec: {
      selector: { matchLabels: agent },
      template: {
        metadata: { labels: agent },
        spec: {
          ...systemPod(
            {
              containers: [
                TOKEN_ADAPTER,
                { name: 'ama-logs', image: IMAGE, ...requests('75m', '325Mi') },
                { name: 'ama-logs-prometheus', image: IMAGE, ...requests('75m', '225Mi') },
              ],
            },
            'ama-logs',
          ),
          tolerations: [{ operator: 'Exists' }],
        },
      },
    },
    status: { desiredNumberScheduled: 0, currentNumberScheduled: 0, numberReady: 0, numberAvailable: 0 },
  });
  const replicaSet = { rsName: 'ama-logs-rs' };
  const withAll = putObject(
    withAgents,
    key,
    deploymentOf(metadata('Deployment', 'ama-logs-rs', replicaSet), {
      name: 'ama-logs-rs',
      namespace: SYSTEM,
      labels: replicaSet,
      replicas: 1,
      hostNetwork: 'no',
      containers: [TOKEN_ADAPTER, { name: 'ama-logs', image: IMAGE, ...requests('150m', '250Mi') }],
    }),
  );
  return ok(reconcileCluster(withAll, monitored));
}

/** Returns the cloud without the add-on; its pods go with it. */
export function disableMonitoring(cloud: Cloud, cluster: ManagedCluster): Cloud {
  const key = armKey(cluster.id);
  const { monitoring: _gone, ...rest } = cluster;
  const identity = resourceId(cloud, cluster.nodeResourceGroup, IDENTITY, identityName(cluster));
  const state = kubernetesOf(cloud, key);
  const { [`${SYSTEM}/ama-logs`]: _agents, ...daemonSets } = state.daemonSets;
  const { [`${SYSTEM}/ama-logs-rs`]: _watcher, ...deployments } = state.deployments;
  const without = withKubernetes(cloud, key, { ...state, daemonSets, deployments });
  return reconcileCluster(putResource(removeResource(without, identity), rest), rest);
}

/** Returns the identity that the add-on sends with, as `az aks show` names it, or null. */
export function monitoringIdentity(
  cloud: Cloud,
  cluster: ManagedCluster,
): { readonly id: string; readonly clientId: string; readonly principalId: string } | null {
  const id = resourceId(cloud, cluster.nodeResourceGroup, IDENTITY, identityName(cluster));
  return getResource(cloud, id, IDENTITY);
}

function identityName(cluster: ManagedCluster): string {
  return `omsagent-${cluster.name}`;
}
