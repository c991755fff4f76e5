/** The controllers, the scheduler and the kubelets of one cluster, run until nothing moves. */
import type { ArmKey } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import { kubernetesOf } from './cluster-state.ts';
import { closeDraft, forgetStaleEvents, openDraft } from './draft.ts';
import type { Draft } from './draft.ts';
import type { KubernetesState } from './objects.ts';
import { pullAgain } from './image-pulls.ts';
import { runMasqueradeAgents } from './masquerade-agents.ts';
import { logPulls } from './pull-log.ts';
import { countRestarts } from './pod-status.ts';
import { schedulePods, startPods } from './pods.ts';
import { publishRootCa } from './root-ca.ts';
import { reportWaiting } from './waiting-pods.ts';
import {
  collectGarbage,
  continueRollouts,
  firstOfEach,
  reportWorkloads,
  runDaemonSets,
  runDeployments,
  runReplicaSets,
  trimReplicaSets,
} from './workloads.ts';

/** States in which nothing was to do, and which time alone does not change; with the pins they were under. */
const settled = new WeakMap<KubernetesState, Cloud['pins']>();

/**
 * Returns the cloud with the cluster's pods as its Deployments, DaemonSets and nodes ask for: made,
 * placed, addressed and started, or pending with the scheduler's reason. Returns the same cloud if
 * there is nothing to do.
 */
export function reconcileKubernetes(cloud: Cloud, cluster: ArmKey): Cloud {
  if (settled.get(kubernetesOf(cloud, cluster)) === cloud.pins) return cloud;
  const published = publishRootCa(cloud, cluster);
  const before = kubernetesOf(published, cluster);
  const draft = openDraft(published, cluster);
  collectGarbage(draft);
  const rollouts = runDeployments(draft);
  runDaemonSets(draft);
  runReplicaSets(draft, firstOfEach(draft, rollouts));
  place();
  if (rollouts.length > 0) {
    continueRollouts(draft, rollouts);
    runReplicaSets(draft);
    place();
  }
  const pods = draft.pods.size;
  trimReplicaSets(draft);
  // What an older ReplicaSet gave up may be the room that a newer one waits for.
  if (draft.pods.size < pods) place();
  runMasqueradeAgents(draft);
  forgetStaleEvents(draft);
  const pulls = pullAgain(draft);
  const waiting = reportWaiting(draft);
  const containers = countRestarts(draft);
  reportWorkloads(draft);
  const after = closeDraft(draft);
  if (after === published && containers === 'steady' && pulls === 'steady' && waiting === 'steady')
    settled.set(before, cloud.pins);
  return logPulls(after, draft);

  function place(): void {
    schedulePods(draft);
    startPods(draft);
  }
}

/** Reports whether pods of an older template are there still, which go when those of the present one are ready. */
function isRollingOut({ deployments }: Draft): boolean {
  for (const { status } of deployments.values()) if (status.replicas > status.updatedReplicas) return true;
  return false;
}

/** Returns the cloud after kubelets started again, while time passed, what keeps ending, and pulled what could not be pulled; the same cloud if nothing does. */
export function restartContainers(cloud: Cloud): Cloud {
  let next = cloud;
  for (const cluster of Object.keys(cloud.kubernetes)) {
    if (settled.get(kubernetesOf(next, cluster)) === cloud.pins) continue;
    const draft = openDraft(next, cluster);
    const { pods } = draft;
    pullAgain(draft);
    if (draft.pods !== pods) reportWorkloads(draft);
    reportWaiting(draft);
    countRestarts(draft);
    const goesOn = draft.pods !== pods && isRollingOut(draft);
    next = logPulls(closeDraft(draft), draft);
    if (goesOn) next = reconcileKubernetes(next, cluster);
  }
  return next;
}
