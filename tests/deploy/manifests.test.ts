/** Whether the manifests hold together, and the container with them. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { MANIFESTS, OVERLAYS, parseObjects, recordedText } from '../oracle/kustomize/recording.ts';
import type { KubernetesObject, Overlay } from '../oracle/kustomize/recording.ts';

type Data = Readonly<Record<string, unknown>>;

/** The value at a path of the object's spec; undefined where there is none. */
function at(object: KubernetesObject, ...path: readonly (string | number)[]): unknown {
  let value: unknown = object.spec;
  for (const step of path) value = (value as Readonly<Record<string | number, unknown>> | undefined)?.[step];
  return value;
}

function one(overlay: Overlay, kind: string, name = 'workbook'): KubernetesObject {
  const found = parseObjects(recordedText(overlay)).filter(
    (object) => object.kind === kind && object.metadata.name === name,
  );
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new Error(`${overlay} has ${found.length} ${kind} ${name}`);
  return only;
}

const POD = ['template', 'spec'] as const;
const CONTAINER = [...POD, 'containers', 0] as const;

describe('the folder', () => {
  test.each(OVERLAYS)('%s names files that exist, and nothing else lies beside them', (overlay) => {
    const folder = join(MANIFESTS, overlay);
    const kustomization = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')) as {
      readonly resources: readonly string[];
      readonly patches?: readonly { readonly path: string }[];
    };
    const named = [...kustomization.resources, ...(kustomization.patches ?? []).map(({ path }) => path)];
    for (const name of named) expect([name, existsSync(join(folder, name))]).toEqual([name, true]);
    const files = named.filter((name) => name.endsWith('.yaml'));
    expect(readdirSync(folder).sort()).toEqual([...files, 'kustomization.yaml'].sort());
  });

  test('every folder is tested', () => {
    expect(readdirSync(MANIFESTS).sort()).toEqual([...OVERLAYS].sort());
  });
});

describe.each(OVERLAYS)('%s', (overlay) => {
  const deployment = one(overlay, 'Deployment');
  const labels = at(deployment, 'template', 'metadata', 'labels');

  test('the namespace enforces the restricted Pod Security Standard, and the pod meets it', () => {
    const namespace = one(overlay, 'Namespace');
    expect(namespace.metadata.labels?.['pod-security.kubernetes.io/enforce']).toBe('restricted');
    expect(at(deployment, ...POD, 'securityContext')).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(at(deployment, ...POD, 'securityContext', 'runAsUser')).toBeGreaterThan(0);
    expect(at(deployment, ...CONTAINER, 'securityContext')).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(at(deployment, ...POD, 'containers')).toHaveLength(1);
    for (const field of ['hostNetwork', 'hostPID', 'hostIPC', 'initContainers']) {
      expect(at(deployment, ...POD, field)).toBeUndefined();
    }
    const volumes = at(deployment, ...POD, 'volumes') as readonly Data[];
    expect(volumes.flatMap((volume) => Object.keys(volume)).sort()).toEqual(['emptyDir', 'name']);
    expect(at(deployment, ...POD, 'automountServiceAccountToken')).toBe(false);
  });

  test('everything selects the pods of the deployment', () => {
    expect(at(deployment, 'selector', 'matchLabels')).toEqual(labels);
    expect(at(one(overlay, 'Service'), 'selector')).toEqual(labels);
    expect(at(one(overlay, 'PodDisruptionBudget'), 'selector', 'matchLabels')).toEqual(labels);
    expect(at(one(overlay, 'NetworkPolicy', 'readers'), 'podSelector', 'matchLabels')).toEqual(labels);
    const spread = at(deployment, ...POD, 'topologySpreadConstraints') as readonly Data[];
    expect(spread.map(({ labelSelector }) => labelSelector)).toEqual([
      { matchLabels: labels },
      { matchLabels: labels },
    ]);
  });

  test('a drain finds a pod that it may take', () => {
    expect(at(deployment, 'replicas')).toBeGreaterThan(1);
    expect(one(overlay, 'PodDisruptionBudget').spec).toMatchObject({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    });
  });

  test('a pod that ends is given longer than it waits for the load balancer', () => {
    const waits = at(deployment, ...CONTAINER, 'lifecycle', 'preStop', 'sleep', 'seconds');
    // Two probes, five seconds apart (content/04-load-balancer-services/05-health-probes.mdx), and a margin.
    expect(waits).toBeGreaterThan(10);
    expect(at(deployment, ...POD, 'terminationGracePeriodSeconds')).toBeGreaterThan(Number(waits) + 10);
  });

  test('all ways in are denied but one, and all ways out', () => {
    const policies = parseObjects(recordedText(overlay)).filter(({ kind }) => kind === 'NetworkPolicy');
    expect(policies.map(({ metadata }) => metadata.name).sort()).toEqual([
      'nothing-in-nothing-out',
      'readers',
    ]);
    expect(one(overlay, 'NetworkPolicy', 'nothing-in-nothing-out').spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    });
    const readers = one(overlay, 'NetworkPolicy', 'readers');
    expect(at(readers, 'policyTypes')).toEqual(['Ingress']);
    expect(at(readers, 'egress')).toBeUndefined();
    expect(at(readers, 'ingress')).toHaveLength(1);
    expect(at(readers, 'ingress', 0, 'ports')).toEqual([{ protocol: 'TCP', port: 'http' }]);
  });

  test('the pod asks and listens where nginx does, as its user', () => {
    const container = readFileSync('deploy/Containerfile', 'utf8');
    const port = at(deployment, ...CONTAINER, 'ports', 0, 'containerPort');
    expect(container).toContain(`--listen ${String(port)} `);
    expect(container).toContain(`EXPOSE ${String(port)}\n`);
    const { runAsUser, runAsGroup } = at(deployment, ...POD, 'securityContext') as Data;
    expect(container).toContain(`USER ${String(runAsUser)}:${String(runAsGroup)}\n`);
    const mount = at(deployment, ...CONTAINER, 'volumeMounts', 0, 'mountPath');
    expect(container).toContain(`--temp ${String(mount)} `);
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
      expect(at(deployment, ...CONTAINER, probe, 'httpGet')).toEqual({ path: '/healthz', port: 'http' });
    }
  });

  test('memory has a limit, and the processor none that would slow it down', () => {
    expect(at(deployment, ...CONTAINER, 'resources')).toEqual({
      requests: { cpu: '50m', memory: '32Mi' },
      limits: { memory: '128Mi' },
    });
  });
});

