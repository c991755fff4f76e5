import { describe, expect, test } from 'vitest';
import { runScenario } from '../../../../src/shell/scenario.ts';
import type { Session } from '../../../../src/shell/session.ts';

const SITE =
  '#: on-premises-host office 10.1.0.10 prefix=10.1.0.0/16 device=203.0.113.77 key=right announces=0.0.0.0/0';
const NETWORK = `${SITE}
az group create -n rg -l westeurope
az network vnet create -g rg -n hub --address-prefixes 10.0.0.0/16 --subnet-name GatewaySubnet --subnet-prefixes 10.0.255.0/27
az network vnet create -g rg -n bare --address-prefixes 10.5.0.0/16
az network public-ip create -g rg -n ip1 --sku Standard --zone 1 2 3
az network public-ip create -g rg -n ip2 --sku Standard --zone 1 2 3
`;
const GATEWAY =
  'az network vnet-gateway create -g rg -n gw --vnet hub --public-ip-addresses ip1 --sku VpnGw1AZ --gateway-type Vpn --vpn-type RouteBased';
const OFFICE =
  'az network local-gateway create -g rg -n office --gateway-ip-address 203.0.113.77 --local-address-prefixes 10.1.0.0/16';
const CONNECTION =
  'az network vpn-connection create -g rg -n c --vnet-gateway1 gw --local-gateway2 office --shared-key right';

async function session(...lines: readonly string[]): Promise<Session> {
  const made = await runScenario(`${NETWORK}${lines.join('\n')}\n`);
  if (made.exitCode !== 0) throw new Error(made.stderr);
  return made.session;
}

