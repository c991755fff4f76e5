/** The fields that the API server fills in when a client leaves them out. */
import type { Container, PodSpec } from './objects.ts';
import { VOLUME_SOURCES } from './volume.ts';
import type { DownwardFile, EnvVar, Volume } from './volume.ts';

const GRACE_SECONDS = 30;
const NOT_READY_TOLERATION_SECONDS = 300;

/** Added by the DefaultTolerationSeconds admission plugin; shared, since every pod has them. */
const DEFAULT_TOLERATIONS: NonNullable<PodSpec['tolerations']> = ['not-ready', 'unreachable'].map(
  (condition) => ({
    key: `node.kubernetes.io/${condition}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: NOT_READY_TOLERATION_SECONDS,
  }),
);

/** Returns the spec with the server's defaults; a spec that has them comes back equal. */
export function admitPodSpec(spec: PodSpec): PodSpec {
  const own = spec.tolerations ?? [];
  const missing = DEFAULT_TOLERATIONS.filter(
    (each) =>
      !own.some(
        (toleration) =>
          (toleration.key === each.key || toleration.key === undefined) && toleration.operator === 'Exists',
      ),
  );
  return {
    ...spec,
    containers: spec.containers.map(admitContainer),
    ...(spec.volumes === undefined || spec.volumes.length === 0
      ? {}
      : { volumes: spec.volumes.map(admitVolume) }),
    restartPolicy: spec.restartPolicy ?? 'Always',
    dnsPolicy: spec.dnsPolicy ?? 'ClusterFirst',
    serviceAccountName: spec.serviceAccountName ?? 'default',
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? GRACE_SECONDS,
    tolerations: [...own, ...missing],
  };
}

function admitContainer(container: Container): Container {
  const { ports, env } = container;
  return {
    ...container,
    ...(env === undefined ? {} : { env: env.map(admitVariable) }),
    imagePullPolicy: container.imagePullPolicy ?? (isLatest(container.image) ? 'Always' : 'IfNotPresent'),
    ...(ports === undefined
      ? {}
      : { ports: ports.map((port) => ({ ...port, protocol: port.protocol ?? ('TCP' as const) })) }),
  };
}

/** Of files of ConfigMaps, Secrets and the pod itself: 0644. */
const FILE_MODE = 420;

/** A volume that says nothing is an empty one (kubernetes pkg/apis/core/v1, SetDefaults_Volume). */
function admitVolume(volume: Volume): Volume {
  if (VOLUME_SOURCES.every((source) => volume[source] === undefined)) return { ...volume, emptyDir: {} };
  const { configMap, secret, hostPath, downwardAPI, projected } = volume;
  const defaultMode = FILE_MODE;
  return {
    ...volume,
    ...(configMap === undefined ? {} : { configMap: { defaultMode, ...configMap } }),
    ...(secret === undefined ? {} : { secret: { defaultMode, ...secret } }),
    ...(hostPath === undefined ? {} : { hostPath: { type: '', ...hostPath } }),
    ...(downwardAPI === undefined
      ? {}
      : { downwardAPI: { defaultMode, ...downwardAPI, ...admitFiles(downwardAPI) } }),
    ...(projected === undefined
      ? {}
      : {
          projected: {
            defaultMode,
            ...projected,
            ...(projected.sources === undefined
              ? {}
              : {
                  sources: projected.sources.map((source) =>
                    source.downwardAPI === undefined
                      ? source
                      : { ...source, downwardAPI: admitFiles(source.downwardAPI) },
                  ),
                }),
          },
        }),
  };
}

function admitFiles({ items }: { readonly items?: readonly DownwardFile[] }): {
  readonly items?: readonly DownwardFile[];
} {
  return items === undefined
    ? {}
    : { items: items.map((each) => ({ ...each, fieldRef: { apiVersion: 'v1', ...each.fieldRef } })) };
}

function admitVariable(variable: EnvVar): EnvVar {
  const { valueFrom } = variable;
  return valueFrom?.fieldRef === undefined
    ? variable
    : { ...variable, valueFrom: { fieldRef: { apiVersion: 'v1', ...valueFrom.fieldRef } } };
}

function isLatest(image: string): boolean {
  if (image.includes('@')) return false;
  const name = image.slice(image.lastIndexOf('/') + 1);
  const colon = name.indexOf(':');
  return colon < 0 || name.slice(colon + 1) === 'latest';
}
