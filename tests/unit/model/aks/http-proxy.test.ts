/** What nodes and pods are given of a cluster's HTTP proxy, and when it changes. */
import { describe, expect, it } from 'vitest';
import { nodeProxyOf, proxyEnvironment } from '../../../../src/model/aks/http-proxy.ts';
import { armKey, getResource, listResources } from '../../../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { kubernetesOf } from '../../../../src/model/kubernetes/cluster-state.ts';
import type { Pod } from '../../../../src/model/kubernetes/objects.ts';
import type { Session } from '../../../../src/shell/session.ts';
import { CREATE, PROXY_URL, proxiedSession, run } from '../../../support/proxied-network.ts';

const CLUSTER = 'Microsoft.ContainerService/ManagedClusters';
const NAMES = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'];
const PROXY = PROXY_URL;

/** A session with a cluster of two nodes. */
async function started(config: object | null, options = ''): Promise<Session> {
  const session = await proxiedSession(config);
  const proxy = config === null ? '' : '--http-proxy-config proxy.json';
  await run(session, `${CREATE} ${proxy} ${options}`);
  await run(session, 'az aks get-credentials -g rg -n aks 2>/dev/null');
  return session;
}

function stateOf(cloud: Cloud): ReturnType<typeof kubernetesOf> {
  const [cluster] = listResources(cloud, CLUSTER);
  return kubernetesOf(cloud, armKey(cluster?.id ?? ''));
}

function pod(session: Session, name: string): Pod {
  const found = Object.values(stateOf(session.cloud).pods).find((each) =>
    each.metadata.name.startsWith(name),
  );
  if (found === undefined) throw new Error(`no pod ${name}`);
  return found;
}

const variables = (found: Pod): readonly (readonly [string, string | undefined])[] =>
  (found.spec.containers[0]?.env ?? []).map(({ name, value }) => [name, value]);

const nodeProxies = (session: Session): readonly (string | null)[] =>
  Object.values(stateOf(session.cloud).nodes).map(
    (node) => nodeProxyOf(node)?.environment['HTTP_PROXY'] ?? null,
  );

describe('the webhook', () => {
  it('gives every kind of new pod the six variables, in the documented order', async () => {
    const session = await started({ httpProxy: PROXY });
    await run(
      session,
      `kubectl run bare --image=nginx
kubectl create deployment web --image=nginx
kubectl apply -f - <<'Y'
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec: { containers: [{ name: a, image: nginx }, { name: b, image: nginx }] }
Y`,
    );
    const cluster = getResource(session.cloud, listResources(session.cloud, CLUSTER)[0]?.id ?? '', CLUSTER);
    if (cluster === null) throw new Error('no cluster');
    const expected = Object.entries(proxyEnvironment(session.cloud, cluster) ?? {});
    expect(expected.map(([name]) => name)).toEqual(NAMES);
    expect(expected[2]).toEqual(['HTTPS_PROXY', PROXY]);
    for (const name of ['bare', 'web-', 'agent-', 'coredns-', 'konnectivity-agent-']) {
      expect(variables(pod(session, name)), name).toEqual(expected);
    }
    expect(pod(session, 'agent-').spec.containers[1]?.env).toHaveLength(6);
    // What stands in the template is not touched, and nothing is made again for the difference.
    const agent = pod(session, 'agent-').metadata.uid;
    await run(session, 'kubectl label node --all x=y');
    expect(pod(session, 'agent-').metadata.uid).toBe(agent);
    expect(
      Object.values(stateOf(session.cloud).daemonSets).every((set) =>
        set.spec.template.spec.containers.every(
          (each) => each.env?.some(({ name }) => name === 'HTTP_PROXY') !== true,
        ),
      ),
    ).toBe(true);
  });

  it.each([
    ['of pods on the network of their node', 'hostNetwork: true', '', 0],
    ['of annotated pods', '', 'kubernetes.azure.com/no-http-proxy-vars: "true"', 0],
    [
      'not of pods whose annotation says something else',
      '',
      'kubernetes.azure.com/no-http-proxy-vars: "false"',
      6,
    ],
  ])('keeps its hands off the variables %s', async (_name, spec, annotation, count) => {
    const session = await started({ httpProxy: PROXY });
    await run(
      session,
      `kubectl apply -f - <<'Y'
apiVersion: v1
kind: Pod
metadata:
  name: p
  annotations: { ${annotation} }
spec:
  ${spec}
  containers: [{ name: c, image: nginx }]
Y`,
    );
    expect(pod(session, 'p').spec.containers[0]?.env ?? []).toHaveLength(count);
  });

  it('keeps what a pod says itself, and takes the same manifest again', async () => {
    const session = await started({ httpProxy: PROXY });
    const manifest = `cat > pod.yaml <<'Y'
apiVersion: v1
kind: Pod
metadata: { name: p }
spec:
  containers:
  - name: c
    image: nginx
    env:
    - { name: NO_PROXY, value: "own.example" }
    - { name: http_proxy, value: "" }
Y
kubectl apply -f pod.yaml`;
    await run(session, manifest);
    expect(variables(pod(session, 'p')).map(([name]) => name)).toEqual([
      'NO_PROXY',
      'http_proxy',
      'HTTP_PROXY',
      'HTTPS_PROXY',
      'https_proxy',
      'no_proxy',
    ]);
    expect(variables(pod(session, 'p'))[0]).toEqual(['NO_PROXY', 'own.example']);
    expect(variables(pod(session, 'p'))[1]).toEqual(['http_proxy', '']);
    expect(await run(session, 'kubectl apply -f pod.yaml')).toBe('pod/p unchanged\n');
  });

  it('gives nothing without a proxy, or with one that is off', async () => {
    for (const config of [null, { httpProxy: PROXY, enabled: false }]) {
      const session = await started(config);
      await run(session, 'kubectl run bare --image=nginx');
      expect(variables(pod(session, 'bare'))).toEqual([]);
      expect(nodeProxies(session)).toEqual([null, null]);
    }
  });
});

