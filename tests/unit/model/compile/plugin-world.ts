/**
 * One world in which only the network plugin differs, built by commands: a cluster of two nodes in a VNet
 * of the learner's, a VM beside it and one in a peered VNet, a data centre, the internet. Pods `client` and
 * `neighbour` share node 0, `far` runs on node 1.
 */
import { createSession } from '../../../../src/shell/session.ts';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { ask } from '../../../../src/model/compile/ask.ts';
import type { Question } from '../../../../src/model/compile/ask.ts';
import { formatAddress } from '../../../../src/model/ip/address.ts';
import { unwrap } from '../../../../src/model/result.ts';
import type { Trace } from '../../../../src/model/trace/trace.ts';

export const PLUGINS = {
  kubenet: '--network-plugin kubenet',
  'node-subnet': '--network-plugin azure',
  'node-subnet-cilium': '--network-plugin azure --network-dataplane cilium',
  'pod-subnet': '--network-plugin azure --pod-subnet-id $PODS',
  'pod-subnet-static':
    '--network-plugin azure --pod-subnet-id $PODS --pod-ip-allocation-mode StaticBlock --max-pods 31',
  'pod-subnet-cilium': '--network-plugin azure --pod-subnet-id $PODS --network-dataplane cilium',
  overlay: '--network-plugin azure --network-plugin-mode overlay',
  'overlay-cilium': '--network-plugin azure --network-plugin-mode overlay --network-dataplane cilium',
  none: '--network-plugin none',
} as const;

export type Plugin = keyof typeof PLUGINS;

export const GROUP = 'rg';
export const CIDRS = { nodes: '10.20.0.0/23', pods: '10.20.4.0/22', overlay: '10.244.0.0/16' };

const worlds = new Map<Plugin, Promise<Cloud>>();

/** Returns the world of a plugin, built once. */
export function pluginWorld(plugin: Plugin): Promise<Cloud> {
  let world = worlds.get(plugin);
  if (world === undefined) worlds.set(plugin, (world = build(plugin)));
  return world;
}

/** Returns the cloud after commands, all of which must succeed. */
export async function after(cloud: Cloud, script: string): Promise<Cloud> {
  const session = createSession({ cloud });
  const credentials = 'az aks get-credentials -g rg -n aks --only-show-errors';
  const ran = await session.run(`set -e\n${credentials}\n${script}\n`);
  if (ran.exitCode !== 0) throw new Error(`exit ${ran.exitCode}: ${ran.stderr}`);
  return session.cloud;
}

function build(plugin: Plugin): Promise<Cloud> {
  const empty = newCloud({
    seed: 'plugins',
    outsideHosts: [
      { kind: 'internet', name: 'internet', address: '203.0.113.80', dnsNames: [], ports: [80] },
      {
        kind: 'on-premises',
        name: 'office',
        address: '10.1.2.3',
        prefix: '10.1.0.0/16',
        virtualNetwork: 'vnet',
        ports: [80],
      },
    ],
  });
  const session = createSession({ cloud: empty });
  const range = plugin === 'kubenet' || plugin.startsWith('overlay') ? `--pod-cidr ${CIDRS.overlay}` : '';
  return run(
    session,
    `set -e
az group create -n rg -l westeurope -o none
az network vnet create -g rg -n vnet --address-prefixes 10.20.0.0/16 -o none
az network vnet subnet create -g rg --vnet-name vnet -n nodes --address-prefixes ${CIDRS.nodes} -o none
az network vnet subnet create -g rg --vnet-name vnet -n pods --address-prefixes ${CIDRS.pods} -o none
az network vnet subnet create -g rg --vnet-name vnet -n tools --address-prefixes 10.20.8.0/24 --default-outbound-access true -o none
az network vnet create -g rg -n data --address-prefixes 10.30.0.0/16 -o none
az network vnet subnet create -g rg --vnet-name data -n data --address-prefixes 10.30.0.0/24 --default-outbound-access true -o none
az network vnet peering create -g rg --vnet-name vnet -n to-data --remote-vnet data --allow-vnet-access -o none
az network vnet peering create -g rg --vnet-name data -n to-vnet --remote-vnet vnet --allow-vnet-access -o none
az identity create -g rg -n id-aks -o none
ID=$(az identity show -g rg -n id-aks --query id -o tsv)
NODES=$(az network vnet subnet show -g rg --vnet-name vnet -n nodes --query id -o tsv)
PODS=$(az network vnet subnet show -g rg --vnet-name vnet -n pods --query id -o tsv)
az aks create -g rg -n aks --node-count 2 ${PLUGINS[plugin]} ${range} --vnet-subnet-id $NODES --assign-identity $ID --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 --generate-ssh-keys --only-show-errors -o none
az aks get-credentials -g rg -n aks --only-show-errors
${plugin === 'none' ? '' : PODS}
for vm in "vm-tools vnet tools" "vm-data data data"; do
  set -- $vm
  az vm create -g rg -n $1 --image Ubuntu2204 --vnet-name $2 --subnet $3 --public-ip-address "" --nsg "" --generate-ssh-keys --only-show-errors -o none
  az vm run-command invoke -g rg -n $1 --command-id RunShellScript --scripts 'apt-get install -y nginx' -o none
done
`,
  );
}

const PODS = `for pod in "client 0" "neighbour 0" "far 1"; do
  set -- $pod
  node=$(kubectl get nodes -o jsonpath="{.items[$2].metadata.name}")
  kubectl apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata: { name: $1, labels: { app: $1 } }
spec:
  nodeSelector: { kubernetes.io/hostname: $node }
  containers: [{ name: web, image: nginx }]
YAML
done`;

async function run(session: ReturnType<typeof createSession>, script: string): Promise<Cloud> {
  const ran = await session.run(script);
  if (ran.exitCode !== 0) throw new Error(`exit ${ran.exitCode}: ${ran.stderr}`);
  return session.cloud;
}

/** Returns the names of the nodes, in the order of their numbers. */
export function nodeNames(cloud: Cloud): readonly string[] {
  return Object.values(cloud.kubernetes).flatMap((state) => Object.keys(state.nodes));
}

export function nodeAddress(cloud: Cloud, at: number): string {
  const [state] = Object.values(cloud.kubernetes);
  const node = state?.nodes[nodeNames(cloud)[at] ?? ''];
  return node?.status.addresses.find((each) => each.type === 'InternalIP')?.address ?? 'no node';
}

export function podAddress(cloud: Cloud, name: string): string {
  const [state] = Object.values(cloud.kubernetes);
  return state?.pods[`default/${name}`]?.status.podIP ?? 'no pod';
}

/** Returns the trace of a question, in which `node0` and `node1` may stand for the nodes' names. */
export function traced(cloud: Cloud, from: string, to: string, more: Partial<Question> = {}): Trace {
  const named = (end: string): string => {
    const at = /^node([01])$/.exec(end)?.[1];
    return at === undefined ? end : `node/${nodeNames(cloud)[Number(at)] ?? ''}`;
  };
  return unwrap(ask(cloud, { from: named(from), to: named(to), ...more })).trace;
}

export function seenSource(trace: Trace): string | null {
  return trace.seenSource === null ? null : formatAddress(trace.seenSource.address);
}

/** Returns who decided anything on the way there, in order. */
export function deciders(trace: Trace): readonly string[] {
  return trace.hops.flatMap((hop) => hop.steps.map((step) => step.by));
}
