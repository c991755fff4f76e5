import type { ServiceManifest } from '../../model/kubernetes/manifest.ts';
import type { PodSpec } from '../../model/kubernetes/objects.ts';
import { err, ok, type Result } from '../../model/result.ts';
import { create, reportChanges } from './change.ts';
import { allExist, chooseObjects } from './choose-objects.ts';
import { DRY_RUN_FLAG, OUTPUT_FLAG, type Flags, type KubectlCommand } from './command.ts';
import { clientError, notSimulated, serverError, type KubectlFailure } from './failure.ts';
import { pluralWithGroup, typeOfKind, type ApiObject } from './resource-types.ts';

export const EXPOSE: KubectlCommand = {
  path: ['expose'],
  summary: 'Expose a resource as a new Kubernetes service.',
  usage:
    '(-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--type=type] [options]',
  examples: [
    {
      does: 'Create a service for the deployment web, on port 80, to the containers on port 8080',
      line: 'kubectl expose deployment web --port=80 --target-port=8080',
    },
  ],
  needs: 'cluster',
  flags: [
    OUTPUT_FLAG,
    DRY_RUN_FLAG,
    { name: 'port', type: { kind: 'string' }, help: 'The port that the service should serve on.' },
    {
      name: 'target-port',
      type: { kind: 'string' },
      help: 'Name or number for the port on the container that the service should direct traffic to.',
    },
    {
      name: 'protocol',
      type: { kind: 'string' },
      help: "The network protocol for the service. Default is 'TCP'.",
    },
    { name: 'name', type: { kind: 'string' }, help: 'The name for the newly created object.' },
    {
      name: 'type',
      type: { kind: 'string' },
      help: "Type for this service: ClusterIP or NodePort. Default is 'ClusterIP'.",
    },
    {
      name: 'cluster-ip',
      type: { kind: 'string' },
      help: "ClusterIP to be assigned to the service, or 'None' for a headless service.",
    },
    { name: 'selector', type: { kind: 'string' }, help: 'A label selector to use for this service.' },
    {
      name: 'labels',
      shorthand: 'l',
      type: { kind: 'string' },
      help: 'Labels to apply to the service created by this call.',
    },
    {
      name: 'session-affinity',
      type: { kind: 'string' },
      help: "If non-empty, set the session affinity: 'None', 'ClientIP'.",
    },
    {
      name: 'load-balancer-ip',
      type: { kind: 'string' },
      help: 'IP to assign to the LoadBalancer.',
      notSimulated: 'load balancer Services are a later module',
    },
    {
      name: 'external-ip',
      type: { kind: 'string' },
      help: 'Additional external IP address.',
      notSimulated: 'external addresses are not modelled',
    },
    {
      name: 'overrides',
      type: { kind: 'string' },
      help: 'An inline JSON override.',
      notSimulated: 'kubectl apply a manifest',
    },
  ],
  run: async (input, target, context) => {
    const { flags, args } = input;
    if (args.length === 0) {
      return err({
        stderr:
          'error: You must provide one or more resources by argument or filename.\nExample resource specifications include:\n' +
          "   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'\n",
        exitCode: 1,
      });
    }
    const [first = ''] = args;
    if (args.length === 1 && !first.includes('/')) {
      return err(clientError('resource(s) were provided, but no name was specified'));
    }
    const chosen = chooseObjects(args, flags, target);
    if (!chosen.ok) return chosen;
    const objects = allExist(chosen.value);
    if (!objects.ok) return objects;
    const [object] = objects.value;
    if (object === undefined || objects.value.length > 1)
      return err(clientError('expose takes exactly one resource'));
    const manifest = serviceFor(object, flags, target.namespace);
    if (!manifest.ok) return manifest;
    const created = create(context.cloud, target.cluster, manifest.value, flags);
    if (!created.ok) return err(serverError(created.error));
    const { cloud, change } = created.value;
    return reportChanges(cloud, [{ ...change, done: 'exposed' }], flags, context);
  },
};

