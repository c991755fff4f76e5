import { findObject } from '../../model/kubernetes/apply.ts';
import type { Cloud } from '../../model/cloud.ts';
import { kubernetesOf, objectKey, type KubernetesObject } from '../../model/kubernetes/cluster-state.ts';
import { goTags } from '../../model/kubernetes/manifest-scalars.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext } from '../command.ts';
import { reportChanges, type Change } from './change.ts';
import { chooseObjects } from './choose-objects.ts';
import {
  DRY_RUN_FLAG,
  FILENAME_FLAG,
  OUTPUT_FLAG,
  type Flags,
  type KubectlCommand,
  type KubectlInput,
  type KubectlResult,
  type Target,
} from './command.ts';
import { decodeManifest } from './decode-manifest.ts';
import { clientError, notSimulated, serverError, type KubectlFailure } from './failure.ts';
import { jsonPatch } from './json-patch.ts';
import { mergePatch, strategicPatch } from './merge-patch.ts';
import { printedObject } from './printed-object.ts';
import type { ApiObject } from './resource-types.ts';
import { storeExactly } from './store-exactly.ts';
import { parseYaml } from '../yaml-text.ts';

export const PATCH: KubectlCommand = {
  path: ['patch'],
  summary: 'Update fields of a resource.',
  usage: '(-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE] [options]',
  examples: [
    {
      does: 'Update a config map with a merge patch',
      line: `kubectl patch configmap settings --type merge -p '{"data":{"mode":"fast"}}'`,
    },
    {
      does: 'Update the image of a container with a strategic merge patch',
      line: `kubectl patch deployment web -p '{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"nginx:1.27"}]}}}}'`,
    },
    {
      does: 'Update the number of replicas with a JSON patch',
      line: `kubectl patch deployment web --type json -p '[{"op":"replace","path":"/spec/replicas","value":3}]'`,
    },
  ],
  needs: 'cluster',
  flags: [
    OUTPUT_FLAG,
    DRY_RUN_FLAG,
    { name: 'patch', shorthand: 'p', type: { kind: 'string' }, help: 'The patch, as JSON or YAML.' },
    { name: 'patch-file', type: { kind: 'string' }, help: 'A file containing a patch.' },
    {
      name: 'type',
      type: { kind: 'string' },
      shown: "'strategic'",
      help: 'The type of patch being provided; one of [json merge strategic].',
    },
    {
      name: 'field-manager',
      type: { kind: 'string' },
      shown: "'kubectl-patch'",
      help: 'Field owners are not modelled; the name has no effect.',
    },
    { ...FILENAME_FLAG, notSimulated: 'name the object' },
    {
      name: 'local',
      type: { kind: 'flag' },
      help: 'Operate on the content of the file.',
      notSimulated: 'name an object of the cluster',
    },
    {
      name: 'subresource',
      type: { kind: 'string' },
      help: 'Subresource.',
      notSimulated: 'subresources are not kept apart',
    },
  ],
  run: patch,
};

const TYPES = ['json', 'merge', 'strategic'];

async function patch(input: KubectlInput, target: Target, context: CommandContext): Promise<KubectlResult> {
  const { flags, args } = input;
  const type = flags.text('type') ?? 'strategic';
  if (!TYPES.includes(type)) {
    return err(clientError(`--type must be one of [${TYPES.join(' ')}], not "${type}"`));
  }
  const text = await patchText(flags, context);
  if (!text.ok) return text;
  let content: unknown;
  try {
    content = parseYaml(text.value, { version: '1.1', customTags: goTags });
  } catch (problem) {
    const what = problem instanceof Error ? (problem.message.split('\n')[0] ?? '') : String(problem);
    return err(clientError(`unable to parse "${text.value}": yaml: ${what.replace(/:$/, '')}`));
  }
  if (args.length === 0) {
    return err(clientError('must specify a resource type and name (or -f)'));
  }
  if (args.length === 1 && args[0]?.includes('/') !== true) {
    return err(clientError('resource(s) were provided, but no name was specified'));
  }
  const chosen = chooseObjects(args, flags, target);
  if (!chosen.ok) return chosen;
  let { cloud } = context;
  const changes: Change[] = [];
  const failures = [...chosen.value.failures];
  for (const object of chosen.value.groups.flatMap((group) => group.objects)) {
    const patched = patchOne(cloud, target, object, type, content);
    if (!patched.ok) {
      failures.push(patched.error);
      continue;
    }
    ({ cloud } = patched.value);
    changes.push(patched.value.change);
  }
  return reportChanges(cloud, changes, flags, context, failures);
}

