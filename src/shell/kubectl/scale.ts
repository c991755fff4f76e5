import type { Cloud } from '../../model/cloud.ts';
import { putObject, scaleDeployment } from '../../model/kubernetes/apply.ts';
import { kubernetesOf, objectKey } from '../../model/kubernetes/cluster-state.ts';
import { reconcileKubernetes } from '../../model/kubernetes/reconcile.ts';
import { err } from '../../model/result.ts';
import { reportChanges, type Change } from './change.ts';
import { chooseObjects, existing } from './choose-objects.ts';
import { DRY_RUN_FLAG, FILENAME_FLAG, OUTPUT_FLAG, SELECTOR_FLAG, type KubectlCommand } from './command.ts';
import { clientError, serverError, type KubectlFailure } from './failure.ts';
import { listObjects, pluralWithGroup, typeOfKind } from './resource-types.ts';

export const SCALE: KubectlCommand = {
  path: ['scale'],
  summary: 'Set a new size for a deployment or replica set.',
  usage: '[--current-replicas=count] --replicas=COUNT TYPE NAME [options]',
  examples: [{ does: 'Scale the deployment web to 3', line: 'kubectl scale --replicas=3 deployment/web' }],
  needs: 'cluster',
  flags: [
    { ...FILENAME_FLAG, notSimulated: 'name the objects' },
    OUTPUT_FLAG,
    DRY_RUN_FLAG,
    SELECTOR_FLAG,
    { name: 'replicas', type: { kind: 'integer' }, help: 'The new desired number of replicas. Required.' },
    {
      name: 'current-replicas',
      type: { kind: 'integer' },
      shown: '-1',
      help: 'Precondition for current size.',
    },
    {
      name: 'all',
      type: { kind: 'flag' },
      help: 'Select all resources in the namespace of the specified resource types.',
    },
    { name: 'timeout', type: { kind: 'string' }, shown: '0s', help: 'Scaling is immediate here.' },
  ],
  run: async (input, target, context) => {
    const { flags, args } = input;
    const replicas = flags.number('replicas');
    if (replicas === null) return err(clientError('required flag(s) "replicas" not set'));
    if (replicas < 0)
      return err(
        clientError('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0'),
      );
    const [first] = args;
    if (
      first !== undefined &&
      !first.includes('/') &&
      args.length === 1 &&
      !flags.isOn('all') &&
      !flags.has('selector')
    ) {
      return err(clientError('resource(s) were provided, but no name was specified'));
    }
    const chosen = chooseObjects(args, flags, target);
    if (!chosen.ok) return chosen;
    const objects = existing(chosen.value);
    const { failures } = chosen.value;
    if (objects.length === 0 && failures.length === 0) return err(clientError('no objects passed to scale'));
    let cloud: Cloud = context.cloud;
    const changes: Change[] = [];
    const stoppedAt = (failure: KubectlFailure) => reportChanges(cloud, changes, flags, context, [failure]);
    for (const object of objects) {
      const key = objectKey(object.metadata);
      if (object.kind !== 'Deployment' && object.kind !== 'ReplicaSet') {
        return stoppedAt(
          serverError({
            reason: 'NotFound',
            message: `the server could not find the requested resource (${pluralWithGroup(typeOfKind(object.kind))} cannot be scaled)`,
          }),
        );
      }
      const current = flags.number('current-replicas');
      if (current !== null && current !== -1 && current !== object.spec.replicas) {
        return stoppedAt(clientError(`Expected replicas to be ${current}, was ${object.spec.replicas}`));
      }
      if (object.kind === 'Deployment') {
        const scaled = scaleDeployment(cloud, target.cluster, key, replicas);
        if (!scaled.ok) return stoppedAt(serverError(scaled.error));
        cloud = scaled.value;
      } else {
        const changed = putObject(cloud, target.cluster, { ...object, spec: { ...object.spec, replicas } });
        cloud = reconcileKubernetes(changed, target.cluster);
      }
      const type = typeOfKind(object.kind);
      const after = listObjects(kubernetesOf(cloud, target.cluster), type, null).find(
        (each) => objectKey(each.metadata) === key,
      );
      changes.push({ object: after ?? object, done: 'scaled' });
    }
    return reportChanges(cloud, changes, flags, context, failures);
  },
};
