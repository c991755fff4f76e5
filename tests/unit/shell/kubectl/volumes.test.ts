/** ConfigMaps, Secrets and volumes as kubectl makes and shows them, and as programs in pods find them. */
import { readFileSync } from 'node:fs';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Cloud } from '../../../../src/model/cloud.ts';
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
  await session.writeFile('ca.crt', 'CERT\n');
  await session.writeFile('pod.yaml', POD);
});

const POD = `apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec:
  containers:
    - name: web
      image: nginx
      env:
        - { name: CA, valueFrom: { configMapKeyRef: { name: ca, key: ca.crt } } }
        - { name: IP, valueFrom: { fieldRef: { fieldPath: status.podIP } } }
        - { name: NAME, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
      envFrom: [{ secretRef: { name: keys, optional: true }, prefix: K_ }]
      volumeMounts:
        - { name: ca, mountPath: /etc/proxy-ca, readOnly: true }
        - { name: ca, mountPath: /etc/one.crt, subPath: ca.crt }
        - { name: tmp, mountPath: /scratch }
  volumes:
    - { name: ca, configMap: { name: ca } }
    - { name: tmp, emptyDir: {} }
`;

async function run(line: string): Promise<string> {
  const { stdout, stderr, exitCode } = await session.run(line);
  if (exitCode !== 0) throw new Error(`${line}\n${stdout}${stderr}`);
  return stdout;
}

async function mounted(): Promise<void> {
  await run('kubectl create configmap ca --from-file=ca.crt');
  await run('kubectl apply -f pod.yaml');
}

describe('secrets', () => {
  test('are made, listed and described as kubectl does', async () => {
    await run('kubectl create secret generic keys --from-file=ca.crt --from-literal=user=me');
    expect(await run('kubectl get secrets')).toMatch(/^NAME +TYPE +DATA +AGE\nkeys +Opaque +2 +0s\n$/);
    expect(await run('kubectl describe secret keys')).toBe(
      'Name:         keys\nNamespace:    default\nLabels:       <none>\nAnnotations:  <none>\n\nType:  Opaque\n\nData\n====\nca.crt:  5 bytes\nuser:    2 bytes\n',
    );
    expect(await run("kubectl get secret keys -o jsonpath='{.data.user}' | base64 -d")).toBe('me');
  });

  test('keep what a manifest says as it is, encoded; what is no base64 is refused', async () => {
    await run(
      `kubectl apply -f - <<'Y'\napiVersion: v1\nkind: Secret\nmetadata: { name: keys }\ndata: { a: YQ== }\nstringData: { b: ü }\nY`,
    );
    expect(await run("kubectl get secret keys -o jsonpath='{.data}'")).toBe('{"a":"YQ==","b":"w7w="}');
    const refused = await session.run(
      `kubectl apply -f - <<'Y'\napiVersion: v1\nkind: Secret\nmetadata: { name: other }\ndata: { a: "plain text" }\nY`,
    );
    expect(refused.stderr).toContain(
      'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 5',
    );
  });

  test('other kinds of them are refused by name', async () => {
    const { stderr } = await session.run('kubectl create secret tls x --cert=a --key=b');
    expect(stderr).toBe('error: kubectl create secret tls is not simulated in this workbook\n');
  });
});

