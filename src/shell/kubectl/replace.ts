import { createObject, deleteObject, findObject } from '../../model/kubernetes/apply.ts';
import type { Cloud } from '../../model/cloud.ts';
import { kubernetesOf, objectKey } from '../../model/kubernetes/cluster-state.ts';
import { notFound } from '../../model/kubernetes/kubernetes-error.ts';
import type { Manifest } from '../../model/kubernetes/manifest.ts';
import { err, ok, type Result } from '../../model/result.ts';
import { reportChanges, type Change } from './change.ts';
import { DRY_RUN_FLAG, FILENAME_FLAG, OUTPUT_FLAG, type KubectlCommand, type Target } from './command.ts';
import { clientError, serverError, type KubectlFailure } from './failure.ts';
import { withLastApplied } from './last-applied.ts';
import { inNamespace, readManifests } from './read-manifests.ts';
import { typeOfKind, typeWithGroup } from './resource-types.ts';
import { storeExactly } from './store-exactly.ts';

export const REPLACE: KubectlCommand = {
  path: ['replace'],
  summary: 'Replace a resource by file name or stdin.',
  usage: '-f FILENAME [options]',
  examples: [
    { does: 'Replace a pod using the data in pod.json', line: 'kubectl replace -f ./pod.json' },
    {
      does: 'Replace a config map by what the edited YAML says',
      line: "kubectl get cm settings -o yaml | sed 's/old/new/' | kubectl replace -f -",
    },
  ],
  needs: 'cluster',
  flags: [
    FILENAME_FLAG,
    OUTPUT_FLAG,
    DRY_RUN_FLAG,
    { name: 'force', type: { kind: 'flag' }, help: 'Delete the object and create it again.' },
    { name: 'save-config', type: { kind: 'flag' }, help: 'Keep the configuration in the object for apply.' },
    { name: 'grace-period', type: { kind: 'integer' }, shown: '-1', help: 'Deletion is immediate here.' },
    { name: 'timeout', type: { kind: 'string' }, shown: '0s', help: 'Deletion is immediate here.' },
    { name: 'wait', type: { kind: 'flag' }, help: 'Deletion is immediate here.' },
    { name: 'cascade', type: { kind: 'optional', absent: 'background' }, help: 'With --force.' },
    {
      name: 'validate',
      type: { kind: 'optional', absent: 'strict' },
      shown: "'strict'",
      help: 'Unknown fields are always errors here.',
    },
    {
      name: 'field-manager',
      type: { kind: 'string' },
      shown: "'kubectl-replace'",
      help: 'Field owners are not modelled; the name has no effect.',
    },
    {
      name: 'subresource',
      type: { kind: 'string' },
      help: 'Subresource.',
      notSimulated: 'subresources are not kept apart',
    },
    {
      name: 'raw',
      type: { kind: 'string' },
      help: 'Raw URI to PUT to the server.',
      notSimulated: 'there is no raw API here',
    },
    {
      name: 'recursive',
      shorthand: 'R',
      type: { kind: 'flag' },
      help: 'Process the directory used in -f.',
      notSimulated: 'name the files',
    },
    {
      name: 'kustomize',
      shorthand: 'k',
      type: { kind: 'string' },
      help: 'A kustomization directory.',
      notSimulated: 'kustomize is not part of this workbook',
    },
  ],
  run: async (input, target, context) => {
    const { flags } = input;
    const files = flags.list('filename');
    if (files.length === 0) return err(clientError('must specify one of -f and -k'));
    const manifests = await readManifests(files, 'replace', context);
    if (!manifests.ok) return manifests;
    let cloud = context.cloud;
    let deleted = '';
    const changes: Change[] = [];
    const failures = [...manifests.value.failures];
    for (const { manifest, source } of manifests.value.manifests) {
      const placed = inNamespace(
        manifest,
        target.namespace,
        flags.has('namespace') ? 'by-flag' : 'by-context',
      );
      if (!placed.ok) {
        failures.push(placed.error);
        continue;
      }
      const wanted = flags.isOn('save-config') ? withLastApplied(placed.value) : placed.value;
      const replaced = flags.isOn('force')
        ? recreate(cloud, target, wanted)
        : replaceOne(cloud, target, wanted, source);
      if (!replaced.ok) {
        failures.push(replaced.error);
        continue;
      }
      ({ cloud } = replaced.value);
      deleted += replaced.value.deleted;
      changes.push({ object: replaced.value.object, done: 'replaced', manifest: wanted });
    }
    const reported = await reportChanges(cloud, changes, flags, context, failures);
    return reported.ok
      ? ok({ ...reported.value, stdout: deleted + (reported.value.stdout ?? '') })
      : reported;
  },
};

interface Replaced {
  readonly cloud: Cloud;
  readonly object: Change['object'];
  /** What is said about the old object. */
  readonly deleted: string;
}

function replaceOne(
  cloud: Cloud,
  target: Target,
  manifest: Manifest,
  source: string,
): Result<Replaced, KubectlFailure> {
  const before = findObject(kubernetesOf(cloud, target.cluster), manifest.kind, objectKey(manifest.metadata));
  const stored =
    before === undefined
      ? err(notFound(manifest.kind, manifest.metadata.name))
      : storeExactly(cloud, target, manifest, before);
  if (stored.ok) return ok({ ...stored.value, deleted: '' });
  const failure = serverError(stored.error);
  const stderr = failure.stderr.replace(
    /^(Error from server \(\w+\)): /,
    `$1: error when replacing "${source}": `,
  );
  return err({ ...failure, stderr });
}

function recreate(cloud: Cloud, target: Target, manifest: Manifest): Result<Replaced, KubectlFailure> {
  const { name, namespace } = manifest.metadata;
  const key = objectKey(manifest.metadata);
  let next = cloud;
  let deleted = '';
  if (findObject(kubernetesOf(cloud, target.cluster), manifest.kind, key) !== undefined) {
    const gone = deleteObject(cloud, target.cluster, manifest.kind, key);
    if (!gone.ok) return err(serverError(gone.error));
    next = gone.value;
    const where = namespace === undefined ? '' : ` from ${namespace} namespace`;
    deleted = `${typeWithGroup(typeOfKind(manifest.kind))} "${name}" deleted${where}\n`;
  }
  const created = createObject(next, target.cluster, manifest);
  return created.ok ? ok({ ...created.value, deleted }) : err(serverError(created.error));
}
