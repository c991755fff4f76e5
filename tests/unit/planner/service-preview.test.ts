import { describe, expect, test } from 'vitest';
import { runCalc } from '../../../src/planner/command-line.ts';
import { segmentsOf } from '../../../src/planner/service-manifest-text.ts';
import { SERVICE_EXAMPLES } from '../../../src/planner/service-preview-examples.ts';

interface Printed {
  readonly outcome: string;
  readonly verdict: string;
  readonly problems: readonly {
    readonly by: string;
    readonly path: string | null;
    readonly line: number;
    readonly column: number;
    readonly message: string;
  }[];
  readonly [key: string]: unknown;
}

function preview(manifest: string, ...flags: readonly string[]): Printed & { readonly exitCode: number } {
  const { stdout, exitCode } = runCalc(
    ['service-preview', '--file', 'service.yaml', ...flags, '--json'],
    () => manifest,
  );
  // The shape is the calculator's own; the rows below look at it.
  return { ...(JSON.parse(stdout) as Printed), exitCode };
}

const BASE = `apiVersion: v1
kind: Service
metadata:
  name: web
  annotations: {}
spec:
  type: LoadBalancer
  selector: {app: web}
  ports:
    - port: 80
      targetPort: 8080
`;
const DOMAIN = 'service.beta.kubernetes.io';
const annotated = (...annotations: readonly string[]): string =>
  BASE.replace(
    'annotations: {}',
    `annotations:\n${annotations.map((each) => `    ${DOMAIN}/${each}`).join('\n')}`,
  );

