import { deleteObject, type StoredKind } from '../../model/kubernetes/apply.ts';
import { objectKey } from '../../model/kubernetes/cluster-state.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext } from '../command.ts';
import { readDryRun } from './change.ts';
import { chooseObjects } from './choose-objects.ts';
import {
  ALL_NAMESPACES_FLAG,
  DRY_RUN_FLAG,
  FILENAME_FLAG,
  OUTPUT_FLAG,
  SELECTOR_FLAG,
  type KubectlCommand,
  type KubectlInput,
  type KubectlResult,
  type Target,
} from './command.ts';
import {
  allFailures,
  clientError,
  failed,
  notSimulated,
  serverError,
  type KubectlFailure,
} from './failure.ts';
import { inNamespace, readManifests } from './read-manifests.ts';
import {
  findType,
  listObjects,
  typeOfKind,
  typeWithGroup,
  type ApiObject,
  type Kind,
} from './resource-types.ts';

export const DELETE: KubectlCommand = {
  path: ['delete'],
  summary: 'Delete resources by file names, stdin, resources and names, or by resources and label selector.',
  usage: '([-f FILENAME] | TYPE [(NAME | -l label | --all)]) [options]',
  examples: [
    { does: 'Delete a pod and a service named web', line: 'kubectl delete pod/web service/web' },
    { does: 'Delete what web.yaml created', line: 'kubectl delete -f web.yaml' },
    { does: 'Delete all pods with the label app=web', line: 'kubectl delete pods -l app=web' },
  ],
  needs: 'cluster',
  flags: [
    FILENAME_FLAG,
    SELECTOR_FLAG,
    ALL_NAMESPACES_FLAG,
    DRY_RUN_FLAG,
    OUTPUT_FLAG,
    { name: 'field-selector', type: { kind: 'string' }, help: 'Selector (field query) to filter on.' },
    {
      name: 'all',
      type: { kind: 'flag' },
      help: 'Delete all resources, in the namespace of the specified resource types.',
    },
    {
      name: 'ignore-not-found',
      type: { kind: 'flag' },
      help: 'Treat "resource not found" as a successful delete.',
    },
    { name: 'force', type: { kind: 'flag' }, help: 'Deletion is immediate here with or without it.' },
    { name: 'grace-period', type: { kind: 'integer' }, shown: '-1', help: 'Deletion is immediate here.' },
    { name: 'now', type: { kind: 'flag' }, help: 'Deletion is immediate here.' },
    { name: 'wait', type: { kind: 'flag' }, shown: 'true', help: 'Deletion is immediate here.' },
    { name: 'timeout', type: { kind: 'string' }, shown: '0s', help: 'Deletion is immediate here.' },
    {
      name: 'cascade',
      type: { kind: 'optional', absent: 'background' },
      shown: "'background'",
      help: 'Must be "background", "orphan", or "foreground".',
    },
    {
      name: 'kustomize',
      shorthand: 'k',
      type: { kind: 'string' },
      help: 'A kustomization directory.',
      notSimulated: 'kustomize is not part of this workbook',
    },
    {
      name: 'recursive',
      shorthand: 'R',
      type: { kind: 'flag' },
      help: 'Process the directory used in -f.',
      notSimulated: 'name the files',
    },
  ],
  run: remove,
};

