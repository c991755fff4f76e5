import { expect, test } from 'vitest';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import { createSession } from '../../../../src/shell/session.ts';
import { networkView } from '../../../../src/ui/lab/network-view.ts';

const WORLD = `
set -eu
az group create -n rg -l westeurope -o none
az network vnet create -g rg -n vnet --address-prefixes 10.0.0.0/16 -o none
az network vnet subnet create -g rg --vnet-name vnet -n a --address-prefixes 10.0.0.0/24 --default-outbound-access true -o none
az network vnet subnet create -g rg --vnet-name vnet -n b --address-prefixes 10.0.1.0/24 --default-outbound-access false -o none
az network public-ip create -g rg -n pip --sku Standard -o none
az network public-ip create -g rg -n pip-nat --sku Standard -o none
az network public-ip prefix create -g rg -n prefix-nat --length 31 -o none
az network nsg create -g rg -n card -o none
az network nsg rule create -g rg --nsg-name card -n Ssh --priority 200 --access Allow --protocol Tcp --destination-port-ranges 22 -o none
az network nsg rule create -g rg --nsg-name card -n Rest --priority 300 --access Deny --protocol '*' --destination-port-ranges '*' -o none
az vm create -g rg -n one --image Ubuntu2204 --vnet-name vnet --subnet a --public-ip-address pip --nsg card --generate-ssh-keys -o none
az vm create -g rg -n two --image Ubuntu2204 --vnet-name vnet --subnet b --public-ip-address "" --nsg "" --generate-ssh-keys -o none
az network nat gateway create -g rg -n nat --public-ip-addresses pip-nat --public-ip-prefixes prefix-nat -o none
az network nat gateway create -g rg -n empty -o none
az network vnet subnet update -g rg --vnet-name vnet -n b --nat-gateway nat -o none
`;

async function seen(more: string) {
  const session = createSession({ cloud: newCloud({ seed: 'ways out' }) });
  const { exitCode, stderr } = await session.runScript('world.sh', `${WORLD}\n${more}`);
  expect(exitCode, stderr).toBe(0);
  return { view: networkView(session.cloud), session };
}

test('a subnet shows its NAT gateway with what it lends, and whether it is private', async () => {
  const { view, session } = await seen(
    'az network vnet subnet update -g rg --vnet-name vnet -n a --nat-gateway empty -o none',
  );
  const [a, b] = view.networks[0]?.subnets ?? [];
  const ask = async (line: string): Promise<string> => (await session.run(line)).stdout.trim();
  expect(a?.natGateway).toEqual({ name: 'empty', lends: [] });
  expect(a?.isPrivate).toBe(false);
  expect(b?.natGateway?.name).toBe('nat');
  expect(b?.natGateway?.lends.map(({ text }) => text)).toEqual([
    await ask('az network public-ip show -g rg -n pip-nat --query ipAddress -o tsv'),
    await ask('az network public-ip prefix show -g rg -n prefix-nat --query ipPrefix -o tsv'),
  ]);
  expect(b?.isPrivate).toBe(true);
});

test('a machine shows what is on its card', async () => {
  const { view, session } = await seen('true');
  const [one, two] = (view.networks[0]?.subnets ?? []).flatMap(({ machines }) => machines);
  const { stdout } = await session.run('az network public-ip show -g rg -n pip --query ipAddress -o tsv');
  expect(one?.publicAddress?.text).toBe(stdout.trim());
  expect(one?.securityGroup).toEqual({
    name: 'card',
    rules: ['Inbound 200 Allow Ssh', 'Inbound 300 Deny Rest'],
  });
  expect(two?.publicAddress).toBeNull();
  expect(two?.securityGroup).toBeNull();
});

test('a cluster shows how it leaves, and every address that it may show', async () => {
  const { view } = await seen(
    'az aks create -g rg -n aks --node-count 1 --load-balancer-managed-outbound-ip-count 2 --generate-ssh-keys -o none',
  );
  const [cluster] = view.clusters;
  expect(cluster?.outboundType).toBe('loadBalancer');
  expect(cluster?.publicAddresses).toHaveLength(2);
  expect(cluster?.publicAddresses.every(({ text }) => /^\d+\.\d+\.\d+\.\d+$/.test(text))).toBe(true);
});