describe('internal load balancer', () => {
  const service = one('internal-load-balancer', 'Service');

  test('is internal, keeps the source address, and lets in the same networks at both guards', () => {
    expect(service.metadata.annotations).toEqual({
      'service.beta.kubernetes.io/azure-load-balancer-internal': 'true',
    });
    expect(at(service, 'externalTrafficPolicy')).toBe('Local');
    const ranges = at(service, 'loadBalancerSourceRanges');
    const from = at(one('internal-load-balancer', 'NetworkPolicy', 'readers'), 'ingress', 0, 'from');
    expect((from as readonly { ipBlock: { cidr: string } }[]).map(({ ipBlock }) => ipBlock.cidr)).toEqual(
      ranges,
    );
  });
});

describe('gateway', () => {
  test('the gateway, its route and the policy name each other', () => {
    const gateway = one('gateway', 'Gateway');
    const route = one('gateway', 'HTTPRoute');
    const listener = at(gateway, 'listeners', 0) as Data;
    expect(at(route, 'parentRefs')).toEqual([
      { name: gateway.metadata.name, namespace: gateway.metadata.namespace, sectionName: listener['name'] },
    ]);
    expect(at(route, 'hostnames')).toEqual([listener['hostname']]);
    expect(at(route, 'rules', 0, 'backendRefs')).toEqual([{ name: 'workbook', port: 80 }]);
    expect(at(one('gateway', 'Service'), 'ports', 0, 'port')).toBe(80);
    const from = at(one('gateway', 'NetworkPolicy', 'readers'), 'ingress', 0, 'from');
    expect(from).toEqual([
      {
        namespaceSelector: {
          matchLabels: { 'kubernetes.io/metadata.name': gateway.metadata.namespace },
        },
      },
    ]);
    expect(at(gateway, 'infrastructure', 'annotations')).toEqual({
      'service.beta.kubernetes.io/azure-load-balancer-internal': 'true',
    });
    expect(one('gateway', 'Service').spec).toMatchObject({ type: 'ClusterIP' });
  });
});

describe('the container file', () => {
  const lines = readFileSync('deploy/Containerfile', 'utf8').split('\n');

  test('starts a program and no shell', () => {
    const [entry = ''] = lines.filter((line) => line.startsWith('ENTRYPOINT'));
    expect(JSON.parse(entry.replace('ENTRYPOINT ', ''))).toEqual([
      '/usr/sbin/nginx',
      '-e',
      'stderr',
      '-c',
      '/etc/workbook/nginx.conf',
    ]);
    expect(lines.filter((line) => /^(CMD|SHELL|HEALTHCHECK)/.test(line))).toEqual([]);
  });

  test('the last stage has nothing of the build but the site and its configuration', () => {
    const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM')));
    expect(last.filter((line) => /^(COPY|ADD)/.test(line))).toEqual([
      'COPY --from=build /nginx.conf /etc/workbook/nginx.conf',
      'COPY --from=build /workbook/dist /srv/workbook',
    ]);
    // Nothing after it runs as root.
    const user = last.findIndex((line) => line.startsWith('USER'));
    expect(last.slice(user).filter((line) => /^(RUN|COPY|ADD|USER) /.test(line))).toHaveLength(1);
  });

  test('the commands of the build are commands of this repository', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Data };
    const run = lines.join('\n').match(/npm run (?:--silent )?(\w+)/g) ?? [];
    expect(run.length).toBe(2);
    for (const command of run) expect(Object.keys(scripts)).toContain(command.split(' ').at(-1));
  });
});
