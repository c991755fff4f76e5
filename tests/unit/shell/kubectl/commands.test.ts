import { readFileSync } from 'node:fs';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import { KUBECTL_COMMANDS } from '../../../../src/shell/kubectl/registry.ts';
import { runScenario } from '../../../../src/shell/scenario.ts';
import { createSession, type Session } from '../../../../src/shell/session.ts';

let cloud: Cloud;
let kubeconfig = '';
let session: Session;

beforeAll(async () => {
  const outcome = await runScenario(readFileSync('content/scenarios/kubenet-case-study.sh', 'utf8'));
  cloud = outcome.session.cloud;
  kubeconfig = (await outcome.session.readFile('.kube/config')) ?? '';
});

beforeEach(async () => {
  session = createSession({ cloud });
  await session.writeFile('.kube/config', kubeconfig);
});

async function manifest(text: string) {
  await session.writeFile('m.yaml', text);
  return session.run('kubectl apply -f m.yaml');
}

describe('kubectl refuses in kubectl’s words, and changes nothing', () => {
  test.each([
    ['get foo', 'error: the server doesn\'t have a resource type "foo"\n'],
    ['get pod nope', 'Error from server (NotFound): pods "nope" not found\n'],
    ['get deploy nope', 'Error from server (NotFound): deployments.apps "nope" not found\n'],
    ['get pods --foo', "error: unknown flag: --foo\nSee 'kubectl get --help' for usage.\n"],
    ['get pods -z', "error: unknown shorthand flag: 'z' in -z\nSee 'kubectl get --help' for usage.\n"],
    ['get pods -o', "error: flag needs an argument: 'o' in -o\nSee 'kubectl get --help' for usage.\n"],
    ['get pods -A nope', 'error: a resource cannot be retrieved by name across all namespaces\n'],
    ['get pods -l a=b nope', 'error: name cannot be provided when a selector is specified\n'],
    [
      "get pods -n none -o jsonpath='{.items[0].metadata.name}'",
      'error: error executing jsonpath "{.items[0].metadata.name}": Error executing template: array index out of bounds: index 0, length 0. Printing more information for debugging the template:\n\ttemplate was:\n\t\t{.items[0].metadata.name}\n\tobject given to jsonpath engine was:\n\t\tmap[string]interface {}{"apiVersion":"v1", "items":[]interface {}{}, "kind":"List", "metadata":map[string]interface {}{"resourceVersion":""}}\n\n\n',
    ],
    ...['ingressclass', 'ingresses.networking.k8s.io', 'horizontalpodautoscaler', 'StatefulSet.apps'].map(
      (type): [string, string] => [
        `get ${type}`,
        `error: the resource type "${type}" is not simulated in this workbook; real kubectl may accept it\n`,
      ],
    ),
    [
      'api-versions',
      'error: kubectl api-versions is not simulated in this workbook: kubectl api-resources says the version of each resource\n',
    ],
    [
      'top pods',
      'error: kubectl top is not simulated in this workbook: there are no metrics, since nothing is really running; kubectl describe node shows what its pods request\n',
    ],
    ['frob', 'error: unknown command "frob" for "kubectl"\n'],
    ['create deployment web', 'error: required flag(s) "image" not set\n'],
    [
      'create deployment nginx-deploy --image=nginx',
      'error: failed to create deployment: deployments.apps "nginx-deploy" already exists\n',
    ],
    ['create namespace demo', 'Error from server (AlreadyExists): namespaces "demo" already exists\n'],
    ['scale deploy/nginx-deploy', 'error: required flag(s) "replicas" not set\n'],
    ['delete pod nope', 'Error from server (NotFound): pods "nope" not found\n'],
    ['delete pods', 'error: resource(s) were provided, but no name was specified\n'],
    [
      'delete namespace kube-system',
      'Error from server (Forbidden): namespaces "kube-system" is forbidden: this namespace may not be deleted\n',
    ],
    ['exec -n demo pod-a', 'error: you must specify at least one command for the container\n'],
    [
      'exec -n demo pod-a -c x -- ls',
      'Error from server (BadRequest): container x is not valid for pod pod-a\n',
    ],
    ['debug node/nope -it --image=busybox', 'Error from server (NotFound): nodes "nope" not found\n'],
    ['run x', 'error: required flag(s) "image" not set\n'],
    ['run x --image=nginx --rm', 'error: --rm should only be used for attached containers\n'],
    ['label pod -n demo pod-a app=x', "error: 'app' already has a value (pod-a), and --overwrite is false\n"],
    ['expose deploy backend -n demo --port=x', 'error: strconv.Atoi: parsing "x": invalid syntax\n'],
    ['--context nope get pods', 'error: context "nope" does not exist\n'],
    ['apply -f nope.yaml', 'error: the path "nope.yaml" does not exist\n'],
    ['rollout status deploy/nope', 'Error from server (NotFound): deployments.apps "nope" not found\n'],
    ['wait --for=condition=Ready pod/nope', 'Error from server (NotFound): pods "nope" not found\n'],
  ])('kubectl %s', async (line, stderr) => {
    const before = session.cloud;
    const result = await session.run(`kubectl ${line}`);
    expect(result).toEqual({ stdout: '', stderr, exitCode: 1 });
    expect(session.cloud).toBe(before);
  });

  test.each([
    'get serviceaccounts',
    'get pods -o go-template={{.}}',
    'top nodes',
    'edit svc x',
    'port-forward x 80',
    'create secret tls x',
    'expose deploy nginx-deploy --port=80 --type=ExternalName --name=lb',
  ])('kubectl %s is not simulated, and says so', async (line) => {
    const result = await session.run(`kubectl ${line}`);
    expect(result.stderr).toContain('not simulated in this workbook');
    expect(result.exitCode).toBe(1);
  });

  test('without a kubeconfig it has nobody to talk to', async () => {
    const alone = createSession({ cloud: newCloud() });
    expect(await alone.run('kubectl get nodes')).toEqual({
      stdout: '',
      stderr:
        'The connection to the server localhost:8080 was refused - did you specify the right host or port?\n',
      exitCode: 1,
    });
  });

  test('a deleted cluster cannot be found any more', async () => {
    const { session: short } = await runScenario(
      'az group create -n rg -l eastus -o none\n' +
        'az aks create -g rg -n aks --network-plugin kubenet --node-count 1 --no-ssh-key -o none\n' +
        'az aks get-credentials -g rg -n aks\naz aks delete -g rg -n aks --yes -o none\n',
    );
    const result = await short.run('kubectl get nodes');
    expect(result.stderr).toMatch(/^Unable to connect to the server: dial tcp: lookup \S+: no such host\n$/);
  });
});

