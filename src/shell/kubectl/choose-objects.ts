/** Which objects a command line means: `pods`, `pod a b`, `pod/a svc/b`, `-l`, `--field-selector`, `-A`. */
import type { KubernetesState } from '../../model/kubernetes/objects.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { Flags } from './command.ts';
import { allFailures, clientError, serverError, type KubectlFailure } from './failure.ts';
import { printedObject, textOfValue } from './printed-object.ts';
import {
  findType,
  findTypes,
  listObjects,
  pluralWithGroup,
  type ApiObject,
  type ResourceType,
} from './resource-types.ts';
import { matchesLabels, parseFieldSelector, parseLabelSelector, type FieldRequirement } from './selector.ts';

export interface Chosen {
  readonly groups: readonly { readonly type: ResourceType; readonly objects: readonly ApiObject[] }[];
  /** Names that were asked for and do not exist. */
  readonly failures: readonly KubectlFailure[];
  /** `named` if the line names exactly one object, which `-o json` then prints without a list. */
  readonly asked: 'named' | 'listed';
  /** Null for all namespaces. */
  readonly namespace: string | null;
}

export interface Scope {
  readonly state: KubernetesState;
  readonly namespace: string;
}

export function chooseObjects(
  args: readonly string[],
  flags: Flags,
  scope: Scope,
): Result<Chosen, KubectlFailure> {
  const namespace = flags.isOn('all-namespaces') ? null : scope.namespace;
  const filter = readFilter(flags);
  if (!filter.ok) return filter;
  const [first, ...names] = args;
  if (first === undefined) {
    return err({
      stderr:
        'error: You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n' +
        'error: Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).\n' +
        "See 'kubectl get -h' for help and examples\n",
      exitCode: 1,
    });
  }
  if (args.some((arg) => arg.includes('/'))) return chooseByTypeName(args, flags, scope, namespace);

  const types = findTypes(first, scope.state);
  if (!types.ok) return types;
  if (names.length > 0) {
    if (flags.has('selector') && flags.text('selector') !== '') {
      return err(clientError('name cannot be provided when a selector is specified'));
    }
    if (flags.has('field-selector')) {
      return err(clientError('name cannot be provided when a field selector is specified'));
    }
    if (namespace === null && types.value.some((type) => type.scope === 'namespaced')) {
      return err(clientError('a resource cannot be retrieved by name across all namespaces'));
    }
    return ok(
      byName(
        types.value.map((type) => ({ type, names })),
        scope,
      ),
    );
  }
  const groups = [];
  for (const type of types.value) {
    const filtered = filter.value(type, listObjects(scope.state, type, namespace));
    if (!filtered.ok) return filtered;
    groups.push({ type, objects: filtered.value });
  }
  return ok({ groups, failures: [], asked: 'listed', namespace });
}

function chooseByTypeName(
  args: readonly string[],
  flags: Flags,
  scope: Scope,
  namespace: string | null,
): Result<Chosen, KubectlFailure> {
  if (args.some((arg) => !arg.includes('/'))) {
    return err(
      clientError(
        `there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. '${'kubectl get resource/<resource_name>'}' instead of 'kubectl get resource resource/<resource_name>'`,
      ),
    );
  }
  if (flags.has('selector') && flags.text('selector') !== '') {
    return err(clientError('name cannot be provided when a selector is specified'));
  }
  const wanted = [];
  for (const arg of args) {
    const [typeName = '', name = '', ...more] = arg.split('/');
    if (typeName === '' || name === '' || more.length > 0) {
      return err(clientError('arguments in resource/name form must have a single resource and name'));
    }
    const type = findType(typeName, scope.state);
    if (!type.ok) return type;
    if (namespace === null && type.value.scope === 'namespaced') {
      return err(clientError('a resource cannot be retrieved by name across all namespaces'));
    }
    wanted.push({ type: type.value, names: [name] });
  }
  return ok(byName(wanted, scope));
}

function byName(
  wanted: readonly { readonly type: ResourceType; readonly names: readonly string[] }[],
  scope: Scope,
): Chosen {
  const groups: { type: ResourceType; objects: ApiObject[] }[] = [];
  const failures: KubectlFailure[] = [];
  for (const { type, names } of wanted) {
    const objects = listObjects(scope.state, type, scope.namespace);
    for (const name of names) {
      const object = objects.find((each) => each.metadata.name === name);
      if (object === undefined) {
        failures.push(notFoundFailure(type, name));
        continue;
      }
      const last = groups.at(-1);
      if (last?.type === type) last.objects.push(object);
      else groups.push({ type, objects: [object] });
    }
  }
  const count = wanted.reduce((sum, each) => sum + each.names.length, 0);
  return { groups, failures, asked: count === 1 ? 'named' : 'listed', namespace: scope.namespace };
}

