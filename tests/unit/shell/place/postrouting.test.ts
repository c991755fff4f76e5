/** An appliance that masquerades: `iptables -t nat` on a VM. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { runScenario } from '../../../../src/shell/scenario.ts';
import { createSession, type Session } from '../../../../src/shell/session.ts';

const HELP = "Try `iptables -h' or 'iptables --help' for more information.\n";
const BUILT = `#: seed postrouting
#: clock 2026-09-01T09:00:00Z frozen
#: internet-host internet 203.0.113.80 ports=80
az group create -n rg -l westeurope -o none
az network vnet create -g rg -n vnet --address-prefixes 10.0.0.0/16 --subnet-name app --subnet-prefixes 10.0.0.0/24 -o none
az network vnet subnet create -g rg --vnet-name vnet -n nva --address-prefixes 10.0.1.0/24 --default-outbound-access true -o none
for vm in app nva; do
  az vm create -g rg -n $vm --image Ubuntu2204 --vnet-name vnet --subnet $vm --public-ip-address "" --nsg "" --generate-ssh-keys --only-show-errors -o none
done
az network nic update -g rg -n nvaVMNic --ip-forwarding true -o none
az vm run-command invoke -g rg -n nva --command-id RunShellScript --scripts 'sysctl -w net.ipv4.ip_forward=1' -o none
az network route-table create -g rg -n rt -o none
az network route-table route create -g rg --route-table-name rt -n d --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.1.4 -o none
az network vnet subnet update -g rg --vnet-name vnet -n app --route-table rt -o none
`;

let cloud: Cloud;
let session: Session;

beforeAll(async () => {
  const built = await runScenario(BUILT);
  if (built.exitCode !== 0) throw new Error(built.stderr);
  cloud = built.session.cloud;
});

beforeEach(() => {
  session = createSession({ cloud });
});

/** What the run command says: output and errors of the script. */
async function onAppliance(script: string): Promise<string> {
  const line = `az vm run-command invoke -g rg -n nva --command-id RunShellScript --scripts "${script}" --query "value[0].message" -o tsv`;
  const { stdout } = await session.run(line);
  return stdout.replace('Enable succeeded: \n', '');
}

async function toTheInternet(): Promise<string> {
  const { stdout } = await session.run(
    'netpath --from vm/app --to internet -o json | jq -r \'[.disposition, .seenSource != null, ([.hops[].place] | index("vm/nva"))] | map(tostring) | join(",")\'',
  );
  return stdout.trim();
}

const LISTED = 'iptables -t nat -S POSTROUTING';

describe('iptables -t nat on a VM', () => {
  it('lets an appliance bring others to the internet, under its own address', async () => {
    expect(await toTheInternet()).toBe('no-outbound-path,false,2');
    await onAppliance('iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE');
    expect(await toTheInternet()).toBe('delivered,true,2');
    await onAppliance('iptables -t nat -F');
    expect(await toTheInternet()).toBe('no-outbound-path,false,2');
  });

  it.each([
    ['-A POSTROUTING -j MASQUERADE', '-A POSTROUTING -j MASQUERADE'],
    ['-A POSTROUTING -s 10.0.0.7/24 -j MASQUERADE', '-A POSTROUTING -s 10.0.0.0/24 -j MASQUERADE'],
    [
      '--append POSTROUTING --source 10.0.0.4 --out-interface eth0 -d 203.0.113.0/24 --jump MASQUERADE',
      '-A POSTROUTING -s 10.0.0.4/32 -d 203.0.113.0/24 -o eth0 -j MASQUERADE',
    ],
  ])('%s', async (written, listed) => {
    await onAppliance(`iptables -t nat ${written}`);
    expect(await onAppliance(LISTED)).toBe(`[stdout]\n-P POSTROUTING ACCEPT\n${listed}\n\n[stderr]\n\n`);
    expect(await toTheInternet()).toBe('delivered,true,2');
    await onAppliance(`iptables -t nat ${listed.replace('-A', '-D')}`);
    expect(session.cloud).toEqual((await cleared()).cloud);
  });

  it('goes by the rules that match', async () => {
    await onAppliance('iptables -t nat -A POSTROUTING -s 10.9.0.0/16 -j MASQUERADE');
    expect(await toTheInternet()).toBe('no-outbound-path,false,2');
    await onAppliance('iptables -t nat -I POSTROUTING -s 10.0.0.0/16 -j MASQUERADE');
    expect(await onAppliance(LISTED)).toContain(
      '-s 10.0.0.0/16 -j MASQUERADE\n-A POSTROUTING -s 10.9.0.0/16',
    );
    expect(await toTheInternet()).toBe('delivered,true,2');
  });

  it.each([
    ['-D POSTROUTING -j MASQUERADE', 'iptables: Bad rule (does a matching rule exist in that chain?).\n'],
    ['-D POSTROUTING 1', 'iptables: Index of deletion too big.\n'],
    ['-A POSTROUTINGX -j MASQUERADE', 'iptables: No chain/target/match by that name.\n'],
    [
      '-A POSTROUTING -s 10.0.0.0/40 -j MASQUERADE',
      `iptables v1.8.7 (nf_tables): invalid mask \`40' specified\n${HELP}`,
    ],
    ['-A POSTROUTING -j', `iptables v1.8.7 (nf_tables): option "-j" requires an argument\n${HELP}`],
    ['-A POSTROUTING -j SNAT', 'iptables: the target SNAT is not simulated in this workbook\n'],
    ['-A POSTROUTING -p tcp -j MASQUERADE', 'iptables: -p is not simulated in this workbook\n'],
    [
      '-A POSTROUTING ! -d 10.0.0.0/8 -j MASQUERADE',
      'iptables: a rule with "!" is not simulated in this workbook\n',
    ],
    [
      '-A POSTROUTING -o eth9 -j MASQUERADE',
      'iptables: a rule for an interface that is not there (eth9) is not simulated in this workbook\n',
    ],
    ['-A PREROUTING -j DNAT', 'iptables: changing the chain PREROUTING is not simulated in this workbook\n'],
    ['-N OURS', 'iptables: changing rules (-N) is not simulated in this workbook\n'],
  ])('%s is refused, and changes nothing', async (command, stderr) => {
    const before = session.cloud;
    // The words go through bash twice: `!` and quotes are plain in between.
    await session.writeFile('script.sh', `iptables -t nat ${command}\n`);
    const { stdout } = await session.run(
      'az vm run-command invoke -g rg -n nva --command-id RunShellScript --scripts @script.sh --query "value[0].message" -o tsv',
    );
    expect(stdout).toContain(`[stderr]\n${stderr}`);
    expect(session.cloud.resources).toEqual(before.resources);
  });
});

/** A session in which the chain was filled and emptied, as the test's own was. */
async function cleared(): Promise<Session> {
  const other = createSession({ cloud });
  await other.run(
    'az vm run-command invoke -g rg -n nva --command-id RunShellScript --scripts "iptables -t nat -F" -o none',
  );
  return other;
}
