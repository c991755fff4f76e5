import { beforeEach, describe, expect, test } from 'vitest';
import { azTerminal } from '../../../support/az.ts';
import type { AzTerminal } from '../../../support/az.ts';

let az: AzTerminal;

beforeEach(async () => {
  az = azTerminal({ cloud: { now: Date.parse('2026-09-01') / 1000 } });
  await must('group create -n rg -l westeurope');
  await must('network vnet create -g rg -n vnet --address-prefixes 10.0.0.0/16');
  await must('network vnet subnet create -g rg --vnet-name vnet -n s --address-prefixes 10.0.0.0/24');
  await must('network public-ip create -g rg -n one');
  await must('network public-ip create -g rg -n two');
  await must('network public-ip prefix create -g rg -n block --length 31');
});

async function must(line: string): Promise<void> {
  const ran = await az.line(line);
  expect(ran.exitCode, `${line}: ${ran.stderr}`).toBe(0);
}

const json = (line: string): Promise<unknown> => az.json(...line.split(' '));
const names = (list: unknown): readonly string[] =>
  ((list ?? []) as readonly { readonly id: string }[]).map(({ id }) => id.split('/').at(-1) ?? '');

interface Shown {
  readonly [key: string]: unknown;
}

async function gateway(line = 'network nat gateway show -g rg -n gw'): Promise<Shown> {
  return (await json(line)) as Shown;
}

describe('az network nat gateway', () => {
  test('prints what ARM keeps, and nothing that is not there', async () => {
    const made = await gateway('network nat gateway create -g rg -n gw --tags a=b');
    expect(Object.keys(made).sort()).toEqual([
      'etag',
      'id',
      'idleTimeoutInMinutes',
      'location',
      'name',
      'provisioningState',
      'resourceGroup',
      'resourceGuid',
      'sku',
      'tags',
      'type',
    ]);
    expect(made).toMatchObject({
      idleTimeoutInMinutes: 4,
      sku: { name: 'Standard' },
      tags: { a: 'b' },
      type: 'Microsoft.Network/natGateways',
    });
  });

  test('prints its addresses, prefixes, zones and subnets, which name it in turn', async () => {
    await must(
      'network nat gateway create -g rg -n gw --public-ip-addresses one two --public-ip-prefixes block --zone 2 --idle-timeout 30',
    );
    await must('network vnet subnet update -g rg --vnet-name vnet -n s --nat-gateway gw');
    const shown = await gateway();
    expect(names(shown['publicIpAddresses'])).toEqual(['one', 'two']);
    expect(names(shown['publicIpPrefixes'])).toEqual(['block']);
    expect(names(shown['subnets'])).toEqual(['s']);
    expect([shown['zones'], shown['idleTimeoutInMinutes']]).toEqual([['2'], 30]);
    for (const line of [
      'network public-ip show -g rg -n one',
      'network public-ip prefix show -g rg -n block',
      'network vnet subnet show -g rg --vnet-name vnet -n s',
    ]) {
      expect(await json(`${line} --query natGateway`), line).toEqual({
        id: shown['id'],
        resourceGroup: 'rg',
      });
    }
  });

  test('has the columns of a plain table', async () => {
    await must('network nat gateway create -g rg -n gw');
    const { stdout } = await az.line('network nat gateway list -o table');
    expect(stdout.split('\n')[0]?.trim().split(/\s+/)).toEqual([
      'IdleTimeoutInMinutes',
      'Location',
      'Name',
      'ProvisioningState',
      'ResourceGroup',
      'ResourceGuid',
    ]);
  });

  test('changes what an update names, and keeps the rest', async () => {
    await must('network nat gateway create -g rg -n gw --public-ip-addresses one --public-ip-prefixes block');
    await must('network nat gateway update -g rg -n gw --idle-timeout 60');
    await must('network nat gateway update -g rg -n gw --public-ip-addresses two');
    let shown = await gateway();
    expect([names(shown['publicIpAddresses']), names(shown['publicIpPrefixes'])]).toEqual([
      ['two'],
      ['block'],
    ]);
    expect(shown['idleTimeoutInMinutes']).toBe(60);
    await must('network nat gateway update -g rg -n gw --remove publicIpPrefixes');
    const one = (await json('network public-ip show -g rg -n one --query id')) as string;
    await must(`network nat gateway update --ids ${String(shown['id'])} --add publicIpAddresses id=${one}`);
    shown = await gateway();
    expect([names(shown['publicIpAddresses']), shown['publicIpPrefixes']]).toEqual([
      ['two', 'one'],
      undefined,
    ]);
  });

  test.each([
    ['create -g rg -n gw --sku Premium', "'Premium' is not a valid value for '--sku'", 2],
    ['create -g rg -n gw --zone 4', "'4' is not a valid value for '--zone'", 2],
    ['create -g rg', '--name', 2],
    ['create -g rg -n gw --pip-addresses-v6 one', 'is not simulated', 1],
    ['create -g rg -n gw --source-vnet vnet', 'is not simulated', 1],
    ['update -g rg -n old --set sku.name=StandardV2', 'Real Azure refuses it too', 1],
    ['update -g rg -n old --set zones=[1]', 'zones', 1],
    ['update -g rg -n old --add publicIpAddresses name=one', '(InvalidRequestFormat)', 1],
    ['show -g rg -n nobody', '(ResourceNotFound)', 3],
  ])('%s is refused, and nothing changes', async (line, error, exit) => {
    await must('network nat gateway create -g rg -n old --public-ip-addresses one');
    const before = az.cloud();
    const ran = await az.line(`network nat gateway ${line}`);
    expect([ran.exitCode, ran.stderr]).toEqual([exit, expect.stringContaining(error)]);
    expect(az.cloud().resources).toBe(before.resources);
  });
});

