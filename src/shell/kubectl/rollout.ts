import { applyObject } from '../../model/kubernetes/apply.ts';
import { restartedAt } from '../../model/kubernetes/workloads.ts';
import type { Manifest } from '../../model/kubernetes/manifest.ts';
import type { Deployment } from '../../model/kubernetes/objects.ts';
import { err, ok, type Result } from '../../model/result.ts';
import { reportChanges, type Change } from './change.ts';
import { allExist, chooseObjects, existing, type Chosen } from './choose-objects.ts';
import {
  FILENAME_FLAG,
  OUTPUT_FLAG,
  SELECTOR_FLAG,
  type KubectlCommand,
  type KubectlInput,
  type Target,
} from './command.ts';
import { clientError, serverError, type KubectlFailure } from './failure.ts';
import { pluralWithGroup, typeOfKind, type ApiObject } from './resource-types.ts';

export const ROLLOUT_STATUS: KubectlCommand = {
  path: ['rollout', 'status'],
  summary: 'Show the status of the rollout.',
  usage: '(TYPE NAME | TYPE/NAME) [flags] [options]',
  examples: [
    { does: 'Show the rollout status of a deployment', line: 'kubectl rollout status deployment/nginx' },
  ],
  needs: 'cluster',
  flags: [
    SELECTOR_FLAG,
    { ...FILENAME_FLAG, notSimulated: 'name the objects' },
    {
      name: 'watch',
      shorthand: 'w',
      type: { kind: 'flag' },
      shown: 'true',
      help: 'Rollouts are over at once here, or never.',
    },
    {
      name: 'timeout',
      type: { kind: 'string' },
      shown: '0s',
      help: 'Rollouts are over at once here, or never.',
    },
    {
      name: 'revision',
      type: { kind: 'integer' },
      shown: '0',
      help: 'Pin to a specific revision.',
      notSimulated: 'only the latest is shown',
    },
  ],
  run: (input, target) => {
    const chosen = workloads(input, target);
    if (!chosen.ok) return chosen;
    const objects = allExist(chosen.value);
    if (!objects.ok) return objects;
    let stdout = '';
    for (const object of objects.value) {
      const { name } = object.metadata;
      if (object.kind === 'Deployment') {
        const what = unfinished(object);
        if (what !== null) {
          stdout += `Waiting for deployment "${name}" rollout to finish: ${what}...\n`;
          if (input.flags.text('watch') === 'false') continue;
          const why = input.flags.has('timeout')
            ? 'timed out waiting for the condition'
            : `deployment "${name}" exceeded its progress deadline`;
          return ok({ stdout, stderr: `error: ${why}\n`, exitCode: 1 });
        }
        stdout += `deployment "${name}" successfully rolled out\n`;
      } else if (object.kind === 'DaemonSet') {
        const { desiredNumberScheduled, numberAvailable } = object.status;
        if (numberAvailable < desiredNumberScheduled) {
          stdout += `Waiting for daemon set "${name}" rollout to finish: ${numberAvailable} of ${desiredNumberScheduled} updated pods are available...\n`;
          if (input.flags.text('watch') === 'false') continue;
          return ok({ stdout, stderr: 'error: timed out waiting for the condition\n', exitCode: 1 });
        }
        stdout += `daemon set "${name}" successfully rolled out\n`;
      }
    }
    return ok({ stdout });
  },
};

/** Returns what a rollout waits for, or null (kubectl pkg/polymorphichelpers/rollout_status.go). */
function unfinished({ spec, status }: Deployment): string | null {
  const { updatedReplicas, availableReplicas } = status;
  if (updatedReplicas < spec.replicas)
    return `${updatedReplicas} out of ${spec.replicas} new replicas have been updated`;
  if (status.replicas > updatedReplicas)
    return `${status.replicas - updatedReplicas} old replicas are pending termination`;
  return availableReplicas < updatedReplicas
    ? `${availableReplicas} of ${updatedReplicas} updated replicas are available`
    : null;
}

export const ROLLOUT_RESTART: KubectlCommand = {
  path: ['rollout', 'restart'],
  summary: 'Restart a resource.',
  usage: 'RESOURCE [options]',
  examples: [{ does: 'Restart a deployment', line: 'kubectl rollout restart deployment/nginx' }],
  needs: 'cluster',
  flags: [SELECTOR_FLAG, OUTPUT_FLAG, { ...FILENAME_FLAG, notSimulated: 'name the objects' }],
  run: async (input, target, context) => {
    const chosen = workloads(input, target);
    if (!chosen.ok) return chosen;
    let cloud = context.cloud;
    const changes: Change[] = [];
    const failures = [...chosen.value.failures];
    for (const object of existing(chosen.value)) {
      const manifest = restarted(object, restartedAt(context.cloud.now));
      if (manifest === null) continue;
      const applied = applyObject(cloud, target.cluster, manifest);
      if (!applied.ok) {
        failures.push(serverError(applied.error));
        continue;
      }
      cloud = applied.value.cloud;
      changes.push({ object: applied.value.object, done: 'restarted' });
    }
    return reportChanges(cloud, changes, input.flags, context, failures);
  },
};

function restarted(object: ApiObject, at: string): Manifest | null {
  if (object.kind !== 'Deployment' && object.kind !== 'DaemonSet') return null;
  const { name, namespace } = object.metadata;
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  const template = {
    ...object.spec.template,
    metadata: {
      ...object.spec.template.metadata,
      annotations: { ...object.spec.template.metadata.annotations, 'kubectl.kubernetes.io/restartedAt': at },
    },
  };
  return object.kind === 'Deployment'
    ? { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { ...object.spec, template } }
    : { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec: { ...object.spec, template } };
}

function workloads(input: KubectlInput, target: Target): Result<Chosen, KubectlFailure> {
  if (input.args.length === 0) return err(clientError('required resource not specified'));
  const chosen = chooseObjects(input.args, input.flags, target);
  if (!chosen.ok) return chosen;
  const other = existing(chosen.value).find(
    (object) => object.kind !== 'Deployment' && object.kind !== 'DaemonSet',
  );
  if (other !== undefined) {
    return err(
      clientError(`no status viewer has been implemented for ${pluralWithGroup(typeOfKind(other.kind))}`),
    );
  }
  return chosen;
}
