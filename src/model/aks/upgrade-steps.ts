/** What each step of an upgrade or a migration does. */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import { getResource, putResource } from '../azure/resource-store.ts';
import type { ArmKey } from '../azure/resources.ts';
import type { Cloud, LongRunningOperation, OperationAction } from '../cloud.ts';
import { kubernetesOf, withKubernetes } from '../kubernetes/cluster-state.ts';
import { cordonNodes, drainNodes, reportOnNodes } from '../kubernetes/node-maintenance.ts';
import { SURGE_FALLBACK_FROM } from '../limits/aks-upgrade.ts';
import { resizeScaleSet } from './agent-pool-scale-set.ts';
import { atLeastMinor } from './kubernetes-versions.ts';
import type { AgentPool, ManagedCluster } from './managed-cluster.ts';
import { checkNodeEgress } from './node-egress.ts';
import { renewMachines } from './migrate-machines.ts';
import { stateDuring } from './pending-operation.ts';
import { machinesOf, outdatedNodes } from './upgrade-nodes.ts';
import { planPool, surgeOf, unavailableOf } from './upgrade-plan.ts';

const CLUSTER = 'Microsoft.ContainerService/ManagedClusters';
/** As events name their reporter. */
const UPGRADER = 'upgrader';
const REPORTERS: Readonly<Record<string, string>> = {
  NodeNotSchedulable: 'kubelet',
  RegisteredNode: 'node-controller',
  RemovingNode: 'node-controller',
};

/** What is reported about nodes that joined, besides that they did; POOL stands for the pool's name. */
const JOINED: Readonly<
  Record<
    Extract<OperationAction, { readonly kind: 'join' }>['as'],
    readonly (readonly [reason: string, text: string])[]
  >
> = {
  new: [],
  surge: [['Surge', 'Created a surge node NODE for agentpool POOL']],
  upgraded: [
    ['Upgrade', 'Successfully reimaged node: NODE'],
    ['Upgrade', 'Successfully upgraded node: NODE'],
  ],
};

export interface Progress {
  readonly cloud: Cloud;
  readonly operation: LongRunningOperation;
}

/** Returns the cloud and the operation after one of its steps; the controllers have still to run. */
export function runAction(
  cloud: Cloud,
  cluster: ManagedCluster,
  operation: LongRunningOperation,
  action: OperationAction,
): Progress {
  const key = operation.cluster;
  const only = (next: Cloud): Progress => ({ cloud: next, operation });
  switch (action.kind) {
    case 'upgrade-control-plane':
      return only(
        putResource(cloud, {
          ...cluster,
          currentKubernetesVersion: action.version ?? cluster.kubernetesVersion,
        }),
      );
    case 'start-pool':
      return startPool(cloud, cluster, operation, action);
    case 'join':
      return join(cloud, operation, action);
    case 'cordon':
      return only(
        cordonNodes(
          report(
            cloud,
            key,
            action.nodes,
            'NodeNotSchedulable',
            'Node NODE status is now: NodeNotSchedulable',
          ),
          key,
          action.nodes,
        ),
      );
    case 'drain':
      return only(
        drainNodes(report(cloud, key, action.nodes, 'Drain', 'Draining node: NODE'), key, action.nodes),
      );
    case 'soak':
      return only(report(cloud, key, action.nodes, 'Upgrade', soakMessage(cluster, action.pool)));
    case 'reimage':
      return {
        cloud: reimage(cloud, cluster, key, action),
        operation: { ...operation, absent: [...operation.absent, ...action.nodes] },
      };
    case 'remove-nodes':
      return only(removeSurge(cloud, cluster, key, action));
    case 'finish-pool':
      return only(withPoolState(cloud, cluster, action.pool, 'Succeeded'));
  }
}

/** Makes the extra machines; without room for them one is enough on newer pools, or none if nodes may be missing. */
function startPool(
  cloud: Cloud,
  cluster: ManagedCluster,
  operation: LongRunningOperation,
  action: Extract<OperationAction, { readonly kind: 'start-pool' }>,
): Progress {
  const pool = cluster.agentPoolProfiles.find((each) => each.name === action.pool);
  if (pool === undefined) return { cloud, operation };
  const machines = machinesOf(cloud, cluster, pool.name);
  const outdated = action.replacing === 'all' ? machines : outdatedNodes(cloud, cluster, pool);
  const size = Math.max(pool.count, machines.length);
  const wanted = surgeOf(pool.upgradeSettings, size, outdated.length);
  const unavailable = unavailableOf(pool.upgradeSettings, size, outdated.length);
  const attempts = [wanted];
  if (wanted > 1 && atLeastMinor(action.from, SURGE_FALLBACK_FROM.value)) attempts.push(1);
  if (wanted > 0 && unavailable > 0) attempts.push(0);
  const out = checkNodeEgress(cloud, cluster, pool);
  let refusal: AzureError | null = out.ok ? null : out.error;
  for (const count of out.ok ? attempts : []) {
    const sized = count === 0 ? null : resizeScaleSet(cloud, cluster, pool, machines.length + count);
    if (sized !== null && !sized.ok) {
      refusal ??= sized.error;
      continue;
    }
    const grown = sized === null ? cloud : sized.value;
    const surge = machinesOf(grown, cluster, pool.name).slice(machines.length);
    const steps = planPool(
      { pool, outdated, surge, batch: count === 0 ? Math.max(1, unavailable) : count },
      cloud.now,
    );
    return {
      cloud: withPoolState(grown, cluster, pool.name, stateDuring(operation.kind)),
      operation: {
        ...operation,
        steps: [...operation.steps, ...steps],
        absent: [...operation.absent, ...surge],
      },
    };
  }
  return {
    cloud: withPoolState(cloud, cluster, pool.name, 'Failed'),
    operation: { ...operation, failure: operation.failure ?? reconcileFailure(refusal) },
  };
}

