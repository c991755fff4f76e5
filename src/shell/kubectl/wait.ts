import { err, ok } from '../../model/result.ts';
import { chooseObjects } from './choose-objects.ts';
import { ALL_NAMESPACES_FLAG, FILENAME_FLAG, SELECTOR_FLAG, type KubectlCommand } from './command.ts';
import { allFailures, clientError } from './failure.ts';
import { parseJsonPath } from './jsonpath-template.ts';
import { selectJsonPath } from './jsonpath.ts';
import { printedObject, textOfValue } from './printed-object.ts';
import { pluralWithGroup, typeOfKind, typeWithGroup, type ApiObject } from './resource-types.ts';

export const WAIT: KubectlCommand = {
  path: ['wait'],
  summary: 'Wait for a specific condition on one or many resources.',
  details: 'Changes here are immediate, so the answer is what holds now.',
  usage:
    "([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]] [options]",
  examples: [
    { does: 'Wait for the pod web to be ready', line: 'kubectl wait --for=condition=Ready pod/web' },
  ],
  needs: 'cluster',
  flags: [
    { ...FILENAME_FLAG, notSimulated: 'name the objects' },
    ALL_NAMESPACES_FLAG,
    SELECTOR_FLAG,
    { name: 'field-selector', type: { kind: 'string' }, help: 'Selector (field query) to filter on.' },
    { name: 'for', type: { kind: 'string' }, help: 'The condition to wait on.' },
    { name: 'timeout', type: { kind: 'string' }, shown: '30s', help: 'There is nothing to wait for here.' },
    {
      name: 'all',
      type: { kind: 'flag' },
      help: 'Select all resources in the namespace of the specified resource types.',
    },
  ],
  run: (input, target) => {
    const { flags, args } = input;
    if (args.length === 0) {
      return err({
        stderr: 'error: You must provide one or more resources by argument or filename.\n',
        exitCode: 1,
      });
    }
    const test = readTest(flags.text('for'));
    if (typeof test === 'string') return err(clientError(test));
    const chosen = chooseObjects(args, flags, target);
    if (!chosen.ok) return chosen;
    const gone = test.kind === 'delete';
    if (chosen.value.failures.length > 0 && !gone) return err(allFailures(chosen.value.failures));
    const objects = chosen.value.groups.flatMap((group) => group.objects);
    if (objects.length === 0) return gone ? ok({}) : err(clientError('no matching resources found'));
    let stdout = '';
    let stderr = '';
    for (const object of objects) {
      const type = typeOfKind(object.kind);
      if (!gone && test.holds(object))
        stdout += `${typeWithGroup(type)}/${object.metadata.name} condition met\n`;
      else
        stderr += `error: timed out waiting for the condition on ${pluralWithGroup(type)}/${object.metadata.name}\n`;
    }
    return ok({ stdout, stderr, exitCode: stderr === '' ? 0 : 1 });
  },
};

type Test =
  { readonly kind: 'delete' } | { readonly kind: 'holds'; readonly holds: (object: ApiObject) => boolean };

function readTest(text: string | null): Test | string {
  if (text === null) return `unrecognized condition: ""`;
  if (text === 'delete') return { kind: 'delete' };
  if (text === 'create') return { kind: 'holds', holds: () => true };
  const condition = /^condition=([^=]+)(?:=(.*))?$/i.exec(text);
  if (condition !== null) {
    const [, name = '', wanted = 'true'] = condition;
    return {
      kind: 'holds',
      holds: (object) => conditionStatus(object, name.toLowerCase()) === wanted.toLowerCase(),
    };
  }
  const path = /^jsonpath=(\{[^}]*\}|[^=]+)(?:=(.*))?$/.exec(text);
  if (path !== null) {
    const template = parseJsonPath(path[1] ?? '');
    if (!template.ok) return template.error;
    const wanted = path[2];
    return {
      kind: 'holds',
      holds: (object) => {
        const [value] = selectJsonPath(template.value, printedObject(object));
        return (
          value !== undefined &&
          (wanted === undefined || textOfValue(value) === wanted.replace(/^"(.*)"$/, '$1'))
        );
      },
    };
  }
  return `unrecognized condition: "${text}"`;
}

function conditionStatus(object: ApiObject, name: string): string {
  switch (object.kind) {
    case 'Pod':
      return (
        object.status.conditions?.find((each) => each.type.toLowerCase() === name)?.status ?? 'False'
      ).toLowerCase();
    case 'Node':
      return (
        object.status.conditions.find((each) => each.type.toLowerCase() === name)?.status ?? 'False'
      ).toLowerCase();
    case 'Deployment':
      return String(
        name === 'progressing' ||
          (name === 'available' && object.status.availableReplicas >= object.spec.replicas),
      );
    case 'ConfigMap':
    case 'Secret':
    case 'MutatingWebhookConfiguration':
    case 'NetworkPolicy':
    case 'NodeNetworkConfig':
    case 'DaemonSet':
    case 'EndpointSlice':
    case 'Endpoints':
    case 'Event':
    case 'Namespace':
    case 'ReplicaSet':
    case 'Service':
      return 'false';
  }
}
