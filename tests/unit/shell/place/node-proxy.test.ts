/**
 * What a node that was set up with an HTTP proxy has on its disk (Azure/AgentBaker,
 * parts/linux/cloud-init/artifacts/cse_config.sh, configureEtcEnvironment and configureHTTPProxyCA), and what its
 * services say.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { listResources } from '../../../../src/model/azure/resource-store.ts';
import type { Session } from '../../../../src/shell/session.ts';
import { createSession } from '../../../../src/shell/session.ts';
import {
  CREATE,
  PROXY_CA,
  PROXY_URL,
  proxiedSession,
  run,
  withProxy,
} from '../../../support/proxied-network.ts';

const CONFIG = {
  httpProxy: PROXY_URL,
  httpsProxy: PROXY_URL,
  noProxy: ['example.org'],
  trustedCa: Buffer.from(PROXY_CA.certificate).toString('base64'),
};

/** A session with a cluster; `$DEBUG` starts a program on its first node. */
async function started(config: object | null): Promise<Session> {
  const session = await proxiedSession(config);
  await run(session, `${CREATE} ${config === null ? '' : '--http-proxy-config proxy.json'}`);
  await prepared(session);
  return session;
}

async function prepared(session: Session): Promise<void> {
  await run(session, 'az aks get-credentials -g rg -n aks 2>/dev/null');
  await run(
    session,
    `DEBUG="kubectl debug node/$(kubectl get nodes -o jsonpath='{.items[0].metadata.name}') -q -it --image=busybox -- chroot /host"`,
  );
}

let session: Session;
let noProxy = '';
const onNode = (line: string) => run(session, `$DEBUG ${line}`);

beforeAll(async () => {
  session = await started(CONFIG);
  const [cluster] = listResources(session.cloud, 'Microsoft.ContainerService/ManagedClusters');
  noProxy = await run(
    session,
    'az aks show -g rg -n aks --query "join(\',\', httpProxyConfig.effectiveNoProxy)" -o tsv',
  );
  noProxy = noProxy.trim();
  expect(noProxy).toContain(`,example.org`);
  expect(noProxy).toContain(cluster?.fqdn ?? '?');
});

const SIX = () => [
  `HTTP_PROXY=${PROXY_URL}`,
  `http_proxy=${PROXY_URL}`,
  `HTTPS_PROXY=${PROXY_URL}`,
  `https_proxy=${PROXY_URL}`,
  `NO_PROXY=${noProxy}`,
  `no_proxy=${noProxy}`,
];

