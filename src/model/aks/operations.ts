/**
 * Virtual time: what Azure does after it accepted a request that takes long. Each step happens when its
 * time has come, and the cluster's controllers run after it.
 */
import { armKey, getResource, putResource } from '../azure/resource-store.ts';
import type { AzureError } from '../azure/error.ts';
import type { ArmKey } from '../azure/resources.ts';
import { inSubscriptionOf } from '../azure/subscription-choice.ts';
import type { Cloud, LongRunningOperation, OperationStep } from '../cloud.ts';
import { forgetOldEvents } from '../kubernetes/node-maintenance.ts';
import type { AksProvisioningState, ManagedCluster } from './managed-cluster.ts';
import { leaveRouteTable } from './migrate-machines.ts';
import { reconcile, reconcileCluster } from './reconcile.ts';
import { restoreOutbound } from './restore-outbound.ts';
import { runAction } from './upgrade-steps.ts';

const CLUSTER = 'Microsoft.ContainerService/ManagedClusters';

/**
 * Returns the cloud after this many seconds: steps of operations that have become due happened at
 * their time, in order. A frozen clock is the caller's affair.
 */
export function advance(cloud: Cloud, seconds: number): Cloud {
  const until = cloud.now + seconds;
  let next = cloud;
  for (let due = nextStep(next); due !== null && due.step.at <= until; due = nextStep(next)) {
    next = runStep({ ...next, now: Math.max(next.now, due.step.at) }, due.operation, due.step);
  }
  return forgetOldEvents({ ...next, now: until });
}

export interface Ended {
  readonly cloud: Cloud;
  /** Why the operation failed, or null. */
  readonly failure: AzureError | null;
}

/**
 * Returns the cloud after the operation of a cluster has ended, and time with it. A frozen clock does
 * not move, and the operation ends all the same: whoever waits for it waits until it is done.
 */
export function runToEnd(cloud: Cloud, clusterId: string): Ended {
  const key = armKey(clusterId);
  let next = cloud;
  for (let operation = operationIn(next, key); operation !== null; operation = operationIn(next, key)) {
    const [step] = operation.steps;
    if (step === undefined) next = finish(next, operation);
    else if (next.clock === 'running') next = advance(next, Math.max(0, step.at - next.now));
    else next = runStep(next, operation, step);
  }
  const cluster = getResource(next, clusterId, CLUSTER);
  return { cloud: next, failure: cluster?.simulation.lastOperation?.failure ?? null };
}

/**
 * Returns the cloud later, for someone who waits for what is under way; null if nothing is. With a frozen
 * clock the next step happens instead.
 */
export function letPass(cloud: Cloud, seconds: number): Cloud | null {
  const next = nextStep(cloud);
  if (next === null) return null;
  return cloud.clock === 'running' ? advance(cloud, seconds) : runStep(cloud, next.operation, next.step);
}

/** Returns the cloud with a new operation; one without steps ends at once. */
export function startOperation(
  cloud: Cloud,
  cluster: ManagedCluster,
  operation: Pick<LongRunningOperation, 'pool' | 'kind' | 'steps'> &
    Partial<Pick<LongRunningOperation, 'absent'>>,
): Cloud {
  const started: LongRunningOperation = {
    absent: [],
    ...operation,
    cluster: armKey(cluster.id),
    startedAt: cloud.now,
    failure: null,
  };
  const next = { ...cloud, operations: [...cloud.operations, started] };
  return started.steps.length === 0 ? finish(next, started) : next;
}

/** Returns the cloud without operations on clusters that are gone. */
export function dropOrphans(cloud: Cloud): Cloud {
  if (cloud.operations.length === 0) return cloud;
  const operations = cloud.operations.filter((each) => cloud.resources[each.cluster] !== undefined);
  return operations.length === cloud.operations.length ? cloud : { ...cloud, operations };
}

function operationIn(cloud: Cloud, cluster: ArmKey): LongRunningOperation | null {
  return cloud.operations.find((each) => each.cluster === cluster) ?? null;
}

function nextStep(
  cloud: Cloud,
): { readonly operation: LongRunningOperation; readonly step: OperationStep } | null {
  let first: { readonly operation: LongRunningOperation; readonly step: OperationStep } | null = null;
  for (const operation of cloud.operations) {
    const [step] = operation.steps;
    if (step !== undefined && (first === null || step.at < first.step.at)) first = { operation, step };
  }
  return first;
}

function runStep(cloud: Cloud, operation: LongRunningOperation, step: OperationStep): Cloud {
  return inSubscriptionOf(cloud, operation.cluster, (there) => runStepThere(there, operation, step));
}

function runStepThere(cloud: Cloud, operation: LongRunningOperation, step: OperationStep): Cloud {
  const cluster = getResource(cloud, operation.cluster, CLUSTER);
  const taken: LongRunningOperation = {
    ...operation,
    steps: operation.steps.filter((each) => each !== step),
  };
  if (cluster === null) return withoutOperation(cloud, operation);
  const done = runAction(withOperation(cloud, operation, taken), cluster, taken, step.action);
  const after: LongRunningOperation = {
    ...done.operation,
    steps: [...done.operation.steps].sort((a, b) => a.at - b.at),
  };
  const next = withOperation(done.cloud, taken, after);
  const present = getResource(next, operation.cluster, CLUSTER) ?? cluster;
  const followed = reconcileCluster(next, present);
  return after.steps.length === 0 ? reconcile(finish(followed, after)) : followed;
}

/** Ends an operation: the cluster and what it worked on are in a final state. */
function finish(cloud: Cloud, operation: LongRunningOperation): Cloud {
  const next = withoutOperation(cloud, operation);
  const cluster = getResource(next, operation.cluster, CLUSTER);
  if (cluster === null) return next;
  const state: AksProvisioningState = operation.failure === null ? 'Succeeded' : 'Failed';
  const ended = putResource(next, {
    ...cluster,
    provisioningState: operation.pool === null ? state : cluster.provisioningState,
    simulation: {
      ...cluster.simulation,
      lastOperation: {
        pool: operation.pool,
        kind: operation.kind,
        startedAt: operation.startedAt,
        endedAt: cloud.now,
        failure: operation.failure,
      },
    },
  });
  const present = getResource(ended, operation.cluster, CLUSTER);
  if (present === null) return ended;
  const restored = operation.failure === null ? restoreOutbound(ended, present) : ended;
  const left = operation.failure === null && present.networkProfile.networkPlugin !== 'kubenet';
  return left ? leaveRouteTable(restored, present) : restored;
}

function withOperation(cloud: Cloud, before: LongRunningOperation, after: LongRunningOperation): Cloud {
  return {
    ...cloud,
    operations: cloud.operations.map((each) => (isSame(each, before) ? after : each)),
  };
}

function withoutOperation(cloud: Cloud, operation: LongRunningOperation): Cloud {
  return { ...cloud, operations: cloud.operations.filter((each) => !isSame(each, operation)) };
}

/** Several pools of a cluster may be busy at once, each with one thing. */
function isSame(one: LongRunningOperation, other: LongRunningOperation): boolean {
  return one.cluster === other.cluster && one.pool === other.pool;
}
