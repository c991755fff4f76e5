/** A simulated cloud as a user would paste it: what `az` and `kubectl` print of it. */
import { createSession } from '../../src/shell/session.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { listResources } from '../../src/model/azure/resource-store.ts';
import type { ManagedCluster } from '../../src/model/aks/managed-cluster.ts';

/** Commands of a subscription, each printing a list. */
const LISTS = [
  'az network vnet list',
  'az network route-table list',
  'az network nsg list',
  'az network asg list',
  'az network nic list',
  'az network public-ip list',
  'az network public-ip prefix list',
  'az network nat gateway list',
  'az network lb list',
  'az network private-link-service list',
  'az network private-endpoint list',
  'az vm list -d',
  'az vmss list',
  'az aks list',
];

/** Those that need a group or a parent, or came later; printed where there is something to print. */
const LATER: Readonly<Record<string, readonly string[]>> = {
  'Microsoft.Network/azureFirewalls': ['az network firewall list'],
  'Microsoft.Network/ipGroups': ['az network ip-group list'],
};

export async function printedCloud(cloud: Cloud): Promise<readonly string[]> {
  const session = createSession({ cloud });
  const texts: string[] = [];
  const print = async (line: string): Promise<void> => {
    const { stdout, stderr, exitCode } = await session.run(`${line} -o json`);
    if (exitCode !== 0) throw new Error(`${line}: ${stderr}`);
    texts.push(stdout);
  };
  for (const subscription of cloud.subscriptions) {
    await session.run(`az account set -s ${subscription.id}`);
    const own = Object.values(cloud.resources).filter((each) => each.id.includes(subscription.id));
    if (own.length === 0) continue;
    for (const line of LISTS) await print(line);
    const types = new Set(own.map((each) => each.type as string));
    for (const [type, lines] of Object.entries(LATER))
      if (types.has(type)) for (const line of lines) await print(line);
    for (const each of own) {
      if (each.type === 'Microsoft.Compute/virtualMachineScaleSets') {
        await print(`az vmss nic list -g ${each.resourceGroup} --vmss-name ${each.name}`);
      }
      if (each.type === 'Microsoft.Network/firewallPolicies') {
        await print(`az network firewall policy show -g ${each.resourceGroup} -n ${each.name}`);
        await print(
          `az network firewall policy rule-collection-group list -g ${each.resourceGroup} --policy-name ${each.name}`,
        );
      }
    }
    for (const group of new Set(
      own.flatMap((each) => ('resourceGroup' in each ? [each.resourceGroup] : [])),
    )) {
      if (types.has('Microsoft.Network/virtualNetworkGateways'))
        await print(`az network vnet-gateway list -g ${group}`);
      if (types.has('Microsoft.Network/localNetworkGateways'))
        await print(`az network local-gateway list -g ${group}`);
      if (types.has('Microsoft.Network/connections'))
        await print(`az network vpn-connection list -g ${group}`);
    }
    for (const cluster of own.filter(
      (each): each is ManagedCluster => each.type === 'Microsoft.ContainerService/ManagedClusters',
    )) {
      await session.run(
        `az aks get-credentials -g ${cluster.resourceGroup} -n ${cluster.name} --overwrite-existing`,
      );
      await print('kubectl get nodes,pods,services,endpointslices,networkpolicies,namespaces,configmaps -A');
      await print('kubectl get nnc -A').catch(() => undefined);
    }
  }
  return texts;
}

/** What no command prints, taken over from the original: programs of machines, settings in their systems. */
export function withSimulation(imported: Cloud, original: Cloud): Cloud {
  const resources = { ...imported.resources };
  for (const machine of listResources(original, 'Microsoft.Compute/virtualMachines')) {
    const key = machine.id.toLowerCase();
    const own = resources[key];
    if (own?.type === 'Microsoft.Compute/virtualMachines')
      resources[key] = { ...own, simulation: machine.simulation };
  }
  const kubernetes = Object.fromEntries(
    Object.entries(imported.kubernetes).map(([key, state]) => [
      key,
      {
        ...state,
        nodes: Object.fromEntries(
          Object.entries(state.nodes).map(([name, node]) => {
            const ipForward = original.kubernetes[key]?.nodes[name]?.simulation?.ipForward ?? 'on';
            const simulation = node.simulation ?? { ipForward, neighbours: [] };
            return [name, { ...node, simulation: { ...simulation, ipForward } }];
          }),
        ),
        pods: Object.fromEntries(
          Object.entries(state.pods).map(([name, { simulation: _assumed, ...pod }]) => [name, pod]),
        ),
      },
    ]),
  );
  return { ...imported, resources, kubernetes };
}