test.each(SERVICE_EXAMPLES.map(({ name }) => name))('the example %s becomes something', (name) => {
  const { exitCode, stderr } = runCalc(['service-preview', '--example', name]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

describe('what a Service becomes', () => {
  test('names follow its UID, and the NSG rule is that of real clusters', () => {
    const text = BASE.replace(
      '    - port: 80',
      '    - {name: https, port: 443}\n    - name: http\n      port: 80',
    );
    const answer = preview(text, '--uid', '13c54ea6-e04e-11e9-84ea-82987248e36b');
    expect(answer).toMatchObject({
      outcome: 'created',
      loadBalancer: 'kubernetes',
      frontend: {
        name: 'a13c54ea6e04e11e984ea82987248e36',
        publicIp: { name: 'kubernetes-a13c54ea6e04e11e984ea82987248e36' },
      },
      rules: [
        { name: 'a13c54ea6e04e11e984ea82987248e36-TCP-443', frontendPort: 443, backendPort: 443 },
        { name: 'a13c54ea6e04e11e984ea82987248e36-TCP-80', enableFloatingIP: true },
      ],
      securityRules: [{ name: 'k8s-azure-lb_allow_IPv4_556f7044ec033071ec0dfcf7cd85bc93', priority: 500 }],
    });
  });

  test('with Cluster every node takes traffic and pods see a node', () => {
    const answer = preview(BASE);
    expect(answer).toMatchObject({
      nodes: [{ state: 'healthy' }, { state: 'healthy' }, { state: 'healthy' }],
      seen: [{ disposition: 'delivered', whose: 'node' }],
    });
  });

  test('with Local only nodes with a ready pod do, and pods see the client', () => {
    const answer = preview(
      BASE.replace('  selector', '  externalTrafficPolicy: Local\n  selector'),
      '--nodes',
      '4',
      '--ready-nodes',
      '2,3',
    );
    expect(answer).toMatchObject({
      probes: [{ protocol: 'Http', requestPath: '/healthz' }],
      nodes: [{ state: 'unhealthy' }, { state: 'healthy' }, { state: 'healthy' }, { state: 'unhealthy' }],
      seen: [{ disposition: 'delivered', whose: 'client', clientAddress: '198.51.100.23' }],
    });
    const chains = JSON.stringify(answer['chains']);
    expect(chains).toContain('KUBE-SVL-');
    expect(chains).toContain('has no local endpoints');
  });

  test('pods speak TLS where the probe does', () => {
    expect(preview(BASE.replace('port: 80', 'port: 443\n      appProtocol: https'))).toMatchObject({
      probes: [{ protocol: 'Https' }],
      nodes: [{ state: 'healthy' }, { state: 'healthy' }, { state: 'healthy' }],
    });
  });

  test('the shared probe is said and not traced', () => {
    expect(preview(BASE, '--probe-mode', 'shared', '--ready-nodes', 'none')).toMatchObject({
      probes: [{ name: 'cluster-service-shared-health-probe' }],
      nodes: [{ state: 'healthy' }, { state: 'healthy' }, { state: 'healthy' }],
      seen: [{ disposition: 'undetermined' }],
    });
  });

  test('without a ready pod nothing answers', () => {
    expect(preview(BASE, '--ready-nodes', 'none')).toMatchObject({
      outcome: 'created',
      seen: [{ whose: null }],
    });
  });

  test('a subnet and a brought address are taken to be there, and it says so', () => {
    const inside = preview(
      annotated('azure-load-balancer-internal: "true"', 'azure-load-balancer-internal-subnet: apps'),
    );
    expect(inside).toMatchObject({
      outcome: 'created',
      loadBalancer: 'kubernetes-internal',
      frontend: { subnet: 'apps' },
      securityRules: [],
    });
    expect(inside['assumptions']).toEqual([expect.stringContaining('Subnet apps')]);
    const brought = preview(annotated('azure-pip-name: mine', 'azure-load-balancer-resource-group: net'));
    expect(brought).toMatchObject({ outcome: 'created', frontend: { publicIp: { kind: 'brought' } } });
    expect(brought['assumptions']).toEqual([
      expect.stringMatching(/Public IP mine is in resource group net/),
    ]);
  });

  test.each([
    // The example of https://learn.microsoft.com/azure/aks/internal-lb is older than today's range of AKS.
    ['10.240.0.25', [], [], 'pending', [/^The nodes are in the subnet that AKS makes, 10\.224\.0\.0\/16\./]],
    ['10.240.0.25', [], ['--node-subnet', 'nodes'], 'created', [/^Subnet nodes is 10\.240\.0\.0\/24/]],
    ['10.224.0.50', [], [], 'created', []],
    ['192.168.1.0', [], ['--node-subnet', 'nodes'], 'created', [/192\.168\.0\.0\/20/]],
    ['10.240.0.25', ['apps'], [], 'created', [/^Subnet apps \(10\.240\.0\.0\/24 here\)/]],
    ['10.225.1.9', ['apps'], [], 'created', [/^Subnet apps \(10\.225\.1\.0\/24 here\)/]],
    // Reserved, in the range of Services, in that of the nodes, and no private address.
    ['10.224.0.2', [], [], 'pending', []],
    ['10.0.0.50', [], ['--node-subnet', 'nodes'], 'pending', [/^Subnet nodes is 10\.224\.0\.0\/16/]],
    ['10.224.0.50', ['apps'], [], 'pending', [/^Subnet apps/]],
    ['8.8.8.8', ['apps'], [], 'pending', [/^Subnet apps/]],
  ] as const)('the address %s in subnet %j with %j: %s', (address, subnets, flags, outcome, assumptions) => {
    const answer = preview(
      annotated(
        'azure-load-balancer-internal: "true"',
        `azure-load-balancer-ipv4: ${address}`,
        ...subnets.map((name) => `azure-load-balancer-internal-subnet: ${name}`),
      ),
      ...flags,
    );
    expect(answer).toMatchObject({ outcome });
    expect(answer['assumptions']).toEqual(assumptions.map((each) => expect.stringMatching(each) as unknown));
    if (outcome === 'created') expect(answer).toMatchObject({ frontend: { address } });
  });

  test('without a selector no node has a pod of it', () => {
    const answer = preview(BASE.replace('  selector: {app: web}\n', ''));
    const none: unknown = expect.objectContaining({ readyPods: 'none' });
    expect(answer['nodes']).toEqual([none, none, none]);
    expect(answer['warnings']).toEqual([expect.stringContaining('no selector')]);
  });

  test('a Service from a cluster keeps its names', () => {
    const text = BASE.replace('  name: web', '  name: web\n  uid: 13c54ea6-e04e-11e9-84ea-82987248e36b');
    expect(preview(text)).toMatchObject({ frontend: { name: 'a13c54ea6e04e11e984ea82987248e36' } });
  });

  test('a public IP prefix is taken to be there', () => {
    const id = '/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/publicIPPrefixes/z';
    expect(preview(annotated(`azure-pip-prefix-id: ${id}`))).toMatchObject({
      outcome: 'created',
      frontend: { publicIp: { name: expect.stringMatching(/-z$/) as string } },
      assumptions: [expect.stringContaining('publicIPPrefixes/z')],
    });
  });

  test('other objects of the text are named', () => {
    const answer = preview(`${BASE}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n`);
    expect(answer['warnings']).toEqual([expect.stringContaining('Namespace shop (line 13)')]);
  });
});

describe('what is wrong, and where', () => {
  const rows: readonly [string, string, string, number, number, RegExp][] = [
    ['nothing', '', 'yaml', 1, 1, /no manifest/],
    ['broken YAML', BASE.replace('name: web', 'name: web: x'), 'yaml', 4, 9, /nested mappings/i],
    ['a key twice', BASE.replace('  selector', '  type: NodePort\n  selector'), 'yaml', 8, 3, /unique/],
    ['an unknown field', BASE.replace('targetPort', 'targetport'), 'decoding', 11, 7, /unknown field/],
    [
      'a text for a number',
      BASE.replace('port: 80\n', 'port: "80"\n'),
      'decoding',
      10,
      7,
      /cannot unmarshal/,
    ],
    [
      'an annotation without quotes',
      annotated('azure-load-balancer-internal: true'),
      'decoding',
      6,
      5,
      /cannot unmarshal bool .* put quotes around it/,
    ],
    [
      'a number that is no port',
      BASE.replace('port: 80\n', 'port: 0\n'),
      'validation',
      10,
      7,
      /between 1 and 65535/,
    ],
    ['another kind', BASE.replace('kind: Service', 'kind: ConfigMap'), 'preview', 2, 1, /A ConfigMap/],
    ['another type', BASE.replace('LoadBalancer', 'NodePort'), 'preview', 7, 3, /type is NodePort/],
    ['two Services', `${BASE}---\n${BASE}`, 'preview', 14, 1, /second Service/],
    ['a prototype', `${BASE}__proto__: {polluted: true}\n`, 'decoding', 12, 1, /unknown field "__proto__"/],
    ['a list', '- a\n- b\n', 'decoding', 1, 1, /must be an object/],
    [
      'a bomb of aliases',
      `a: &a [${'x,'.repeat(9)}x]\nb: &b [${'*a,'.repeat(50)}*a]\nc: [${'*b,'.repeat(50)}*b]\n`,
      'yaml',
      1,
      1,
      /alias/i,
    ],
    ['a pit of brackets', '['.repeat(5_000), 'preview', 1, 65, /levels deep/],
    ['a very long text', `# ${'x'.repeat(70_000)}\n${BASE}`, 'preview', 1, 1, /characters/],
  ];
  test.each(rows)('%s', (_, text, by, line, column, message) => {
    const answer = preview(text);
    expect(answer.outcome).toBe('refused');
    expect(answer.exitCode).toBe(1);
    const [first] = answer.problems;
    expect(first).toMatchObject({ by, line, column });
    expect(first?.message).toMatch(message);
  });

  test.each([
    [
      'a timeout that is none',
      annotated('azure-load-balancer-tcp-idle-timeout: "3"'),
      6,
      /must be greater than or equal to 4|idle timeout|between/i,
    ],
    [
      'a Private Link service in public',
      annotated('azure-pls-create: "true"'),
      6,
      /private link|PLS|internal/i,
    ],
  ])('%s leaves the Service pending', (_, text, line, message) => {
    const answer = preview(text);
    expect({ outcome: answer.outcome, exitCode: answer.exitCode }).toEqual({
      outcome: 'pending',
      exitCode: 1,
    });
    expect(answer.problems[0]).toMatchObject({ line });
    expect(answer.problems[0]?.message).toMatch(message);
  });

  test('an address outside the subnet is refused by Azure', () => {
    const answer = preview(
      annotated('azure-load-balancer-internal: "true"', 'azure-load-balancer-ipv4: 192.168.1.1'),
    );
    expect(answer).toMatchObject({ outcome: 'pending', problems: [{ by: 'azure', line: 7, column: 5 }] });
  });
});

test('paths are cut into keys and indexes', () => {
  expect(segmentsOf('metadata.annotations["a.b/c"]')).toEqual(['metadata', 'annotations', 'a.b/c']);
  expect(segmentsOf('spec.ports[10].port')).toEqual(['spec', 'ports', 10, 'port']);
});

test('where the number of nodes cannot be read, only that is said', () => {
  const { stderr } = runCalc([
    'service-preview',
    '--example',
    'public',
    '--nodes',
    '99',
    '--ready-nodes',
    '1,3',
  ]);
  expect(stderr).toMatch(/--nodes: 99 is outside 1 to 10/);
  expect(stderr).not.toContain('--ready-nodes:');
});

test.each([
  ['no manifest', [], /--file service.yaml/],
  ['a file that is not there', ['--file', 'nix.yaml'], /cannot be read/],
  ['too many nodes', ['--example', 'public', '--nodes', '99'], /outside 1 to 10/],
  ['a node that is not there', ['--example', 'public', '--ready-nodes', '4'], /outside 1 to 3/],
  ['no UID', ['--example', 'public', '--uid', 'x'], /is no UID/],
  ['no region', ['--example', 'public', '--location', 'atlantis'], /location/i],
  ['a version that AKS does not offer', ['--example', 'public', '--kubernetes-version', '1.2.3'], /version/i],
  ['two manifests', ['--example', 'public', '--manifest=x'], /one of the two/],
])('an input is wrong: %s', (_, flags, message) => {
  const { exitCode, stderr } = runCalc(['service-preview', ...flags]);
  expect(stderr).toMatch(message);
  expect(exitCode).toBe(2);
});

test('a range of sources is found where it stands, though the API server spells its path in another way', () => {
  const manifest =
    'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  type: LoadBalancer\n  loadBalancerSourceRanges:\n  - 10.0.0.0/8\n  - 1.2.3.4\n  ports:\n  - port: 80\n';
  expect(runCalc(['service-preview', '--manifest', manifest]).stdout).toContain(
    'line 9, column 5: spec.LoadBalancerSourceRanges[1]',
  );
});
