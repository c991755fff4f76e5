/** Which pod `kubectl exec`, `logs` and `debug` mean by `web`, `pod/web`, `deploy/web`, `svc/web`. */
import type { Pod } from '../../model/kubernetes/objects.ts';
import { selects } from '../../model/kubernetes/cluster-state.ts';
import { err, ok, type Result } from '../../model/result.ts';
import { notFoundFailure } from './choose-objects.ts';
import type { Target } from './command.ts';
import { clientError, type KubectlFailure } from './failure.ts';
import { findType, listObjects, typeOfKind } from './resource-types.ts';

export function podNamed(text: string, target: Target): Result<Pod, KubectlFailure> {
  const [first = '', name, ...more] = text.split('/');
  if (name === undefined) return podByName(text, target);
  if (more.length > 0 || name === '' || first === '') {
    return err(clientError('arguments in resource/name form must have a single resource and name'));
  }
  const type = findType(first, target.state);
  if (!type.ok) return type;
  if (type.value.kind === 'Pod') return podByName(name, target);
  const object = listObjects(target.state, type.value, target.namespace).find(
    (each) => each.metadata.name === name,
  );
  if (object === undefined) return err(notFoundFailure(type.value, name));
  const selector =
    object.kind === 'Deployment' || object.kind === 'ReplicaSet' || object.kind === 'DaemonSet'
      ? object.spec.selector.matchLabels
      : object.kind === 'Service'
        ? object.spec.selector
        : undefined;
  if (selector === undefined) {
    return err(clientError(`cannot attach to *v1.${object.kind}: selector not found`));
  }
  const pods = listObjects(target.state, typeOfKind('Pod'), target.namespace).filter(
    (each): each is Pod => each.kind === 'Pod' && selects(selector, each.metadata.labels),
  );
  const pod = pods.find((each) => each.status.phase === 'Running') ?? pods[0];
  return pod === undefined ? err(clientError('timed out waiting for the condition')) : ok(pod);
}

function podByName(name: string, target: Target): Result<Pod, KubectlFailure> {
  const pod = target.state.pods[`${target.namespace}/${name}`];
  return pod === undefined ? err(notFoundFailure(typeOfKind('Pod'), name)) : ok(pod);
}

/** Why nothing can run in the pod now; null if something can. */
export function notRunning(pod: Pod): KubectlFailure | null {
  const { name } = pod.metadata;
  if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') {
    return clientError(
      `cannot exec into a container in a completed pod; current phase is ${pod.status.phase}`,
    );
  }
  if (pod.spec.nodeName === undefined) {
    return {
      stderr: `Error from server (BadRequest): pod ${name} does not have a host assigned\n`,
      exitCode: 1,
    };
  }
  const [first] = pod.status.containerStatuses ?? [];
  const running = first?.state !== undefined && 'running' in first.state;
  if (pod.status.podIP === undefined || !running) {
    const container = pod.spec.containers[0]?.name ?? '';
    return clientError(
      `Internal error occurred: unable to upgrade connection: container not found ("${container}")`,
    );
  }
  return null;
}

/** Checks `-c`, and returns the note about the container that was chosen for the learner. */
export function containerNote(pod: Pod, asked: string | null): Result<string, KubectlFailure> {
  const names = pod.spec.containers.map((container) => container.name);
  if (asked !== null) {
    if (names.includes(asked)) return ok('');
    return err({
      stderr: `Error from server (BadRequest): container ${asked} is not valid for pod ${pod.metadata.name}\n`,
      exitCode: 1,
    });
  }
  return ok(names.length > 1 ? `Defaulted container "${names[0] ?? ''}" out of: ${names.join(', ')}\n` : '');
}