describe('manifests are read as strictly as the API server reads them', () => {
  const pod = (spec: string) => `apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: ${spec}\n`;

  test.each([
    [
      'an unknown field',
      pod('{ containers: [{ name: a, image: nginx, foo: 1 }] }'),
      'strict decoding error: unknown field "spec.containers[0].foo"',
    ],
    [
      'a text for a number',
      pod('{ containers: [{ name: a, image: nginx, ports: [{ containerPort: "80" }] }] }'),
      'cannot unmarshal string into Go struct field ContainerPort',
    ],
    [
      'a field that is not modelled',
      pod(
        '{ containers: [{ name: a, image: nginx }], volumes: [{ name: x, persistentVolumeClaim: { claimName: x } }] }',
      ),
      'the field spec.volumes[0].persistentVolumeClaim is not simulated',
    ],
    ['no containers', pod('{ containers: [] }'), 'The Pod "p" is invalid: spec.containers: Required value'],
    [
      'a kind that is not modelled',
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: n }\n',
      'the kind Ingress is not simulated',
    ],
    [
      'a kind that a real cluster has',
      'apiVersion: networking.k8s.io/v1\nkind: ServiceCIDR\nmetadata: {name: more}\n',
      'the kind ServiceCIDR is not simulated',
    ],
    [
      'a kind that does not exist',
      'apiVersion: foo/v1\nkind: Bar\nmetadata: { name: n }\n',
      'no matches for kind "Bar" in version "foo/v1"',
    ],
    ['no kind', 'apiVersion: v1\nmetadata: { name: n }\n', 'error validating data: kind not set'],
    ['no YAML', 'a: [b\n', 'error converting YAML to JSON: yaml: line'],
    ['nothing', '\n---\n', 'error: no objects passed to apply'],
    [
      'a namespace that does not exist',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, namespace: nope }\n',
      'namespaces "nope" not found',
    ],
  ])('%s', async (_, text, words) => {
    const before = session.cloud;
    const result = await manifest(text);
    expect(result.stderr).toContain(words);
    expect(result.exitCode).toBe(1);
    expect(session.cloud).toBe(before);
  });

  const good = (name: string) => `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name} }\n`;

  test.each([
    [
      'of no kind',
      'apiVersion: v1\nkind: Bar\nmetadata: { name: bad }\n',
      'no matches for kind "Bar"',
      ['a', 'b'],
    ],
    ['with a bad name', good('Bad_'), 'The Namespace "Bad_" is invalid', ['a', 'b']],
    [
      'that is not modelled',
      'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: s }\n',
      'not simulated',
      ['a', 'b'],
    ],
    ['that is no YAML: the rest of the file is lost', 'a: [b\n', 'error parsing m.yaml', ['a']],
  ])('a document %s does not keep kubectl from the others', async (_, bad, words, created) => {
    for (const verb of ['apply', 'create']) {
      session = createSession({ cloud });
      await session.writeFile('.kube/config', kubeconfig);
      await session.writeFile('m.yaml', [good('a'), bad, good('b')].join('---\n'));
      const result = await session.run(`kubectl ${verb} -f m.yaml`);
      expect(result.stdout).toBe(created.map((name) => `namespace/${name} created\n`).join(''));
      expect(result.stderr).toContain(words);
      expect(result.exitCode).toBe(1);
      expect((await session.run('kubectl get ns a b -o name')).stdout).toBe(
        created.map((name) => `namespace/${name}\n`).join(''),
      );
    }
  });

  test.each([
    [
      'delete',
      'kubectl delete deploy nope nginx-deploy',
      'deployment.apps "nginx-deploy" deleted from default namespace\n',
      'kubectl get deploy -o name',
      '',
    ],
    [
      'scale',
      'kubectl scale --replicas=2 deploy/nope deploy/nginx-deploy',
      'deployment.apps/nginx-deploy scaled\n',
      "kubectl get deploy nginx-deploy -o jsonpath='{.spec.replicas}'",
      '2',
    ],
    [
      'label',
      'kubectl label deploy nope nginx-deploy tier=front',
      'deployment.apps/nginx-deploy labeled\n',
      "kubectl get deploy nginx-deploy -o jsonpath='{.metadata.labels.tier}'",
      'front',
    ],
    [
      'rollout restart',
      'kubectl rollout restart deploy/nope deploy/nginx-deploy',
      'deployment.apps/nginx-deploy restarted\n',
      'kubectl get rs -l app=nginx-deploy --no-headers | wc -l',
      '2\n',
    ],
  ])('%s goes on without a name that is missing, and fails', async (_, line, stdout, look, seen) => {
    expect(await session.run(line)).toEqual({
      stdout,
      stderr: 'Error from server (NotFound): deployments.apps "nope" not found\n',
      exitCode: 1,
    });
    expect((await session.run(look)).stdout).toBe(seen);
  });

  test('cordon does nothing unless all nodes are there', async () => {
    const before = session.cloud;
    const result = await session.run('kubectl cordon aks-nodepool1-11743156-vmss000000 nope');
    expect(result).toMatchObject({ stdout: '', exitCode: 1 });
    expect(session.cloud).toBe(before);
  });

  test('created, unchanged, configured; labels that are gone from the manifest go', async () => {
    const text = (labels: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, labels: ${labels} }\ndata: { a: b }\n`;
    expect((await manifest(text('{ x: "1", y: "2" }'))).stdout).toBe('configmap/c created\n');
    expect((await manifest(text('{ x: "1", y: "2" }'))).stdout).toBe('configmap/c unchanged\n');
    expect((await manifest(text('{ x: "1" }'))).stdout).toBe('configmap/c configured\n');
    expect((await session.run("kubectl get cm c -o jsonpath='{.metadata.labels}'")).stdout).toBe('{"x":"1"}');
  });

  test('what get prints can be applied again', async () => {
    await session.run('kubectl get deploy nginx-deploy -o yaml > live.yaml');
    expect((await session.run('kubectl apply -f live.yaml')).exitCode).toBe(0);
    expect((await session.run('kubectl get rs -l app=nginx-deploy --no-headers | wc -l')).stdout).toBe('1\n');
    expect((await session.run('kubectl apply -f live.yaml')).stdout).toBe(
      'deployment.apps/nginx-deploy unchanged\n',
    );
  });
});

describe('kubectl does what it says', () => {
  test.each([
    [
      'scales up',
      'kubectl scale deploy nginx-deploy --replicas=9',
      'kubectl get deploy nginx-deploy --no-headers',
      /^nginx-deploy {3}9\/9 /,
    ],
    [
      'exposes on every node',
      'kubectl expose deploy nginx-deploy --type=NodePort --port=80 --name=np',
      'kubectl get svc np --no-headers',
      /^np +NodePort {3}10\.0\.\d+\.\d+ {3}<none> {3}80:3\d{4}\/TCP {3}/,
    ],
    [
      'knows a service by its short name when it creates one',
      'kubectl create svc nodeport np --tcp=8080:80 --node-port=30080',
      'kubectl get svc np --no-headers',
      /^np +NodePort .* 8080:30080\/TCP /,
    ],
    [
      'labels and selects',
      'kubectl label pods -l app=nginx-deploy tier=front',
      "kubectl get pods -l 'tier in (front)' -o name | wc -l",
      /^8\n$/,
    ],
    [
      'removes a label',
      'kubectl label pod -n demo pod-a app-',
      'kubectl get pod -n demo pod-a --show-labels --no-headers',
      /<none>\n$/,
    ],
    [
      'cordons',
      'kubectl cordon aks-pool2-13111960-vmss000000',
      'kubectl get nodes',
      /aks-pool2-13111960-vmss000000 +Ready,SchedulingDisabled/,
    ],
    [
      'drains',
      'kubectl drain aks-pool2-13111960-vmss000000 --ignore-daemonsets --force',
      'kubectl get pods -o wide | grep -c aks-pool2',
      /^0\n$/,
    ],
    [
      'runs and removes',
      'kubectl run t -it --rm --restart=Never --image=busybox -- true',
      'kubectl get pod t --ignore-not-found',
      /^$/,
    ],
    [
      'describes events of the object itself, not of an earlier one of its name',
      'kubectl create svc loadbalancer b --tcp=80; kubectl delete svc b; kubectl create svc loadbalancer b --tcp=80',
      'kubectl describe svc b | grep -ce EnsuredLoadBalancer -e DeletedLoadBalancer',
      /^1\n$/,
    ],
    [
      "hands arguments to the image's curl",
      'kubectl run t -i -q --rm --restart=Never --image=curlimages/curl -- -V > curl.txt',
      'head -1 curl.txt',
      /^curl /,
    ],
    [
      'keeps a finished pod',
      'kubectl run t -it --restart=Never --image=busybox -- true',
      'kubectl get pod t --no-headers',
      /^t +0\/1 {3}Completed /,
    ],
    [
      'changes the namespace of the context',
      'kubectl config set-context --current --namespace=demo',
      'kubectl get pods -o name | head -1',
      /^pod\/backend-/,
    ],
    [
      'restarts',
      'kubectl rollout restart deploy nginx-deploy',
      'kubectl get rs -l app=nginx-deploy --no-headers | wc -l',
      /^2\n$/,
    ],
    [
      'makes a manifest without asking a server',
      'kubectl create deployment d --image=nginx --dry-run=client -o yaml > d.yaml',
      'cat d.yaml',
      /^apiVersion: apps\/v1\nkind: Deployment\nmetadata:\n {2}labels:\n {4}app: d\n {2}name: d\nspec:\n/,
    ],
  ])('%s', async (_, line, question, answer) => {
    const result = await session.run(line);
    expect(result.stderr.replace(/^Warning: .*\n/, '')).toBe('');
    expect(result.exitCode).toBe(0);
    expect((await session.run(question)).stdout).toMatch(answer);
    expect(session.bugs).toEqual([]);
  });

  test('every command has help with an example or a usage line, and help changes nothing', async () => {
    const before = session.cloud;
    for (const command of KUBECTL_COMMANDS) {
      const result = await session.run(`kubectl ${command.path.join(' ')} --help`);
      expect(result.exitCode, command.path.join(' ')).toBe(0);
      expect(result.stdout, command.path.join(' ')).toContain('Usage:');
    }
    expect(session.cloud).toBe(before);
  });
});