describe('a mounted ConfigMap', () => {
  test('is in the container, follows changes, and a sub-path does not', async () => {
    await mounted();
    const show = "kubectl exec web -- sh -c 'cat /etc/proxy-ca/* /etc/one.crt'";
    expect(await run(show)).toBe('CERT\nCERT\n');
    await run(
      'kubectl create configmap ca --from-literal=ca.crt=NEW --from-literal=more=M --dry-run=client -o yaml | kubectl replace -f -',
    );
    expect(await run(show)).toBe('NEWMCERT\n');
    await run(
      'kubectl create configmap ca --from-literal=ca.crt=LAST --dry-run=client -o yaml | kubectl replace -f -',
    );
    expect(await run('kubectl exec web -- ls /etc/proxy-ca')).toBe('ca.crt\n');
    expect(await run('kubectl exec web -- printenv CA NAME')).toBe('CERT\n\nweb\n');
  });

  test('can only be read; an emptyDir is the pod’s own', async () => {
    await mounted();
    const refused = await session.run("kubectl exec web -- sh -c 'echo x > /etc/proxy-ca/ca.crt'");
    expect(refused).toMatchObject({ stderr: expect.stringContaining('Read-only file system') as string });
    expect(refused.exitCode).not.toBe(0);
    await run("kubectl exec web -- sh -c 'echo x > /scratch/f'");
    expect(await run('kubectl exec web -- cat /scratch/f /etc/proxy-ca/ca.crt')).toBe('x\nCERT\n');
  });

  test('hides what the image has there', async () => {
    await run('kubectl create configmap ca --from-file=ca.crt');
    await session.writeFile(
      'hide.yaml',
      POD.replace('mountPath: /etc/proxy-ca', 'mountPath: /etc/ssl/certs'),
    );
    await run('kubectl apply -f hide.yaml');
    expect(await run('kubectl exec web -- ls /etc/ssl/certs')).toBe('ca.crt\n');
  });

  test('is described as kubectl does', async () => {
    await run('kubectl apply -f pod.yaml');
    const text = await run('kubectl describe pod web');
    expect(text).toContain(`    Environment Variables from:
      keys  Secret with prefix 'K_'  Optional: true
    Environment:
      CA:    <set to the key 'ca.crt' of config map 'ca'>  Optional: false
      IP:     (v1:status.podIP)
      NAME:  web (v1:metadata.name)
    Mounts:
      /etc/one.crt from ca (rw,path="ca.crt")
      /etc/proxy-ca from ca (ro)
      /scratch from tmp (rw)
`);
    expect(text).toContain(`Volumes:
  ca:
    Type:      ConfigMap (a volume populated by a ConfigMap)
    Name:      ca
    Optional:  false
  tmp:
    Type:       EmptyDir (a temporary directory that shares a pod's lifetime)
    Medium:     
    SizeLimit:  <unset>
  kube-api-access-`);
    expect(text).toMatch(
      / {2}Warning {2}FailedMount {2}0s +kubelet +MountVolume\.SetUp failed for volume "ca" : configmap "ca" not found\n/,
    );
    expect(await run('kubectl get pod web')).toMatch(/web +0\/1 +ContainerCreating +0 +0s/);
  });

  test('comes back unchanged from -o yaml, service account and all', async () => {
    await mounted();
    const spec = JSON.parse(await run('kubectl get pod web -o json')) as {
      spec: { volumes: { name: string }[]; containers: { volumeMounts: { mountPath: string }[] }[] };
    };
    const names = spec.spec.volumes.map(({ name }) => name);
    expect(names).toEqual(['ca', 'tmp', expect.stringMatching(/^kube-api-access-[a-z0-9]{5}$/)]);
    expect(spec.spec.containers[0]?.volumeMounts.at(-1)?.mountPath).toBe(
      '/var/run/secrets/kubernetes.io/serviceaccount',
    );
    expect(await run('kubectl apply -f pod.yaml')).toBe('pod/web unchanged\n');
    // What was applied last is another text now, and nothing else.
    expect(await run('kubectl get pod web -o yaml | kubectl apply -f -')).toBe('pod/web configured\n');
  });
});

