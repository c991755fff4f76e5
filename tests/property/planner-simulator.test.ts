/** The simulator is built like the real thing, the planner by the documentation: it must be the safe side. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findResource } from '../../src/model/azure/resource-store.ts';
import { subnetAllocations } from '../../src/model/azure/subnet-addresses.ts';
import { newCloud } from '../../src/model/azure/subscription.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { planAddresses } from '../../src/planner/ip-plan.ts';
import { addressesPerUnit, IPAMS } from '../../src/planner/node-needs.ts';
import type { Ipam } from '../../src/planner/node-needs.ts';
import { createSession } from '../../src/shell/session.ts';

const PLUGIN: Readonly<Record<Ipam, string>> = {
  'node-subnet': '--network-plugin azure',
  'pod-subnet-dynamic': '--network-plugin azure --pod-subnet-id $PODS',
  'pod-subnet-static': '--network-plugin azure --pod-subnet-id $PODS --pod-ip-allocation-mode StaticBlock',
  overlay: '--network-plugin azure --network-plugin-mode overlay',
  kubenet: '--network-plugin kubenet --assign-identity $ID',
};

const SUBNET = 'az network vnet subnet';

function inUse(cloud: Cloud, name: 'nodes' | 'pods'): number {
  const vnet = findResource(cloud, 'Microsoft.Network/virtualNetworks', 'rg', 'v');
  const subnet = vnet?.subnets.find((each) => each.name === name);
  if (subnet === undefined) throw new Error(`no subnet ${name}`);
  return subnetAllocations(cloud, subnet.id).length;
}

test('the simulator never needs more addresses than the planner says, full of pods and while it upgrades', async () => {
  const asked = fc.record({
    ipam: fc.constantFrom(...IPAMS),
    nodes: fc.integer({ min: 1, max: 4 }),
    more: fc.integer({ min: 0, max: 2 }),
    maxPods: fc.integer({ min: 30, max: 60 }),
    surge: fc.integer({ min: 1, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(asked, async ({ ipam, nodes, more, maxPods, surge }) => {
      const { now } = planAddresses(ipam, {
        pools: more === 0 ? [nodes] : [nodes, more],
        surge: [{ kind: 'count', count: surge }],
        growth: [],
        maxPods: [maxPods],
        extraAddresses: 0,
        subnetLength: null,
        podSubnetLength: null,
        podCidrLength: null,
      });
      const session = createSession({
        cloud: newCloud({ seed: `${ipam} ${nodes} ${more} ${maxPods} ${surge}` }),
      });
      const peak = { nodes: 0, pods: 0 };
      const run = async (line: string): Promise<void> => {
        const { exitCode, stderr } = await session.run(line);
        if (exitCode !== 0) throw new Error(`${line}\n${stderr}`);
        peak.nodes = Math.max(peak.nodes, inUse(session.cloud, 'nodes'));
        peak.pods = Math.max(peak.pods, inUse(session.cloud, 'pods'));
      };
      const setUp = [
        'az group create -n rg -l eastus -o none',
        'az network vnet create -g rg -n v --address-prefixes 10.1.0.0/16 --subnet-name nodes --subnet-prefixes 10.1.0.0/20 -o none',
        `${SUBNET} create -g rg --vnet-name v -n pods --address-prefixes 10.1.128.0/17 -o none`,
        `NODES=$(${SUBNET} show -g rg --vnet-name v -n nodes --query id -o tsv)`,
        `PODS=$(${SUBNET} show -g rg --vnet-name v -n pods --query id -o tsv)`,
        'az identity create -g rg -n nodes-id -o none; ID=$(az identity show -g rg -n nodes-id --query id -o tsv)',
      ];
      for (const line of setUp) {
        const { exitCode, stderr } = await session.run(line);
        if (exitCode !== 0) throw new Error(`${line}\n${stderr}`);
      }
      await run(
        `az aks create -g rg -n c ${PLUGIN[ipam]} --vnet-subnet-id $NODES --node-count ${nodes} --max-pods ${maxPods} --service-cidr 10.9.0.0/16 --dns-service-ip 10.9.0.10 --kubernetes-version 1.34 --generate-ssh-keys --only-show-errors -o none`,
      );
      await run(`az aks nodepool update -g rg --cluster-name c -n nodepool1 --max-surge ${surge} -o none`);
      if (more > 0) {
        const pods = ipam.startsWith('pod-subnet') ? ' --pod-subnet-id $PODS' : '';
        const mode = ipam === 'pod-subnet-static' ? ' --pod-ip-allocation-mode StaticBlock' : '';
        await run(
          `az aks nodepool add -g rg --cluster-name c -n second --node-count ${more} --max-pods ${maxPods} --max-surge ${surge} --vnet-subnet-id $NODES${pods}${mode} -o none`,
        );
      }
      await run('az aks get-credentials -g rg -n c --only-show-errors');
      await run(`kubectl create deployment full --image=nginx --replicas=${(nodes + more) * maxPods}`);
      await run('az aks upgrade -g rg -n c --kubernetes-version 1.35 -y --no-wait -o none');
      for (let minutes = 0; minutes < 60; minutes += 2) await run('sleep 120');
      for (const { range, needed, unit } of now.ranges) {
        if (range === 'pod-cidr') continue;
        const most = range === 'node-subnet' ? peak.nodes : peak.pods;
        expect(most, `${range} of ${ipam}`).toBeLessThanOrEqual(needed * addressesPerUnit(unit));
        expect(most, `${range} of ${ipam} holds nothing`).toBeGreaterThan(0);
      }
      if (ipam === 'overlay' || ipam === 'kubenet') {
        // Every surge node was there at some moment, or the upgrade was not watched at all.
        expect(peak.nodes).toBe(now.ranges[0]?.needed);
      }
    }),
    { numRuns: 12 },
  );
}, 120_000);
