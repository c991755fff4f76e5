/**
 * What is known of container images: what they listen on when started as they are, and whether they
 * keep running. An image that is not listed here, or a command that is not recognised, is honestly
 * unknown: a flow to such a pod is undetermined, never refused.
 */
import type { Listener } from '../azure/resources.ts';
import type { Container, PodSpec } from './objects.ts';

export type ContainerBehaviour =
  /** Keeps running; an empty list runs and listens on nothing. */
  | { readonly kind: 'runs'; readonly listeners: readonly Listener[] }
  | { readonly kind: 'exits'; readonly exitCode: number; readonly because: string }
  | { readonly kind: 'unknown'; readonly reason: string };

interface Image {
  /** Repository names without tag or digest; `docker.io/library/` is left out, as people write it. */
  readonly repositories: readonly string[];
  /** What the image does with these arguments, when its entrypoint is kept. */
  readonly start: (args: readonly string[], container: Container) => ContainerBehaviour;
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

function findImage(image: string): Image | undefined {
  const repository = imageRepository(image);
  return IMAGES.find((known) => known.repositories.includes(repository));
}

function unknown(reason: string): ContainerBehaviour {
  return { kind: 'unknown', reason };
}

function http(port: number, program: string): Listener {
  return { protocol: 'tcp', port, program, application: 'http' };
}

function opaque(port: number, program: string, protocol: 'tcp' | 'udp' = 'tcp'): Listener {
  return { protocol, port, program, application: 'opaque' };
}

function dns(protocol: 'tcp' | 'udp', port: number, program: string): Listener {
  return { protocol, port, program, application: 'dns' };
}

/** An image that takes no arguments which change its ports. */
function serves(...listeners: readonly Listener[]): Image['start'] {
  return (args) =>
    args.length === 0
      ? { kind: 'runs', listeners }
      : unknown(`the arguments ${JSON.stringify(args)} are not recognised for this image`);
}

/** A shell image: without a terminal its shell reads the end of its input and leaves. */
function shell(args: readonly string[], container: Container): ContainerBehaviour {
  if (args.length > 0) return commandBehaviour(args, container);
  if (container.stdin === true) return { kind: 'runs', listeners: [] };
  return { kind: 'exits', exitCode: 0, because: 'its shell has no terminal and no command to run' };
}

/** Returns the value of `--name=value`, `--name value`, `-name=value` or `-name value`. */
function flagValue(args: readonly string[], name: string): string | null {
  for (const [at, arg] of args.entries()) {
    const bare = arg.replace(/^--?/, '');
    if (bare === arg) continue;
    if (bare === name) return args[at + 1] ?? null;
    if (bare.startsWith(`${name}=`)) return bare.slice(name.length + 1);
  }
  return null;
}

/** Returns the port of `8080`, `:8080` or `0.0.0.0:8080`; null if there is none. */
function portOf(text: string | null): number | null {
  const digits = /(?:^|:)(\d{1,5})$/.exec(text ?? '')?.[1];
  if (digits === undefined) return null;
  const port = Number(digits);
  return port >= 1 && port <= 65535 ? port : null;
}

function environment(container: Container, name: string): string | null {
  return container.env?.find((each) => each.name === name)?.value ?? null;
}

/** A server whose HTTP port one flag moves. */
function servesOnFlag(flag: string, usual: number, program: string): Image['start'] {
  return (args) => {
    const given = flagValue(args, flag);
    const port = given === null ? usual : portOf(given);
    return port === null
      ? unknown(`the port in --${flag}=${given ?? ''} is not recognised`)
      : { kind: 'runs', listeners: [http(port, program)] };
  };
}

/** A server whose HTTP port one environment variable moves. */
function servesOnVariable(name: string, usual: number, program: string): Image['start'] {
  return (args, container) => {
    if (args.length > 0) return unknown(`the arguments ${JSON.stringify(args)} are not recognised`);
    const given = environment(container, name);
    const port = given === null ? usual : portOf(given);
    return port === null
      ? unknown(`the port in ${name}=${given ?? ''} is not recognised`)
      : { kind: 'runs', listeners: [http(port, program)] };
  };
}

/** A server that refuses to start without a password. */
function needsVariable(names: readonly string[], listener: Listener): Image['start'] {
  return (args, container) => {
    if (args.length > 0) return unknown(`the arguments ${JSON.stringify(args)} are not recognised`);
    return names.some((name) => environment(container, name) !== null)
      ? { kind: 'runs', listeners: [listener] }
      : { kind: 'exits', exitCode: 1, because: `it needs one of the variables ${names.join(', ')}` };
  };
}

function agnhost(args: readonly string[], container: Container): ContainerBehaviour {
  const [mode, ...rest] = args;
  switch (mode ?? 'pause') {
    case 'pause':
      return { kind: 'runs', listeners: [] };
    case 'netexec': {
      const tcp = portOf(flagValue(rest, 'http-port') ?? '8080');
      const udp = portOf(flagValue(rest, 'udp-port') ?? '8081');
      if (tcp === null) return unknown('the port in --http-port is not recognised');
      const listeners = [http(tcp, 'agnhost')];
      if (udp !== null) listeners.push(opaque(udp, 'agnhost', 'udp'));
      return { kind: 'runs', listeners };
    }
    case 'serve-hostname': {
      const port = portOf(flagValue(rest, 'port') ?? '9376');
      return port === null
        ? unknown('the port in --port is not recognised')
        : { kind: 'runs', listeners: [http(port, 'agnhost')] };
    }
    case 'porter':
    case 'test-webserver': {
      const port = portOf(flagValue(rest, 'port') ?? '80');
      return port === null
        ? unknown('the port in --port is not recognised')
        : { kind: 'runs', listeners: [http(port, 'agnhost')] };
    }
    case 'connect':
    case 'dns-suffix':
    case 'dns-server-list':
    case 'etc-hosts':
      return { kind: 'exits', exitCode: 0, because: `agnhost ${mode ?? ''} prints its answer and ends` };
  }
  return commandBehaviour(args, container);
}

/** What a command line does that replaces the image's own. */
function commandBehaviour(argv: readonly string[], container: Container): ContainerBehaviour {
  const [program, ...args] = argv;
  const name = (program ?? '').split('/').at(-1) ?? '';
  switch (name) {
    case 'sleep':
    case 'pause':
      return { kind: 'runs', listeners: [] };
    case 'tail':
      return args.includes('-f') || args.includes('-F')
        ? { kind: 'runs', listeners: [] }
        : { kind: 'exits', exitCode: 0, because: 'tail without -f ends' };
    case 'true':
    case 'echo':
    case 'date':
    case 'hostname':
    case 'env':
    case 'printenv':
      return { kind: 'exits', exitCode: 0, because: `${name} ends at once` };
    case 'false':
      return { kind: 'exits', exitCode: 1, because: 'false fails' };
    case 'sh':
    case 'bash':
    case 'ash':
      return shellBehaviour(args, container);
    case 'agnhost':
      return agnhost(args, container);
    case 'nginx':
      return { kind: 'runs', listeners: [http(80, 'nginx')] };
    case 'httpd': {
      const port = portOf(flagValue(args, 'p') ?? '80');
      return port === null
        ? unknown('the port of httpd -p is not recognised')
        : { kind: 'runs', listeners: [http(port, 'httpd')] };
    }
    case 'http-echo':
      return servesOnFlag('listen', 5678, 'http-echo')(args, container);
    case 'nc':
    case 'ncat':
    case 'netcat':
      return netcat(args);
    case 'python':
    case 'python3':
      return python(args);
  }
  return unknown(`what the command ${JSON.stringify(argv)} listens on is not known to this workbook`);
}

function shellBehaviour(args: readonly string[], container: Container): ContainerBehaviour {
  const flag = args.findIndex((arg) => /^-[a-z]*c$/.test(arg));
  const script = flag < 0 ? undefined : args[flag + 1];
  if (script === undefined) return shell([], container);
  const simple = script.trim().replace(/^exec\s+/, '');
  const commands = simple.split(/\s*(?:;|&&)\s*/).filter((each) => each !== '');
  const last = commands.at(-1) ?? '';
  if (/^(while true|while :|until false|for \(\(;;\)\))\s*;?\s*do\b/.test(simple)) {
    return /\b(nc|ncat|netcat|httpd|python3?|socat|node|ruby|php)\b/.test(simple)
      ? unknown('a loop that starts a server is not recognised')
      : { kind: 'runs', listeners: [] };
  }
  if (/[|<>`$&(){}]/.test(simple)) return unknown('the shell script is more than this workbook reads');
  const quiet = commands
    .slice(0, -1)
    .every((each) => /^(echo|sleep|apk|apt-get|apt|yum|tdnf|cd|export|date|hostname)\b/.test(each));
  return quiet
    ? commandBehaviour(last.split(/\s+/), container)
    : unknown('the shell script is more than this workbook reads');
}

function netcat(args: readonly string[]): ContainerBehaviour {
  const listens = args.some((arg) => /^-[a-z]*l/.test(arg));
  const port = portOf(args.filter((arg) => /^\d+$/.test(arg)).at(-1) ?? null);
  if (!listens) return unknown('nc without -l is not recognised as a server');
  if (port === null) return unknown('nc -l without a port is not recognised');
  if (!args.some((arg) => /^-[a-z]*k/.test(arg) || arg === '--keep-open')) {
    return unknown('nc -l without -k ends after its first client');
  }
  const protocol = args.some((arg) => /^-[a-z]*u/.test(arg)) ? 'udp' : 'tcp';
  return { kind: 'runs', listeners: [opaque(port, 'nc', protocol)] };
}

function python(args: readonly string[]): ContainerBehaviour {
  const at = args.indexOf('http.server');
  if (at < 1 || args[at - 1] !== '-m') return unknown('the Python program is not known to this workbook');
  const port = portOf(args.slice(at + 1).find((arg) => /^\d+$/.test(arg)) ?? '8000');
  return port === null
    ? unknown('the port of http.server is not recognised')
    : { kind: 'runs', listeners: [http(port, 'python3')] };
}

const IMAGES: readonly Image[] = [
  {
    repositories: [
      'nginx',
      'nginxdemos/hello',
      'nginxdemos/nginx-hello',
      'mcr.microsoft.com/oss/nginx/nginx',
      'mcr.microsoft.com/azurelinux/base/nginx',
      'mcr.microsoft.com/cbl-mariner/base/nginx',
      'public.ecr.aws/nginx/nginx',
      'k8s.gcr.io/nginx',
      'registry.k8s.io/nginx',
      'registry.k8s.io/e2e-test-images/nginx',
    ],
    // nginx -g 'daemon off;' is the usual argument, and keeps the port.
    start: (args, container) =>
      args.length === 0 || args[0] === '-g'
        ? { kind: 'runs', listeners: [http(80, 'nginx')] }
        : commandBehaviour(args, container),
  },
  { repositories: ['nginxinc/nginx-unprivileged'], start: serves(http(8080, 'nginx')) },
  { repositories: ['httpd', 'registry.k8s.io/e2e-test-images/httpd'], start: serves(http(80, 'httpd')) },
  {
    repositories: ['registry.k8s.io/e2e-test-images/agnhost', 'k8s.gcr.io/e2e-test-images/agnhost'],
    start: agnhost,
  },
  { repositories: ['hashicorp/http-echo'], start: servesOnFlag('listen', 5678, 'http-echo') },
  { repositories: ['traefik/whoami', 'containous/whoami'], start: servesOnFlag('port', 80, 'whoami') },
  {
    repositories: ['mcr.microsoft.com/azuredocs/aks-helloworld', 'neilpeterson/aks-helloworld'],
    start: serves(http(80, 'nginx')),
  },
  { repositories: ['mcr.microsoft.com/azuredocs/azure-vote-front'], start: serves(http(80, 'nginx')) },
  {
    repositories: ['mcr.microsoft.com/azuredocs/aci-helloworld'],
    start: servesOnVariable('PORT', 80, 'node'),
  },
  {
    repositories: [
      'registry.k8s.io/echoserver',
      'k8s.gcr.io/echoserver',
      'gcr.io/google_containers/echoserver',
      'gcr.io/google-containers/echoserver',
    ],
    start: serves(http(8080, 'nginx'), opaque(8443, 'nginx')),
  },
  {
    repositories: [
      'gcr.io/google-samples/hello-app',
      'us-docker.pkg.dev/google-samples/containers/gke/hello-app',
    ],
    start: servesOnVariable('PORT', 8080, 'hello-app'),
  },
  { repositories: ['paulbouwer/hello-kubernetes'], start: servesOnVariable('PORT', 8080, 'node') },
  { repositories: ['ealen/echo-server'], start: servesOnVariable('PORT', 80, 'node') },
  { repositories: ['mendhak/http-https-echo'], start: servesOnVariable('HTTP_PORT', 8080, 'node') },
  { repositories: ['kennethreitz/httpbin'], start: serves(http(80, 'gunicorn')) },
  {
    repositories: ['mccutchen/go-httpbin', 'ghcr.io/mccutchen/go-httpbin'],
    start: servesOnVariable('PORT', 8080, 'go-httpbin'),
  },
  {
    repositories: ['wbitt/network-multitool', 'praqma/network-multitool'],
    start: servesOnVariable('HTTP_PORT', 80, 'nginx'),
  },
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
    repositories: ['curlimages/curl', 'quay.io/curl/curl'],
    start: (args, container) =>
      args.length === 0 || args[0]?.startsWith('-') === true
        ? { kind: 'exits', exitCode: 2, because: 'curl without an address prints its help and fails' }
        : commandBehaviour(args, container),
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
        http(8080, 'coredns'),
        http(8181, 'coredns'),
        http(9153, 'coredns'),
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
    start: (): ContainerBehaviour => ({ kind: 'runs', listeners: [http(10256, 'kube-proxy')] }),
  },
];