/** The scale set's refusal, as AKS passes it on. */
function reconcileFailure(cause: AzureError | null): AzureError {
  const { code, message } = cause ?? { code: 'InternalOperationError', message: 'Internal server error' };
  return azureError(
    code,
    `Reconcile vmss agent pool error: VMSSAgentPoolReconciler retry failed: Code='${code}' Message='${message}' Details=[]`,
  );
}

/** Machines that are ready become nodes when the controllers run next. */
function join(
  cloud: Cloud,
  operation: LongRunningOperation,
  action: Extract<OperationAction, { readonly kind: 'join' }>,
): Progress {
  const { nodes, pool } = action;
  const registered = report(
    cloud,
    operation.cluster,
    nodes,
    'RegisteredNode',
    'Node NODE event: Registered Node NODE in Controller',
  );
  const texts = JOINED[action.as];
  return {
    cloud: texts.reduce(
      (next, [reason, text]) => report(next, operation.cluster, nodes, reason, text.replace('POOL', pool)),
      registered,
    ),
    operation: { ...operation, absent: operation.absent.filter((each) => !nodes.includes(each)) },
  };
}

function removeSurge(
  cloud: Cloud,
  cluster: ManagedCluster,
  key: ArmKey,
  action: { readonly pool: string; readonly nodes: readonly string[] },
): Cloud {
  const pool = cluster.agentPoolProfiles.find((each) => each.name === action.pool);
  if (pool === undefined) return cloud;
  const machines = machinesOf(cloud, cluster, pool.name);
  // Extra machines are the newest ones, and those are the first that a scale set gives up.
  const sized = resizeScaleSet(cloud, cluster, pool, machines.length - action.nodes.length);
  if (!sized.ok) return cloud;
  return report(sized.value, key, action.nodes, 'Surge', 'Removed the surge node: NODE');
}

function reimage(
  cloud: Cloud,
  cluster: ManagedCluster,
  key: ArmKey,
  { pool, nodes }: { readonly pool: string; readonly nodes: readonly string[] },
): Cloud {
  const profile = cluster.agentPoolProfiles.find((each) => each.name === pool);
  const told = report(cloud, key, nodes, 'Upgrade', 'Deleting node NODE from API server');
  const removed = withoutNodes(
    report(told, key, nodes, 'RemovingNode', 'Node NODE event: Removing Node NODE from Controller'),
    key,
    nodes,
  );
  return profile === undefined ? removed : renewMachines(removed, cluster, profile, nodes);
}

/** Returns the cloud without these nodes and the pods that ran on them. */
function withoutNodes(cloud: Cloud, key: ArmKey, names: readonly string[]): Cloud {
  const state = kubernetesOf(cloud, key);
  const gone = new Set(names);
  return withKubernetes(cloud, key, {
    ...state,
    nodes: Object.fromEntries(Object.entries(state.nodes).filter(([name]) => !gone.has(name))),
  });
}

function withPoolState(
  cloud: Cloud,
  cluster: ManagedCluster,
  pool: string,
  provisioningState: AgentPool['provisioningState'],
): Cloud {
  const present = getResource(cloud, cluster.id, CLUSTER) ?? cluster;
  return putResource(cloud, {
    ...present,
    agentPoolProfiles: present.agentPoolProfiles.map((each) =>
      each.name === pool ? { ...each, provisioningState } : each,
    ),
  });
}

function soakMessage(cluster: ManagedCluster, pool: string): string {
  const settings = cluster.agentPoolProfiles.find((each) => each.name === pool)?.upgradeSettings;
  return `Soak duration ${settings?.nodeSoakDurationInMinutes ?? 0}m0s after draining node: NODE`;
}

/** Records an event about each node; NODE in the text stands for its name. */
function report(cloud: Cloud, key: ArmKey, nodes: readonly string[], reason: string, text: string): Cloud {
  return reportOnNodes(cloud, key, nodes, {
    reason,
    message: (node) => text.replaceAll('NODE', node),
    component: REPORTERS[reason] ?? UPGRADER,
  });
}
