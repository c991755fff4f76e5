import { describe, expect, test } from 'vitest';
import { ask } from '../../../../src/model/compile/ask.ts';
import { compile } from '../../../../src/model/compile/compile.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { readDirectives, runScenario } from '../../../../src/shell/scenario.ts';

const SITE = `#: on-premises-host office 10.50.0.10 prefix=10.50.0.0/16 device=203.0.113.77 key=k announces=0.0.0.0/0
#: on-premises-host lab 10.60.0.10 prefix=10.60.0.0/24 device=203.0.113.77 key=k
`;
const vnet = (name: string, number: number): string =>
  `az network vnet create -g rg -n ${name} --address-prefixes 10.${number}.0.0/16 --subnet-name vms --subnet-prefixes 10.${number}.1.0/24
az vm create -g rg -n in-${name} --image Ubuntu2204 --vnet-name ${name} --subnet vms --public-ip-address "" --nsg "" --generate-ssh-keys
`;
const gateway = (name: string, number: number, more = ''): string =>
  `az network vnet subnet create -g rg --vnet-name ${name} -n GatewaySubnet --address-prefixes 10.${number}.255.0/27
az network public-ip create -g rg -n ip-${name} --zone 1 2 3
az network vnet-gateway create -g rg -n gw-${name} --vnet ${name} --public-ip-addresses ip-${name} --sku VpnGw1AZ ${more}
`;
const HUB = `${SITE}az group create -n rg -l westeurope
${vnet('hub', 0)}${gateway('hub', 0)}`;
const TUNNEL = `az network local-gateway create -g rg -n site --gateway-ip-address 203.0.113.77 --local-address-prefixes 10.50.0.0/16
az network vpn-connection create -g rg -n tunnel --vnet-gateway1 gw-hub --local-gateway2 site --shared-key k
`;
const spoke = (
  name: string,
  number: number,
): string => `${vnet(name, number)}az network vnet peering create -g rg -n hub-${name} --vnet-name hub --remote-vnet ${name} --allow-vnet-access --allow-forwarded-traffic --allow-gateway-transit
az network vnet peering create -g rg -n ${name}-hub --vnet-name ${name} --remote-vnet hub --allow-vnet-access --allow-forwarded-traffic --use-remote-gateways
`;
const routed = (
  name: string,
  routes: readonly string[],
  more = '',
): string => `az network route-table create -g rg -n rt-${name} ${more}
${routes.map((route, at) => `az network route-table route create -g rg --route-table-name rt-${name} -n r${at} ${route}`).join('\n')}
az network vnet subnet update -g rg --vnet-name ${name} -n vms --route-table rt-${name}
`;

