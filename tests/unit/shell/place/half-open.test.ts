/** What programs learn of a connection whose answer comes round a firewall that saw its first packet. */
import { beforeAll, expect, test } from 'vitest';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import { createSession } from '../../../../src/shell/session.ts';
import type { Session } from '../../../../src/shell/session.ts';

let session: Session;

/** near -> far goes through the firewall by a route, and far answers over the peering. */
beforeAll(async () => {
  session = createSession({ cloud: newCloud({ seed: 'half-open' }) });
  const built = await session.run(`
set -e
az group create -n rg -l westeurope -o none
az network vnet create -g rg -n hub --address-prefixes 10.0.0.0/16 -o none
az network vnet subnet create -g rg --vnet-name hub -n AzureFirewallSubnet --address-prefixes 10.0.1.0/26 -o none
az network vnet subnet create -g rg --vnet-name hub -n near --address-prefixes 10.0.2.0/24 -o none
az network vnet create -g rg -n spoke --address-prefixes 10.1.0.0/16 --subnet-name far --subnet-prefixes 10.1.0.0/24 -o none
az network vnet peering create -g rg --vnet-name hub -n out --remote-vnet spoke --allow-vnet-access --allow-forwarded-traffic -o none
az network vnet peering create -g rg --vnet-name spoke -n back --remote-vnet hub --allow-vnet-access --allow-forwarded-traffic -o none
for place in near:hub far:spoke; do
  az vm create -g rg -n \${place%:*} --image Ubuntu2204 --vnet-name \${place#*:} --subnet \${place%:*} --public-ip-address "" --nsg "" --generate-ssh-keys --only-show-errors -o none
done
az vm run-command invoke -g rg -n far --command-id RunShellScript --scripts 'apt-get install -y nginx' -o none
az network public-ip create -g rg -n pip --sku Standard -o none
az network firewall create -g rg -n fw -o none
az network firewall ip-config create -g rg -f fw -n main --public-ip-address pip --vnet-name hub -o none
az network firewall network-rule create -g rg -f fw --collection-name all -n all --action Allow --priority 100 --source-addresses '*' --protocols Any --destination-addresses '*' --destination-ports '*' -o none
az network route-table create -g rg -n rt -o none
az network route-table route create -g rg --route-table-name rt -n spoke --address-prefix 10.1.0.0/16 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.1.4 -o none
az network vnet subnet update -g rg --vnet-name hub -n near --route-table rt -o none
`);
  expect(built.stderr.replaceAll(/WARNING.*\n/g, '')).toBe('');
});

async function inVm(name: string, line: string): Promise<string> {
  const ran = await session.run(
    `az vm run-command invoke -g rg -n ${name} --command-id RunShellScript --scripts '${line}; echo "exit $?"' --query 'value[0].message' -o tsv`,
  );
  return ran.stdout;
}

// The SYN-ACK completes connect(); what follows is lost.
test.each<[string, RegExp, number]>([
  ['nc -zv -w 3 10.1.0.4 80', /80 port \[tcp\/http\] succeeded!/, 0],
  [
    'curl -sS -m 5 http://10.1.0.4',
    /\(28\) Operation timed out after 5001 milliseconds with 0 bytes received/,
    28,
  ],
  ['curl -sS --connect-timeout 5 http://10.1.0.4', /\(56\) Recv failure: Connection timed out/, 56],
  ['curl -sSk -m 5 https://10.1.0.4:80', /\(28\) Operation timed out after 5001 milliseconds/, 28],
  ['curl -sv -m 5 http://10.1.0.4', /\* Connected to 10\.1\.0\.4/, 28],
  [
    'wget -T 5 -O- http://10.1.0.4',
    /awaiting response\.\.\. Read error \(Connection timed out\) in headers/,
    4,
  ],
])('%s connects, and hears nothing', async (line, said, exitCode) => {
  const out = await inVm('near', line);
  expect(out).toMatch(said);
  expect(out).toContain(`exit ${exitCode}`);
});

test('the other way the answer itself is lost, so nothing connects', async () => {
  const out = await inVm('far', 'nc -zv -w 3 10.0.2.4 22');
  expect(out).toContain('timed out: Operation now in progress');
});

test('why a firewall drops a reply says whether it saw the first packet', async () => {
  const reply = async (to: string): Promise<string> =>
    (await session.run(`netpath --from ${to} -o json | jq -r .reason`)).stdout;
  expect(await reply('vm/far --to vm/near --port 22')).toContain(
    'because the first packet did not pass firewall fw and left no session there',
  );
  // The firewall sends the client on to a public address of far, whose answer comes back with its private one.
  const made = await session.run(`
set -e
az network public-ip create -g rg -n pip-far --sku Standard -o none
az network nsg create -g rg -n nsg -o none
az network nsg rule create -g rg --nsg-name nsg -n in --priority 100 --destination-port-ranges 80 --source-address-prefixes Internet -o none
az network nic update -g rg -n farVMNic --network-security-group nsg -o none
az network nic ip-config update -g rg --nic-name farVMNic -n ipconfigfar --public-ip-address pip-far -o none
az network route-table create -g rg -n rt-far -o none
az network route-table route create -g rg --route-table-name rt-far -n all --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.1.4 -o none
az network vnet subnet update -g rg --vnet-name spoke -n far --route-table rt-far -o none
IN=$(az network public-ip show -g rg -n pip --query ipAddress -o tsv)
az network firewall nat-rule create -g rg -f fw --collection-name in -n web --action Dnat --priority 100 --protocols TCP --source-addresses '*' --destination-addresses $IN --destination-ports 80 --translated-port 80 --translated-address $(az network public-ip show -g rg -n pip-far --query ipAddress -o tsv) -o none
`);
  expect(made.stderr.replaceAll(/WARNING.*\n/g, '')).toBe('');
  expect(await reply('internet --to $IN --port 80')).toContain(
    'drops the reply, because no session there waits for an answer from 10.1.0.4:80',
  );
});