async function said(at: Session, line: string): Promise<unknown> {
  const { stdout, stderr, exitCode } = await at.run(line);
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

describe('a gateway', () => {
  test('is printed inside vnetGateway when it is created, and shown in the shape of the real one', async () => {
    const at = await session();
    expect(await said(at, `${GATEWAY} --query "keys(@)"`)).toEqual(['vnetGateway']);
    expect(await said(at, 'az network vnet-gateway show -g rg -n gw')).toMatchObject({
      activeActive: false,
      bgpSettings: {
        asn: 65515,
        bgpPeeringAddress: '10.0.255.30',
        bgpPeeringAddresses: [{ defaultBgpIpAddresses: ['10.0.255.30'] }],
      },
      enableBgp: false,
      gatewayType: 'Vpn',
      ipConfigurations: [
        { name: 'vnetGatewayConfig0', privateIPAllocationMethod: 'Dynamic', provisioningState: 'Succeeded' },
      ],
      provisioningState: 'Succeeded',
      sku: { capacity: 2, name: 'VpnGw1AZ', tier: 'VpnGw1AZ' },
      type: 'Microsoft.Network/virtualNetworkGateways',
      vpnType: 'RouteBased',
    });
  });

  test('takes its time: nothing can use it before it is made', async () => {
    const at = await session(OFFICE, `${GATEWAY} --no-wait`);
    const state = 'az network vnet-gateway show -g rg -n gw --query provisioningState';
    expect(await said(at, state)).toBe('Updating');
    expect((await at.run(CONNECTION)).stderr).toContain('(ReferencedResourceNotProvisioned)');
    const before = at.cloud.now;
    expect((await at.run('az network vnet-gateway wait -g rg -n gw --created')).exitCode).toBe(0);
    expect(at.cloud.now - before).toBeGreaterThan(25 * 60);
    expect(await said(at, state)).toBe('Succeeded');
    expect((await at.run(CONNECTION)).exitCode).toBe(0);
  });

  test('keeps a peering from using it before it is made', async () => {
    const at = await session(
      `${GATEWAY} --no-wait`,
      'az network vnet peering create -g rg -n hb --vnet-name hub --remote-vnet bare --allow-gateway-transit',
    );
    const use =
      'az network vnet peering create -g rg -n bh --vnet-name bare --remote-vnet hub --use-remote-gateways';
    expect((await at.run(use)).stderr).toContain('(ReferencedResourceNotProvisioned)');
    await at.run('az network vnet-gateway wait -g rg -n gw --created');
    expect((await at.run(use)).exitCode).toBe(0);
  });

  test.each([
    [
      'no public address',
      GATEWAY.replace(' --public-ip-addresses ip1', '').replace('-n gw', '-n gw9'),
      'with 0 public IP addresses',
    ],
    ['a VNet without a GatewaySubnet', GATEWAY.replace('hub', 'bare'), 'InvalidResourceReference'],
    [
      'a second one in the VNet',
      `${GATEWAY}`.replace('-n gw', '-n gw2').replace('ip1', 'ip2'),
      'More than 1 VPN gateway',
    ],
    [
      'an address that another one holds',
      `${GATEWAY} --tags x=y`.replace('-n gw', '-n gw3').replace('hub', 'other'),
      'PublicIPAddressInUse',
    ],
    [
      'ExpressRoute',
      `${GATEWAY.replace('Vpn --vpn', 'ExpressRoute --vpn')}`,
      '--gateway-type is not simulated',
    ],
    ['an SKU of ExpressRoute', GATEWAY.replace('VpnGw1AZ', 'ErGw1AZ'), 'gateway SKU ErGw1AZ'],
    [
      'clients of its own',
      `${GATEWAY} --address-prefixes 172.16.0.0/24`,
      '--address-prefixes is not simulated',
    ],
    [
      'a subnet that is too small',
      GATEWAY.replace('hub', 'small').replace('-n gw', '-n gw4').replace('ip1', 'ip2'),
      'has to be a /27 or larger',
    ],
  ])('is refused with %s, and nothing is left behind', async (_, line, words) => {
    const at = await session(
      GATEWAY,
      'az network vnet create -g rg -n other --address-prefixes 10.7.0.0/16 --subnet-name GatewaySubnet --subnet-prefixes 10.7.0.0/27',
      'az network vnet create -g rg -n small --address-prefixes 10.8.0.0/16 --subnet-name GatewaySubnet --subnet-prefixes 10.8.0.0/29',
    );
    const before = at.cloud.resources;
    const { stderr, exitCode } = await at.run(line);
    expect(stderr).toContain(words);
    expect(exitCode).toBe(1);
    expect(at.cloud.resources).toBe(before);
  });

  test.each([
    [
      'an SKU that is made no more',
      GATEWAY.replace('VpnGw1AZ', 'VpnGw1'),
      'NonAzSkusNotAllowedForVPNGateway',
    ],
    [
      'an AZ SKU on an address without zones',
      GATEWAY.replace('ip1', 'plain'),
      'VmssVpnGatewayPublicIpsMustHaveZonesConfigured',
    ],
  ])('is made with %s, and real Azure’s refusal is named', async (_, line, code) => {
    const at = await session('az network public-ip create -g rg -n plain --sku Standard');
    const { stderr, exitCode } = await at.run(line);
    expect(stderr).toContain(code);
    expect(exitCode).toBe(0);
  });

  test('GatewaySubnet takes no security group', async () => {
    const at = await session('az network nsg create -g rg -n guard');
    const line =
      'az network vnet subnet update -g rg --vnet-name hub -n GatewaySubnet --network-security-group guard';
    expect((await at.run(line)).stderr).toContain('(NetworkSecurityGroupCannotBeAttachedToGatewaySubnet)');
  });

  test('what it holds cannot go before it, nor it before its connections', async () => {
    const at = await session(GATEWAY, OFFICE, CONNECTION);
    const refusals: readonly (readonly [string, string])[] = [
      ['az network vnet-gateway delete -g rg -n gw', 'VirtualNetworkGatewayCannotBeDeleted'],
      ['az network public-ip delete -g rg -n ip1', 'PublicIPAddressCannotBeDeleted'],
      ['az network vnet subnet delete -g rg --vnet-name hub -n GatewaySubnet', 'InUseSubnetCannotBeDeleted'],
      ['az network local-gateway delete -g rg -n office', 'ResourceInUse'],
    ];
    for (const [line, code] of refusals) expect((await at.run(line)).stderr).toContain(`(${code})`);
    for (const line of [
      'az network vpn-connection delete -g rg -n c',
      'az network vnet-gateway delete -g rg -n gw',
      'az network local-gateway delete -g rg -n office',
      'az network public-ip delete -g rg -n ip1',
      'az network vnet subnet delete -g rg --vnet-name hub -n GatewaySubnet',
    ]) {
      expect(await at.run(line)).toMatchObject({ stderr: '', exitCode: 0 });
    }
  });
});

describe('a connection', () => {
  test.each([
    ['the key of the device', 'right', '203.0.113.77', 'Connected'],
    ['another key', 'wrong', '203.0.113.77', 'NotConnected'],
    ['a device that nobody is behind', 'right', '203.0.113.78', 'Unknown'],
  ])('with %s has status %s', async (_, key, device, status) => {
    const at = await session(
      GATEWAY,
      OFFICE.replace('203.0.113.77', device),
      CONNECTION.replace('right', key),
    );
    expect(await said(at, 'az network vpn-connection show -g rg -n c --query connectionStatus')).toBe(status);
  });

  test('needs a shared key, and one far end', async () => {
    const at = await session(GATEWAY, OFFICE);
    expect((await at.run(CONNECTION.replace(' --shared-key right', ''))).stderr).toContain(
      '--shared-key is required for VNET-to-VNET or Site-to-Site connections.',
    );
    expect((await at.run(CONNECTION.replace(' --local-gateway2 office', ''))).stderr).toContain(
      'usage error:',
    );
  });

  test('prints its key where one asks for it, and stands again with the right one', async () => {
    const at = await session(GATEWAY, OFFICE, CONNECTION.replace('right', 'wrong'));
    const key = 'az network vpn-connection shared-key';
    expect(await said(at, `${key} show -g rg --connection-name c --query value`)).toBe('wrong');
    await said(at, `${key} update -g rg --connection-name c --value right`);
    expect(await said(at, 'az network vpn-connection show -g rg -n c --query connectionStatus')).toBe(
      'Connected',
    );
    const drawn = await said(at, `${key} reset -g rg --connection-name c --key-length 40 --query value`);
    expect(drawn).toMatch(/^[0-9a-f]{40}$/);
    expect(await said(at, 'az network vpn-connection show -g rg -n c --query connectionStatus')).toBe(
      'NotConnected',
    );
  });
});

describe('what a gateway knows', () => {
  const BGP = [
    `${GATEWAY} --asn 65010`,
    'az network local-gateway create -g rg -n office --gateway-ip-address 203.0.113.77 --asn 65050 --bgp-peering-address 10.1.255.254',
    `${CONNECTION} --enable-bgp`,
  ];

  test('the ranges of a local gateway, without BGP', async () => {
    const at = await session(GATEWAY, OFFICE, CONNECTION);
    expect(
      await said(
        at,
        'az network vnet-gateway list-learned-routes -g rg -n gw --query "value[].[network, origin]"',
      ),
    ).toEqual([
      ['10.0.0.0/16', 'Network'],
      ['10.1.0.0/16', 'Network'],
    ]);
  });

  test('what the site announces, with BGP at both ends', async () => {
    const at = await session(...BGP);
    const table = await at.run('az network vnet-gateway list-learned-routes -g rg -n gw -o table');
    expect(table.stdout.split('\n')[0]?.split(/\s+/)).toEqual([
      'Network',
      'NextHop',
      'Origin',
      'SourcePeer',
      'AsPath',
      'Weight',
    ]);
    expect(table.stdout).toMatch(/^0\.0\.0\.0\/0 +10\.1\.255\.254 +EBgp +10\.1\.255\.254 +65050 +32768$/m);
    expect(await said(at, 'az network vnet-gateway list-bgp-peer-status -g rg -n gw')).toMatchObject({
      value: [{ asn: 65050, neighbor: '10.1.255.254', routesReceived: 2, state: 'Connected' }],
    });
    expect(
      await said(
        at,
        'az network vnet-gateway list-advertised-routes -g rg -n gw --peer 10.1.255.254 --query "value[].[network, asPath]"',
      ),
    ).toEqual([['10.0.0.0/16', '65010']]);
  });

  test('nothing of a site whose tunnel does not stand', async () => {
    const at = await session(...BGP, 'az network vpn-connection update -g rg -n c --shared-key wrong');
    expect(
      await said(
        at,
        'az network vnet-gateway list-learned-routes -g rg -n gw --query "value[?origin==\'EBgp\']"',
      ),
    ).toEqual([]);
    expect(
      await said(at, 'az network vnet-gateway list-bgp-peer-status -g rg -n gw --query "value[0].state"'),
    ).toBe('Connecting');
  });
});