async function patchText(flags: Flags, context: CommandContext): Promise<Result<string, KubectlFailure>> {
  const file = flags.text('patch-file');
  const given = flags.text('patch');
  if (file !== null && given !== null)
    return err(clientError('cannot specify --patch and --patch-file together'));
  if (file !== null) {
    const text = await context.readFile(file);
    return text === null
      ? err(clientError(`unable to read patch file: open ${file}: no such file or directory`))
      : ok(text);
  }
  return given === null || given === ''
    ? err(clientError('must specify --patch or --patch-file containing the contents of the patch'))
    : ok(given);
}

function patchOne(
  cloud: Cloud,
  target: Target,
  object: ApiObject,
  type: string,
  content: unknown,
): Result<{ readonly cloud: Cloud; readonly change: Change }, KubectlFailure> {
  const stored = storedObject(cloud, target, object);
  if (stored === null) return err(notSimulated(`patching a ${object.kind}`));
  const { status: _status, ...live } = printedObject(stored);
  const patched = patchedContent(live, type, content);
  if (!patched.ok) return patched;
  const manifest = decodeManifest(withoutServerFields(patched.value), 'patch');
  if (!manifest.ok) {
    return err({
      ...manifest.error,
      stderr: manifest.error.stderr.replace('error when creating "patch": ', ''),
    });
  }
  const { name, namespace } = manifest.value.metadata;
  if (name !== object.metadata.name || namespace !== object.metadata.namespace) {
    return err(
      serverError({
        reason: 'BadRequest',
        message: 'the name of the object does not match the name on the URL',
      }),
    );
  }
  const next = storeExactly(cloud, target, manifest.value, stored);
  if (!next.ok) return err(serverError(next.error));
  const done = next.value.outcome === 'unchanged' ? 'patched (no change)' : 'patched';
  return ok({
    cloud: next.value.cloud,
    change: { object: next.value.object, done, manifest: manifest.value },
  });
}

/** The object as the server has it now; null for kinds that follow from others, or that manifests cannot change. */
function storedObject(cloud: Cloud, target: Target, object: ApiObject): KubernetesObject | null {
  switch (object.kind) {
    case 'Endpoints':
    case 'EndpointSlice':
    case 'Event':
    case 'MutatingWebhookConfiguration':
    case 'Node':
    case 'NodeNetworkConfig':
      return null;
    case 'ConfigMap':
    case 'DaemonSet':
    case 'Deployment':
    case 'Namespace':
    case 'NetworkPolicy':
    case 'Pod':
    case 'ReplicaSet':
    case 'Secret':
    case 'Service':
      return findObject(kubernetesOf(cloud, target.cluster), object.kind, objectKey(object.metadata)) ?? null;
  }
}

function patchedContent(live: object, type: string, content: unknown): Result<unknown, KubectlFailure> {
  if (type === 'json') {
    const patched = jsonPatch(live, content);
    return patched.ok
      ? patched
      : err({
          stderr: `The request is invalid: the server rejected our request due to an error in our request: ${patched.error}\n`,
          exitCode: 1,
        });
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    const found = Array.isArray(content) ? 'array' : typeof content;
    return err(
      serverError({
        reason: 'BadRequest',
        message: `error decoding patch: json: cannot unmarshal ${found} into Go value of type map[string]interface {}`,
      }),
    );
  }
  if (type === 'merge') return ok(mergePatch(live, content));
  const patched = strategicPatch(live, content);
  return patched.ok ? patched : err(notSimulated(`the directive "${patched.error}" in a patch`));
}

/** Whoever owns an object stays its owner; a manifest has no say in it. */
const SERVER_FIELDS = ['ownerReferences', 'generateName'];

function withoutServerFields(content: unknown): unknown {
  if (typeof content !== 'object' || content === null || !('metadata' in content)) return content;
  const { metadata } = content;
  if (typeof metadata !== 'object' || metadata === null) return content;
  const kept = Object.entries(metadata).filter(([name]) => !SERVER_FIELDS.includes(name));
  return { ...content, metadata: Object.fromEntries(kept) as object };
}
