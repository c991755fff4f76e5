/** What `kubectl set` does with the containers of pod templates (k8s.io/kubectl/pkg/cmd/set). */
import { applyObject } from '../../model/kubernetes/apply.ts';
import type { Manifest } from '../../model/kubernetes/manifest.ts';
import type {
  Container,
  DaemonSet,
  Deployment,
  PodSpec,
  ReplicaSet,
} from '../../model/kubernetes/objects.ts';
import { err, type Result } from '../../model/result.ts';
import type { CommandContext } from '../command.ts';
import { reportChanges, type Change } from './change.ts';
import { chooseObjects, existing } from './choose-objects.ts';
import {
  DRY_RUN_FLAG,
  FILENAME_FLAG,
  OUTPUT_FLAG,
  SELECTOR_FLAG,
  type Flag,
  type KubectlInput,
  type KubectlResult,
  type Target,
} from './command.ts';
import { clientError, serverError, type KubectlFailure } from './failure.ts';
import { pluralWithGroup, typeOfKind, type ApiObject } from './resource-types.ts';

export const SET_FLAGS: readonly Flag[] = [
  DRY_RUN_FLAG,
  OUTPUT_FLAG,
  SELECTOR_FLAG,
  { ...FILENAME_FLAG, notSimulated: 'name the resource' },
  {
    name: 'all',
    type: { kind: 'flag' },
    help: 'If true, select all resources in the namespace of the specified resource types.',
  },
  {
    name: 'local',
    type: { kind: 'flag' },
    help: 'If true, will NOT contact api-server but run locally.',
    notSimulated: 'use --dry-run=client -o yaml',
  },
  {
    name: 'field-manager',
    type: { kind: 'string' },
    shown: "'kubectl-set'",
    help: 'Field owners are not modelled; the name has no effect.',
  },
];

/** Returns the pod that an object describes; null for an object without one. */
export function templateSpec(object: ApiObject): PodSpec | null {
  if (object.kind === 'Pod') return object.spec;
  return hasTemplate(object) ? object.spec.template.spec : null;
}

function hasTemplate(object: ApiObject): object is Deployment | DaemonSet | ReplicaSet {
  return object.kind === 'Deployment' || object.kind === 'DaemonSet' || object.kind === 'ReplicaSet';
}

/** A type alone means all of it only where that is said. */
export function chosenBy(
  resources: readonly string[],
  { flags }: KubectlInput,
  target: Target,
): ReturnType<typeof chooseObjects> {
  const [first = ''] = resources;
  const isType = resources.length === 1 && !first.includes('/');
  const chosen = chooseObjects(resources, flags, target);
  return chosen.ok && isType && !flags.isOn('all') && !flags.has('selector')
    ? err(clientError('resource(s) were provided, but no name was specified'))
    : chosen;
}

export type ChangeContainer = (container: Container, where: string) => Result<Container, KubectlFailure>;

/** Changes each container of each object; `named` are containers that must be there. */
export async function changeContainers(
  input: KubectlInput,
  resources: readonly string[],
  target: Target,
  context: CommandContext,
  done: string,
  what: 'env' | 'image',
  change: ChangeContainer,
  named: readonly string[] = [],
): Promise<KubectlResult> {
  const chosen = chosenBy(resources, input, target);
  if (!chosen.ok) return chosen;
  let cloud = context.cloud;
  const changes: Change[] = [];
  const failures = [...chosen.value.failures];
  for (const object of existing(chosen.value)) {
    const spec = templateSpec(object);
    const type = pluralWithGroup(typeOfKind(object.kind));
    const where = `${type}/${object.metadata.name}`;
    if (spec === null) {
      failures.push(clientError(`${where} is not a pod or does not have a pod template`));
      continue;
    }
    const missing = named.find((name) => !spec.containers.some((each) => each.name === name));
    if (missing !== undefined) {
      failures.push(clientError(`unable to find container named "${missing}"`));
      continue;
    }
    const containers: Container[] = [];
    const before = failures.length;
    for (const container of spec.containers) {
      const changed = change(container, where);
      if (changed.ok) containers.push(changed.value);
      else failures.push(changed.error);
    }
    if (failures.length > before) continue;
    // What changes nothing is not sent, and not reported.
    if (JSON.stringify(containers) === JSON.stringify(spec.containers)) continue;
    const manifest = withContainers(object, containers);
    if (manifest === null) continue;
    const applied = applyObject(cloud, target.cluster, manifest);
    if (!applied.ok) {
      const { stderr } = serverError(applied.error);
      failures.push(
        clientError(
          `failed to patch ${what === 'env' ? 'env' : 'image'} update to pod template: ${stderr.trimEnd().replace(/^(Error from server \(\w+\): |The )/, '')}`,
        ),
      );
      continue;
    }
    cloud = applied.value.cloud;
    changes.push({ object: applied.value.object, done, manifest });
  }
  return reportChanges(cloud, changes, input.flags, context, failures);
}

function withContainers(object: ApiObject, containers: readonly Container[]): Manifest | null {
  const { name, namespace } = object.metadata;
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  if (object.kind === 'Pod')
    return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { ...object.spec, containers } };
  if (!hasTemplate(object)) return null;
  const { template: before } = object.spec;
  const template = { ...before, spec: { ...before.spec, containers } };
  const apiVersion = 'apps/v1';
  if (object.kind === 'Deployment')
    return { apiVersion, kind: 'Deployment', metadata, spec: { ...object.spec, template } };
  if (object.kind === 'ReplicaSet')
    return { apiVersion, kind: 'ReplicaSet', metadata, spec: { ...object.spec, template } };
  return { apiVersion, kind: 'DaemonSet', metadata, spec: { ...object.spec, template } };
}
