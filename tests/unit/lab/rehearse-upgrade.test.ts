import { beforeAll, describe, expect, test } from 'vitest';
import { isMissing, nodesOf, viewCluster } from '../../../src/lab/cluster-view.ts';
import type { ClusterView } from '../../../src/lab/cluster-view.ts';
import { rehearseUpgrade } from '../../../src/lab/rehearse-upgrade.ts';
import type { Cloud } from '../../../src/model/cloud.ts';
import { runScenario } from '../../../src/shell/scenario.ts';

/** A Node Subnet cluster of two nodes in a subnet, after these commands. */
async function built(range: string, more = ''): Promise<Cloud> {
  const { session, stderr, exitCode } = await runScenario(`
az group create -n rg -l westeurope -o none
ID=$(az network vnet create -g rg -n v --address-prefixes 10.9.0.0/16 --subnet-name s --subnet-prefixes ${range} --query newVNet.subnets[0].id -o tsv)
az aks create -g rg -n aks --node-count 2 --network-plugin azure --vnet-subnet-id $ID --generate-ssh-keys -o none
${more}`);
  expect(exitCode, stderr).toBe(0);
  return session.cloud;
}

function viewed(cloud: Cloud): ClusterView {
  const view = viewCluster(cloud, 'rg', 'aks');
  if (isMissing(view)) throw new Error(view.missing);
  return view;
}

const rehearsed = (cloud: Cloud) => rehearseUpgrade(cloud, viewed(cloud).cluster.id);

describe('an upgrade on a copy', () => {
  let roomy: Cloud;
  beforeAll(async () => {
    roomy = await built('10.9.0.0/24');
  });

  test('reaches the newest version on offer, and leaves the cloud it was asked about as it is', () => {
    const before = JSON.stringify(roomy);
    const { cloud, failure } = rehearsed(roomy);
    expect(failure).toBeNull();
    expect(viewed(cloud).cluster.currentKubernetesVersion).not.toBe(
      viewed(roomy).cluster.currentKubernetesVersion,
    );
    expect(cloud.operations).toEqual([]);
    expect(JSON.stringify(roomy)).toBe(before);
  });

  test('is the next node image where no newer version is on offer', () => {
    const newest = rehearsed(roomy).cloud;
    const { cloud, failure } = rehearsed(newest);
    expect(failure).toBeNull();
    const image = (each: Cloud) => viewed(each).cluster.agentPoolProfiles[0]?.nodeImageVersion;
    expect(image(cloud)).not.toBe(image(newest));
  });

  test.each([
    ['AKS refuses what the cluster alone has no room for', '10.9.0.0/26', '', /^InsufficientSubnetSize: /],
    [
      'the scale set finds neighbours in the way',
      '10.9.0.0/25',
      `for N in $(seq 37); do az network nic create -g rg -n nic-$N --subnet $ID -o none; done`,
      /^SubnetIsFull: /,
    ],
  ])('%s', async (_, range, more, failure) => {
    const cloud = await built(range, more);
    expect(rehearsed(cloud).failure).toMatch(failure);
  });
});

test('nodes without a pod range come in the order of their addresses', async () => {
  const nodes = nodesOf(viewed(await built('10.9.0.0/24')));
  expect(nodes.map(({ address, podRange }) => [address, podRange])).toEqual([
    ['10.9.0.4', null],
    ['10.9.0.33', null],
  ]);
});