describe('what AKS exempts', () => {
  it('are the subnets that were brought, and no pod range where there is none', async () => {
    const session = await proxiedSession({ httpProxy: PROXY, noProxy: ['10.43.0.0/24', 'localhost'] });
    await run(
      session,
      `az network vnet update -g rg -n vnet --address-prefixes 10.42.0.0/16 10.43.0.0/16 -o none
az network vnet peering sync -g rg -n to-nodes --vnet-name vnet-proxy -o none
az network vnet subnet create -g rg --vnet-name vnet -n t --address-prefixes 10.43.0.0/24 -o none
S=$(az network vnet subnet show -g rg --vnet-name vnet -n nodes --query id -o tsv)
T=$(az network vnet subnet show -g rg --vnet-name vnet -n t --query id -o tsv)
az aks create -g rg -n aks --network-plugin azure --vnet-subnet-id $S --node-count 1 --no-ssh-key -o none --http-proxy-config proxy.json
az aks nodepool add -g rg --cluster-name aks -n two --vnet-subnet-id $T --node-count 1 -o none`,
    );
    const list: unknown = JSON.parse(
      await run(session, 'az aks show -g rg -n aks --query httpProxyConfig.effectiveNoProxy'),
    );
    const fqdn = (await run(session, 'az aks show -g rg -n aks --query fqdn -o tsv')).trim();
    expect(list).toEqual([
      'konnectivity',
      fqdn,
      '10.42.0.0/16',
      '10.43.0.0/16',
      '10.42.1.0/24',
      '10.43.0.0/24',
      'localhost',
      '127.0.0.1',
      '169.254.169.254',
      '10.0.0.0/16',
      '168.63.129.16',
    ]);
  });
});

describe('another configuration', () => {
  it('reaches nodes when they are reimaged, and pods when they are made again', async () => {
    const session = await started(null);
    await run(
      session,
      `kubectl create deployment web --image=nginx
kubectl run bare --image=nginx
echo '{"httpProxy":"${PROXY}"}' > proxy.json
az aks update -g rg -n aks --http-proxy-config proxy.json --no-wait`,
    );
    // Accepted: new pods have it, nodes and other pods not yet.
    expect(nodeProxies(session)).toEqual([null, null]);
    await run(session, 'kubectl run fresh --image=nginx');
    expect(variables(pod(session, 'fresh'))).toHaveLength(6);
    expect(variables(pod(session, 'bare'))).toHaveLength(0);
    expect(await run(session, 'az aks show -g rg -n aks --query provisioningState -o tsv')).toBe(
      'Updating\n',
    );
    await run(session, 'az aks wait -g rg -n aks --updated');
    expect(nodeProxies(session)).toEqual([PROXY, PROXY]);
    expect(variables(pod(session, 'web-'))).toHaveLength(6);
    expect(await run(session, 'kubectl get pods -o name')).not.toContain('bare');
  });

  it.each([
    ['tags', '--tags a=b', 0],
    ['the same file', '--http-proxy-config proxy.json', 0],
    ['the switch that is on already', '--enable-http-proxy', 0],
    ['another list of exceptions', '--http-proxy-config other.json', 2],
    ['off', '--disable-http-proxy', 2],
  ])('%s: nodes that are reimaged', async (_name, options, count) => {
    const session = await started({ httpProxy: PROXY });
    await run(session, `echo '{"httpProxy":"${PROXY}","noProxy":["a.example"]}' > other.json`);
    const before = new Set(Object.values(stateOf(session.cloud).nodes).map(({ metadata }) => metadata.uid));
    await run(session, `az aks update -g rg -n aks -o none ${options}`);
    const after = Object.values(stateOf(session.cloud).nodes);
    expect(after).toHaveLength(2);
    expect(after.filter(({ metadata }) => !before.has(metadata.uid))).toHaveLength(count);
  });

  it('is what nodes get that come later', async () => {
    const session = await started({ httpProxy: PROXY });
    await run(
      session,
      `az aks nodepool add -g rg --cluster-name aks -n two --node-count 1 -o none
az aks scale -g rg -n aks --nodepool-name nodepool1 --node-count 3 -o none`,
    );
    expect(nodeProxies(session)).toEqual([PROXY, PROXY, PROXY, PROXY]);
    await run(session, 'az aks update -g rg -n aks --disable-http-proxy -o none');
    await run(session, 'az aks nodepool add -g rg --cluster-name aks -n three --node-count 1 -o none');
    expect(nodeProxies(session)).toEqual([null, null, null, null, null]);
  });

  it('comes with an upgrade too, and survives one', async () => {
    const session = await started({ httpProxy: PROXY }, '--kubernetes-version 1.34');
    await run(session, 'az aks upgrade -g rg -n aks --kubernetes-version 1.35 --yes -o none');
    expect(nodeProxies(session)).toEqual([PROXY, PROXY]);
  });
});