async function remove(input: KubectlInput, target: Target, context: CommandContext): Promise<KubectlResult> {
  const { flags } = input;
  const dryRun = readDryRun(flags);
  if (!dryRun.ok) return dryRun;
  const cascade = flags.text('cascade') ?? 'background';
  if (!['background', 'foreground', 'orphan', 'true', 'false'].includes(cascade)) {
    return err(
      clientError(`invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`),
    );
  }
  if (cascade === 'orphan' || cascade === 'false')
    return err(notSimulated('deleting without the dependents (--cascade=orphan)'));
  const found = flags.has('filename')
    ? await fromFiles(input, target, context)
    : fromArguments(input, target);
  if (!found.ok) return found;
  const { objects, missing } = found.value;
  // What can be deleted is, whatever becomes of the rest.
  const failures = [...found.value.failures, ...(flags.isOn('ignore-not-found') ? [] : missing)];
  if (objects.length === 0 && failures.length > 0) return err(allFailures(failures));
  if (objects.length === 0) return ok(missing.length > 0 ? {} : { stdout: 'No resources found\n' });

  let cloud = context.cloud;
  let stdout = '';
  const suffix = { none: '', client: ' (dry run)', server: ' (server dry run)' }[dryRun.value];
  const short = flags.text('output') === 'name';
  for (const object of objects) {
    const type = typeOfKind(object.kind);
    if (!isStored(object.kind)) {
      failures.push(clientError(`${type.plural} follow from other objects here and cannot be deleted`));
      continue;
    }
    // A pod may be gone already with the Deployment that was named before it.
    const deleted = deleteObject(cloud, target.cluster, object.kind, objectKey(object.metadata));
    if (!deleted.ok && deleted.error.reason !== 'NotFound') {
      failures.push(serverError(deleted.error));
      continue;
    }
    if (deleted.ok) cloud = deleted.value;
    const where =
      object.metadata.namespace === undefined ? '' : ` from ${object.metadata.namespace} namespace`;
    stdout += short
      ? `${typeWithGroup(type)}/${object.metadata.name}\n`
      : `${typeWithGroup(type)} "${object.metadata.name}" ${flags.isOn('force') ? 'force deleted' : 'deleted'}${where}${suffix}\n`;
  }
  const warning = flags.isOn('force')
    ? 'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n'
    : '';
  const { stderr = '', ...exit } = failed(failures);
  return ok({
    stdout,
    stderr: warning + stderr,
    ...exit,
    ...(dryRun.value === 'none' ? { cloud } : {}),
  });
}

interface Found {
  readonly objects: readonly ApiObject[];
  /** What was named and is not there. */
  readonly missing: readonly KubectlFailure[];
  readonly failures: readonly KubectlFailure[];
}

function fromArguments(input: KubectlInput, target: Target): Result<Found, KubectlFailure> {
  const { flags, args } = input;
  const [first, ...names] = args;
  if (first === undefined) {
    return err({
      stderr:
        'error: You must provide one or more resources by argument or filename.\nExample resource specifications include:\n' +
        "   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'\n",
      exitCode: 1,
    });
  }
  const selective = flags.has('selector') || flags.has('field-selector');
  const everything = flags.isOn('all');
  if (everything && flags.has('selector')) {
    return err(clientError('cannot set --all and --selector at the same time'));
  }
  if (names.length > 0 && everything)
    return err(clientError('name cannot be provided when --all is specified'));
  if (!first.includes('/') && names.length === 0 && !selective && !everything) {
    const type = findType(first.split(',')[0] ?? first, target.state);
    return type.ok ? err(clientError('resource(s) were provided, but no name was specified')) : type;
  }
  const chosen = chooseObjects(args, flags, target);
  if (!chosen.ok) return chosen;
  return ok({
    objects: chosen.value.groups.flatMap((group) => group.objects),
    missing: chosen.value.failures,
    failures: [],
  });
}

async function fromFiles(
  input: KubectlInput,
  target: Target,
  context: CommandContext,
): Promise<Result<Found, KubectlFailure>> {
  if (input.args.length > 0) {
    return err(
      clientError(
        'when paths, URLs, or stdin is provided as input, you may not specify a resource by arguments as well',
      ),
    );
  }
  const manifests = await readManifests(input.flags.list('filename'), 'delete', context);
  if (!manifests.ok) return manifests;
  const objects: ApiObject[] = [];
  const missing: KubectlFailure[] = [];
  const failures = [...manifests.value.failures];
  for (const { manifest, source } of manifests.value.manifests) {
    const placed = inNamespace(
      manifest,
      target.namespace,
      input.flags.has('namespace') ? 'by-flag' : 'by-context',
    );
    if (!placed.ok) {
      failures.push(placed.error);
      continue;
    }
    const { name, namespace } = placed.value.metadata;
    const type = typeOfKind(placed.value.kind);
    const object = listObjects(target.state, type, namespace ?? null).find(
      (each) => each.metadata.name === name,
    );
    if (object === undefined) {
      const plural = type.group === '' ? type.plural : `${type.plural}.${type.group}`;
      missing.push({
        stderr: `Error from server (NotFound): error when deleting "${source}": ${plural} "${name}" not found\n`,
        exitCode: 1,
      });
    } else objects.push(object);
  }
  return ok({ objects, missing, failures });
}

function isStored(kind: Kind): kind is StoredKind {
  return (
    kind !== 'Event' &&
    kind !== 'Endpoints' &&
    kind !== 'EndpointSlice' &&
    kind !== 'MutatingWebhookConfiguration'
  );
}
