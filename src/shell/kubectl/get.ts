import { getResource } from '../../model/azure/resource-store.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext } from '../command.ts';
import { chooseObjects, type Chosen } from './choose-objects.ts';
import { alignCells } from './columns.ts';
import {
  ALL_NAMESPACES_FLAG,
  FILENAME_FLAG,
  OUTPUT_FLAG,
  SELECTOR_FLAG,
  type KubectlCommand,
  type KubectlInput,
  type KubectlResult,
  type Target,
} from './command.ts';
import { clientError, type KubectlFailure } from './failure.ts';
import { parseJsonPath } from './jsonpath-template.ts';
import { selectJsonPath } from './jsonpath.ts';
import { printObjects, readOutputFormat } from './output-format.ts';
import { printedObject, textOfValue } from './printed-object.ts';
import { RESOURCE_TYPES, typeWithGroup, type ApiObject, type ResourceType } from './resource-types.ts';
import { pairs, tableOf } from './rows.ts';

/** `pods (po)`, as the help names a type. */
function named({ plural, shortNames }: ResourceType): string {
  return shortNames.length === 0 ? plural : `${plural} (${shortNames.join(', ')})`;
}

export const GET: KubectlCommand = {
  path: ['get'],
  summary: 'Display one or many resources.',
  details: `Simulated types: ${RESOURCE_TYPES.map(named).join(', ')}, and all.`,
  usage: '(TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags] [options]',
  examples: [
    { does: 'List all pods in ps output format', line: 'kubectl get pods' },
    { does: 'List all pods with more information (such as node name)', line: 'kubectl get pods -o wide' },
    {
      does: 'List the pods of all namespaces that use the address of their node',
      line: 'kubectl get pods -A --field-selector spec.hostNetwork=true',
    },
    { does: 'Return only the address of a pod', line: "kubectl get pod web -o jsonpath='{.status.podIP}'" },
  ],
  needs: 'cluster',
  flags: [
    ALL_NAMESPACES_FLAG,
    OUTPUT_FLAG,
    SELECTOR_FLAG,
    {
      name: 'field-selector',
      type: { kind: 'string' },
      help: "Selector (field query) to filter on, supports '=', '==', and '!='.",
    },
    {
      name: 'sort-by',
      type: { kind: 'string' },
      help: 'Sort list types by this JSONPath expression, such as .metadata.name.',
    },
    { name: 'no-headers', type: { kind: 'flag' }, help: 'Do not print headers.' },
    { name: 'show-labels', type: { kind: 'flag' }, help: 'Show all labels as the last column.' },
    {
      name: 'show-kind',
      type: { kind: 'flag' },
      help: 'List the resource type for the requested object(s).',
    },
    {
      name: 'label-columns',
      shorthand: 'L',
      type: { kind: 'list', split: 'comma' },
      help: 'Labels that are going to be presented as columns.',
    },
    {
      name: 'ignore-not-found',
      type: { kind: 'flag' },
      help: 'Return exit code 0 if the object does not exist.',
    },
    {
      name: 'chunk-size',
      type: { kind: 'integer' },
      shown: '500',
      help: 'Answers come whole; the number has no effect.',
    },
    { name: 'show-managed-fields', type: { kind: 'flag' }, help: 'There are none here.' },
    {
      name: 'watch',
      shorthand: 'w',
      type: { kind: 'flag' },
      help: 'After listing, watch for changes: here the watch ends at once, since nothing changes while a command runs.',
    },
    {
      name: 'watch-only',
      type: { kind: 'flag' },
      help: 'Watch for changes.',
      notSimulated: 'nothing changes here while a command runs',
    },
    {
      name: 'template',
      type: { kind: 'string' },
      help: 'Go template.',
      notSimulated: 'go templates are not simulated; use -o jsonpath',
    },
    {
      name: 'raw',
      type: { kind: 'string' },
      help: 'Raw URI to request from the server.',
      notSimulated: 'there is no raw API here',
    },
    { name: 'server-print', type: { kind: 'flag' }, help: 'Tables are always the server’s.' },
    {
      name: 'subresource',
      type: { kind: 'string' },
      help: 'Subresource.',
      notSimulated: 'subresources are not kept apart',
    },
    { ...FILENAME_FLAG, notSimulated: 'name the objects instead' },
    {
      name: 'recursive',
      shorthand: 'R',
      type: { kind: 'flag' },
      help: 'Process the directory used in -f recursively.',
    },
    {
      name: 'kustomize',
      shorthand: 'k',
      type: { kind: 'string' },
      help: 'Process the kustomization directory.',
      notSimulated: 'kustomize is not part of this workbook',
    },
    {
      name: 'output-watch-events',
      type: { kind: 'flag' },
      help: 'Output watch event objects.',
      notSimulated: 'nothing changes here while a command runs',
    },
    {
      name: 'allow-missing-template-keys',
      type: { kind: 'flag' },
      shown: 'true',
      help: 'Missing fields print as nothing.',
    },
  ],
  run: get,
};

