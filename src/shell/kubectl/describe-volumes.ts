/** Variables, mounts and volumes in a description, in kubectl's words (k8s.io/kubectl/pkg/describe, describe.go). */
import { podField } from '../../model/kubernetes/pod-sources.ts';
import type { Container, Pod } from '../../model/kubernetes/objects.ts';
import type { EnvVar, VolumeMount } from '../../model/kubernetes/volume.ts';
import { PRINTED_MOUNT_PATH, type PrintedVolume } from './service-account-volume.ts';

/** Returns the lines about a container's variables; `pod` is null in a template. */
export function environmentLines({ env, envFrom }: Container, pod: Pod | null): readonly string[] {
  const from = (envFrom ?? []).map(({ prefix = '', configMapRef, secretRef }) => {
    const kind = configMapRef === undefined ? 'Secret' : 'ConfigMap';
    const source = configMapRef ?? secretRef;
    const how = prefix === '' ? kind : `${kind} with prefix '${prefix}'`;
    return `  ${source?.name ?? ''}\t${how}\tOptional: ${source?.optional === true}`;
  });
  const own = (env ?? []).flatMap((variable) => variableLines(variable, pod));
  return [
    ...(from.length === 0 ? [] : ['Environment Variables from:', ...from]),
    ...(own.length === 0 ? ['Environment:\t<none>'] : ['Environment:', ...own]),
  ];
}

/** kubectl looks up these only. */
const METADATA = /^metadata\.(name|namespace|uid|labels|annotations)/;

function variableLines({ name, value = '', valueFrom }: EnvVar, pod: Pod | null): readonly string[] {
  if (valueFrom === undefined)
    return value.split('\n').map((line, at) => (at === 0 ? `  ${name}:\t${line}` : `  \t${line}`));
  const { fieldRef, secretKeyRef, configMapKeyRef } = valueFrom;
  if (fieldRef !== undefined) {
    const text = pod !== null && METADATA.test(fieldRef.fieldPath) ? podField(pod, fieldRef) : '';
    return [`  ${name}:\t${text ?? ''} (${fieldRef.apiVersion ?? 'v1'}:${fieldRef.fieldPath})`];
  }
  if (secretKeyRef !== undefined) {
    const { key, name: secret, optional } = secretKeyRef;
    return [`  ${name}:\t<set to the key '${key}' in secret '${secret}'>\tOptional: ${optional === true}`];
  }
  if (configMapKeyRef === undefined) return [];
  const { key, name: map, optional } = configMapKeyRef;
  return [`  ${name}:\t<set to the key '${key}' of config map '${map}'>\tOptional: ${optional === true}`];
}

/** Returns the lines about what a container mounts; in a pod, that is its service account too. */
export function mountLines(
  { volumeMounts }: Container,
  serviceAccount: PrintedVolume | null,
): readonly string[] {
  const own: readonly VolumeMount[] = [
    ...(volumeMounts ?? []),
    ...(serviceAccount === null
      ? []
      : [{ name: serviceAccount.name, mountPath: PRINTED_MOUNT_PATH, readOnly: true }]),
  ];
  if (own.length === 0) return ['Mounts:\t<none>'];
  return [
    'Mounts:',
    ...own
      .toSorted((a, b) => (a.mountPath < b.mountPath ? -1 : 1))
      .map(({ name, mountPath, readOnly, subPath }) => {
        const flags = [
          readOnly === true ? 'ro' : 'rw',
          ...(subPath === undefined ? [] : [`path="${subPath}"`]),
        ];
        return `  ${mountPath} from ${name} (${flags.join(',')})`;
      }),
  ];
}

/** Returns the lines about volumes; `indent` is that of a template. */
export function volumeLines(volumes: readonly PrintedVolume[], indent: '' | '  '): readonly string[] {
  if (volumes.length === 0) return [`${indent}Volumes:\t<none>`];
  return [
    `${indent}Volumes:`,
    ...volumes.flatMap((volume) => [
      `  ${indent === '' ? '' : ' '}${volume.name}:`,
      ...sourceLines(volume).map((line) => `    ${line}`),
    ]),
  ];
}

function sourceLines(volume: PrintedVolume): readonly string[] {
  const { configMap, secret, hostPath, emptyDir, downwardAPI, projected } = volume;
  if (hostPath !== undefined)
    return [
      'Type:\tHostPath (bare host directory volume)',
      `Path:\t${hostPath.path}`,
      `HostPathType:\t${hostPath.type ?? ''}`,
    ];
  if (emptyDir !== undefined)
    return [
      "Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)",
      `Medium:\t${emptyDir.medium ?? ''}`,
      `SizeLimit:\t${emptyDir.sizeLimit ?? '<unset>'}`,
    ];
  if (secret !== undefined)
    return [
      'Type:\tSecret (a volume populated by a Secret)',
      `SecretName:\t${secret.secretName}`,
      `Optional:\t${secret.optional === true}`,
    ];
  if (configMap !== undefined)
    return [
      'Type:\tConfigMap (a volume populated by a ConfigMap)',
      `Name:\t${configMap.name}`,
      `Optional:\t${configMap.optional === true}`,
    ];
  if (downwardAPI !== undefined)
    return [
      'Type:\tDownwardAPI (a volume populated by information about the pod)',
      'Items:',
      ...(downwardAPI.items ?? []).map(({ fieldRef, path }) => `  ${fieldRef.fieldPath} -> ${path}`),
    ];
  return [
    'Type:\tProjected (a volume that contains injected data from multiple sources)',
    ...(projected?.sources ?? []).flatMap((source) => {
      if (source.secret !== undefined)
        return [`SecretName:\t${source.secret.name}`, `Optional:\t${source.secret.optional === true}`];
      if (source.downwardAPI !== undefined) return ['DownwardAPI:\ttrue'];
      if (source.configMap !== undefined)
        return [
          `ConfigMapName:\t${source.configMap.name}`,
          `Optional:\t${source.configMap.optional === true}`,
        ];
      return [`TokenExpirationSeconds:\t${source.serviceAccountToken?.expirationSeconds ?? 0}`];
    }),
  ];
}