function serviceFor(
  object: ApiObject,
  flags: Flags,
  namespace: string,
): Result<ServiceManifest, KubectlFailure> {
  const source = exposed(object);
  if (source === null) {
    return err(clientError(`cannot expose a ${pluralWithGroup(typeOfKind(object.kind))}`));
  }
  const type = flags.text('type') ?? 'ClusterIP';
  if (type === 'LoadBalancer') {
    return err(notSimulated('a Service of type LoadBalancer (the load balancer module brings it)'));
  }
  if (type !== 'ClusterIP' && type !== 'NodePort') {
    return type === 'ExternalName'
      ? err(notSimulated('a Service of type ExternalName'))
      : err(
          clientError(
            `The Service "${object.metadata.name}" is invalid: spec.type: Unsupported value: "${type}": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"`,
          ),
        );
  }
  const selector = readPairs(flags.text('selector')) ?? source.selector;
  if (selector === undefined || Object.keys(selector).length === 0) {
    return err(
      clientError(
        `couldn't retrieve selectors via --selector flag or introspection: the ${object.kind.toLowerCase()} has no labels and cannot be exposed`,
      ),
    );
  }
  const containerPorts = source.ports;
  const given = flags
    .text('port')
    ?.split(',')
    .map((text) => ({ text, protocol: flags.text('protocol') ?? 'TCP' }));
  const ports = given ?? containerPorts.map((port) => ({ text: String(port.port), protocol: port.protocol }));
  if (ports.length === 0) return err(clientError("couldn't find port via --port flag or introspection"));
  const bad = ports.find((port) => !/^\d+$/.test(port.text));
  if (bad !== undefined) return err(clientError(`strconv.ParseInt: parsing "${bad.text}": invalid syntax`));
  const targetText = flags.text('target-port');
  const clusterIP = flags.text('cluster-ip');
  const affinity = flags.text('session-affinity');
  const labels = readPairs(flags.text('labels')) ?? object.metadata.labels;
  return ok({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: flags.text('name') ?? object.metadata.name.slice(0, 63),
      namespace,
      ...(labels === undefined ? {} : { labels }),
    },
    spec: {
      type,
      ...(clusterIP === null ? {} : { clusterIP }),
      selector,
      ...(affinity === 'ClientIP' ? { sessionAffinity: 'ClientIP' as const } : {}),
      ports: ports.map(({ text, protocol }, at) => ({
        ...(ports.length > 1 ? { name: `port-${at + 1}` } : {}),
        port: Number(text),
        protocol:
          protocol.toUpperCase() === 'UDP' ? 'UDP' : protocol.toUpperCase() === 'SCTP' ? 'SCTP' : 'TCP',
        targetPort:
          targetText === null ? Number(text) : /^\d+$/.test(targetText) ? Number(targetText) : targetText,
      })),
    },
  });
}

function exposed(object: ApiObject): {
  readonly selector: Readonly<Record<string, string>> | undefined;
  readonly ports: readonly { readonly port: number; readonly protocol: string }[];
} | null {
  switch (object.kind) {
    case 'Pod':
      return { selector: object.metadata.labels, ports: containerPorts(object.spec) };
    case 'Deployment':
    case 'ReplicaSet':
      return { selector: object.spec.selector.matchLabels, ports: containerPorts(object.spec.template.spec) };
    case 'Service':
      return { selector: object.spec.selector, ports: object.spec.ports };
    case 'ConfigMap':
    case 'NetworkPolicy':
    case 'NodeNetworkConfig':
    case 'DaemonSet':
    case 'EndpointSlice':
    case 'Endpoints':
    case 'Event':
    case 'Namespace':
    case 'Node':
      return null;
  }
}

function containerPorts(spec: PodSpec): readonly { readonly port: number; readonly protocol: string }[] {
  return spec.containers.flatMap((container) =>
    (container.ports ?? []).map((port) => ({ port: port.containerPort, protocol: port.protocol ?? 'TCP' })),
  );
}

/** `a=b,c=d`; null if the flag is absent. */
export function readPairs(text: string | null): Readonly<Record<string, string>> | null {
  if (text === null) return null;
  const pairs: Record<string, string> = {};
  for (const part of text.split(',').filter((each) => each !== '')) {
    const [key = '', value = ''] = part.split(/=(.*)/s);
    pairs[key.trim()] = value.trim();
  }
  return pairs;
}
