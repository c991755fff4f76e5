/** What the API server checks of volumes, mounts and variables, in its own words (kubernetes pkg/apis/core/validation). */
import { invalidValue as wrong } from './kubernetes-error.ts';
import type { FieldError } from './kubernetes-error.ts';
import type { Container, PodSpec } from './objects.ts';
import { VOLUME_SOURCES } from './volume.ts';
import type {
  DownwardFile,
  EnvFromSource,
  EnvVar,
  KeyToPath,
  ObjectFieldSelector,
  Volume,
} from './volume.ts';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const HOST_PATH_TYPES = [
  '',
  'DirectoryOrCreate',
  'Directory',
  'FileOrCreate',
  'File',
  'Socket',
  'CharDevice',
  'BlockDevice',
];

const required = (path: string, what = ''): FieldError => ({ path, problem: `Required value${what}` });

/** Returns the problems of a pod's volumes; `path` is that of the spec. */
export function volumeProblems(spec: PodSpec, path: string): FieldError[] {
  const problems: FieldError[] = [];
  const seen = new Set<string>();
  for (const [at, volume] of (spec.volumes ?? []).entries()) {
    const here = `${path}.volumes[${at}]`;
    problems.push(...sourceProblems(volume, here));
    if (volume.name === '' || (volume.name as string | undefined) === undefined)
      problems.push(required(`${here}.name`));
    else if (!DNS_LABEL.test(volume.name) || volume.name.length > 63)
      problems.push(wrong(`${here}.name`, volume.name, LABEL_RULE));
    if (seen.has(volume.name))
      problems.push({ path: `${here}.name`, problem: `Duplicate value: ${JSON.stringify(volume.name)}` });
    seen.add(volume.name);
  }
  return problems;
}

function sourceProblems(volume: Volume, here: string): FieldError[] {
  const given = VOLUME_SOURCES.filter((source) => volume[source] !== undefined);
  const problems: FieldError[] = given.slice(1).map((source) => ({
    path: `${here}.${source}`,
    problem: 'Forbidden: may not specify more than 1 volume type',
  }));
  const { configMap, secret, hostPath, downwardAPI, projected } = volume;
  if (configMap !== undefined) {
    if (isEmpty(configMap.name)) problems.push(required(`${here}.configMap.name`));
    problems.push(...itemProblems(configMap.items, `${here}.configMap.items`));
    problems.push(...modeProblems(configMap.defaultMode, `${here}.configMap.defaultMode`));
  }
  if (secret !== undefined) {
    if (isEmpty(secret.secretName)) problems.push(required(`${here}.secret.secretName`));
    problems.push(...itemProblems(secret.items, `${here}.secret.items`));
    problems.push(...modeProblems(secret.defaultMode, `${here}.secret.defaultMode`));
  }
  if (hostPath !== undefined) {
    if (isEmpty(hostPath.path)) problems.push(required(`${here}.hostPath.path`));
    else if (hostPath.path.split('/').includes('..'))
      problems.push(wrong(`${here}.hostPath.path`, hostPath.path, "must not contain '..'"));
    if (!HOST_PATH_TYPES.includes(hostPath.type ?? ''))
      problems.push({
        path: `${here}.hostPath.type`,
        problem: `Unsupported value: ${JSON.stringify(hostPath.type)}: supported values: ${HOST_PATH_TYPES.toSorted()
          .map((each) => JSON.stringify(each))
          .join(', ')}`,
      });
  }
  problems.push(...downwardProblems(downwardAPI?.items, `${here}.downwardAPI.items`));
  for (const [at, source] of (projected?.sources ?? []).entries()) {
    const there = `${here}.projected.sources[${at}]`;
    for (const kind of ['configMap', 'secret'] as const) {
      if (source[kind] === undefined) continue;
      if (isEmpty(source[kind].name)) problems.push(required(`${there}.${kind}.name`));
      problems.push(...itemProblems(source[kind].items, `${there}.${kind}.items`));
    }
    problems.push(...downwardProblems(source.downwardAPI?.items, `${there}.downwardAPI.items`));
  }
  return problems;
}

/** Go's zero value, or a field that is not there. */
function isEmpty(text: string | undefined): boolean {
  return text === undefined || text === '';
}

function itemProblems(items: readonly KeyToPath[] | undefined, path: string): FieldError[] {
  return (items ?? []).flatMap((item, at) => [
    ...(isEmpty(item.key) ? [required(`${path}[${at}].key`)] : []),
    ...(isEmpty(item.path) ? [required(`${path}[${at}].path`)] : localPath(`${path}[${at}].path`, item.path)),
    ...modeProblems(item.mode, `${path}[${at}].mode`),
  ]);
}

function downwardProblems(items: readonly DownwardFile[] | undefined, path: string): FieldError[] {
  return (items ?? []).flatMap((item, at) => [
    ...(isEmpty(item.path) ? [required(`${path}[${at}].path`)] : localPath(`${path}[${at}].path`, item.path)),
    ...fieldProblems(item.fieldRef, `${path}[${at}]`, VOLUME_FIELDS),
  ]);
}

