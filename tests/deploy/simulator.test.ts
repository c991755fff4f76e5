/**
 * The manifests on the course's own simulated cluster: whether the address is private, who gets in
 * and that nothing gets out, asked of the packet tracer.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { runScenario } from '../../src/shell/scenario.ts';
import type { Session } from '../../src/shell/session.ts';
import { parseObjects, recordedText } from '../oracle/kustomize/recording.ts';
import type { KubernetesObject, Overlay } from '../oracle/kustomize/recording.ts';
import { scenarioText } from '../support/scenario-text.ts';

/** Kinds that the simulator says it does not know. */
const OTHER_KINDS = ['PodDisruptionBudget', 'Gateway', 'HTTPRoute'];
/** Fields of the pod that it says it does not know; none of them changes where a packet goes. */
const OTHER_FIELDS = [
  'spec.template.spec.automountServiceAccountToken',
  'spec.template.spec.containers[0].lifecycle',
  'spec.template.spec.containers[0].securityContext',
  'spec.template.spec.containers[0].startupProbe',
  'spec.template.spec.topologySpreadConstraints',
];
/** An image that the simulator knows and that, like ours, answers on 8080 at every path that is asked for here. */
const STAND_IN = 'nginxdemos/nginx-hello:0.4';

interface Deployment extends KubernetesObject {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly Readonly<Record<string, unknown>>[];
      } & Readonly<Record<string, unknown>>;
    } & Readonly<Record<string, unknown>>;
  } & Readonly<Record<string, unknown>>;
}

const without = (object: Readonly<Record<string, unknown>>, names: readonly string[]) =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

function simulated(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'Deployment') return object;
  const { spec } = object as Deployment;
  const names = OTHER_FIELDS.map((field) => field.split('.').at(-1) ?? '');
  const pod = spec.template.spec;
  const containers = pod.containers.map((each) => ({ ...without(each, names), image: STAND_IN }));
  return {
    ...object,
    spec: { ...spec, template: { ...spec.template, spec: { ...without(pod, names), containers } } },
  };
}

interface Answer {
  readonly disposition: string;
  readonly reason: string;
  readonly seenSource: { readonly address: string } | null;
}

const WORLD = `${scenarioText('load-balancer-world')}
az aks update --resource-group rg-shop --name aks-shop --network-policy calico --output none
kubectl run client --image wbitt/network-multitool > /dev/null
kubectl apply -f - > /dev/null <<'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: workbook-gateway }
YAML
kubectl --namespace workbook-gateway run envoy --image wbitt/network-multitool > /dev/null
`;

async function open(overlay: Overlay) {
  const { session, exitCode, stderr } = await runScenario(WORLD);
  expect([exitCode, stderr]).toEqual([0, '']);
  const objects = parseObjects(recordedText(overlay));
  await session.writeFile('whole.yaml', recordedText(overlay));
  await session.writeFile(
    'known.yaml',
    objects
      .filter(({ kind }) => !OTHER_KINDS.includes(kind))
      .map((object) => stringify(simulated(object)))
      .join('---\n'),
  );
  return { session, objects };
}

async function run(session: Session, line: string): Promise<string> {
  const { exitCode, stderr, stdout } = await session.run(line);
  expect([exitCode, stderr], line).toEqual([0, '']);
  return stdout.trim();
}

async function trace(session: Session, from: string, to: string, port: number): Promise<Answer> {
  const said = await session.run(`netpath --from ${from} --to ${to} --port ${port} -o json`);
  return JSON.parse(said.stdout) as Answer;
}

