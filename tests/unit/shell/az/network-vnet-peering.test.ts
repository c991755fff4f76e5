import { beforeEach, describe, expect, test } from 'vitest';
import { azTerminal } from '../../../support/az.ts';
import type { AzTerminal } from '../../../support/az.ts';

let az: AzTerminal;

beforeEach(async () => {
  az = azTerminal();
  await az.line('group create -n rg -l westeurope');
  await az.line('group create -n far -l westeurope');
  await az.line('network vnet create -g rg -n hub --address-prefixes 10.0.0.0/16');
  await az.line('network vnet create -g rg -n spoke --address-prefixes 10.1.0.0/16');
  await az.line('network vnet create -g far -n spoke --address-prefixes 10.2.0.0/16');
});

const OUT = 'network vnet peering create -g rg -n out --vnet-name hub --remote-vnet spoke';
const BACK = 'network vnet peering create -g rg -n back --vnet-name spoke --remote-vnet hub';

async function query(line: string, expression: string): Promise<unknown> {
  return az.json(...line.split(' '), '--query', expression);
}

describe('create', () => {
  test('prints what a real one prints', async () => {
    const out = await az.json(...OUT.split(' '), '--allow-vnet-access');
    expect(Object.keys(out as object)).toEqual([
      'allowForwardedTraffic',
      'allowGatewayTransit',
      'allowVirtualNetworkAccess',
      'doNotVerifyRemoteGateways',
      'etag',
      'id',
      'name',
      'peerCompleteVnets',
      'peeringState',
      'peeringSyncLevel',
      'provisioningState',
      'remoteAddressSpace',
      'remoteVirtualNetwork',
      'remoteVirtualNetworkAddressSpace',
      'resourceGroup',
      'resourceGuid',
      'type',
      'useRemoteGateways',
    ]);
    expect(out).toMatchObject({
      allowVirtualNetworkAccess: true,
      name: 'out',
      peeringState: 'Initiated',
      peeringSyncLevel: 'RemoteNotInSync',
      remoteAddressSpace: { addressPrefixes: ['10.1.0.0/16'] },
      remoteVirtualNetwork: { resourceGroup: 'rg' },
      resourceGroup: 'rg',
      type: 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings',
    });
  });

  test.each([
    ['', false],
    [' --allow-vnet-access', true],
    [' --allow-vnet-access true', true],
    [' --allow-vnet-access 1', true],
    [' --allow-vnet-access no', false],
    [' --allow-vnet-access=false', false],
    [' --allow-vnet', true],
    [' --peer-complete-vnets --allow-vnet-access', true],
    [' --peer-complete-vnets true --allow-vnet-access', true],
  ])('takes flags as azure-cli does:%s allows access: %s', async (words, allowed) => {
    expect(await query(`${OUT}${words}`, 'allowVirtualNetworkAccess')).toBe(allowed);
  });

  test('connects both sides, whose guid is one', async () => {
    const out = await query(OUT, 'resourceGuid');
    expect(await query(BACK, '[peeringState, peeringSyncLevel, resourceGuid]')).toEqual([
      'Connected',
      'FullyInSync',
      out,
    ]);
    expect(await query('network vnet show -g rg -n hub', 'virtualNetworkPeerings[].peeringState')).toEqual([
      'Connected',
    ]);
  });

  test('a name means a VNet of the same group, an id any', async () => {
    const id = String(await query('network vnet show -g far -n spoke', 'id'));
    expect(await query(`${OUT.replace('spoke', id)}`, 'remoteAddressSpace.addressPrefixes[0]')).toBe(
      '10.2.0.0/16',
    );
  });

  test('once more with other flags replaces them', async () => {
    await az.line(`${OUT} --allow-forwarded-traffic --allow-vnet-access`);
    expect(
      await query(`${OUT} --allow-vnet-access`, '[allowForwardedTraffic, allowVirtualNetworkAccess]'),
    ).toEqual([false, true]);
    expect(await query('network vnet peering list -g rg --vnet-name hub', 'length(@)')).toBe(1);
  });

  test.each([
    [
      '--peer-complete-vnets false',
      'Peering of single subnets (--peer-complete-vnets false) is not simulated',
    ],
    ['--local-subnet-names a b', '--local-subnet-names is not simulated'],
    ['--remote-subnet-names a', '--remote-subnet-names is not simulated'],
    ['--enable-only-ipv6', '--enable-only-ipv6 is not simulated'],
  ])('refuses %s by name, and changes nothing', async (words, message) => {
    const before = az.cloud();
    const ran = await az.line(`${OUT} ${words}`);
    expect(ran.stderr).toContain(message);
    expect(ran.exitCode).toBe(1);
    expect(az.cloud().resources).toBe(before.resources);
  });

  test('refuses VNets that overlap in Azure’s words', async () => {
    await az.line('network vnet create -g rg -n twin --address-prefixes 10.1.0.0/16');
    const ran = await az.line(
      'network vnet peering create -g rg -n p --vnet-name twin --remote-vnet spoke --allow-vnet-access',
    );
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toMatch(/^ERROR: \(VnetAddressSpacesOverlap\) Cannot create or update peering \/subs/);
    expect(ran.stderr).toContain(
      'cannot be peered because their address spaces overlap. Overlapping address prefixes: 10.1.0.0/16, 10.1.0.0/16.',
    );
    expect(ran.stderr).toContain('\nCode: VnetAddressSpacesOverlap\n');
  });

  test('needs the remote VNet', async () => {
    const ran = await az.line('network vnet peering create -g rg -n p --vnet-name hub');
    expect(ran.stderr).toContain('the following arguments are required: --remote-vnet');
    expect(ran.exitCode).toBe(2);
  });
});