/** What a watch says instead of waiting for a change that cannot come. */
export const WATCH_ENDS =
  'The watch ends here: in this workbook nothing changes while a command runs. Repeat the command to look again.\n';

/** Since 1.33 the API server warns whoever reads Endpoints. */
const ENDPOINTS_DEPRECATED =
  'Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\n';

async function get(input: KubectlInput, target: Target, context: CommandContext): Promise<KubectlResult> {
  const { flags, args } = input;
  const format = await readOutputFormat(flags.text('output'), context);
  if (!format.ok) return format;
  const choice = chooseObjects(args, flags, target);
  if (!choice.ok) return choice;
  const sorted = sortObjects(choice.value, flags.text('sort-by'));
  if (!sorted.ok) return sorted;
  const chosen = sorted.value;
  const forgiven = flags.isOn('ignore-not-found');
  const failed = forgiven ? '' : chosen.failures.map((failure) => failure.stderr).join('');
  const exitCode = failed === '' ? 0 : 1;
  const warned =
    chosen.groups.some((group) => group.type.kind === 'Endpoints') && warnsOfEndpoints(target, context);
  const stderr = `${warned ? ENDPOINTS_DEPRECATED : ''}${failed}${flags.isOn('watch') ? WATCH_ENDS : ''}`;

  if (format.value.kind !== 'table') {
    const objects = chosen.groups.flatMap((group) => group.objects);
    if (objects.length === 0 && chosen.failures.length > 0) return ok({ stderr, exitCode });
    const wrap = chosen.asked === 'named' && objects.length === 1 ? 'single' : 'list';
    const printed = printObjects(format.value, objects, wrap, flags.isOn('no-headers') ? 'hidden' : 'shown');
    return printed.ok ? ok({ stdout: printed.value, stderr, exitCode }) : printed;
  }
  const tables = printTables(chosen, format.value.width, input, context.cloud.now);
  if (tables === '' && chosen.failures.length === 0 && !forgiven) {
    const scope = chosen.groups.every((group) => group.type.scope === 'cluster') || chosen.namespace === null;
    return ok({
      stderr: scope ? 'No resources found\n' : `No resources found in ${chosen.namespace} namespace.\n`,
    });
  }
  return ok({ stdout: tables, stderr, exitCode });
}

function warnsOfEndpoints({ cluster }: Target, { cloud }: CommandContext): boolean {
  const managed = getResource(cloud, cluster, 'Microsoft.ContainerService/ManagedClusters');
  return Number(managed?.currentKubernetesVersion.split('.')[1] ?? 0) >= 33;
}

function printTables(chosen: Chosen, width: 'narrow' | 'wide', input: KubectlInput, now: number): string {
  const { flags } = input;
  const groups = chosen.groups.filter((group) => group.objects.length > 0);
  const withKind = flags.isOn('show-kind') || new Set(chosen.groups.map((group) => group.type)).size > 1;
  const labelColumns = flags.list('label-columns');
  return groups
    .map(({ type, objects }) => {
      const table = tableOf(type.kind);
      const namespaced = chosen.namespace === null && type.scope === 'namespaced';
      const header = [
        ...(namespaced ? ['NAMESPACE'] : []),
        ...(width === 'wide' ? table.wideColumns : table.columns),
        ...labelColumns.map((label) => (label.split('/').at(-1) ?? label).toUpperCase()),
        ...(flags.isOn('show-labels') ? ['LABELS'] : []),
      ];
      const rows = objects.map((object) => {
        const { cells, wide } = table.row(object, now);
        const [name = '', ...rest] = width === 'wide' ? wide : cells;
        return [
          ...(namespaced ? [object.metadata.namespace ?? ''] : []),
          withKind && type.kind !== 'Event' ? `${typeWithGroup(type)}/${name}` : name,
          ...rest,
          ...labelColumns.map((label) => object.metadata.labels?.[label] ?? ''),
          ...(flags.isOn('show-labels') ? [pairs(object.metadata.labels)] : []),
        ];
      });
      return alignCells(flags.isOn('no-headers') ? rows : [header, ...rows]);
    })
    .join('\n');
}

function sortObjects(chosen: Chosen, by: string | null): Result<Chosen, KubectlFailure> {
  if (by === null || by === '') return ok(chosen);
  const template = parseJsonPath(by);
  if (!template.ok) return err(clientError(template.error));
  const keyOf = (object: ApiObject): unknown => selectJsonPath(template.value, printedObject(object))[0];
  const all = chosen.groups.flatMap((group) => group.objects);
  if (all.length > 0 && all.every((object) => keyOf(object) === undefined)) {
    return err(clientError(`couldn't find any field with path "${by}" in the list of objects`));
  }
  const groups = chosen.groups.map((group) => ({
    ...group,
    objects: group.objects.toSorted((a, b) => compareValues(keyOf(a), keyOf(b))),
  }));
  return ok({ ...chosen, groups });
}

/** Numbers by size, texts in natural order (`node2` before `node10`), missing ones first. */
function compareValues(a: unknown, b: unknown): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return textOfValue(a).localeCompare(textOfValue(b), 'en', { numeric: true });
}