describe.each(['base', 'internal-load-balancer', 'gateway'] as const)('%s', (overlay) => {
  let session: Session;
  let objects: readonly KubernetesObject[];
  let pod: string;
  const ask = (from: string, to: string, port: number) => trace(session, from, to, port);

  beforeAll(async () => {
    ({ session, objects } = await open(overlay));
    const dryRun = await session.run('kubectl apply --dry-run=server -f whole.yaml');
    // What is left out below is exactly what the simulator refuses by name.
    const kinds = OTHER_KINDS.filter((kind) => objects.some((object) => object.kind === kind));
    for (const kind of kinds) expect(dryRun.stderr).toContain(`the kind ${kind} is not simulated`);
    expect(dryRun.stderr).toContain(`the field ${OTHER_FIELDS.join(', ')} is not simulated`);
    expect(dryRun.stderr.match(/not simulated/g)).toHaveLength(kinds.length + 1);
    await run(session, 'kubectl apply -f known.yaml');
    pod = await run(session, 'kubectl -n workbook get pods -o jsonpath="{.items[0].metadata.name}"');
  });

  test('two pods run, on two nodes, and are ready', async () => {
    expect(
      await run(session, 'kubectl -n workbook get deployment workbook -o jsonpath="{.status.readyReplicas}"'),
    ).toBe('2');
    const nodes = await run(session, 'kubectl -n workbook get pods -o jsonpath="{.items[*].spec.nodeName}"');
    expect(new Set(nodes.split(' ')).size).toBe(2);
  });

  test('nothing gets out: not to the internet, not to a name server, not to a VM', async () => {
    const targets = [
      ['203.0.113.80', 443],
      ['172.20.0.10', 53],
      ['10.40.2.4', 22],
    ] as const;
    for (const [to, port] of targets) {
      const answer = await ask(`pod/workbook/${pod}`, to, port);
      expect([to, answer.disposition]).toEqual([to, 'denied-outbound']);
      expect(answer.reason).toContain('nothing-in-nothing-out');
      // The same from a pod that no policy selects: it is the policy that says no.
      const control = await ask('pod/shop/client', to, port);
      expect([to, control.disposition]).not.toEqual([to, 'denied-outbound']);
    }
  });

  test('nobody gets to any port but that of the site', async () => {
    const address = await run(session, `kubectl -n workbook get pod ${pod} -o jsonpath="{.status.podIP}"`);
    const answer = await ask('pod/workbook-gateway/envoy', address, 9000);
    expect(answer.disposition).toBe('denied-inbound');
    expect((await ask('pod/workbook-gateway/envoy', address, 8080)).disposition).toBe('delivered');
  });
});

describe('who reaches the site', () => {
  const address = (session: Session, field: string) =>
    run(session, `kubectl -n workbook get service workbook -o jsonpath="{${field}}"`);

  test('base: everybody in the cluster, and nobody else', async () => {
    const { session } = await open('base');
    await run(session, 'kubectl apply -f known.yaml');
    const clusterIp = await address(session, '.spec.clusterIP');
    expect((await trace(session, 'pod/shop/client', clusterIp, 80)).disposition).toBe('delivered');
    expect(await address(session, '.status.loadBalancer.ingress[0].ip')).toBe('');
    expect((await trace(session, 'vm/vm-tools', clusterIp, 80)).disposition).not.toBe('delivered');
  });

  test('gateway: the pods of the gateway only', async () => {
    const { session } = await open('gateway');
    await run(session, 'kubectl apply -f known.yaml');
    const clusterIp = await address(session, '.spec.clusterIP');
    expect((await trace(session, 'pod/workbook-gateway/envoy', clusterIp, 80)).disposition).toBe('delivered');
    const stranger = await trace(session, 'pod/shop/client', clusterIp, 80);
    expect(stranger.disposition).toBe('denied-inbound');
  });

  test('internal load balancer: the own networks, by a private address, and seen as who they are', async () => {
    const { session } = await open('internal-load-balancer');
    await run(session, 'kubectl apply -f known.yaml');
    const frontend = await address(session, '.status.loadBalancer.ingress[0].ip');
    // Private, and of the nodes' subnet, as the annotation asks; no public address was made for it.
    expect(frontend).toMatch(/^10\.40\.0\./);
    for (const vm of ['vm-tools', 'vm-office']) {
      const own = await run(session, `az vm show -d -g rg-shop -n ${vm} --query privateIps -o tsv`);
      const answer = await trace(session, `vm/${vm}`, frontend, 80);
      expect([vm, answer.disposition, answer.seenSource?.address]).toEqual([vm, 'delivered', own]);
    }
    expect((await trace(session, 'host/laptop', frontend, 80)).disposition).toBe('no-route');
    // A branch office with 192.168.10.0/24, outside the ranges: kept out at the address, and at the node port.
    const till = await trace(session, 'host/till', frontend, 80);
    expect(till.disposition).toBe('denied-inbound');
    const nodePort = Number(await address(session, '.spec.ports[0].nodePort'));
    const pods = await run(session, 'kubectl -n workbook get pods -o jsonpath="{.items[0].status.hostIP}"');
    const byNodePort = await trace(session, 'host/till', pods, nodePort);
    expect(byNodePort.disposition).toBe('denied-inbound');
    expect((await trace(session, 'vm/vm-office', pods, nodePort)).disposition).toBe('delivered');
  });

  test('internal load balancer: the other subnet is a line to uncomment', async () => {
    const { session } = await open('internal-load-balancer');
    await run(session, 'kubectl apply -f known.yaml');
    await run(
      session,
      'kubectl -n workbook annotate service workbook service.beta.kubernetes.io/azure-load-balancer-internal-subnet=snet-frontends',
    );
    expect(await address(session, '.status.loadBalancer.ingress[0].ip')).toMatch(/^10\.40\.1\./);
  });
});
