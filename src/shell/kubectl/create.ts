import type { Cloud } from '../../model/cloud.ts';
import { deploymentManifest } from '../../model/kubernetes/create-deployment.ts';
import type { KubernetesError } from '../../model/kubernetes/kubernetes-error.ts';
import type { Manifest } from '../../model/kubernetes/manifest.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext } from '../command.ts';
import { create, reportChanges, type Change } from './change.ts';
import {
  DRY_RUN_FLAG,
  FILENAME_FLAG,
  OUTPUT_FLAG,
  type Flag,
  type Flags,
  type KubectlCommand,
  type KubectlInput,
  type KubectlResult,
  type Target,
} from './command.ts';
import { clientError, serverError, type KubectlFailure } from './failure.ts';
import { withLastApplied } from './last-applied.ts';
import { inNamespace, readManifests } from './read-manifests.ts';

export const COMMON: readonly Flag[] = [
  OUTPUT_FLAG,
  DRY_RUN_FLAG,
  {
    name: 'save-config',
    type: { kind: 'flag' },
    help: 'Keep the configuration in the object for apply.',
  },
  {
    name: 'field-manager',
    type: { kind: 'string' },
    shown: "'kubectl-create'",
    help: 'Field owners are not modelled; the name has no effect.',
  },
  {
    name: 'validate',
    type: { kind: 'optional', absent: 'strict' },
    shown: "'strict'",
    help: 'Unknown fields are always errors here.',
  },
];

export const CREATE: KubectlCommand = {
  path: ['create'],
  summary: 'Create a resource from a file or from stdin.',
  usage: '-f FILENAME [options]',
  examples: [{ does: 'Create a pod using the data in pod.yaml', line: 'kubectl create -f ./pod.yaml' }],
  needs: 'cluster',
  flags: [FILENAME_FLAG, ...COMMON],
  run: async (input, target, context) => {
    const { flags } = input;
    const files = flags.list('filename');
    if (files.length === 0) {
      return err(clientError('must specify one of -f and -k'));
    }
    const manifests = await readManifests(files, 'create', context);
    if (!manifests.ok) return manifests;
    let cloud = context.cloud;
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
      const created = create(cloud, target.cluster, saved(placed.value, flags), flags);
      if (created.ok) {
        ({ cloud } = created.value);
        changes.push(created.value.change);
      } else {
        const failure = serverError(created.error);
        failures.push({
          ...failure,
          stderr: failure.stderr.replace(
            /^(Error from server \(\w+\)): /,
            `$1: error when creating "${source}": `,
          ),
        });
      }
    }
    return reportChanges(cloud, changes, flags, context, failures);
  },
};

export const CREATE_DEPLOYMENT: KubectlCommand = {
  path: ['create', 'deployment'],
  aliases: ['deploy'],
  summary: 'Create a deployment with the specified name.',
  usage: 'NAME --image=image -- [COMMAND] [args...] [options]',
  examples: [
    {
      does: 'Create a deployment named my-dep that runs the nginx image',
      line: 'kubectl create deployment my-dep --image=nginx',
    },
    {
      does: 'Create a deployment named my-dep with 3 replicas',
      line: 'kubectl create deployment my-dep --image=nginx --replicas=3',
    },
  ],
  needs: 'cluster',
  flags: [
    {
      name: 'image',
      type: { kind: 'list', split: 'comma' },
      help: 'Image names to run. A deployment can have multiple images set for multi-container pod.',
    },
    {
      name: 'replicas',
      shorthand: 'r',
      type: { kind: 'integer' },
      shown: '1',
      help: 'Number of replicas to create. Default is 1.',
    },
    {
      name: 'port',
      type: { kind: 'integer' },
      shown: '-1',
      help: 'The containerPort that this deployment exposes.',
    },
    ...COMMON,
  ],
  run: async (input, target, context) => {
    const { flags } = input;
    const name = oneName(input, 'deployment');
    if (!name.ok) return name;
    const images = flags.list('image');
    if (images.length === 0) return err(clientError('required flag(s) "image" not set'));
    const command = input.afterDash ?? [];
    if (images.length > 1 && command.length > 0) {
      return err(clientError('cannot specify multiple --image options and command'));
    }
    const replicas = flags.number('replicas');
    const port = flags.number('port');
    const manifest = deploymentManifest({
      name: name.value,
      namespace: target.namespace,
      images,
      ...(replicas === null ? {} : { replicas }),
      ...(port === null || port < 0 ? {} : { port }),
      ...(command.length === 0 ? {} : { command }),
    });
    return createAndReport(context.cloud, target, manifest, flags, context);
  },
};

export const CREATE_NAMESPACE: KubectlCommand = {
  path: ['create', 'namespace'],
  aliases: ['ns'],
  summary: 'Create a namespace with the specified name.',
  usage: 'NAME [--dry-run=server|client|none] [options]',
  examples: [
    { does: 'Create a new namespace named my-namespace', line: 'kubectl create namespace my-namespace' },
  ],
  needs: 'cluster',
  flags: COMMON,
  run: async (input, target, context) => {
    const name = oneName(input, 'namespace');
    if (!name.ok) return name;
    const manifest: Manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: name.value } };
    return createAndReport(context.cloud, target, manifest, input.flags, context);
  },
};

function saved(manifest: Manifest, flags: Flags): Manifest {
  return flags.isOn('save-config') ? withLastApplied(manifest) : manifest;
}

/** Returns the one argument of `kubectl create THING NAME`. */
export function oneName(input: KubectlInput, path: string): Result<string, KubectlFailure> {
  const [name, ...more] = input.args;
  if (name !== undefined && more.length === 0) return ok(name);
  return err({
    stderr: `error: exactly one NAME is required, got ${input.args.length}\nSee 'kubectl create ${path} -h' for help and examples\n`,
    exitCode: 1,
  });
}

export async function createAndReport(
  cloud: Cloud,
  target: Target,
  manifest: Manifest,
  flags: Flags,
  context: CommandContext,
): Promise<KubectlResult> {
  const created = create(cloud, target.cluster, saved(manifest, flags), flags);
  if (!created.ok) return err(creationFailure(created.error, manifest.kind));
  return reportChanges(created.value.cloud, [created.value.change], flags, context);
}

/** `kubectl create deployment` and its siblings say what they failed to create. */
function creationFailure(error: KubernetesError, kind: string): KubectlFailure {
  const failure = serverError(error);
  if (error.reason !== 'AlreadyExists' && error.reason !== 'NotFound') return failure;
  const words =
    kind === 'Service' ? 'failed to create ClusterIP service' : `failed to create ${kind.toLowerCase()}`;
  return kind === 'Namespace' || kind === 'Pod'
    ? failure
    : { stderr: `error: ${words}: ${error.message}\n`, exitCode: 1 };
}
