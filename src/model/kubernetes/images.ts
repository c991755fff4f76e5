/**
 * What is known of container images: what they listen on when started as they are, and whether they
 * keep running. An image that is not listed here, or a command that is not recognised, is honestly
 * unknown: a flow to such a pod is undetermined, never refused.
 */
import type { Listener } from '../azure/resources.ts';
import { onlyPaths } from '../http-service.ts';
import { dns, environment, http, opaque, unknown } from './container-behaviour.ts';
import type { ContainerBehaviour, Start } from './container-behaviour.ts';
import { commandBehaviour, shell } from './container-command.ts';
import { NETWORK_IMAGES } from './network-images.ts';
import type { Container, PodSpec } from './objects.ts';
import { serves, WEB_IMAGES } from './web-images.ts';

export type { ContainerBehaviour } from './container-behaviour.ts';

interface Image {
  /** Repository names without tag or digest; `docker.io/library/` is left out, as people write it. */
  readonly repositories: readonly string[];
  /** What the image does with these arguments, when its entrypoint is kept. */
  readonly start: Start;
}

/** Returns what a container does and listens on. */
export function containerBehaviour(container: Container): ContainerBehaviour {
  const command = container.command ?? [];
  if (command.length > 0) return commandBehaviour([...command, ...(container.args ?? [])], container);
  const image = findImage(container.image);
  if (image === undefined) {
    return unknown(`what the image ${container.image} listens on is not known to this workbook`);
  }
  return image.start(container.args ?? [], container);
}

/** Returns what listens in a pod's network namespace, all containers together. */
export function podListeners(
  spec: PodSpec,
):
  | { readonly kind: 'known'; readonly listeners: readonly Listener[] }
  | { readonly kind: 'unknown'; readonly reason: string; readonly listeners: readonly Listener[] } {
  const listeners: Listener[] = [];
  let reason: string | null = null;
  for (const container of spec.containers) {
    const behaviour = containerBehaviour(container);
    switch (behaviour.kind) {
      case 'runs':
        listeners.push(...behaviour.listeners);
        break;
      case 'exits':
        break;
      case 'unknown':
        reason ??= behaviour.reason;
        break;
    }
  }
  return reason === null ? { kind: 'known', listeners } : { kind: 'unknown', reason, listeners };
}

/** Reports whether the workbook knows the image, whatever command it is given. */
export function isKnownImage(image: string): boolean {
  return findImage(image) !== undefined;
}

