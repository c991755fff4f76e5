import { beforeAll, beforeEach, expect, test } from 'vitest';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { createSession, type Session } from '../../../../src/shell/session.ts';

let cloud: Cloud;
let kubeconfig = '';
let session: Session;
let nodes: readonly string[] = [];

beforeAll(async () => {
  const made = createSession({ cloud: newCloud({ seed: 'drain' }) });
  for (const line of [
    'az group create -n rg -l westeurope',
    'az aks create -g rg -n c --node-count 2 --network-plugin azure --network-plugin-mode overlay --generate-ssh-keys',
    'az aks get-credentials -g rg -n c',
    'kubectl create deployment web --image=nginx --replicas=4',
    'kubectl run bare --image=nginx',
  ])
    await made.run(line);
  ({ cloud } = made);
  kubeconfig = (await made.readFile('.kube/config')) ?? '';
  nodes = (await made.run("kubectl get nodes -o jsonpath='{.items[*].metadata.name}'")).stdout.split(' ');
});

beforeEach(async () => {
  session = createSession({ cloud });
  await session.writeFile('.kube/config', kubeconfig);
});

const ALL = '--ignore-daemonsets --delete-emptydir-data --force';
const statusOf = async (node: string) =>
  (await session.run(`kubectl get node ${node} --no-headers`)).stdout.split(/\s+/)[1];

test('without the flags nothing leaves, and the node stays cordoned', async () => {
  const [node = ''] = nodes;
  const before = (await session.run('kubectl get pods -A -o name')).stdout;
  const result = await session.run(`kubectl drain ${node}`);
  expect(result.exitCode).toBe(1);
  expect(result.stdout).toBe(`node/${node} cordoned\n`);
  const lines = result.stderr.split('\n');
  expect(lines[0]).toMatch(
    new RegExp(
      `^error: unable to drain node "${node}" due to error: \\[cannot delete .*\\], continuing command\\.\\.\\.$`,
    ),
  );
  expect(lines.slice(1, 3)).toEqual(['There are pending nodes to be drained:', ` ${node}`]);
  expect(result.stderr).toMatch(
    /^cannot delete DaemonSet-managed Pods \(use --ignore-daemonsets to ignore\): kube-system\//m,
  );
  expect(result.stderr).toMatch(
    /^cannot delete Pods with local storage \(use --delete-emptydir-data to override\): kube-system\/coredns-/m,
  );
  expect(await statusOf(node)).toBe('Ready,SchedulingDisabled');
  expect((await session.run('kubectl get pods -A -o name')).stdout).toBe(before);
});

test('with them the pods go to the other node, and those of DaemonSets stay', async () => {
  const [node = ''] = nodes;
  const result = await session.run(`kubectl drain ${node} ${ALL}`);
  expect(result).toMatchObject({ exitCode: 0 });
  expect(result.stdout).toMatch(new RegExp(`^node/${node} cordoned\nevicting pod `));
  expect(result.stdout.endsWith(`evicted\nnode/${node} drained\n`)).toBe(true);
  expect(result.stderr).toMatch(/^Warning: .*ignoring DaemonSet-managed Pods: kube-system\//);
  const left = await session.run(
    `kubectl get pods -A --field-selector spec.nodeName=${node} -o jsonpath='{.items[*].metadata.ownerReferences[0].kind}'`,
  );
  expect(new Set(left.stdout.split(' '))).toEqual(new Set(['DaemonSet']));
  expect((await session.run('kubectl get deploy web --no-headers')).stdout).toMatch(/^web +4\/4 /);
});

test('the last ready pods of the system stay while their disruption budget says so', async () => {
  const [first = '', second = ''] = nodes;
  await session.run(`kubectl drain ${first} ${ALL}`);
  const before = session.cloud.now;
  const result = await session.run(`kubectl drain ${second} ${ALL} --timeout=10s`);
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toMatch(
    /^error when evicting pods\/"coredns-\S+" -n "kube-system" \(will retry after 5s\): Cannot evict pod as it would violate the pod's disruption budget\.$/m,
  );
  expect(result.stderr).toContain('global timeout reached: 10s');
  expect(session.cloud.now - before).toBeLessThanOrEqual(10);
  expect((await session.run('kubectl get deploy coredns -n kube-system --no-headers')).stdout).toMatch(
    /^coredns +1\/2 /,
  );
  await session.run(`kubectl uncordon ${first} ${second}`);
  expect((await session.run('kubectl get deploy coredns -n kube-system --no-headers')).stdout).toMatch(
    /^coredns +2\/2 /,
  );
});

test('deleting instead of evicting passes the budget by', async () => {
  const [first = '', second = ''] = nodes;
  await session.run(`kubectl drain ${first} ${ALL}`);
  const result = await session.run(`kubectl drain ${second} ${ALL} --disable-eviction`);
  expect(result).toMatchObject({ exitCode: 0 });
  expect(result.stdout).toMatch(/^pod\/coredns-\S+ deleted$/m);
});

test.each([
  ['drain', "error: USAGE: drain NODE [flags]\nSee 'kubectl drain -h' for help and examples\n"],
  ['cordon', "error: USAGE: cordon NODE [flags]\nSee 'kubectl cordon -h' for help and examples\n"],
  ['drain nope', 'Error from server (NotFound): nodes "nope" not found\n'],
  [
    'drain nope -l a=b',
    "error: cannot specify both a node name and a --selector option\nSee 'kubectl drain -h' for help and examples\n",
  ],
  [
    'drain nope --timeout=5',
    'error: invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"\n',
  ],
])('kubectl %s is refused', async (line, stderr) => {
  const before = session.cloud;
  expect(await session.run(`kubectl ${line}`)).toEqual({ stdout: '', stderr, exitCode: 1 });
  expect(session.cloud).toBe(before);
});

test('a dry run names what would go, and nothing goes', async () => {
  const [node = ''] = nodes;
  const before = session.cloud;
  const result = await session.run(`kubectl drain ${node} ${ALL} --dry-run=client`);
  expect(result.stdout).toMatch(
    new RegExp(`^node/${node} cordoned \\(dry run\\)\nevicting pod \\S+ \\(dry run\\)\n`),
  );
  expect(result.stdout.endsWith(`node/${node} drained (dry run)\n`)).toBe(true);
  expect(session.cloud).toBe(before);
});