describe('kubectl set', () => {
  beforeEach(async () => {
    await run('kubectl create deployment d --image=nginx');
  });
  const variables = () =>
    run('kubectl exec deploy/d -- sh -c "echo [$A] [$B]"'.replaceAll('$', String.raw`\$`));

  test('env changes, adds and removes variables, and rolls out', async () => {
    expect(await run('kubectl set env deployment/d A=1 B=2')).toBe('deployment.apps/d env updated\n');
    expect(await variables()).toBe('[1] [2]\n');
    const before = await run('kubectl get pod -l app=d -o name');
    await run('kubectl set env deploy d B- A=3');
    expect(await variables()).toBe('[3] []\n');
    expect(await run('kubectl get pod -l app=d -o name')).not.toBe(before);
    expect(await run('kubectl set env deploy/d --list')).toBe('# Deployment d, container nginx\nA=3\n');
  });

  test('env says nothing when it changes nothing', async () => {
    await run('kubectl set env deploy/d A=1');
    const before = session.cloud.kubernetes;
    expect(await run('kubectl set env deploy/d A=1 C-')).toBe('');
    expect(session.cloud.kubernetes).toBe(before);
  });

  test('env takes the keys of an object', async () => {
    await run('kubectl create configmap m --from-literal=http-proxy=x --from-literal=other=y');
    await run('kubectl set env deploy/d --from=configmap/m --keys=http-proxy --prefix=P_');
    expect(await run('kubectl set env deploy/d --list')).toBe(
      '# Deployment d, container nginx\n# P_HTTP_PROXY from configmap m, key http-proxy\n',
    );
    expect(await run('kubectl exec deploy/d -- printenv P_HTTP_PROXY')).toBe('x\n');
  });

  test('image changes the container that is named', async () => {
    expect(await run('kubectl set image deploy/d nginx=nginx:1.27')).toBe(
      'deployment.apps/d image updated\n',
    );
    expect(await run("kubectl get deploy d -o jsonpath='{.spec.template.spec.containers[0].image}'")).toBe(
      'nginx:1.27',
    );
  });

  test.each([
    ['env deploy/d', 'error: at least one environment variable must be provided\n'],
    ['env deploy A=1', 'error: resource(s) were provided, but no name was specified\n'],
    [
      'env deploy/d A=1 A-',
      'error: can not both modify and remove the following environment variable in the same command: A\n',
    ],
    ['env svc/kubernetes A=1', 'error: services/kubernetes is not a pod or does not have a pod template\n'],
    ['image deploy/d web=x', 'error: unable to find container named "web"\n'],
    ['resources deploy/d', 'error: kubectl set resources is not simulated in this workbook\n'],
  ])('%s is refused', async (line, words) => {
    const before = session.cloud.kubernetes;
    expect(await session.run(`kubectl set ${line}`)).toMatchObject({ stderr: words, exitCode: 1 });
    expect(session.cloud.kubernetes).toBe(before);
  });
});

describe('kubectl cp', () => {
  beforeEach(() => run('kubectl run box --image=busybox -- sleep 3600'));

  test('copies a file to a folder or a name, and back', async () => {
    await run('kubectl cp ca.crt box:/tmp/');
    await run('kubectl cp ca.crt default/box:/tmp/other.crt');
    expect(await run('kubectl exec box -- cat /tmp/ca.crt /tmp/other.crt')).toBe('CERT\nCERT\n');
    await run('kubectl cp box:/tmp/other.crt back.crt');
    expect(await run('cat back.crt')).toBe('CERT\n');
  });

  test.each([
    ['nothing.crt box:/tmp/', "error: nothing.crt doesn't exist in local filesystem\n"],
    ['a b', 'error: one of src or dest must be a remote file specification\n'],
    ['ca.crt nobody:/tmp/', 'Error from server (NotFound): pods "nobody" not found\n'],
    ['ca.crt', 'error: source and destination are required\n'],
  ])('%s is refused', async (line, words) => {
    expect(await session.run(`kubectl cp ${line}`)).toMatchObject({ stderr: words, exitCode: 1 });
  });

  test('needs tar in the image', async () => {
    await run('kubectl run bare --image=traefik/whoami');
    const { stderr, exitCode } = await session.run('kubectl cp ca.crt bare:/ca.crt');
    expect(stderr).toContain('exec: "tar": executable file not found in $PATH');
    expect(exitCode).toBe(1);
  });
});

test('every cluster has two mutating webhooks of AKS', async () => {
  expect(await run('kubectl get mutatingwebhookconfigurations --no-headers | cut -d" " -f1')).toBe(
    'aks-node-mutating-webhook\naks-webhook-admission-controller\n',
  );
  expect(
    await run('kubectl describe mutatingwebhookconfiguration aks-webhook-admission-controller'),
  ).toContain('  Name:            aks-webhook-admission-controller.azmk8s.io\n');
});