/** Returns `nginx` for `docker.io/library/nginx:1.27@sha256:…`. */
export function imageRepository(image: string): string {
  const withoutDigest = image.split('@')[0] ?? image;
  const lastSlash = withoutDigest.lastIndexOf('/');
  const colon = withoutDigest.indexOf(':', lastSlash + 1);
  const repository = colon < 0 ? withoutDigest : withoutDigest.slice(0, colon);
  return repository.replace(/^(index\.)?docker\.io\//, '').replace(/^library\//, '');
}

/** Their entrypoint.sh starts curl with the arguments if the first is an option or no program. */
const CURL_IMAGES: readonly string[] = ['curlimages/curl', 'quay.io/curl/curl'];

/** Their entrypoint is a program that makes load. */
const LOAD_IMAGES: Readonly<Record<string, 'hey' | 'wrk'>> = {
  'williamyeh/hey': 'hey',
  'ricoli/hey': 'hey',
  'williamyeh/wrk': 'wrk',
  'skandyla/wrk': 'wrk',
};

/** Returns the command line that a container of this image runs when it is given only these arguments. */
export function startedCommand(image: string, args: readonly string[]): readonly string[] {
  const [first = ''] = args;
  const load = LOAD_IMAGES[imageRepository(image)];
  if (load !== undefined) return [load, ...args];
  const isForCurl = first.startsWith('-') || first.includes('://');
  return isForCurl && CURL_IMAGES.includes(imageRepository(image)) ? ['curl', ...args] : args;
}

function findImage(image: string): Image | undefined {
  const repository = imageRepository(image);
  return IMAGES.find((known) => known.repositories.includes(repository));
}

/** A server that refuses to start without a password. */
function needsVariable(names: readonly string[], listener: Listener): Start {
  return (args, container) => {
    if (args.length > 0) return unknown(`the arguments ${JSON.stringify(args)} are not recognised`);
    return names.some((name) => environment(container, name) !== null)
      ? { kind: 'runs', listeners: [listener] }
      : { kind: 'exits', exitCode: 1, because: `it needs one of the variables ${names.join(', ')}` };
  };
}

const IMAGES: readonly Image[] = [
  ...NETWORK_IMAGES,
  ...WEB_IMAGES,
  {
    repositories: ['redis', 'mcr.microsoft.com/oss/bitnami/redis', 'bitnami/redis'],
    start: (args, container) =>
      imageRepository(container.image) !== 'redis' && environment(container, 'ALLOW_EMPTY_PASSWORD') === null
        ? needsVariable(['REDIS_PASSWORD'], opaque(6379, 'redis-server'))(args, container)
        : serves(opaque(6379, 'redis-server'))(args, container),
  },
  { repositories: ['memcached'], start: serves(opaque(11211, 'memcached')) },
  { repositories: ['mongo'], start: serves(opaque(27017, 'mongod')) },
  { repositories: ['rabbitmq'], start: serves(opaque(5672, 'beam.smp'), opaque(4369, 'epmd')) },
  {
    repositories: ['postgres'],
    start: needsVariable(['POSTGRES_PASSWORD', 'POSTGRES_HOST_AUTH_METHOD'], opaque(5432, 'postgres')),
  },
  {
    repositories: ['mysql', 'mariadb'],
    start: needsVariable(
      [
        'MYSQL_ROOT_PASSWORD',
        'MYSQL_ALLOW_EMPTY_PASSWORD',
        'MYSQL_RANDOM_ROOT_PASSWORD',
        'MARIADB_ROOT_PASSWORD',
      ],
      opaque(3306, 'mysqld'),
    ),
  },
  {
    repositories: [
      'busybox',
      'alpine',
      'ubuntu',
      'debian',
      'fedora',
      'mcr.microsoft.com/azurelinux/busybox',
      'mcr.microsoft.com/azurelinux/base/core',
      'mcr.microsoft.com/cbl-mariner/busybox',
      'mcr.microsoft.com/cbl-mariner/base/core',
      'mcr.microsoft.com/dotnet/runtime-deps',
      'mcr.microsoft.com/aks/fundamental/base-ubuntu',
      'mcr.microsoft.com/azure-cli',
      'registry.k8s.io/e2e-test-images/busybox',
      'nicolaka/netshoot',
      'ghcr.io/nicolaka/netshoot',
      'python',
    ],
    start: shell,
  },
  {
    repositories: CURL_IMAGES,
    start: (args, container) =>
      args.length === 0
        ? { kind: 'exits', exitCode: 2, because: 'curl without an address prints its help and fails' }
        : commandBehaviour(startedCommand(container.image, args), container),
  },
  {
    repositories: Object.keys(LOAD_IMAGES),
    start: (args, container) => commandBehaviour(startedCommand(container.image, args), container),
  },
  {
    repositories: [
      'registry.k8s.io/pause',
      'mcr.microsoft.com/oss/kubernetes/pause',
      'registry.k8s.io/e2e-test-images/jessie-dnsutils',
    ],
    start: serves(),
  },
  {
    repositories: [
      'registry.k8s.io/coredns/coredns',
      'mcr.microsoft.com/oss/kubernetes/coredns',
      'mcr.microsoft.com/oss/v2/kubernetes/coredns',
    ],
    start: (): ContainerBehaviour => ({
      kind: 'runs',
      listeners: [
        dns('udp', 53, 'coredns'),
        dns('tcp', 53, 'coredns'),
        http(8080, 'coredns', onlyPaths('/health')),
        http(8181, 'coredns', onlyPaths('/ready')),
        http(9153, 'coredns', onlyPaths('/metrics')),
      ],
    }),
  },
  {
    repositories: [
      'mcr.microsoft.com/oss/kubernetes/metrics-server',
      'mcr.microsoft.com/oss/v2/kubernetes/metrics-server',
    ],
    start: (): ContainerBehaviour => ({ kind: 'runs', listeners: [opaque(4443, 'metrics-server')] }),
  },
  {
    repositories: [
      'mcr.microsoft.com/oss/kubernetes/apiserver-network-proxy/agent',
      'mcr.microsoft.com/oss/v2/kubernetes/apiserver-network-proxy/agent',
    ],
    start: (): ContainerBehaviour => ({ kind: 'runs', listeners: [http(8082, 'proxy-agent')] }),
  },
  {
    repositories: [
      'mcr.microsoft.com/oss/kubernetes/autoscaler/cluster-proportional-autoscaler',
      'mcr.microsoft.com/oss/v2/kubernetes/autoscaler/cluster-proportional-autoscaler',
      'mcr.microsoft.com/aks/ip-masq-agent-v2',
      'mcr.microsoft.com/oss/v2/azure/ip-masq-agent-v2',
      'mcr.microsoft.com/oss/kubernetes/azure-cloud-node-manager',
      'mcr.microsoft.com/oss/v2/kubernetes/azure-cloud-node-manager',
      'mcr.microsoft.com/oss/kubernetes-csi/azuredisk-csi',
      'mcr.microsoft.com/oss/kubernetes-csi/azurefile-csi',
      'mcr.microsoft.com/oss/kubernetes-csi/csi-node-driver-registrar',
      'mcr.microsoft.com/oss/kubernetes-csi/livenessprobe',
    ],
    start: (): ContainerBehaviour => ({ kind: 'runs', listeners: [] }),
  },
  {
    repositories: [
      'mcr.microsoft.com/oss/kubernetes/kube-proxy',
      'mcr.microsoft.com/oss/v2/kubernetes/kube-proxy',
    ],
    start: (): ContainerBehaviour => ({
      kind: 'runs',
      listeners: [http(10256, 'kube-proxy', onlyPaths('/healthz', '/livez'))],
    }),
  },
];
