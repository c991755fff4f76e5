/** Nodes that nobody waits for (`--no-wait`): their machines are being made, and join the cluster later. */
import { putResource } from '../azure/resource-store.ts';
import type { Cloud, OperationStep } from '../cloud.ts';
import type { AgentPool, ManagedCluster } from './managed-cluster.ts';
import { startOperation } from './operations.ts';
import { stateDuring } from './pending-operation.ts';
import { reconcileCluster } from './reconcile.ts';
import { restoreOutbound } from './restore-outbound.ts';
import { machinesOf } from './upgrade-nodes.ts';

/** From the node that has joined to the end of the operation. */
const SETTLING_SECONDS = 10;

/** How long something takes that the caller does not wait for, and what is busy meanwhile. */
export interface Later {
  readonly seconds: number;
  readonly busy: 'cluster' | 'agent-pool';
}

/**
 * Returns the cloud after the controllers of a cluster ran whose pool has changed: with its new machines
 * as nodes, or, if that comes later, with an operation that lets them join. `before` is the cloud in
 * which the pool had its former machines.
 */
export function welcomeNodes(
  before: Cloud,
  after: Cloud,
  cluster: ManagedCluster,
  pool: AgentPool,
  kind: 'create' | 'scale',
  later: Later | null,
): Cloud {
  if (later === null) return reconcileCluster(restoreOutbound(after, cluster), cluster);
  const known = new Set(machinesOf(before, cluster, pool.name));
  const nodes = machinesOf(after, cluster, pool.name).filter((each) => !known.has(each));
  const end = after.now + later.seconds;
  const joined: readonly OperationStep[] =
    nodes.length === 0
      ? []
      : [{ at: end - SETTLING_SECONDS, action: { kind: 'join', pool: pool.name, nodes, as: 'new' } }];
  const state = stateDuring(kind);
  const busy: ManagedCluster = {
    ...cluster,
    provisioningState: later.busy === 'cluster' ? state : cluster.provisioningState,
    agentPoolProfiles: cluster.agentPoolProfiles.map((each) =>
      each.name === pool.name ? { ...each, provisioningState: state } : each,
    ),
  };
  const started = startOperation(putResource(after, busy), busy, {
    kind,
    pool: later.busy === 'cluster' ? null : pool.name,
    steps: [...joined, { at: end, action: { kind: 'finish-pool', pool: pool.name } }],
    absent: nodes,
  });
  return reconcileCluster(started, busy);
}
