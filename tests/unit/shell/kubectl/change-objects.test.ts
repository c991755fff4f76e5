import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { createSession, type Session } from '../../../../src/shell/session.ts';

const CUSTOM = 'azure-ip-masq-agent-config';
const RECONCILED = 'azure-ip-masq-agent-config-reconciled';

let cloud: Cloud;
let kubeconfig = '';
let session: Session;

beforeAll(async () => {
  const made = createSession({ cloud: newCloud({ seed: 'change objects' }) });
  for (const line of [
    'az group create -n rg -l westeurope',
    'az aks create -g rg -n c --node-count 2 --network-plugin azure --generate-ssh-keys',
    'az aks get-credentials -g rg -n c',
    'kubectl create deployment web --image=nginx --replicas=2',
  ])
    await made.run(line);
  ({ cloud } = made);
  kubeconfig = (await made.readFile('.kube/config')) ?? '';
});

beforeEach(async () => {
  session = createSession({ cloud });
  await session.writeFile('.kube/config', kubeconfig);
});

const output = async (line: string) => (await session.run(line)).stdout;

test('a namespace keeps the label that the server writes, whatever a client says', async () => {
  const label = 'kubernetes.io/metadata.name';
  const read = `kubectl get ns -l ${label}=default -o name`;
  for (const change of [`${label}=kube-system --overwrite`, `${label}-`]) {
    await session.run(`kubectl label ns default ${change}`);
    expect(await output(read)).toBe('namespace/default\n');
  }
  const manifest = `{apiVersion: v1, kind: Namespace, metadata: {name: guest, labels: {${label}: default}}}`;
  await session.run(`echo '${manifest}' | kubectl apply -f -`);
  expect(await output(read)).toBe('namespace/default\n');
});

test('another image for a pod that is there is refused by name', async () => {
  await session.run('kubectl run one --image=nginx');
  const { stderr } = await session.run('kubectl set image pod/one one=nginx:1.27');
  expect(stderr).toContain(
    'changing the image or the tolerations of pod "one", which is there already, is not simulated in this workbook; delete the pod and create it anew',
  );
  const other = await session.run(`kubectl patch pod one -p '{"spec":{"hostNetwork":true}}'`);
  expect(other.stderr).toContain('pod updates may not change fields other than');
});

