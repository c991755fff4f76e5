/** What pods take from ConfigMaps, Secrets and themselves, and what kubelet says of what is not there. */
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { base64Text } from './base64-text.ts';
import type { Container, KubernetesState, Pod, PodSources } from './objects.ts';
import type { EnvVar, KeyToPath, ObjectFieldSelector } from './volume.ts';

type Kept = Pick<KubernetesState, 'configMaps' | 'secrets'>;
type SourceKind = 'ConfigMap' | 'Secret';
/** Content by key; null where there is no such object. */
export type SourceReader = (kind: SourceKind, name: string) => Readonly<Record<string, string>> | null;

/** Reads the objects of a namespace as they are now. */
export function readerOf(kept: Kept, namespace: string): SourceReader {
  return (kind, name) => {
    const key = `${namespace}/${name}`;
    if (kind === 'ConfigMap') return kept.configMaps[key]?.data ?? null;
    const data = kept.secrets?.[key]?.data;
    return data === undefined
      ? null
      : Object.fromEntries(Object.entries(data).map(([each, value]) => [each, base64Text(value)]));
  };
}

/** Reads what a pod's containers were started with. */
export function readerOfStarted(sources: PodSources | undefined): SourceReader {
  return (kind, name) => (kind === 'ConfigMap' ? sources?.configMaps[name] : sources?.secrets[name]) ?? null;
}

/** Returns what the pod keeps of the objects that its variables and sub-paths name; null if they name none. */
export function sourcesOf({ spec }: Pod, read: SourceReader): PodSources | null {
  const configMaps: Record<string, Readonly<Record<string, string>>> = {};
  const secrets: Record<string, Readonly<Record<string, string>>> = {};
  let found = false;
  const keep = (kind: SourceKind, name: string | undefined) => {
    const content = name === undefined ? null : read(kind, name);
    if (name === undefined || content === null) return;
    found = true;
    (kind === 'ConfigMap' ? configMaps : secrets)[name] = content;
  };
  for (const { env, envFrom, volumeMounts } of spec.containers) {
    for (const { valueFrom } of env ?? []) {
      keep('ConfigMap', valueFrom?.configMapKeyRef?.name);
      keep('Secret', valueFrom?.secretKeyRef?.name);
    }
    for (const { configMapRef, secretRef } of envFrom ?? []) {
      keep('ConfigMap', configMapRef?.name);
      keep('Secret', secretRef?.name);
    }
    for (const mount of volumeMounts ?? []) {
      const volume =
        mount.subPath === undefined ? undefined : spec.volumes?.find(({ name }) => name === mount.name);
      keep('ConfigMap', volume?.configMap?.name);
      keep('Secret', volume?.secret?.secretName);
      for (const { configMap, secret } of volume?.projected?.sources ?? []) {
        keep('ConfigMap', configMap?.name);
        keep('Secret', secret?.name);
      }
    }
  }
  return found ? { configMaps, secrets } : null;
}

type Files = Readonly<Record<string, string>>;

/** Returns the files of a ConfigMap or Secret as a volume, by path; an error in kubelet's words (pkg/volume). */
export function filesOf(
  kind: SourceKind,
  wanted: { readonly name: string; readonly items?: readonly KeyToPath[]; readonly optional?: boolean },
  read: SourceReader,
): Result<Files, string> {
  const content = read(kind, wanted.name);
  if (content === null)
    return wanted.optional === true ? ok({}) : err(`${kind.toLowerCase()} "${wanted.name}" not found`);
  if (wanted.items === undefined || wanted.items.length === 0) return ok(content);
  const files: Record<string, string> = {};
  for (const { key, path } of wanted.items) {
    const text = content[key];
    if (text !== undefined) files[path] = text;
    else if (wanted.optional !== true) {
      return err(
        kind === 'ConfigMap'
          ? `configmap references non-existent config key: ${key}`
          : `references non-existent secret key: ${key}`,
      );
    }
  }
  return ok(files);
}