describe('a subnet lets go of its gateway', () => {
  test.each([
    ['--nat-gateway', ''],
    ['--nat-gateway', 'null'],
    ['--remove', 'natGateway'],
  ])('by %s %s', async (...words) => {
    await must('network nat gateway create -g rg -n gw');
    await must('network vnet subnet update -g rg --vnet-name vnet -n s --nat-gateway gw');
    const ran = await az.run(
      ...'network vnet subnet update -g rg --vnet-name vnet -n s'.split(' '),
      ...words,
    );
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(await json('network vnet subnet show -g rg --vnet-name vnet -n s --query natGateway')).toBeNull();
    await must('network nat gateway delete -g rg -n gw');
  });
});

describe('addresses of SKU StandardV2', () => {
  test('are made and shown so, alone and in prefixes', async () => {
    expect(
      await json('network public-ip create -g rg -n v2 --sku standardv2 --query publicIp.sku.name'),
    ).toBe('StandardV2');
    expect(
      await json('network public-ip prefix create -g rg -n p2 --length 30 --sku StandardV2 --query sku.name'),
    ).toBe('StandardV2');
    await must(
      'network nat gateway create -g rg -n gw --sku StandardV2 --public-ip-addresses v2 --public-ip-prefixes p2',
    );
  });

  test.each([
    ['network lb create -g rg -n lb --sku Standard --public-ip-address v2', '(PublicIPAndLBSkuDoNotMatch)'],
    ['network nic create -g rg -n nic --vnet-name vnet --subnet s --public-ip-address v2', 'NotSimulated'],
    ['network public-ip update -g rg -n v2 --sku Standard', 'Real Azure refuses it too'],
    ['network public-ip create -g rg -n v2', 'Real Azure refuses it too'],
  ])('are for NAT gateways alone, and stay so: %s', async (line, error) => {
    await must('network public-ip create -g rg -n v2 --sku StandardV2');
    const before = az.cloud();
    const ran = await az.line(line);
    expect([ran.exitCode, ran.stderr]).toEqual([1, expect.stringContaining(error)]);
    expect(az.cloud().resources).toBe(before.resources);
  });
});

describe('default outbound access of new subnets', () => {
  const access = json;

  // https://techcommunity.microsoft.com/t5/azure-networking-blog/private-subnets-by-default-in-azure-virtual-networks-what/ba-p/4513778
  test('ended with azure-cli 2.87, unless it is asked for', async () => {
    const create = 'network vnet subnet create -g rg --vnet-name vnet --query defaultOutboundAccess';
    expect(await access(`${create} -n a --address-prefixes 10.0.1.0/24`)).toBe(false);
    expect(await access(`${create} -n b --address-prefixes 10.0.2.0/24 --default-outbound-access true`)).toBe(
      true,
    );
    expect(await access(`${create} -n b --address-prefixes 10.0.2.0/24`)).toBe(true);
    expect(
      await access(
        'network vnet create -g rg -n other --subnet-name s --query newVNet.subnets[0].defaultOutboundAccess',
      ),
    ).toBe(false);
  });

  test('was there before', async () => {
    az = azTerminal({ cloud: { now: Date.parse('2026-05-01') / 1000 } });
    await must('group create -n rg -l westeurope');
    await must('network vnet create -g rg -n vnet --subnet-name s');
    expect(
      await access('network vnet subnet show -g rg --vnet-name vnet -n s --query defaultOutboundAccess'),
    ).toBeNull();
  });
});
