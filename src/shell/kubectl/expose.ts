import type { ServiceManifest } from '../../model/kubernetes/manifest.ts';
import type { PodSpec } from '../../model/kubernetes/objects.ts';
import { err, ok, type Result } from '../../model/result.ts';
import { create, reportChanges } from './change.ts';
import { allExist, chooseObjects } from './choose-objects.ts';
import { DRY_RUN_FLAG, FILENAME_FLAG, Flags, OUTPUT_FLAG, type KubectlCommand } from './command.ts';
import { decodeManifest } from './decode-manifest.ts';
import { clientError, notSimulated, serverError, type KubectlFailure } from './failure.ts';
import { OVERRIDE_FLAGS, overridden } from './overrides.ts';
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
    {
      does: 'Create a public service for the deployment web, on port 80',
      line: 'kubectl expose deployment web --type=LoadBalancer --port=80',
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
      help: "Type for this service: ClusterIP, NodePort, LoadBalancer, or ExternalName. Default is 'ClusterIP'.",
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
      help: 'IP to assign to the LoadBalancer. If empty, an ephemeral IP will be created and used (cloud-provider specific).',
    },
    {
      name: 'external-ip',
      type: { kind: 'string' },
      help: 'Additional external IP address.',
      notSimulated: 'external addresses are not modelled',
    },
    ...OVERRIDE_FLAGS,
    { ...FILENAME_FLAG, notSimulated: 'name the object' },
    {
      name: 'save-config',
      type: { kind: 'flag' },
      help: 'Save the configuration of the object in its annotation.',
      notSimulated: 'kubectl apply a manifest',
    },
    {
      name: 'field-manager',
      type: { kind: 'string' },
      shown: "'kubectl-expose'",
      help: 'Field owners are not modelled; the name has no effect.',
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
    // Its own --selector is for the new Service; it chooses nothing.
    const chosen = chooseObjects(args, new Flags(new Map()), target);
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
  if (type === 'ExternalName') return err(notSimulated('a Service of type ExternalName'));
  const selector = readPairs(flags.text('selector')) ?? source.selector;
  if (selector === undefined || Object.keys(selector).length === 0) {
    return err(
      clientError(
        `couldn't retrieve selectors via --selector flag or introspection: the ${object.kind.toLowerCase()} has no labels and cannot be exposed`,
      ),
    );
  }
  const affinity = flags.text('session-affinity') ?? '';
  if (affinity !== '' && affinity !== 'None' && affinity !== 'ClientIP') {
    return err(clientError(`unknown session affinity: ${affinity}`));
  }
  const ports = servicePorts(source.ports, flags);
  if (!ports.ok) return ports;
  const clusterIP = flags.text('cluster-ip');
  const loadBalancerIP = flags.text('load-balancer-ip') ?? '';
  const labels = readPairs(flags.text('labels')) ?? object.metadata.labels;
  const decoded = decodeManifest(
    {
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
        ...(affinity === '' ? {} : { sessionAffinity: affinity }),
        ...(type === 'LoadBalancer' && loadBalancerIP !== '' ? { loadBalancerIP } : {}),
        ports: ports.value,
      },
    },
    'expose',
  );
  if (!decoded.ok) return decoded;
  if (decoded.value.kind !== 'Service') throw new Error('a Service is decoded as one');
  return overridden(decoded.value, flags);
}

interface SourcePort {
  readonly port: number;
  readonly protocol: string;
}

/** One port per `--port`, or per port of the object; a port that serves two protocols becomes two. */
function servicePorts(
  source: readonly SourcePort[],
  flags: Flags,
): Result<readonly object[], KubectlFailure> {
  const asked = flags.text('port');
  const texts = asked?.split(',') ?? [...new Set(source.map((port) => String(port.port)))];
  if (texts.length === 0) return err(clientError("couldn't find port via --port flag or introspection"));
  const bad = texts.find((text) => !/^\d+$/.test(text));
  if (bad !== undefined) return err(clientError(`strconv.Atoi: parsing "${bad}": invalid syntax`));
  const given = flags.text('protocol') ?? '';
  const target = flags.text('target-port') ?? '';
  return ok(
    texts.flatMap((text, at) => {
      const port = Number(text);
      const served = source.filter((each) => each.port === port).map((each) => each.protocol);
      const protocols = given !== '' ? [given] : served.length > 0 ? [...new Set(served)] : ['TCP'];
      const name = texts.length > 1 ? `port-${at + 1}` : null;
      return protocols.map((protocol) => ({
        ...(protocols.length > 1
          ? { name: `port-${at + 1}-${protocol.toLowerCase()}` }
          : name === null
            ? {}
            : { name }),
        port,
        protocol,
        targetPort: target === '' ? port : /^\d+$/.test(target) ? Number(target) : target,
      }));
    }),
  );
}

function exposed(object: ApiObject): {
  readonly selector: Readonly<Record<string, string>> | undefined;
  readonly ports: readonly SourcePort[];
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
    case 'Secret':
    case 'MutatingWebhookConfiguration':
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

function containerPorts(spec: PodSpec): readonly SourcePort[] {
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
