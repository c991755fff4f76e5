/** Pods that exist to run one command: `kubectl debug node/...` and `kubectl run -it ... -- COMMAND`. */
import type { Cloud } from '../../model/cloud.ts';
import { createObject, putObject } from '../../model/kubernetes/apply.ts';
import { kubernetesOf, kubernetesTime } from '../../model/kubernetes/cluster-state.ts';
import type { PodManifest } from '../../model/kubernetes/manifest.ts';
import type { Container, Pod } from '../../model/kubernetes/objects.ts';
import { reconcileKubernetes } from '../../model/kubernetes/reconcile.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { Target } from './command.ts';
import { serverError, type KubectlFailure } from './failure.ts';

/** Creates the pod so that its one container stays up while the command runs in it. */
export function startPod(
  cloud: Cloud,
  target: Target,
  manifest: PodManifest,
): Result<{ readonly cloud: Cloud; readonly pod: Pod }, KubectlFailure> {
  const waiting: PodManifest = {
    ...manifest,
    spec: { ...manifest.spec, containers: manifest.spec.containers.map(stayUp) },
  };
  const created = createObject(cloud, target.cluster, waiting);
  if (!created.ok) return err(serverError(created.error));
  const { object } = created.value;
  if (object.kind !== 'Pod') throw new Error('a pod manifest makes a pod');
  return ok({ cloud: created.value.cloud, pod: object });
}

function stayUp(container: Container): Container {
  const { args: _args, ...rest } = container;
  return { ...rest, command: ['sleep', 'infinity'] };
}

/** Returns the cloud in which the pod's command has ended, with the containers it was asked for. */
export function endPod(cloud: Cloud, target: Target, manifest: PodManifest, exitCode: number): Cloud {
  const key = `${manifest.metadata.namespace ?? 'default'}/${manifest.metadata.name}`;
  const pod = kubernetesOf(cloud, target.cluster).pods[key];
  if (pod === undefined) return cloud;
  const now = kubernetesTime(cloud.now);
  const containers = pod.spec.containers.map((container, at): Container => {
    const { command: _waiting, ...rest } = container;
    const asked = manifest.spec.containers[at];
    return {
      ...rest,
      ...(asked?.command === undefined ? {} : { command: asked.command }),
      ...(asked?.args === undefined ? {} : { args: asked.args }),
    };
  });
  const ended: Pod = {
    ...pod,
    spec: { ...pod.spec, containers },
    status: {
      ...pod.status,
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      conditions: (pod.status.conditions ?? []).map((condition) =>
        condition.type === 'Ready' ||
        condition.type === 'ContainersReady' ||
        condition.type === 'PodReadyToStartContainers'
          ? { ...condition, status: 'False', reason: 'PodCompleted', lastTransitionTime: now }
          : condition,
      ),
      containerStatuses: (pod.status.containerStatuses ?? []).map((status) => ({
        ...status,
        ready: false,
        started: false,
        state: {
          terminated: {
            exitCode,
            reason: exitCode === 0 ? 'Completed' : 'Error',
            startedAt: pod.metadata.creationTimestamp,
            finishedAt: now,
          },
        },
      })),
    },
  };
  return reconcileKubernetes(putObject(cloud, target.cluster, ended), target.cluster);
}