describe('update', () => {
  const UPDATE = 'network vnet peering update -g rg -n out --vnet-name hub';

  beforeEach(async () => {
    await az.line(`${OUT} --allow-vnet-access`);
  });

  test.each([
    ['--set allowForwardedTraffic=true', 'allowForwardedTraffic', true],
    ['--set allow_forwarded_traffic=true', 'allowForwardedTraffic', true],
    ['--set allowVirtualNetworkAccess=false', 'allowVirtualNetworkAccess', false],
    ['--set allowForwardedTraffic=true', 'allowVirtualNetworkAccess', true],
    ['--allow-forwarded-traffic', 'allowForwardedTraffic', true],
    ['--allow-vnet-access false', 'allowVirtualNetworkAccess', false],
    ['--allow-gateway-transit', 'allowGatewayTransit', true],
  ])('%s: %s is %s', async (words, property, value) => {
    expect(await query(`${UPDATE} ${words}`, property)).toBe(value);
  });

  test.each([
    ['--set useRemoteGateways=true', 'RemoteVnetHasNoGateways'],
    ['--set peeringState=Disconnected', 'NotSimulated'],
    ['--set allowForwardedTraffic=perhaps', 'InvalidRequestFormat'],
    ['--remove remoteVirtualNetwork', 'NotSimulated'],
    ['--peer-complete-vnets false', 'NotSimulated'],
  ])('%s is refused with %s', async (words, code) => {
    const ran = await az.line(`${UPDATE} ${words}`);
    expect(ran.stderr).toContain(`(${code})`);
    expect(ran.exitCode).toBe(1);
  });

  test('to another VNet is refused', async () => {
    const id = String(await query('network vnet show -g far -n spoke', 'id'));
    for (const words of [`--set remoteVirtualNetwork.id=${id}`, `--remote-vnet ${id}`]) {
      const ran = await az.line(`${UPDATE} ${words}`);
      expect(ran.stderr).toContain('(ChangingRemoteVirtualNetworkNotAllowed)');
    }
    expect((await az.line(`${UPDATE} --remote-vnet spoke`)).exitCode).toBe(0);
  });
});

describe('sync', () => {
  test.each([
    ['sync', 'network vnet peering sync -g rg -n back --vnet-name spoke'],
    [
      'update --sync-remote',
      'network vnet peering update -g rg -n back --vnet-name spoke --sync-remote true',
    ],
  ])('%s takes over the space that the other VNet has now', async (_, line) => {
    await az.line(OUT);
    await az.line(BACK);
    await az.line('network vnet update -g rg -n hub --address-prefixes 10.0.0.0/16 10.9.0.0/16');
    expect(
      await query(
        'network vnet peering show -g rg -n back --vnet-name spoke',
        '[peeringSyncLevel, length(remoteAddressSpace.addressPrefixes), length(remoteVirtualNetworkAddressSpace.addressPrefixes)]',
      ),
    ).toEqual(['LocalNotInSync', 1, 2]);
    expect(await query(line, '[peeringSyncLevel, remoteAddressSpace.addressPrefixes[1]]')).toEqual([
      'FullyInSync',
      '10.9.0.0/16',
    ]);
  });
});

describe('show, list, delete and wait', () => {
  beforeEach(async () => {
    await az.line(OUT);
    await az.line(BACK);
  });

  test('show takes ids, and finds nothing with exit code 3', async () => {
    const id = String(await query('network vnet peering show -g rg -n out --vnet-name hub', 'id'));
    expect(await query(`network vnet peering show --ids ${id}`, 'name')).toBe('out');
    const ran = await az.line('network vnet peering show -g rg -n nobody --vnet-name hub');
    expect([ran.exitCode, ran.stderr.includes('virtualNetworkPeerings/nobody not found')]).toEqual([3, true]);
  });

  test('list is a table of what is no object', async () => {
    const { stdout } = await az.line('network vnet peering list -g rg --vnet-name hub -o table');
    expect(stdout.split('\n')[0]?.split(/\s{2,}/)).toEqual([
      'AllowForwardedTraffic',
      'AllowGatewayTransit',
      'AllowVirtualNetworkAccess',
      'DoNotVerifyRemoteGateways',
      'Name',
      'PeerCompleteVnets',
      'PeeringState',
      'PeeringSyncLevel',
      'ProvisioningState',
      'ResourceGroup',
      'ResourceGuid',
      'UseRemoteGateways',
    ]);
  });

  test('delete prints nothing, and disconnects the other side', async () => {
    expect((await az.line('network vnet peering delete -g rg -n out --vnet-name hub')).stdout).toBe('');
    expect(await query('network vnet peering list -g rg --vnet-name spoke', '[].peeringState')).toEqual([
      'Disconnected',
    ]);
    expect((await az.line('network vnet peering delete -g rg -n out --vnet-name hub')).exitCode).toBe(0);
  });

  test('wait ends where the condition holds', async () => {
    const wait = 'network vnet peering wait -g rg -n out --vnet-name hub';
    expect((await az.run(...wait.split(' '), '--custom', "peeringState=='Connected'")).exitCode).toBe(0);
    expect((await az.line(`${wait} --created`)).exitCode).toBe(0);
    expect((await az.line(`${wait} --deleted`)).exitCode).toBe(1);
  });
});