/** Returns a field of the pod as text, as the downward API gives it; null for a field that it does not know. */
export function podField({ metadata, spec, status }: Pod, { fieldPath }: ObjectFieldSelector): string | null {
  const subscript = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(fieldPath);
  if (subscript !== null) {
    const pairs = subscript[1] === 'labels' ? metadata.labels : metadata.annotations;
    return pairs?.[subscript[2] ?? ''] ?? '';
  }
  const listed = (pairs: Readonly<Record<string, string>> | undefined) =>
    Object.entries(pairs ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .join('\n');
  switch (fieldPath) {
    case 'metadata.name':
      return metadata.name;
    case 'metadata.namespace':
      return metadata.namespace ?? 'default';
    case 'metadata.uid':
      return metadata.uid;
    case 'metadata.labels':
      return listed(metadata.labels);
    case 'metadata.annotations':
      return listed(metadata.annotations);
    case 'spec.nodeName':
      return spec.nodeName ?? '';
    case 'spec.serviceAccountName':
      return spec.serviceAccountName ?? 'default';
    case 'status.hostIP':
    case 'status.hostIPs':
      return status.hostIP ?? '';
    case 'status.podIP':
    case 'status.podIPs':
      return status.podIP ?? '';
  }
  return null;
}

/**
 * Returns the variables that the container's own fields give its process, in their order: `envFrom` first, then `env`,
 * with `$(NAME)` replaced (kubernetes pkg/kubelet/kubelet_pods.go, makeEnvironmentVariables). `known` are those of
 * Services, which may be referred to. An error says what is missing, in kubelet's words.
 */
export function containerVariables(
  pod: Pod,
  container: Container,
  read: SourceReader,
  known: Readonly<Record<string, string>> = {},
): Result<Readonly<Record<string, string>>, string> {
  const variables: Record<string, string> = {};
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    for (const [kind, wanted] of [
      ['ConfigMap', configMapRef],
      ['Secret', secretRef],
    ] as const) {
      if (wanted === undefined) continue;
      const content = read(kind, wanted.name);
      if (content === null && wanted.optional !== true)
        return err(`${kind.toLowerCase()} "${wanted.name}" not found`);
      for (const [key, value] of Object.entries(content ?? {})) variables[`${prefix}${key}`] = value;
    }
  }
  const namespace = pod.metadata.namespace ?? 'default';
  for (const variable of container.env ?? []) {
    const value = valueOf(pod, namespace, variable, read);
    if (!value.ok) return value;
    if (value.value === null) continue;
    variables[variable.name] =
      variable.valueFrom === undefined ? expanded(value.value, { ...known, ...variables }) : value.value;
  }
  return ok(variables);
}

/** Null where an optional key is not there: then there is no variable. */
function valueOf(
  pod: Pod,
  namespace: string,
  { value = '', valueFrom }: EnvVar,
  read: SourceReader,
): Result<string | null, string> {
  if (valueFrom === undefined) return ok(value);
  const { configMapKeyRef, secretKeyRef, fieldRef } = valueFrom;
  if (fieldRef !== undefined) return ok(podField(pod, fieldRef) ?? '');
  for (const [kind, wanted] of [
    ['ConfigMap', configMapKeyRef],
    ['Secret', secretKeyRef],
  ] as const) {
    if (wanted === undefined) continue;
    const content = read(kind, wanted.name);
    const text = content?.[wanted.key];
    if (text !== undefined) return ok(text);
    if (wanted.optional === true) return ok(null);
    return err(
      content === null
        ? `${kind.toLowerCase()} "${wanted.name}" not found`
        : `couldn't find key ${wanted.key} in ${kind} ${namespace}/${wanted.name}`,
    );
  }
  return ok('');
}

/** `$(NAME)` of what is known; `$$(NAME)` stands for itself, and so does what is not known. */
function expanded(text: string, known: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\$|\$\(([^)]*)\)/g, (match, name: string | undefined) =>
    name === undefined ? '$' : (known[name] ?? match),
  );
}