function localPath(path: string, value: string): FieldError[] {
  if (value.startsWith('/')) return [wrong(path, value, 'must be a relative path')];
  if (value.split('/').includes('..')) return [wrong(path, value, "must not contain '..'")];
  return value.startsWith('..') ? [wrong(path, value, "must not start with '..'")] : [];
}

function modeProblems(mode: number | undefined, path: string): FieldError[] {
  return mode === undefined || (mode >= 0 && mode <= 0o777)
    ? []
    : [wrong(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive')];
}

const VOLUME_FIELDS = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];
const VARIABLE_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

function fieldProblems(
  fieldRef: ObjectFieldSelector | undefined,
  path: string,
  fields: readonly string[],
): FieldError[] {
  if (fieldRef === undefined)
    return [required(`${path}`, ': one of fieldRef and resourceFieldRef is required')];
  const { fieldPath } = fieldRef;
  if (isEmpty(fieldPath)) return [required(`${path}.fieldRef.fieldPath`)];
  if (/^metadata\.(labels|annotations)\['.+'\]$/.test(fieldPath) || fields.includes(fieldPath)) return [];
  return [
    {
      path: `${path}.fieldRef.fieldPath`,
      problem: `Unsupported value: ${JSON.stringify(fieldPath)}: supported values: ${fields.map((each) => JSON.stringify(each)).join(', ')}`,
    },
  ];
}

/** Returns the problems of a container's mounts. */
export function mountProblems(container: Container, spec: PodSpec, here: string): FieldError[] {
  const problems: FieldError[] = [];
  const paths = new Set<string>();
  for (const [at, mount] of (container.volumeMounts ?? []).entries()) {
    const path = `${here}.volumeMounts[${at}]`;
    if (isEmpty(mount.name)) problems.push(required(`${path}.name`));
    if (isEmpty(mount.mountPath)) problems.push(required(`${path}.mountPath`));
    if (!isEmpty(mount.name) && spec.volumes?.some(({ name }) => name === mount.name) !== true)
      problems.push({ path: `${path}.name`, problem: `Not found: ${JSON.stringify(mount.name)}` });
    if (paths.has(mount.mountPath))
      problems.push(wrong(`${path}.mountPath`, mount.mountPath, 'must be unique'));
    paths.add(mount.mountPath);
    if (mount.subPath !== undefined) problems.push(...localPath(`${path}.subPath`, mount.subPath));
  }
  return problems;
}

/** Returns the problems of a container's variables. */
export function variableProblems({ env, envFrom }: Container, here: string): FieldError[] {
  return [
    ...(env ?? []).flatMap((variable, at) => oneVariable(variable, `${here}.env[${at}]`)),
    ...(envFrom ?? []).flatMap((source, at) => oneSource(source, `${here}.envFrom[${at}]`)),
  ];
}

function oneVariable({ name, value, valueFrom }: EnvVar, path: string): FieldError[] {
  const problems: FieldError[] = [];
  if (isEmpty(name)) problems.push(required(`${path}.name`));
  else if (name.includes('='))
    problems.push(
      wrong(
        `${path}.name`,
        name,
        "a valid environment variable name must consist only of printable ASCII characters other than '='",
      ),
    );
  if (valueFrom === undefined) return problems;
  const from = `${path}.valueFrom`;
  const given = (['fieldRef', 'configMapKeyRef', 'secretKeyRef'] as const).filter(
    (each) => valueFrom[each] !== undefined,
  );
  if (given.length === 0)
    problems.push(
      wrong(
        from,
        '',
        'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
      ),
    );
  if (given.length > 0 && !isEmpty(value))
    problems.push(wrong(from, '', 'may not be specified when `value` is not empty'));
  if (given.length > 1)
    problems.push(wrong(from, '', 'may not have more than one field specified at a time'));
  if (valueFrom.fieldRef !== undefined)
    problems.push(...fieldProblems(valueFrom.fieldRef, from, VARIABLE_FIELDS));
  for (const kind of ['configMapKeyRef', 'secretKeyRef'] as const) {
    const wanted = valueFrom[kind];
    if (wanted === undefined) continue;
    if (isEmpty(wanted.name)) problems.push(required(`${from}.${kind}.name`));
    if (isEmpty(wanted.key)) problems.push(required(`${from}.${kind}.key`));
  }
  return problems;
}

function oneSource({ configMapRef, secretRef }: EnvFromSource, path: string): FieldError[] {
  const problems: FieldError[] = [];
  if (configMapRef !== undefined && isEmpty(configMapRef.name))
    problems.push(required(`${path}.configMapRef.name`));
  if (secretRef !== undefined && isEmpty(secretRef.name)) problems.push(required(`${path}.secretRef.name`));
  if (configMapRef === undefined && secretRef === undefined)
    problems.push(wrong(path, '', 'must specify one of: `configMapRef` or `secretRef`'));
  if (configMapRef !== undefined && secretRef !== undefined)
    problems.push(wrong(path, '', 'may not have more than one field specified at a time'));
  return problems;
}