async function cloudOf(script: string): Promise<Cloud> {
  const made = await runScenario(`set -e\n${script}`.replace(/^set -e\n((?:#:.*\n)*)/, '$1set -e\n'));
  if (made.exitCode !== 0) throw new Error(made.stderr);
  return made.session.cloud;
}

function outcome(cloud: Cloud, from: string, to: string): readonly [string, string] {
  const answer = ask(cloud, { from, to, protocol: 'icmp' });
  if (!answer.ok) throw new Error(answer.error.message);
  const { disposition, reason } = answer.value.trace;
  return [disposition, reason];
}

function learned(cloud: Cloud, name: string): readonly string[] {
  const network = compile(cloud).inventory.networks.find((each) => each.name === name);
  const prefixes = compile(cloud).learned.get(network?.key ?? '') ?? [];
  return prefixes.map(
    ({ address, length }) =>
      `${[24, 16, 8, 0].map((shift) => (address.bits >>> shift) & 255).join('.')}/${length}`,
  );
}

describe('a tunnel to a site', () => {
  test('carries both ways what its local gateway names, and nothing else of the site', async () => {
    const cloud = await cloudOf(`${HUB}${TUNNEL}`);
    expect(learned(cloud, 'hub')).toEqual(['10.50.0.0/16']);
    expect(outcome(cloud, 'vm/in-hub', 'host/office')[0]).toBe('delivered');
    expect(outcome(cloud, 'host/office', 'vm/in-hub')[0]).toBe('delivered');
    expect(outcome(cloud, 'vm/in-hub', 'host/lab')[0]).toBe('dropped-by-route');
  });

  test('that does not stand is a route into nothing', async () => {
    const cloud = await cloudOf(`${HUB}${TUNNEL.replace('--shared-key k', '--shared-key other')}`);
    const [disposition, reason] = outcome(cloud, 'vm/in-hub', 'host/office');
    expect(disposition).toBe('dropped-by-route');
    expect(reason).toContain('its shared key is not that of the VPN device 203.0.113.77');
    expect(outcome(cloud, 'host/office', 'vm/in-hub')[0]).toBe('no-route');
  });

  test('to a device that nobody is behind is undetermined', async () => {
    const cloud = await cloudOf(`${HUB}${TUNNEL.replace('203.0.113.77', '203.0.113.78')}`);
    expect(outcome(cloud, 'vm/in-hub', '10.50.0.10')).toEqual([
      'undetermined',
      expect.stringContaining('nobody in this simulation is behind the VPN device'),
    ]);
    expect(compile(cloud).diagnostics).toContainEqual({
      about: 'host office',
      message: 'is not connected: no VPN connection leads to its device 203.0.113.77',
    });
  });

  test('reaches spokes that use the gateway, unless their routes keep its routes out', async () => {
    const script = `${HUB}${TUNNEL}${spoke('a', 1)}${spoke('b', 2)}${routed('b', [], '--disable-bgp-route-propagation true')}`;
    const cloud = await cloudOf(script);
    expect(outcome(cloud, 'vm/in-a', 'host/office')[0]).toBe('delivered');
    expect(outcome(cloud, 'host/office', 'vm/in-a')[0]).toBe('delivered');
    expect(outcome(cloud, 'vm/in-b', 'host/office')[0]).toBe('dropped-by-route');
    // The request arrives; the reply has no route back.
    expect(outcome(cloud, 'host/office', 'vm/in-b')[0]).toBe('dropped-by-route');
  });

  test('of two VNets to one site makes one site that knows both, and no way between them', async () => {
    const second = `${vnet('other', 9)}${gateway('other', 9)}az network vpn-connection create -g rg -n tunnel2 --vnet-gateway1 gw-other --local-gateway2 site --shared-key k
`;
    const cloud = await cloudOf(`${HUB}${TUNNEL}${second}`);
    for (const end of ['vm/in-hub', 'vm/in-other']) {
      expect(outcome(cloud, end, 'host/office')[0]).toBe('delivered');
      expect(outcome(cloud, 'host/office', end)[0]).toBe('delivered');
    }
    expect(outcome(cloud, 'vm/in-hub', 'vm/in-other')[0]).toBe('dropped-by-route');
  });

  test('through a GatewaySubnet that keeps the routes of gateways out is undetermined', async () => {
    const table = routed('hub', [], '--disable-bgp-route-propagation true').replace(
      '-n vms',
      '-n GatewaySubnet',
    );
    const cloud = await cloudOf(`${HUB}${TUNNEL}${table}`);
    expect(outcome(cloud, 'vm/in-hub', 'host/office')).toEqual([
      'undetermined',
      expect.stringContaining('disables the propagation of gateway routes'),
    ]);
  });
});

describe('forced tunnelling', () => {
  const BGP = `az network vnet-gateway update -g rg -n gw-hub --enable-bgp true
az network local-gateway create -g rg -n site --gateway-ip-address 203.0.113.77 --asn 65050 --bgp-peering-address 10.50.255.254
az network vpn-connection create -g rg -n tunnel --vnet-gateway1 gw-hub --local-gateway2 site --shared-key k --enable-bgp
`;

  test.each([
    ['by BGP', BGP, ['10.50.255.254/32', '10.50.0.0/16', '0.0.0.0/0', '10.60.0.0/24']],
    [
      'by a default site',
      `${TUNNEL}az network vnet-gateway update -g rg -n gw-hub --gateway-default-site site\n`,
      ['10.50.0.0/16', '0.0.0.0/0'],
    ],
    [
      'by the ranges of the local gateway',
      TUNNEL.replace('10.50.0.0/16', '10.50.0.0/16 0.0.0.0/0'),
      ['10.50.0.0/16', '0.0.0.0/0'],
    ],
  ])('%s draws what is for the internet into the tunnel, of spokes too', async (_, script, prefixes) => {
    const cloud = await cloudOf(`${HUB}${script}${spoke('a', 1)}`);
    expect(learned(cloud, 'hub')).toEqual(prefixes);
    expect(learned(cloud, 'a')).toEqual(prefixes);
    for (const end of ['vm/in-hub', 'vm/in-a']) {
      expect(outcome(cloud, end, 'internet')).toEqual([
        'undetermined',
        'how an on-premises network reaches the internet is not simulated',
      ]);
      expect(outcome(cloud, end, 'host/office')[0]).toBe('delivered');
    }
  });

  test('ends where a route table sends the internet elsewhere', async () => {
    const route = '--address-prefix 0.0.0.0/0 --next-hop-type Internet';
    const cloud = await cloudOf(`${HUB}${BGP}${routed('hub', [route])}`);
    // The machine has no public address: it is back where it was without a tunnel.
    expect(outcome(cloud, 'vm/in-hub', 'internet')[0]).toBe('no-outbound-path');
  });
});

test('a gateway passes packets from spoke to spoke where both send to it', async () => {
  const to = (range: string): string => `--address-prefix ${range} --next-hop-type VirtualNetworkGateway`;
  const base = `${HUB}${TUNNEL}${spoke('a', 1)}${spoke('b', 2)}${routed('a', [to('10.2.0.0/16')])}`;
  expect(outcome(await cloudOf(base), 'vm/in-a', 'vm/in-b')[0]).toBe('dropped-by-route');
  const both = await cloudOf(`${base}${routed('b', [to('10.1.0.0/16')])}`);
  expect(outcome(both, 'vm/in-a', 'vm/in-b')[0]).toBe('delivered');
  expect(outcome(both, 'vm/in-b', 'vm/in-a')[0]).toBe('delivered');
});

test.each([
  ['device=1.2.3', 'device=: '],
  ['device=203.0.113.7 vnet=hub', 'give device= or vnet=, not both'],
  ['key=abc', 'give device= too'],
  ['device=203.0.113.7 announces=0.0.0.0', 'announces=: '],
])('the line of a host with %s is refused', (settings, words) => {
  const read = readDirectives(`#: on-premises-host x 10.1.2.3 prefix=10.1.0.0/16 ${settings}`);
  expect(read.ok ? '' : read.error[0]?.message).toContain(words);
});

test('what comes in through the gateway passes the firewall where GatewaySubnet says so, and is symmetric', async () => {
  const firewall = `az network vnet subnet create -g rg --vnet-name hub -n AzureFirewallSubnet --address-prefixes 10.0.0.0/26
az network public-ip create -g rg -n fwip
az network firewall create -g rg -n fw
az network firewall ip-config create -g rg --firewall-name fw -n c --public-ip-address fwip --vnet-name hub
az network firewall network-rule create -g rg --firewall-name fw --collection-name all -n any --priority 100 --action Allow --protocols Any --source-addresses '*' --destination-addresses '*' --destination-ports '*'
`;
  const all = '--address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.0.4';
  const half = `${HUB}${TUNNEL}${spoke('a', 1)}${firewall}${routed('a', [all], '--disable-bgp-route-propagation true')}`;
  expect(outcome(await cloudOf(half), 'host/office', 'vm/in-a')[0]).toBe('asymmetric');
  const back = '--address-prefix 10.1.0.0/16 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.0.4';
  const whole = await cloudOf(`${half}${routed('hub', [back]).replace('-n vms', '-n GatewaySubnet')}`);
  for (const [from, to] of [
    ['host/office', 'vm/in-a'],
    ['vm/in-a', 'host/office'],
  ] as const) {
    const answer = ask(whole, { from, to, port: 80, protocol: 'tcp' });
    if (!answer.ok) throw new Error(answer.error.message);
    const { hops, reverse, disposition } = answer.value.trace;
    expect(['delivered', 'refused']).toContain(disposition);
    expect(hops.map(({ place }) => place)).toContain('firewall/fw');
    expect(reverse?.hops.map(({ place }) => place)).toContain('firewall/fw');
  }
});
