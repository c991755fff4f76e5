import { expect, test } from 'vitest';
import { importCloud } from '../../../../src/planner/import/import-cloud.ts';
import { traceFlow } from '../../../../src/planner/packet-tracer.ts';
import { runScenario } from '../../../../src/shell/scenario.ts';
import { printedCloud } from '../../../support/printed-cloud.ts';

const SITE = `#: seed gateways
#: on-premises-host erp 192.168.1.10 prefix=192.168.0.0/16 device=198.51.100.9
az group create -n rg -l westeurope -o none
az network vnet create -g rg -n hub --address-prefixes 10.0.0.0/16 --subnet-name GatewaySubnet --subnet-prefixes 10.0.255.0/27 -o none
az network vnet subnet create -g rg --vnet-name hub -n apps --address-prefixes 10.0.1.0/24 -o none
az network public-ip create -g rg -n pip --zone 1 2 3 -o none
az network vnet-gateway create -g rg -n gw --vnet hub --public-ip-addresses pip --gateway-type Vpn --sku VpnGw1AZ -o none
az network local-gateway create -g rg -n site --gateway-ip-address 198.51.100.9 --local-address-prefixes 192.168.0.0/16 -o none
az network vpn-connection create -g rg -n to-site --vnet-gateway1 gw --local-gateway2 site --shared-key secret -o none
az vm create -g rg -n app --image Ubuntu2204 --vnet-name hub --subnet apps --public-ip-address "" --nsg "" --generate-ssh-keys -o none
`;

test('a site behind a VPN connection has a host to ask, and no shared key', async () => {
  const { session } = await runScenario(SITE);
  const read = importCloud(await printedCloud(session.cloud));
  if (!read.ok) throw new Error(read.error[0]?.message);
  const imported = read.value;
  expect(imported.leftOut.filter(({ weight }) => weight !== 'no-packets')).toEqual([]);
  const asked = (from: string, to: string) => {
    const traced = traceFlow(imported, { from, to, port: 443 });
    if (!traced.ok) throw new Error(traced.error.message);
    return traced.value;
  };
  expect(asked('vm/app', 'host/site').disposition).toBe('delivered');
  expect(asked('host/site', 'vm/app').disposition).toBe('delivered');
  expect(asked('vm/app', '192.168.1.77').remarks.join(' ')).toContain('host/site stands for all of them');
  expect(JSON.stringify(imported.cloud)).not.toContain('secret');
});
