/** The controllers, the scheduler and the kubelets of one cluster, run until nothing moves. */
import type { ArmKey } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import { closeDraft, forgetStaleEvents, openDraft } from './draft.ts';
import { countRestarts } from './pod-status.ts';
import { nodeLoads, schedulePods, startPods } from './pods.ts';
import {
  collectGarbage,
  reportWorkloads,
  runDaemonSets,
  runDeployments,
  runReplicaSets,
  trimReplicaSets,
} from './workloads.ts';

/**
 * Returns the cloud with the cluster's pods as its Deployments, DaemonSets and nodes ask for: made,
 * placed, addressed and started, or pending with the scheduler's reason. Returns the same cloud if
 * there is nothing to do.
 */
export function reconcileKubernetes(cloud: Cloud, cluster: ArmKey): Cloud {
  const draft = openDraft(cloud, cluster);
  collectGarbage(draft);
  runDeployments(draft);
  runDaemonSets(draft);
  runReplicaSets(draft);
  place();
  const pods = draft.pods.size;
  trimReplicaSets(draft);
  // What an older ReplicaSet gave up may be the room that a newer one waits for.
  if (draft.pods.size < pods) place();
  forgetStaleEvents(draft);
  countRestarts(draft);
  reportWorkloads(draft);
  return closeDraft(draft);

  function place(): void {
    schedulePods(draft, nodeLoads(draft));
    startPods(draft);
  }
}