test('a rollout whose pods do not become ready leaves the old ones to serve, and says what it waits for', async () => {
  await session.run('kubectl expose deployment web --port 80');
  const addresses = `kubectl get endpointslices -l kubernetes.io/service-name=web -o jsonpath='{.items[*].endpoints[?(@.conditions.ready==true)].addresses[0]}'`;
  const before = await output(addresses);
  await session.run(
    `kubectl patch deploy web -p '{"spec":{"template":{"spec":{"containers":[{"name":"nginx","readinessProbe":{"tcpSocket":{"port":81}}}]}}}}'`,
  );
  expect(await output(addresses)).toBe(before);
  expect((await output('kubectl get deploy web')).split('\n')[1]).toMatch(/^web +2\/2 +1 +2 /);
  const described = await output('kubectl describe deploy web');
  expect(described).toMatch(
    /Available +True +MinimumReplicasAvailable\n +Progressing +True +ReplicaSetUpdated\n/,
  );
  expect(described).toMatch(/OldReplicaSets: .*\(2\/2 replicas.*\nNewReplicaSet: .*\(1\/1 replicas/);
  const waiting =
    'Waiting for deployment "web" rollout to finish: 1 out of 2 new replicas have been updated...\n';
  expect(await session.run('kubectl rollout status deploy/web --timeout=9s')).toMatchObject({
    stdout: waiting,
    stderr: 'error: timed out waiting for the condition\n',
    exitCode: 1,
  });
  expect(await session.run('kubectl rollout status deploy/web -w=false')).toMatchObject({
    stdout: waiting,
    exitCode: 0,
  });
});

test.each([
  ['{type: recreate}', '.type: Unsupported value: "recreate": supported values: "Recreate", "RollingUpdate"'],
  [
    '{type: Recreate, rollingUpdate: {maxSurge: 1}}',
    ".rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
  ],
  [
    '{rollingUpdate: {maxSurge: 0%, maxUnavailable: 0}}',
    '.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0',
  ],
  [
    '{rollingUpdate: {maxSurge: half}}',
    '.rollingUpdate.maxSurge: Invalid value: "half": a valid percent string',
  ],
])('a strategy of %s is refused', async (strategy, problem) => {
  const { stderr } = await session.run(`kubectl patch deploy web -p 'spec: {strategy: ${strategy}}'`);
  expect(stderr).toContain(`The Deployment "web" is invalid: spec.strategy${problem}`);
});

describe('a folder of manifests', () => {
  test('is applied, files below it and others left out', async () => {
    for (const name of ['b.yaml', 'a.json', 'below/c.yaml'])
      await session.writeFile(
        `all/${name}`,
        `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "${name.replace(/\W/g, '-')}"}}`,
      );
    await session.writeFile('all/notes.txt', 'not: [a manifest');
    const made = 'configmap/a-json created\nconfigmap/b-yaml created\n';
    expect(await output('kubectl apply -f all')).toBe(made);
    expect(await output('cd all; kubectl apply -f . -f ../all/below/')).toBe(
      `${made.replaceAll('created', 'unchanged')}configmap/below-c-yaml created\n`,
    );
    expect(await output('kubectl delete -f ~/all/')).toContain('configmap "a-json" deleted');
  });

  test('without any is an error', async () => {
    await session.run('mkdir none');
    expect((await session.run('kubectl apply -f none')).stderr).toBe(
      'error: error reading [none]: recognized file extensions are [.json .yaml .yml]\n',
    );
  });
});

test.each([
  ['-- echo hi there', 'hi there\n', ''],
  ['-- hostname', 'one\n', ''],
  [`-- sh -c 'while true; do sleep 5; done'`, '', ''],
  [
    `-- sh -c 'echo hi; sleep 9'`,
    '',
    'error: the log of busybox with the command "sh -c echo hi; sleep 9" is not simulated in this workbook; kubectl run -i --rm and kubectl exec show what a command writes\n',
  ],
  [
    '--command -- wget -qO- http://web',
    '',
    'error: the log of busybox with the command "wget -qO- http://web" is',
  ],
])('the log of busybox %s', async (command, stdout, stderr) => {
  await session.run(`kubectl run one --image=busybox --restart=Never ${command}`);
  const log = await session.run('kubectl logs one');
  expect(log.stdout).toBe(stdout);
  expect(log.stderr.startsWith(stderr)).toBe(true);
  expect(log.exitCode).toBe(stderr === '' ? 0 : 1);
});

test('what is no image name is refused, and says why', async () => {
  expect((await session.run('kubectl run one --image=Nginx')).stderr).toContain(
    'Invalid image name "Nginx": invalid reference format',
  );
  expect((await session.run('kubectl set image deploy/web nginx=nginx:')).stderr).toContain(
    'a pod that waits with InvalidImageName is not simulated in this workbook: container "nginx" has the image "nginx:"',
  );
  for (const image of ['localhost:5000/a_b/c__d:v1.2-x', `MyHost/web@sha256:${'0a'.repeat(32)}`])
    expect((await session.run(`kubectl set image deploy/web nginx=${image} --dry-run=server`)).stderr).toBe(
      '',
    );
});

test.each([
  'kubectl label -f d.yaml a=b',
  'kubectl annotate -f d.yaml a=b',
  'kubectl scale -f d.yaml --replicas=1',
  'kubectl wait -f d.yaml --for=condition=Ready',
  'kubectl rollout status -f d.yaml',
  'kubectl rollout restart -f d.yaml',
])('%s is refused by name', async (line) => {
  expect((await session.run(line)).stderr).toBe(
    'error: --filename is not simulated in this workbook: name the objects\n',
  );
});

test.each(['apply view-last-applied', 'cluster-info dump', 'config rename-context', 'config unset'])(
  'kubectl %s is refused by name',
  async (words) => {
    expect((await session.run(`kubectl ${words} x`)).stderr).toBe(
      `error: kubectl ${words} is not simulated in this workbook\n`,
    );
  },
);

test('an annotation whose key is none is refused, in a manifest too', async () => {
  const problem =
    'The Deployment "web" is invalid: metadata.annotations: Invalid value: "Bad key": name part must consist of';
  expect((await session.run(`kubectl annotate deploy web 'Bad key=x'`)).stderr).toContain(problem);
  expect(
    (await session.run(`kubectl patch deploy web -p 'metadata: {annotations: {"Bad key": x}}'`)).stderr,
  ).toContain(problem);
  expect((await session.run('kubectl annotate deploy web Example.com/Key=x')).stderr).toBe('');
});

describe('patch', () => {
  test.each([
    ['a merge patch', `--type merge -p '{"spec":{"replicas":3}}'`, '.spec.replicas', '3'],
    [
      'a JSON patch',
      `--type json -p '[{"op":"replace","path":"/spec/replicas","value":4}]'`,
      '.spec.replicas',
      '4',
    ],
    ['a strategic patch, by default', `-p 'spec: {replicas: 5}'`, '.spec.replicas', '5'],
    [
      'a strategic patch finds a container by its name',
      `-p '{"spec":{"template":{"spec":{"containers":[{"name":"nginx","image":"nginx:1.27"}]}}}}'`,
      '.spec.template.spec.containers[*].image',
      'nginx:1.27',
    ],
    [
      'null removes a label',
      `--type merge -p '{"metadata":{"labels":{"app":null,"tier":"front"}}}'`,
      '.metadata.labels',
      '{"tier":"front"}',
    ],
  ])('%s', async (_, flags, path, value) => {
    expect(await output(`kubectl patch deployment web ${flags}`)).toBe('deployment.apps/web patched\n');
    expect(await output(`kubectl get deploy web -o jsonpath='{${path}}'`)).toBe(value);
    expect(session.bugs).toEqual([]);
  });

  test('what changes nothing says so', async () => {
    expect(await output(`kubectl patch deploy web -p '{"spec":{"replicas":2}}'`)).toBe(
      'deployment.apps/web patched (no change)\n',
    );
  });

  test.each([
    [`deploy web`, 'error: must specify --patch or --patch-file containing the contents of the patch\n'],
    [`deploy web --type x -p '{}'`, 'error: --type must be one of [json merge strategic], not "x"\n'],
    [`deploy nope -p '{}'`, 'Error from server (NotFound): deployments.apps "nope" not found\n'],
    [
      `deploy web --type json -p '[{"op":"remove","path":"/spec/x"}]'`,
      'The request is invalid: the server rejected our request due to an error in our request: remove operation does not apply: doc is missing path: "/spec/x": missing value\n',
    ],
    [
      `deploy web -p '{"spec":{"replicas":"many"}}'`,
      'Error from server (BadRequest): Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32\n',
    ],
  ])('refuses %s, and changes nothing', async (line, stderr) => {
    const before = session.cloud;
    expect(await session.run(`kubectl patch ${line}`)).toEqual({ stdout: '', stderr, exitCode: 1 });
    expect(session.cloud).toBe(before);
  });
});

describe('replace and apply', () => {
  const map = (data: string, labels = '{}') =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: m, labels: ${labels} }\ndata: ${data}\n`;
  const put = async (verb: string, text: string) => {
    await session.writeFile('m.yaml', text);
    return session.run(`kubectl ${verb} -f m.yaml`);
  };

  test('replace leaves nothing of what was there', async () => {
    await put('create', map('{ a: "1", b: "2" }', '{ x: "1" }'));
    expect((await put('replace', map('{ c: "3" }'))).stdout).toBe('configmap/m replaced\n');
    expect(await output("kubectl get cm m -o jsonpath='{.data} {.metadata.labels}'")).toBe('{"c":"3"} ');
  });

  test('replace needs the object, unless it is forced', async () => {
    expect(await put('replace', map('{}'))).toMatchObject({
      stderr: 'Error from server (NotFound): error when replacing "m.yaml": configmaps "m" not found\n',
      exitCode: 1,
    });
    expect((await put('replace --force', map('{}'))).stdout).toBe('configmap/m replaced\n');
    expect((await put('replace --force', map('{}'))).stdout).toBe(
      'configmap "m" deleted from default namespace\nconfigmap/m replaced\n',
    );
  });

  test('apply keeps keys that no manifest ever named, and warns that it cannot know', async () => {
    await session.run('kubectl create cm m --from-literal=a=1');
    const applied = await put('apply', map('{ b: "2" }'));
    expect(applied.stdout).toBe('configmap/m configured\n');
    expect(applied.stderr).toMatch(/^Warning: resource configmaps\/m is missing the kubectl\.kubernetes\.io/);
    expect((await put('apply', map('{ c: "3" }'))).stderr).toBe('');
    expect(await output("kubectl get cm m -o jsonpath='{.data}'")).toBe('{"a":"1","c":"3"}');
  });

  test('create --save-config is what apply needs', async () => {
    await put('create --save-config', map('{ a: "1" }'));
    expect(await put('apply', map('{ b: "2" }'))).toMatchObject({
      stdout: 'configmap/m configured\n',
      stderr: '',
    });
    expect(await output("kubectl get cm m -o jsonpath='{.data}'")).toBe('{"b":"2"}');
  });
});

describe('a dry run of the client', () => {
  test('asks no server, so that what exists can be written down anew and applied', async () => {
    await session.run('kubectl create cm m --from-literal=a=1');
    const piped = 'kubectl create cm m --from-literal=a=2 --dry-run=client -o yaml | kubectl apply -f -';
    expect(await output(piped)).toBe('configmap/m configured\n');
    expect(await output("kubectl get cm m -o jsonpath='{.data.a}'")).toBe('2');
  });

  test.each([
    [
      'kubectl create deployment web --image=nginx --dry-run=client',
      'deployment.apps/web created (dry run)\n',
    ],
    ['kubectl expose deploy web --port=80 --dry-run=client', 'service/web exposed (dry run)\n'],
    ['kubectl run web --image=nginx --dry-run=client', 'pod/web created (dry run)\n'],
  ])('%s changes nothing', async (line, stdout) => {
    const before = session.cloud;
    expect(await session.run(line)).toEqual({ stdout, stderr: '', exitCode: 0 });
    expect(session.cloud).toBe(before);
  });

  test('one of the server asks it', async () => {
    expect(await session.run('kubectl create deployment web --image=nginx --dry-run=server')).toMatchObject({
      stderr: 'error: failed to create deployment: deployments.apps "web" already exists\n',
      exitCode: 1,
    });
  });
});

describe('the masquerade agent’s config maps', () => {
  test('a custom one from a file reaches the nodes', async () => {
    await session.writeFile('masq', 'nonMasqueradeCIDRs:\n  - 10.77.0.0/16\nmasqLinkLocal: true\n');
    await session.run(`kubectl create cm ${CUSTOM} -n kube-system --from-file=ip-masq-agent=masq`);
    const node = (await output("kubectl get nodes -o jsonpath='{.items[0].metadata.name}'")).trim();
    const rules = await output(
      `kubectl debug node/${node} -it --image=nicolaka/netshoot -- iptables -t nat -S IP-MASQ-AGENT`,
    );
    expect(rules).toContain('-A IP-MASQ-AGENT -d 10.77.0.0/16 ');
    await session.run(`kubectl delete cm ${CUSTOM} -n kube-system`);
    expect(await output(`kubectl get cm -n kube-system -o name`)).not.toContain(`${CUSTOM}\n`);
  });

  test('the one that AKS keeps comes back when it is deleted', async () => {
    const data = `kubectl get cm ${RECONCILED} -n kube-system -o jsonpath='{.data}'`;
    const uid = `kubectl get cm ${RECONCILED} -n kube-system -o jsonpath='{.metadata.uid}'`;
    const [before, was] = [await output(data), await output(uid)];
    expect(before).toContain('nonMasqueradeCIDRs');
    expect(await output(`kubectl delete cm ${RECONCILED} -n kube-system`)).toBe(
      `configmap "${RECONCILED}" deleted from kube-system namespace\n`,
    );
    expect(await output(data)).toBe(before);
    expect(await output(uid)).not.toBe(was);
  });

  test('AKS writes over what a user changes in it', async () => {
    const data = `kubectl get cm ${RECONCILED} -n kube-system -o jsonpath='{.data}'`;
    const before = await output(data);
    await session.run(
      `kubectl patch cm ${RECONCILED} -n kube-system -p '{"data":{"ip-masq-agent-reconciled":"nonMasqueradeCIDRs: []"}}'`,
    );
    expect(await output(data)).toBe(before);
  });

  test('its agents come back too, and what users own does not', async () => {
    await session.run('kubectl delete ds azure-ip-masq-agent -n kube-system');
    await session.run('kubectl delete deploy web');
    expect(await output('kubectl get ds azure-ip-masq-agent -n kube-system --no-headers')).toMatch(
      /^azure-ip-masq-agent +2 +2 +2 /,
    );
    expect(await output('kubectl get deploy')).toBe('');
  });
});
