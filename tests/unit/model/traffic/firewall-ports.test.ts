/** Load of pods whose way out is a firewall: its ports are for everyone behind it. */
import { expect, test } from 'vitest';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import { ask } from '../../../../src/model/compile/ask.ts';
import { compileUnloaded } from '../../../../src/model/compile/compile.ts';
import { trafficState } from '../../../../src/model/traffic/traffic-state.ts';
import { createSession } from '../../../../src/shell/session.ts';
import type { Session } from '../../../../src/shell/session.ts';

const CLUSTER = `set -e
az group create -n rg -l westeurope -o none
az network vnet create -g rg -n vnet --address-prefixes 10.42.0.0/16 --subnet-name nodes --subnet-prefix 10.42.1.0/24 -o none
az network vnet subnet create -g rg --vnet-name vnet -n AzureFirewallSubnet --address-prefix 10.42.2.0/24 -o none
az network public-ip create -g rg -n fw-ip -o none
az network firewall create -g rg -n fw -o none
az network firewall ip-config create -g rg -f fw -n config --public-ip-address fw-ip --vnet-name vnet -o none
az network firewall network-rule create -g rg -f fw --collection-name any -n any --priority 200 --action Allow --protocols Any --source-addresses '*' --destination-addresses '*' --destination-ports '*' -o none
az network route-table create -g rg -n rt -o none
az network route-table route create -g rg --route-table-name rt -n all --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address 10.42.2.4 -o none
az network vnet subnet update -g rg --vnet-name vnet -n nodes --route-table rt -o none
az aks create -g rg -n aks --node-count 2 --network-plugin azure --outbound-type userDefinedRouting --vnet-subnet-id $(az network vnet subnet show -g rg --vnet-name vnet -n nodes --query id -o tsv) --generate-ssh-keys -o none
az aks get-credentials -g rg -n aks
kubectl run client --image=nginx`;

async function run(session: Session, script: string): Promise<string> {
  const ran = await session.run(script);
  expect(ran.exitCode, ran.stderr).toBe(0);
  return ran.stdout;
}

async function cluster(): Promise<Session> {
  const outsideHosts = [
    { kind: 'internet', name: 'pay', address: '203.0.113.80', dnsNames: ['pay.example'], ports: [80] },
    { kind: 'internet', name: 'post', address: '203.0.113.81', dnsNames: ['post.example'], ports: [80] },
  ] as const;
  const session = createSession({ cloud: newCloud({ seed: 'firewall ports', outsideHosts }) });
  await run(session, CLUSTER);
  return session;
}

// 2,496 ports per address and instance, two instances: https://learn.microsoft.com/azure/firewall/integrate-with-nat-gateway
test('pods of all nodes use up the ports of a firewall, towards one destination', async () => {
  const session = await cluster();
  const load = (name: string): string =>
    `kubectl run ${name} --image=williamyeh/hey -- -disable-keepalive -c 50 -q 20 -z 10m http://pay.example`;
  await run(session, `${load('one')}; ${load('two')}; ${load('three')}`);
  await run(session, 'sleep 120');
  const { cloud } = session;
  const { inventories } = trafficState(cloud, compileUnloaded(cloud));
  expect(inventories.map(({ way, loads }) => [way.id, loads.length])).toEqual([['firewall/fw', 3]]);
  const asked = ask(cloud, { from: 'pod/client', to: 'http://pay.example' });
  expect(asked.ok && asked.value.trace.disposition).toBe('snat-exhausted');
  expect(asked.ok && asked.value.trace.reason).toMatch(
    /^firewall fw has 4,992 ports, and all 4,992 are taken/,
  );
  const other = ask(cloud, { from: 'pod/client', to: 'http://post.example' });
  expect(other.ok && other.value.trace.disposition).toBe('delivered');
  const curl = await session.run('kubectl exec client -- curl -sS -m 5 http://pay.example');
  expect([curl.exitCode, curl.stderr]).toEqual([28, expect.stringMatching(/timed out/)]);
});

test('a firewall that denies ends what is open, unlike a security group', async () => {
  const session = await cluster();
  await run(
    session,
    'kubectl run one --image=williamyeh/hey -- -c 50 -q 1 -z 60m http://pay.example; sleep 60',
  );
  const open = (): number => {
    const { cloud } = session;
    return trafficState(cloud, compileUnloaded(cloud))
      .inventories.flatMap(({ run: { loads } }) => loads)
      .reduce((sum, each) => sum + each.open, 0);
  };
  expect(open()).toBe(50);
  await run(
    session,
    'az network firewall network-rule create -g rg -f fw --collection-name no -n pay --priority 100 --action Deny --protocols TCP --source-addresses "*" --destination-addresses 203.0.113.80 --destination-ports 80 -o none',
  );
  expect(open()).toBe(0);
});
