import { expect, test } from 'vitest';
import { createSession } from '../../../../src/shell/session.ts';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import { ask } from '../../../../src/model/compile/ask.ts';
import { unwrap } from '../../../../src/model/result.ts';

/** Two machines in a subnet whose security group has one rule. */
async function twoMachines(rule: string, protocol = 'Icmp'): Promise<ReturnType<typeof newCloud>> {
  const session = createSession({ cloud: newCloud({ seed: 'icmp' }) });
  const ran = await session.run(`set -e
az group create -n rg -l eastus -o none
az network vnet create -g rg -n v --address-prefixes 10.0.0.0/16 --subnet-name s --subnet-prefixes 10.0.0.0/24 -o none
az network nsg create -g rg -n n -o none
az network nsg rule create -g rg --nsg-name n -n ping --priority 100 --protocol '${protocol}' ${rule} -o none
az network vnet subnet update -g rg --vnet-name v -n s --nsg n -o none
for vm in a b; do
  az vm create -g rg -n $vm --image Ubuntu2204 --vnet-name v --subnet s --nsg "" --public-ip-address "" --generate-ssh-keys --only-show-errors -o none
done
`);
  expect(ran.stderr).toBe('');
  return session.cloud;
}

test.each([
  [
    'a deny rule for ICMP on every port drops a ping',
    "--access Deny --destination-port-ranges '*'",
    'denied-inbound',
  ],
  ['an allow rule for ICMP on every port lets it pass', "--destination-port-ranges '*'", 'delivered'],
  ['what a rule for ICMP with a port does is not known', '--access Deny', 'undetermined'],
])('%s', async (_name, rule, disposition) => {
  const cloud = await twoMachines(rule);
  const { trace } = unwrap(ask(cloud, { from: 'vm/a', to: 'vm/b', protocol: 'icmp' }));
  expect(trace.disposition).toBe(disposition);
  if (disposition !== 'delivered') expect(trace.reason).toMatch(/^ping \(priority 100\) of NSG n/);
  expect(unwrap(ask(cloud, { from: 'vm/a', to: 'vm/b', port: 22 })).trace.disposition).toBe('delivered');
});

test.each([
  ['every port, as list-effective-nsg prints it, is every protocol too', '--destination-port-ranges 0-65535'],
  ['and so on the side of the source', "--source-port-ranges 0-65535 --destination-port-ranges '*'"],
])('%s', async (_name, ports) => {
  const cloud = await twoMachines(`--access Deny --source-address-prefixes 10.0.0.0/16 ${ports}`, '*');
  const { trace } = unwrap(ask(cloud, { from: 'vm/a', to: 'vm/b', protocol: 'icmp' }));
  expect(trace.disposition).toBe('denied-inbound');
});

test.each([
  ['*', 53, 'denied-outbound'],
  ['53', 53, 'denied-outbound'],
  ['80', 53, 'delivered'],
  ['*', 80, 'delivered'],
  ['80', 80, 'delivered'],
])('a rule for AzurePlatformDNS with ports %s, asked about port %i', async (ports, port, disposition) => {
  const cloud = await twoMachines(
    `--direction Outbound --access Deny --destination-address-prefixes AzurePlatformDNS --destination-port-ranges '${ports}'`,
    'Tcp',
  );
  const { trace } = unwrap(ask(cloud, { from: 'vm/a', to: '168.63.129.16', port }));
  expect(trace.disposition).toBe(disposition);
});
