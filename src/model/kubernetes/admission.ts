/** The fields that the API server fills in when a client leaves them out. */
import type { Container, PodSpec } from './objects.ts';

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
    restartPolicy: spec.restartPolicy ?? 'Always',
    dnsPolicy: spec.dnsPolicy ?? 'ClusterFirst',
    serviceAccountName: spec.serviceAccountName ?? 'default',
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? GRACE_SECONDS,
    tolerations: [...own, ...missing],
  };
}

function admitContainer(container: Container): Container {
  const { ports } = container;
  return {
    ...container,
    imagePullPolicy: container.imagePullPolicy ?? (isLatest(container.image) ? 'Always' : 'IfNotPresent'),
    ...(ports === undefined
      ? {}
      : { ports: ports.map((port) => ({ ...port, protocol: port.protocol ?? ('TCP' as const) })) }),
  };
}

function isLatest(image: string): boolean {
  if (image.includes('@')) return false;
  const name = image.slice(image.lastIndexOf('/') + 1);
  const colon = name.indexOf(':');
  return colon < 0 || name.slice(colon + 1) === 'latest';
}