describe('the files', () => {
  test('are those of the provisioning scripts', async () => {
    const [first = '', ...rest] = (await onNode('cat /etc/environment')).trimEnd().split('\n');
    expect(first).toMatch(/^PATH="/);
    expect(rest).toEqual(SIX());
    expect(await onNode('cat /etc/apt/apt.conf.d/95proxy')).toBe(
      `Acquire::http::proxy "${PROXY_URL}";\nAcquire::https::proxy "${PROXY_URL}";\n`,
    );
    expect(await onNode('cat /etc/systemd/system.conf.d/proxy.conf')).toBe(
      `[Manager]\n${SIX()
        .map((each) => `DefaultEnvironment="${each}"\n`)
        .join('')}`,
    );
    expect(await onNode('cat /etc/systemd/system/kubelet.service.d/10-httpproxy.conf')).toBe(
      '[Service]\nEnvironmentFile=/etc/environment\n',
    );
    expect(await onNode('cat /usr/local/share/ca-certificates/proxyCA.crt')).toBe(PROXY_CA.certificate);
  });

  test('are under /host of a debugging pod too', async () => {
    const debug =
      'kubectl debug node/$(kubectl get nodes -o jsonpath="{.items[0].metadata.name}") -q -it --image=busybox --';
    expect(await run(session, `${debug} cat /host/etc/apt/apt.conf.d/95proxy`)).toContain(
      'Acquire::http::proxy',
    );
    expect(await run(session, `${debug} cat /host/usr/local/share/ca-certificates/proxyCA.crt`)).toBe(
      PROXY_CA.certificate,
    );
  });

  test('include the authorities, so that a node trusts what the proxy signs and a pod does not', async () => {
    expect(await onNode('tail -n 1000 /etc/ssl/certs/ca-certificates.crt')).toContain(PROXY_CA.certificate);
    expect(await onNode('ls /etc/ssl/certs')).toContain('proxyCA.pem');
    expect(
      await onNode(`curl -sS -o /dev/null -w '%{http_code}' -x ${PROXY_URL} https://mcr.microsoft.com/v2/`),
    ).toBe('200');
    await run(session, 'kubectl run client --image=curlimages/curl -- sleep 3600');
    const inPod = await session.run('kubectl exec client -- curl -sS https://mcr.microsoft.com/v2/');
    expect(inPod.stderr).toContain('curl: (60)');
  });

  test('tell how the node was provisioned', async () => {
    const log = await onNode('cat /var/log/azure/cluster-provision.log');
    expect(log).toContain(`++ export HTTPS_PROXY=${PROXY_URL}\n`);
    expect(log).toContain('+ configureHTTPProxyCA\n');
    expect(await onNode('cat /var/log/azure/cluster-provision-cse-output.log')).toContain(
      '> CONNECT mcr.microsoft.com:443 HTTP/1.1\n',
    );
  });
});

describe('the environment', () => {
  test('of a shell by chroot has none of it, that of sudo has all', async () => {
    expect(await onNode('env')).not.toMatch(/proxy/i);
    expect((await onNode('sudo env')).split('\n')).toEqual(expect.arrayContaining(SIX()));
    expect(await onNode('sh -c "export http_proxy=mine; sudo printenv http_proxy"')).toBe(`${PROXY_URL}\n`);
  });

  test('of services comes from the manager, and kubelet’s from a file', async () => {
    expect((await onNode('systemctl show-environment')).split('\n')).toEqual(expect.arrayContaining(SIX()));
    expect(await onNode('systemctl show containerd -p Environment')).toBe('Environment=\n');
    expect(await onNode('systemctl show kubelet -p EnvironmentFiles')).toBe(
      'EnvironmentFiles=/etc/default/kubelet (ignore_errors=no)\nEnvironmentFiles=/etc/environment (ignore_errors=no)\n',
    );
    expect(await onNode('systemctl cat kubelet')).toContain(
      '\n# /etc/systemd/system/kubelet.service.d/10-httpproxy.conf\n[Service]\nEnvironmentFile=/etc/environment\n',
    );
    const pid = (await onNode('systemctl show -P MainPID containerd')).trim();
    const environment = await onNode(String.raw`sh -c "tr '\\0' '\\n' < /proc/${pid}/environ"`);
    expect(environment.split('\n')).toEqual(expect.arrayContaining(SIX()));
  });
});

describe('systemctl', () => {
  test.each([
    ['is-active containerd kubelet', 'active\nactive\n', 0],
    ['is-active nothing', 'inactive\n', 3],
    ['is-enabled kubelet', 'enabled\n', 0],
    ['show -P ActiveState,SubState kubelet.service', 'active\nrunning\n', 0],
  ])('%s', async (words, stdout, exitCode) => {
    expect(await onNode(`sh -c 'systemctl ${words}; echo [$?]'`)).toBe(`${stdout}[${exitCode}]\n`);
  });

  test.each([
    ['status nothing', 'Unit nothing.service could not be found.\n', 4],
    ['cat nothing', 'No files found for nothing.service.\n', 1],
    [
      'restart containerd',
      'systemctl: changing services of a node ("systemctl restart containerd") is not simulated in this workbook\n',
      1,
    ],
    [
      'show kubelet -p MemoryCurrent',
      'systemctl: the property MemoryCurrent is not simulated in this workbook\n',
      1,
    ],
    ['list-units --failed', 'systemctl: the option --failed is not simulated in this workbook\n', 1],
  ])('%s fails', async (words, stderr, exitCode) => {
    expect(await session.run(`$DEBUG sh -c 'systemctl ${words}; echo [$?]'`)).toMatchObject({
      stdout: `[${exitCode}]\n`,
      stderr,
    });
  });

  test('status shows where a unit comes from', async () => {
    const text = await onNode('systemctl status kubelet --no-pager');
    expect(text).toMatch(
      /^● kubelet\.service - Kubelet\n {5}Loaded: loaded \(\/etc\/systemd\/system\/kubelet\.service; enabled;/,
    );
    expect(text).toContain('             └─10-cgroupv2.conf, ');
    expect(text).toMatch(/ {5}Active: active \(running\) since \w{3} 2026-/);
  });
});

describe('pulls that the proxy spoils', () => {
  const WORDS = 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
  let distrusting: Session;

  beforeAll(async () => {
    const { trustedCa: _none, ...config } = CONFIG;
    distrusting = await started(config);
    await run(distrusting, 'kubectl run web --image=nginx');
    await run(distrusting, 'sleep 40');
    await run(
      distrusting,
      `MC=$(az aks show -g rg -n aks --query nodeResourceGroup -o tsv); VMSS=$(az vmss list -g $MC --query '[0].name' -o tsv); I=$(kubectl get pod web -o jsonpath='{.spec.nodeName}' | tail -c 1)`,
    );
  });

  const byRunCommand = async (script: string): Promise<string> =>
    run(
      distrusting,
      `az vmss run-command invoke -g $MC -n $VMSS --instance-id $I --command-id RunShellScript --scripts '${script}' --query 'value[0].message' -o tsv`,
    );

  test('are in the pod’s events and, in their own forms, in the journals of containerd and kubelet', async () => {
    expect(await run(distrusting, 'kubectl describe pod web')).toContain(WORDS);
    const containerd = await byRunCommand('journalctl -u containerd --no-pager | grep level=error');
    expect(containerd).toMatch(
      / containerd\[\d+\]: time="2026-[^"]+Z" level=error msg="PullImage \\"nginx\\" failed" error="failed to pull and unpack image /,
    );
    expect(containerd).toContain(WORDS);
    // Attempts at 0, 10 and 30 seconds.
    expect(containerd.match(/PullImage/g)).toHaveLength(3);
    expect(await byRunCommand('journalctl -u kubelet -n 50')).toMatch(
      / kubelet\[(\d+)\]: E09\d\d \d\d:\d\d:\d\d\.\d{6} {3,}\1 pod_workers\.go:\d+\] "Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"web\\" with ErrImagePull: /,
    );
  });

  test('are told line by line, of which none is older than the one before', async () => {
    for (const stamp of [/(?<=time=")2026-\S+(?=Z")/g, /(?<=: E)\d{4} [\d:]+\.\d{6}/g]) {
      const times = (await byRunCommand('journalctl -u containerd -u kubelet --no-pager')).match(stamp) ?? [];
      expect(times.length).toBeGreaterThan(8);
      expect(times).toEqual(times.toSorted());
    }
  });

  test('fail by hand in the same words', async () => {
    const text = await byRunCommand('crictl pull nginx; echo $?');
    expect(text).toContain(
      `FATA[0000] pulling image: rpc error: code = Unknown desc = failed to pull and unpack image "docker.io/library/nginx:latest": `,
    );
    expect(text).toContain(WORDS);
    expect(text).toContain('\n1\n');
  });

  test('keep kubectl debug from its image, as any other pod', async () => {
    const { stderr, exitCode } = await distrusting.run(
      'kubectl debug node/$(kubectl get pod web -o jsonpath="{.spec.nodeName}") -it --image=busybox -- true',
    );
    expect(stderr).toContain('timed out waiting for the condition');
    expect(exitCode).toBe(1);
  });
});