export function notFoundFailure(type: ResourceType, name: string): KubectlFailure {
  return serverError({ reason: 'NotFound', message: `${pluralWithGroup(type)} "${name}" not found` });
}

/** Returns what exists of what was named, for commands that go on without the rest. */
export function existing(chosen: Chosen): readonly ApiObject[] {
  return chosen.groups.flatMap((group) => group.objects);
}

/** Fails if any name was missing, for commands that do nothing unless all exist. */
export function allExist(chosen: Chosen): Result<readonly ApiObject[], KubectlFailure> {
  if (chosen.failures.length > 0) return err(allFailures(chosen.failures));
  return ok(existing(chosen));
}

type Filter = (
  type: ResourceType,
  objects: readonly ApiObject[],
) => Result<readonly ApiObject[], KubectlFailure>;

function readFilter(flags: Flags): Result<Filter, KubectlFailure> {
  const labels = parseLabelSelector(flags.text('selector') ?? '');
  if (!labels.ok) return err(clientError(labels.error));
  const fields = parseFieldSelector(flags.text('field-selector') ?? '');
  if (!fields.ok) return err(clientError(fields.error));
  return ok((type, objects) => {
    const unknown = fields.value.find((each) => !knownFields(type).includes(each.path));
    if (unknown !== undefined) {
      return err(
        serverError({
          reason: 'BadRequest',
          message: `Unable to find "${pluralWithGroup(type) === type.plural ? `/v1, Resource=${type.plural}` : `${type.group}/v1, Resource=${type.plural}`}" that match label selector "${flags.text('selector') ?? ''}", field selector "${flags.text('field-selector') ?? ''}": field label not supported: ${unknown.path}`,
        }),
      );
    }
    return ok(
      objects.filter(
        (object) =>
          matchesLabels(labels.value, object.metadata.labels) &&
          fields.value.every((each) => matchesField(object, each)),
      ),
    );
  });
}

/** The API server indexes only these (registry strategies, SelectableFields). */
function knownFields(type: ResourceType): readonly string[] {
  const common = ['metadata.name', ...(type.scope === 'namespaced' ? ['metadata.namespace'] : [])];
  switch (type.kind) {
    case 'Pod':
      return [
        ...common,
        'spec.nodeName',
        'spec.restartPolicy',
        'spec.schedulerName',
        'spec.serviceAccountName',
        'spec.hostNetwork',
        'status.phase',
        'status.podIP',
        'status.podIPs',
        'status.nominatedNodeName',
      ];
    case 'Node':
      return [...common, 'spec.unschedulable'];
    case 'Namespace':
      return [...common, 'status.phase'];
    case 'Secret':
      return [...common, 'type'];
    case 'Service':
      return [...common, 'spec.clusterIP', 'spec.type'];
    case 'ReplicaSet':
      return [...common, 'status.replicas'];
    case 'Event':
      return [
        ...common,
        'involvedObject.kind',
        'involvedObject.name',
        'involvedObject.namespace',
        'involvedObject.uid',
        'reason',
        'type',
        'source',
      ];
    case 'ConfigMap':
    case 'MutatingWebhookConfiguration':
    case 'NetworkPolicy':
    case 'NodeNetworkConfig':
    case 'Endpoints':
    case 'EndpointSlice':
    case 'Deployment':
    case 'DaemonSet':
      return common;
  }
}

function matchesField(object: ApiObject, requirement: FieldRequirement): boolean {
  let value: unknown = printedObject(object);
  for (const key of requirement.path.split('.')) {
    value =
      typeof value === 'object' && value !== null
        ? Object.entries(value).find(([name]) => name === key)?.[1]
        : undefined;
  }
  const isSwitch = requirement.path === 'spec.hostNetwork' || requirement.path === 'spec.unschedulable';
  const text = value === undefined && isSwitch ? 'false' : textOfValue(value);
  return requirement.operator === '=' ? text === requirement.value : text !== requirement.value;
}
