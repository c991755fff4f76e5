/**
 * What `bench.ts` runs in a process of its own, so that its memory is nobody else's: builds an Overlay
 * cluster as large as they get, as a learner would, and prints `{"milliseconds", "bytes"}`: how long that
 * and compiling it took, and how large the process ever was.
 */
import { newCloud } from '../src/model/azure/subscription.ts';
import type { Cloud } from '../src/model/cloud.ts';
import { compile } from '../src/model/compile/compile.ts';
import { createSession } from '../src/shell/session.ts';

/** The most nodes that a cluster and one of its pools can have. */
const NODES = 5_000;
const NODES_PER_POOL = 1_000;
const DEPLOYMENTS = ['web', 'api'];
const PODS_PER_DEPLOYMENT = 100_000;

// Commands are loaded when they are first used; that is not what is measured.
await build(20, 10, 100);
const start = performance.now();
const cloud = await build(NODES, NODES_PER_POOL, PODS_PER_DEPLOYMENT);
compile(cloud);
const milliseconds = performance.now() - start;
check(cloud);
console.log(JSON.stringify({ milliseconds, bytes: process.resourceUsage().maxRSS * 1024 }));

async function build(nodes: number, nodesPerPool: number, podsPerDeployment: number): Promise<Cloud> {
  const session = createSession({ cloud: newCloud({ seed: 'bench' }) });
  const pool = `--node-count ${nodesPerPool} --max-pods 250 --output none`;
  const lines = [
    'az group create --name bench --location westeurope --output none',
    `az aks create --resource-group bench --name bench --network-plugin azure --network-plugin-mode overlay --pod-cidr 10.128.0.0/10 --service-cidr 172.16.0.0/16 --dns-service-ip 172.16.0.10 --generate-ssh-keys --only-show-errors ${pool}`,
    ...Array.from(
      { length: nodes / nodesPerPool - 1 },
      (_, at) =>
        `az aks nodepool add --resource-group bench --cluster-name bench --name more${at + 1} ${pool}`,
    ),
    'az aks get-credentials --resource-group bench --name bench --only-show-errors',
    ...DEPLOYMENTS.map(
      (name) => `kubectl create deployment ${name} --image=nginx --replicas=${podsPerDeployment}`,
    ),
  ];
  for (const line of lines) {
    const { exitCode, stderr } = await session.run(line);
    if (exitCode !== 0) throw new Error(`${line}\n${stderr}`);
  }
  return session.cloud;
}

/** A cluster on which something went wrong would be a fast one. */
function check({ kubernetes }: Cloud): void {
  const [state] = Object.values(kubernetes);
  const nodes = Object.keys(state?.nodes ?? {}).length;
  if (nodes !== NODES) throw new Error(`${nodes} nodes`);
  for (const name of DEPLOYMENTS) {
    const ready = state?.deployments[`default/${name}`]?.status.readyReplicas;
    if (ready !== PODS_PER_DEPLOYMENT) throw new Error(`${ready ?? 0} pods of ${name} are ready`);
  }
}
