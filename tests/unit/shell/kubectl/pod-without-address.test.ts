import { beforeAll, expect, test } from 'vitest';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import { createSession, type Session } from '../../../../src/shell/session.ts';

let session: Session;
let waiting = '';

/** A /26 has 59 addresses: three batches of 16 for two nodes, and no fourth. */
beforeAll(async () => {
  session = createSession({ cloud: newCloud({ seed: 'full pod subnet' }) });
  for (const line of [
    'az group create -n rg -l westeurope',
    'az network vnet create -g rg -n v --address-prefixes 10.0.0.0/16 --subnet-name nodes --subnet-prefixes 10.0.0.0/24',
    'az network vnet subnet create -g rg --vnet-name v -n pods --address-prefixes 10.0.1.0/26',
    'ID=$(az network vnet show -g rg -n v --query id -o tsv)',
    'az aks create -g rg -n c --node-count 2 --network-plugin azure --vnet-subnet-id $ID/subnets/nodes --pod-subnet-id $ID/subnets/pods --service-cidr 172.16.0.0/16 --dns-service-ip 172.16.0.10 --generate-ssh-keys',
    'az aks get-credentials -g rg -n c',
    'kubectl create deployment web --image=nginx --replicas=60',
  ])
    expect(await session.run(line)).toMatchObject({ exitCode: 0 });
  const pods = (await session.run('kubectl get pods --no-headers')).stdout.split('\n');
  waiting = pods.find((line) => line.includes('ContainerCreating'))?.split(' ')[0] ?? '';
});

test.each([
  [
    'is being created',
    'kubectl get pod POD --no-headers -o wide',
    /^POD +0\/1 +ContainerCreating +0 +\S+ +<none> +aks-/,
  ],
  [
    'says so in its description',
    'kubectl describe pod POD',
    /^ {4}State: +Waiting\n {6}Reason: +ContainerCreating$/m,
  ],
  [
    'has an event that names the reason',
    'kubectl describe pod POD',
    /Warning {2}FailedCreatePodSandBox .* kubelet .*not enough IPs available .* NC Status: NCUpdateSubnetFullError/,
  ],
  [
    'is pending all the while',
    "kubectl get pod POD -o jsonpath='{.status.phase}{.status.podIP}'",
    /^Pending$/,
  ],
  [
    'is why its Deployment is not complete',
    'kubectl get deploy web --no-headers',
    /^web +\d+\/60 +60 +(?!60)\d+ /,
  ],
])('a pod without an address %s', async (_, line, shown) => {
  const result = await session.run(line.replace('POD', waiting));
  expect(result.stdout).toMatch(new RegExp(shown.source.replace('POD', waiting), shown.flags));
});

test('it has no log and no shell', async () => {
  expect(await session.run(`kubectl logs ${waiting}`)).toMatchObject({
    stderr: `Error from server (BadRequest): container "nginx" in pod "${waiting}" is waiting to start: ContainerCreating\n`,
    exitCode: 1,
  });
  expect(await session.run(`kubectl exec ${waiting} -- ls`)).toMatchObject({ exitCode: 1 });
});

test('the subnet is full for every node, and has room again when pods go', async () => {
  const status =
    "kubectl get nnc -n kube-system -o jsonpath='{.items[*].status.networkContainers[0].status}'";
  expect((await session.run(status)).stdout).toContain('NCUpdateSubnetFullError');
  await session.run('kubectl scale deploy web --replicas=5');
  expect((await session.run(status)).stdout).not.toContain('NCUpdateSubnetFullError');
  expect((await session.run('kubectl get deploy web --no-headers')).stdout).toMatch(/^web +5\/5 /);
});
