/** Images behind a firewall, as kubectl shows them: what fails, in which words, and when it is tried again. */
import { describe, expect, it } from 'vitest';
import { readImageReference } from '../../../../src/model/kubernetes/image-reference.ts';
import { createSession } from '../../../../src/shell/session.ts';
import { behind, CREATE, DOCKER_HUB, names, OWN, REQUIRED } from '../../../support/closed-cluster.ts';
import { putFirewall } from '../../../support/firewall.ts';

const START = `${CREATE}\naz aks get-credentials -g rg -n aks --only-show-errors`;

async function session(...allowed: readonly string[]) {
  const cloud = await behind({ ...OWN, application: names(...REQUIRED, ...allowed) }, START);
  let current = createSession({ cloud });
  const files = { text: '' };
  const run = async (line: string): Promise<string> => {
    const done = await current.run(line);
    return done.stdout + done.stderr;
  };
  files.text = await run('az aks get-credentials -g rg -n aks --only-show-errors');
  return {
    run,
    /** From now on the firewall allows these names, and the required ones. */
    allow: async (...more: readonly string[]): Promise<void> => {
      current = createSession({
        cloud: putFirewall(current.cloud, { ...OWN, application: names(...REQUIRED, ...more) }),
      });
      await run('az aks get-credentials -g rg -n aks --only-show-errors');
    },
  };
}

const STATUS = 'kubectl get pods --no-headers -o custom-columns=:status.containerStatuses[0].state';

// The names as containerd normalises them: https://github.com/distribution/reference, normalize.go.
describe('an image as it is written', () => {
  it.each([
    ['nginx', 'docker.io', 'docker.io/library/nginx:latest'],
    ['nginx:1.27', 'docker.io', 'docker.io/library/nginx:1.27'],
    ['curlimages/curl', 'docker.io', 'docker.io/curlimages/curl:latest'],
    ['index.docker.io/library/nginx', 'docker.io', 'docker.io/library/nginx:latest'],
    ['mcr.microsoft.com/azure-cli:2.60.0', 'mcr.microsoft.com', 'mcr.microsoft.com/azure-cli:2.60.0'],
    ['localhost:5000/web', 'localhost:5000', 'localhost:5000/web:latest'],
    ['quay.io/curl/curl@sha256:ab', 'quay.io', 'quay.io/curl/curl@sha256:ab'],
  ])('%s is pulled from %s', (image, registry, full) => {
    expect(readImageReference(image)).toMatchObject({ registry, full });
  });
});

// Steps and errors: containerd core/remotes/docker, resolver.go, auth/fetch.go and fetcher.go.
describe('a registry behind a firewall', () => {
  it.each([
    [
      'nginx',
      [],
      'failed to pull and unpack image "docker.io/library/nginx:latest": failed to resolve reference "docker.io/library/nginx:latest": failed to do request: Head "https://registry-1.docker.io/v2/library/nginx/manifests/latest": EOF',
    ],
    [
      'nginx',
      ['registry-1.docker.io'],
      'failed to resolve reference "docker.io/library/nginx:latest": failed to authorize: failed to fetch anonymous token: Get "https://auth.docker.io/token?scope=repository%3Alibrary%2Fnginx%3Apull&service=registry.docker.io": EOF',
    ],
    [
      'nginx',
      ['registry-1.docker.io', 'auth.docker.io'],
      'failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://production.cloudflare.docker.com/": EOF',
    ],
    [
      'ghcr.io/nicolaka/netshoot:v0.13',
      DOCKER_HUB,
      'failed to do request: Head "https://ghcr.io/v2/nicolaka/netshoot/manifests/v0.13": EOF',
    ],
  ] as const)('%s, with %j allowed', async (image, allowed, expected) => {
    const { run } = await session(...allowed);
    await run(`kubectl run web --image=${image}`);
    expect(await run('kubectl get pods')).toContain('ErrImagePull');
    expect(await run('kubectl describe pod web')).toContain(`Failed to pull image "${image}": `);
    expect(await run('kubectl get events')).toContain(expected);
    expect(await run('kubectl logs web')).toContain("is waiting to start: image can't be pulled");
    expect(await run('kubectl exec web -- date')).toContain('container not found ("web")');
  });

  it.each([
    ['nginx', DOCKER_HUB],
    ['mcr.microsoft.com/azurelinux/base/core:3.0 -- sleep infinity', []],
    ['quay.io/curl/curl:8.1 --command -- sleep infinity', ['*.quay.io', 'quay.io']],
  ] as const)('%s runs with what it needs allowed', async (image, allowed) => {
    const { run } = await session(...allowed);
    await run(`kubectl run web --image=${image}`);
    expect(await run(STATUS)).toContain('running');
  });

  it('is a timeout where no application rule reads names on the port', async () => {
    const cloud = await behind(
      {
        ...OWN,
        network: [
          {
            name: 'n',
            priority: 100,
            rules: [{ name: 'all', destinationAddresses: ['*'], destinationPorts: ['443'] }],
          },
        ],
      },
      START,
    );
    const closed = createSession({ cloud: putFirewall(cloud, OWN) });
    await closed.run('az aks get-credentials -g rg -n aks --only-show-errors');
    // The nodes are lost as well; a DaemonSet's pods are not sent elsewhere for that.
    const pods = await closed.run(
      `kubectl run web --image=nginx --overrides='{"spec":{"tolerations":[{"operator":"Exists"}]}}' && kubectl get events`,
    );
    expect(pods.stdout).toMatch(/manifests\/latest": dial tcp [0-9.]+:443: i\/o timeout/);
  });

  it('is tried again after 10, 20, 40 seconds, and the pod runs once it is allowed', async () => {
    const { run, allow } = await session();
    await run('kubectl create deployment web --image=nginx');
    const waits = async (): Promise<string> =>
      (await run('kubectl get pods --no-headers')).split(/\s+/)[2] ?? '';
    expect(await waits()).toBe('ErrImagePull');
    await run('sleep 25');
    expect(await waits()).toBe('ImagePullBackOff');
    expect(await run('kubectl get events')).toContain('Back-off pulling image "nginx"');
    expect(await run('kubectl get deploy web --no-headers')).toContain('0/1');
    await allow(...DOCKER_HUB);
    expect(await waits()).not.toBe('Running');
    await run('sleep 60');
    expect(await waits()).toBe('Running');
    expect(await run('kubectl get deploy web --no-headers')).toContain('1/1');
    expect(await run('kubectl get events')).toContain('Successfully pulled image "nginx"');
  });

  it('leaves what the node has, unless the policy is to ask', async () => {
    const { run, allow } = await session(...DOCKER_HUB);
    await run('kubectl run one --image=nginx:1.27; kubectl run two --image=nginx');
    await allow();
    expect(await run(STATUS)).toMatch(/running[\s\S]*running/);
    await run('kubectl delete pod one two');
    await run(
      'kubectl run kept --image=nginx:1.27; kubectl run asked --image=nginx; kubectl run never --image=nginx --image-pull-policy=IfNotPresent',
    );
    const shown = await run('kubectl get pods --no-headers');
    expect(shown).toMatch(/asked\s+0\/1\s+ErrImagePull/);
    expect(shown).toMatch(/kept\s+1\/1\s+Running/);
    expect(shown).toMatch(/never\s+1\/1\s+Running/);
  });
});
