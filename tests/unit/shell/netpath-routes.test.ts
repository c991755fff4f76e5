import { expect, test } from 'vitest';
import { runScenario } from '../../../src/shell/scenario.ts';

const NETWORK = `#: seed netpath-routes
az group create -n rg -l westeurope -o none
az network vnet create -g rg -n v --address-prefixes 10.0.0.0/16 --subnet-name a --subnet-prefixes 10.0.0.0/24 -o none
az network vnet subnet create -g rg --vnet-name v -n b --address-prefixes 10.0.1.0/24 -o none
for subnet in a b; do
  az vm create -g rg -n vm-$subnet --image Ubuntu2204 --vnet-name v --subnet $subnet --nsg "" --public-ip-address pip-$subnet --public-ip-sku Standard --generate-ssh-keys -o none --only-show-errors
  az vm run-command invoke -g rg -n vm-$subnet --command-id RunShellScript --scripts 'nohup python3 -m http.server 80 &' -o none
done
az network route-table create -g rg -n rt -o none
az network route-table route create -g rg --route-table-name rt -n r --address-prefix 10.0.1.0/24 --next-hop-type Internet -o none
`;

test('a route to the internet for a range of the VNet itself leads nowhere', async () => {
  const { session } = await runScenario(NETWORK);
  const ask = async (): Promise<string> =>
    (await session.run('netpath --from vm/vm-a --to vm/vm-b --port 80 | sed -n 2p')).stdout;
  expect(await ask()).toContain('delivered');
  await session.run('az network vnet subnet update -g rg --vnet-name v -n a --route-table rt -o none');
  expect(await ask()).toContain(
    'dropped-by-route: route r of route table rt: 10.0.1.0/24 (Internet) (no private address is on the internet)',
  );
});
