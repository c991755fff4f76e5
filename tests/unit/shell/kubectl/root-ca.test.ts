/** The cluster's own CA, where the cluster hands it out. */
import { beforeAll, describe, expect, test } from 'vitest';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import { createSession, type Session } from '../../../../src/shell/session.ts';

let session: Session;

beforeAll(async () => {
  session = createSession({ cloud: newCloud({ seed: 'root-ca' }) });
  const ran = await session.run(
    [
      'az group create -n rg -l westeurope',
      'az aks create -g rg -n c --generate-ssh-keys',
      'az aks get-credentials -g rg -n c',
      'kubectl create namespace shop',
      'kubectl run p --image=curlimages/curl -n shop -- sleep infinity',
    ].join(' && '),
  );
  if (ran.exitCode !== 0) throw new Error(ran.stderr);
});

const CA = "kubectl get cm kube-root-ca.crt -n shop -o jsonpath='{.data.ca\\.crt}'";

describe('kube-root-ca.crt', () => {
  test('is in every namespace, also in one that came later, and comes back', async () => {
    const list = 'kubectl get cm -A -o name | grep -c kube-root-ca';
    const namespaces = 'kubectl get ns -o name | wc -l';
    expect((await session.run(list)).stdout).toBe((await session.run(namespaces)).stdout);
    await session.run('kubectl delete cm kube-root-ca.crt -n shop');
    expect((await session.run(list)).stdout).toBe((await session.run(namespaces)).stdout);
  });

  test('is a CA that OpenSSL reads, and the same that the kubeconfig has', async () => {
    const shown = await session.run(`${CA} | openssl x509 -noout -subject -issuer -ext basicConstraints`);
    expect(shown.stdout).toBe(
      'subject=CN = ca\nissuer=CN = ca\nX509v3 Basic Constraints: critical\n    CA:TRUE\n',
    );
    const config =
      "kubectl config view --raw -o jsonpath='{.clusters[0].cluster.certificate-authority-data}' | base64 -d";
    expect((await session.run(config)).stdout).toBe((await session.run(CA)).stdout);
  });

  test('in a pod it is what makes the API server trusted', async () => {
    const inPod = (line: string) => session.run(`kubectl exec -n shop p -- ${line}`);
    const url = 'https://kubernetes.default.svc/';
    expect((await inPod(`curl -sS ${url}`)).stderr).toMatch(/^curl: \(60\) SSL certificate problem/);
    const path = '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt';
    expect((await inPod(`curl -sS -o /dev/null --cacert ${path} ${url}`)).stderr).toBe('');
  });
});
