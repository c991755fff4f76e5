/** `kubectl logs`, `exec`, `run` and `debug` against a network security group between the agents and a kubelet. */
import { beforeAll, expect, test } from 'vitest';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import { createSession } from '../../../../src/shell/session.ts';

const RULE = 'az network nsg rule create -g rg --nsg-name nsg-users -n no-kubelet --priority 100';
const session = createSession({ cloud: newCloud({ seed: 'kubelet' }) });

async function run(line: string): Promise<{ stdout: string; stderr: string; exitCode: number }> {
  const { stdout, stderr, exitCode } = await session.run(line);
  return { stdout, stderr, exitCode };
}

/** The agents run on the pool system; there is a pod on each pool. */
beforeAll(async () => {
  const { stderr } = await run(`set -e
az group create -n rg -l westeurope -o none
az network vnet create -g rg -n v --address-prefixes 10.10.0.0/16 --subnet-name system --subnet-prefixes 10.10.1.0/24 -o none
az network vnet subnet create -g rg --vnet-name v -n users --address-prefixes 10.10.2.0/24 -o none
az network nsg create -g rg -n nsg-users -o none
az network vnet subnet update -g rg --vnet-name v -n users --network-security-group nsg-users -o none
V=$(az network vnet show -g rg -n v --query id -o tsv)
az aks create -g rg -n c --network-plugin azure --network-plugin-mode overlay --node-count 1 --vnet-subnet-id $V/subnets/system --generate-ssh-keys --only-show-errors -o none
az aks nodepool add -g rg --cluster-name c -n users --node-count 1 --vnet-subnet-id $V/subnets/users -o none
az aks get-credentials -g rg -n c --only-show-errors
for pool in nodepool1 users; do
  kubectl run web-$pool --image=nginx --overrides="{\\"spec\\":{\\"nodeSelector\\":{\\"agentpool\\":\\"$pool\\"}}}" > /dev/null
done
NODE=$(kubectl get pod web-users -o jsonpath='{.spec.nodeName}')
set +e
`);
  expect(stderr).toBe('');
});

test('calls reach the kubelet of every node at first', async () => {
  for (const pod of ['web-nodepool1', 'web-users']) {
    expect(await run(`kubectl exec ${pod} -- hostname`)).toEqual({
      stdout: `${pod}\n`,
      stderr: '',
      exitCode: 0,
    });
  }
});

test('an inbound Deny of TCP 10250 cuts off pods of that pool, and only those', async () => {
  await run(`${RULE} --access Deny --protocol Tcp --destination-port-ranges 10250 -o none`);
  const logs = await run('kubectl logs web-users');
  expect(logs.exitCode).toBe(1);
  expect(logs.stderr).toMatch(
    /^Error from server: Get "https:\/\/aks-users-\d+-vmss000000:10250\/containerLogs\/default\/web-users\/web-users": net\/http: TLS handshake timeout\n$/,
  );
  expect(await run('kubectl exec web-users -- hostname')).toEqual({
    stdout: '',
    stderr: 'Error from server: error dialing backend: dial tcp 10.10.2.4:10250: i/o timeout\n',
    exitCode: 1,
  });
  expect((await run('kubectl exec web-nodepool1 -- hostname')).exitCode).toBe(0);
});

test('what would be attached to is not, and --rm still removes it', async () => {
  const overrides = `--overrides='{"spec":{"nodeSelector":{"agentpool":"users"}}}'`;
  const attached = await run(
    `kubectl run probe -it --rm --restart=Never --image=nicolaka/netshoot ${overrides} -- hostname`,
  );
  expect(attached.stdout).toBe('pod "probe" deleted from default namespace\n');
  expect(attached.stderr).toMatch(/^Error attaching, falling back to logs: error dialing backend: /);
  expect((await run('kubectl get pod probe')).exitCode).toBe(1);
  const debugged = await run('kubectl debug node/$NODE -it --image=busybox -- hostname');
  expect(debugged.stderr).toContain('i/o timeout');
  expect(debugged.stdout).toBe('');
});

test('the API server itself answers, and other rules leave the kubelet alone', async () => {
  expect((await run('kubectl get pod web-users')).exitCode).toBe(0);
  await run(`${RULE} --access Deny --protocol Tcp --destination-port-ranges 443 -o none`);
  expect((await run('kubectl logs web-users')).exitCode).toBe(0);
});