test('a node keeps what it was set up with when the proxy is gone', async () => {
  const left = createSession({ cloud: withProxy(session.cloud, null) });
  await prepared(left);
  await run(left, 'kubectl get nodes');
  expect(
    await run(
      left,
      `az vmss run-command invoke -g $(az aks show -g rg -n aks --query nodeResourceGroup -o tsv) -n $(az vmss list --query '[0].name' -o tsv) --instance-id 0 --command-id RunShellScript --scripts 'grep -c ${PROXY_URL} /etc/environment' --query 'value[0].message' -o tsv`,
    ),
  ).toContain('\n4\n');
});

test('a node without a proxy has no such files', async () => {
  const plain = await started(null);
  expect(
    await run(
      plain,
      '$DEBUG sh -c "ls /etc/systemd/system.conf.d /etc/apt 2>&1; cat /etc/environment; systemctl show-environment" || true',
    ),
  ).not.toMatch(/proxy/i);
  expect(await run(plain, '$DEBUG crictl pull ubuntu')).toMatch(
    /^Image is up to date for sha256:[0-9a-f]{64}\n$/,
  );
  expect(await run(plain, '$DEBUG journalctl -u containerd -o cat')).toContain(
    'Started containerd.service - containerd container runtime.',
  );
});

test.each([
  ['the folder', '{ name: certs, hostPath: { path: /etc/ssl/certs } }', '/etc/ssl/certs'],
  ['the file', '{ name: certs, hostPath: { path: /etc/ssl/certs/ca-certificates.crt } }', '/etc/ca.crt'],
  ['the disk', '{ name: certs, hostPath: { path: / } }', '/node'],
])('a pod that mounts %s of its node trusts what the node trusts', async (_, volume, mountPath) => {
  const pods = createSession({ cloud: session.cloud });
  await run(
    pods,
    `az aks get-credentials -g rg -n aks 2>/dev/null
kubectl apply -f - > /dev/null <<YAML
apiVersion: v1
kind: Pod
metadata: { name: one }
spec:
  containers:
    - { name: one, image: nicolaka/netshoot, command: [sleep, infinity], volumeMounts: [{ name: certs, mountPath: ${mountPath} }] }
  volumes: [${volume}]
YAML`,
  );
  const bundle = { '/etc/ssl/certs': 'ca-certificates.crt', '/node': 'etc/ssl/certs/ca-certificates.crt' };
  const path = [mountPath, bundle[mountPath as keyof typeof bundle] ?? []].flat().join('/');
  const inPod = await run(pods, `kubectl exec one -- cat ${path}`);
  expect(inPod.trim()).toBe((await onNode('cat /etc/ssl/certs/ca-certificates.crt')).trim());
  expect(inPod).toContain(PROXY_CA.certificate.trim());
});
