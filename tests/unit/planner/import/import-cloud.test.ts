import { describe, expect, test } from 'vitest';
import { exampleTexts, SMALL_EXAMPLE } from '../../../../src/planner/import/example-network.ts';
import { importCloud } from '../../../../src/planner/import/import-cloud.ts';
import type { Imported } from '../../../../src/planner/import/import-cloud.ts';
import { traceFlow } from '../../../../src/planner/packet-tracer.ts';

const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000000';
const ROOT = `${SUBSCRIPTION}/resourceGroups/rg-example/providers`;
const EXAMPLE = exampleTexts(SMALL_EXAMPLE);
type Changed = Record<string, unknown>;

function read(texts: readonly string[]): Imported {
  const imported = importCloud(texts);
  if (!imported.ok) throw new Error(imported.error.map(({ message }) => message).join('\n'));
  return imported.value;
}

function refusal(...texts: readonly string[]): string {
  const imported = importCloud(texts);
  if (imported.ok) throw new Error('it was read');
  return imported.error.map(({ message }) => message).join('\n');
}

/** The example with one list changed. */
function exampleWith(index: number, change: (list: Changed[]) => unknown): readonly string[] {
  return EXAMPLE.map((text, at) =>
    at === index ? JSON.stringify(change(JSON.parse(text) as Changed[])) : text,
  );
}
const [VNETS, TABLES, GROUPS, NICS, MACHINES] = [0, 1, 2, 3, 4] as const;

function asked(imported: Imported, from = 'vm/web-1', to = 'vm/web-2', port = 443) {
  const traced = traceFlow(imported, { from, to, port });
  if (!traced.ok) throw new Error(traced.error.message);
  const { disposition, reason, otherwise, remarks } = traced.value;
  return { disposition, reason, otherwise, remarks };
}

/** ARM's own form: everything but names under `properties`. */
function nested(resource: Changed): Changed {
  const { id, name, type, location, ...properties } = resource;
  return { id, name, type, location, properties };
}

describe('the same network in every form it is printed in', () => {
  const whole = asked(read(EXAMPLE));

  test.each<readonly [string, readonly string[]]>([
    ['one list per text', EXAMPLE],
    ['all in one text, one after the other', [EXAMPLE.join('\n')]],
    [
      'with the command above each answer',
      [EXAMPLE.map((text) => `$ az network vnet list -o json\n${text}`).join('\n')],
    ],
    [
      'with a warning above, and a mark of the byte order',
      EXAMPLE.map((text) => `\uFEFFWARNING: This command is in preview.\n${text}`),
    ],
    ['one array of everything', [JSON.stringify(EXAMPLE.flatMap((text) => JSON.parse(text) as unknown[]))]],
    [
      'each resource alone, as show prints it',
      EXAMPLE.flatMap((text) => (JSON.parse(text) as unknown[]).map((each) => JSON.stringify(each))),
    ],
    [
      "ARM's own form",
      EXAMPLE.map((text) => JSON.stringify({ value: (JSON.parse(text) as Changed[]).map(nested) })),
    ],
    [
      'a graph query',
      [
        JSON.stringify({
          count: 9,
          data: EXAMPLE.flatMap((text) => JSON.parse(text) as Changed[]).map(nested),
          total_records: 9,
        }),
      ],
    ],
    [
      'other letters',
      EXAMPLE.map((text) =>
        text
          .replaceAll('"privateIPAddress"', '"privateIpAddress"')
          .replaceAll('enableIPForwarding', 'enableIpForwarding')
          .replaceAll('/virtualNetworks/', '/VIRTUALNETWORKS/'),
      ),
    ],
  ])('%s', (_, texts) => {
    const imported = read(texts);
    expect(imported.leftOut).toEqual([]);
    expect(asked(imported)).toEqual(whole);
    expect(whole.disposition).toBe('delivered');
  });

  test('parts listed alone go into what they are part of', () => {
    const peerings: unknown[] = [];
    const texts = exampleWith(VNETS, (vnets) =>
      vnets.map(({ virtualNetworkPeerings, ...vnet }) => {
        peerings.push(...(virtualNetworkPeerings as unknown[]));
        return vnet;
      }),
    );
    expect(asked(read([...texts, JSON.stringify(peerings)]))).toEqual(whole);
    expect(asked(read(texts)).disposition).not.toBe('delivered');
  });
});

describe('what the model does not have is named', () => {
  test('a resource of another type, with what it may change', () => {
    const gateway = {
      id: `${ROOT}/Microsoft.Network/applicationGateways/agw`,
      type: 'Microsoft.Network/applicationGateways',
      frontendIPConfigurations: [{ properties: { privateIPAddress: '10.1.0.4' } }],
    };
    const imported = read([...EXAMPLE, JSON.stringify([gateway])]);
    expect(imported.leftOut).toMatchObject([
      { kind: 'resource', name: 'applicationGateways/agw', weight: 'decides', addresses: ['10.1.0.4'] },
    ]);
    expect(asked(imported)).toMatchObject({ disposition: 'undetermined', otherwise: 'delivered' });
    expect(asked(imported, 'vm/router')).toMatchObject({ disposition: 'delivered', otherwise: null });
  });

  test.each<readonly [string, number, (list: Changed[]) => unknown, string, string]>([
    [
      'a property that nobody knows',
      NICS,
      (list) => list.map((each) => (each['name'] === 'nic-web-2' ? { ...each, quantumMode: 'on' } : each)),
      'quantumMode = on',
      'delivered',
    ],
    [
      'a property that decides',
      VNETS,
      (list) =>
        list.map((each) => ({
          ...each,
          virtualNetworkPeerings: (each['virtualNetworkPeerings'] as Changed[]).map((one) => ({
            ...one,
            peerCompleteVnets: false,
          })),
        })),
      'peerCompleteVnets = false',
      'undetermined',
    ],
    [
      'a value that nobody knows',
      TABLES,
      (list) =>
        list.map((each) => ({
          ...each,
          routes: (each['routes'] as Changed[]).map((one) => ({ ...one, nextHopType: 'Teleport' })),
        })),
      'nextHopType = Teleport',
      'undetermined',
    ],
    [
      'a rule without an action',
      GROUPS,
      (list) =>
        list.map((each) => ({
          ...each,
          securityRules: (each['securityRules'] as Changed[]).map(({ access: _access, ...rule }) => rule),
        })),
      'direction, access or priority',
      'undetermined',
    ],
  ])('%s', (_, index, change, what, disposition) => {
    const imported = read(exampleWith(index, change));
    expect(imported.leftOut.map((each) => each.what)).toContain(what);
    const answer = asked(imported);
    expect(answer.disposition).toBe(disposition);
    if (disposition === 'delivered') expect(answer.remarks.join(' ')).toContain(what);
  });

  test.each<readonly [string, number, string, string]>([
    ['route tables', TABLES, 'routeTables/rt-spoke-1', 'az network route-table list'],
    ['security groups', GROUPS, 'networkSecurityGroups/nsg-spoke-1', 'az network nsg list'],
    ['the VNet on the way', VNETS, 'virtualNetworks/hub', 'az network vnet list'],
  ])('%s that nobody pasted, with the command that prints them', (_, index, name, command) => {
    const imported = read(
      exampleWith(index, (list) => list.filter((each) => !name.endsWith(`/${String(each['name'])}`))),
    );
    const missing = imported.leftOut.find((each) => each.name === name);
    expect(missing).toMatchObject({ kind: 'missing', weight: 'decides' });
    expect(missing?.effect).toContain(command);
    expect(asked(imported).disposition).toBe('undetermined');
  });

  test('a machine whose NIC nobody pasted cannot be asked, and that is said', () => {
    const imported = read(exampleWith(NICS, (list) => list.slice(0, 2)));
    expect(imported.leftOut.map(({ name }) => name)).toEqual(['networkInterfaces/nic-web-2']);
    const traced = traceFlow(imported, { from: 'vm/web-1', to: '10.2.0.9' });
    expect(traced.ok && traced.value.disposition).not.toBe('delivered');
  });

  test('a machine that only its NIC names is there, and what is not known of it is said', () => {
    const imported = read(EXAMPLE.slice(0, MACHINES));
    expect(imported.leftOut.map(({ name, weight }) => `${weight} ${name}`)).toEqual(
      ['router', 'web-1', 'web-2'].map((name) => `may-matter virtualMachines/${name}`),
    );
    expect(asked(imported).disposition).toBe('delivered');
    expect(asked(imported).remarks.join(' ')).toContain('az vm list -d -o json');
  });

  test('who else has an address in a subnet, by the JSON of the subnet', () => {
    const user = `${ROOT}/Microsoft.Network/networkInterfaces/nic-hidden/ipConfigurations/ipconfig1`;
    const imported = read(
      exampleWith(VNETS, (list) =>
        list.map((each) => ({
          ...each,
          subnets: (each['subnets'] as Changed[]).map((subnet) =>
            each['name'] === 'spoke-2' ? { ...subnet, ipConfigurations: [{ id: user }] } : subnet,
          ),
        })),
      ),
    );
    expect(imported.leftOut).toMatchObject([{ kind: 'missing', name: 'networkInterfaces/nic-hidden' }]);
    // Nobody known has the address: it may be the hidden one's.
    expect(asked(imported, 'vm/web-1', '10.2.0.99').disposition).toBe('undetermined');
    expect(asked(imported, 'vm/web-1', '10.1.0.99').disposition).toBe('next-hop-unreachable');
  });

  test('a public address that something unmodelled holds', () => {
    const address = {
      id: `${ROOT}/Microsoft.Network/publicIPAddresses/pip-agw`,
      ipAddress: '203.0.113.77',
      sku: { name: 'Standard' },
      ipConfiguration: { id: `${ROOT}/Microsoft.Network/applicationGateways/agw/frontendIPConfigurations/f` },
    };
    const gateway = {
      id: `${ROOT}/Microsoft.Network/applicationGateways/agw`,
      properties: { frontendIPConfigurations: [{ properties: { publicIPAddress: { id: address.id } } }] },
    };
    const imported = read([...EXAMPLE, JSON.stringify([address, gateway])]);
    expect(asked(imported, 'internet', '203.0.113.77').disposition).toBe('undetermined');
    expect(asked(imported).disposition).toBe('delivered');
  });

  test('a private endpoint of a service of Azure', () => {
    const nic = `${ROOT}/Microsoft.Network/networkInterfaces/pe-nic`;
    const subnet = { id: `${ROOT}/Microsoft.Network/virtualNetworks/spoke-2/subnets/apps` };
    const endpoint = {
      id: `${ROOT}/Microsoft.Network/privateEndpoints/pe-vault`,
      subnet,
      networkInterfaces: [{ id: nic }],
      privateLinkServiceConnections: [
        { name: 'c', privateLinkServiceId: `${ROOT}/Microsoft.KeyVault/vaults/v`, groupIds: ['vault'] },
      ],
    };
    const card = { id: nic, ipConfigurations: [{ name: 'i', privateIPAddress: '10.2.0.9', subnet }] };
    const imported = read([...EXAMPLE, JSON.stringify([endpoint, card])]);
    expect(asked(imported, 'vm/web-1', '10.2.0.9').disposition).toBe('undetermined');
    expect(asked(imported, 'vm/web-1', 'pe/pe-vault').disposition).toBe('undetermined');
  });

  test('names from az resource list are no resources', () => {
    const listed = [VNETS, NICS, MACHINES].flatMap((index) =>
      (JSON.parse(EXAMPLE[index] ?? '') as Changed[]).map(({ id, name, type, location, resourceGroup }) => ({
        id,
        name,
        type,
        location,
        resourceGroup,
        kind: null,
        sku: null,
        tags: null,
      })),
    );
    expect(refusal(JSON.stringify(listed))).toContain(
      'virtualNetworks/hub (microsoft.network/virtualnetworks)',
    );
    expect(read([...EXAMPLE, JSON.stringify(listed)]).leftOut).toEqual([]);
  });

  test('effective routes and rules are answers', () => {
    const routes = {
      value: [
        { addressPrefix: ['10.0.0.0/16'], nextHopType: 'VnetLocal', source: 'Default', state: 'Active' },
      ],
    };
    const imported = read([...EXAMPLE, JSON.stringify(routes)]);
    expect(imported.leftOut[0]?.effect).toContain('what Azure worked out');
  });
});

describe('what is no network is refused with what to do', () => {
  test.each([
    ['nothing', '', 'There is nothing to read.'],
    ['words', 'hello', 'starts with "hello", which is no JSON'],
    ['JSON that breaks off', '[{"id": "/subs', 'brackets are still open'],
    ['a table', 'Name  Location\n----  ----', 'which is no JSON'],
    ['numbers', '[1, 2]', 'no resource in it that the model has'],
    ['another kind of object', '{"a": 1}', 'an object with a'],
    [
      'Kubernetes without its cluster',
      '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}]}',
      '1 Kubernetes object',
    ],
  ])('%s', (_, text, said) => {
    expect(refusal(text)).toContain(said);
  });

  test('too deep, too large, and keys that mean something to JavaScript', () => {
    expect(refusal('['.repeat(5_000) + ']'.repeat(5_000))).toMatch(/more than 64 objects/);
    expect(refusal(`["${'x'.repeat(25_000_000)}"]`)).toMatch(/million characters/);
    const before = Object.keys(Object.prototype);
    const evil = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"id":"${ROOT}/Microsoft.Network/virtualNetworks/__proto__","addressSpace":{"addressPrefixes":["10.0.0.0/16"]},"subnets":[]}`;
    const imported = read([evil]);
    expect(Object.keys(Object.prototype)).toEqual(before);
    expect(({} as Changed)['polluted']).toBeUndefined();
    expect(imported.leftOut.map(({ what }) => what.split(' ')[0])).toEqual(
      expect.arrayContaining(['__proto__', 'constructor']),
    );
  });

  test('markup stays text', () => {
    const texts = exampleWith(NICS, (list) =>
      list.map((each) => ({ ...each, '<img src=x onerror=alert(1)>': '<script>' })),
    );
    expect(read(texts).leftOut[0]?.what).toBe('<img src=x onerror=alert(1)> = <script>');
  });
});

test('a template has its names as expressions', () => {
  const [vnet] = JSON.parse(EXAMPLE[0] ?? '') as Changed[];
  const template = {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters: { virtualNetworks_hub_name: { defaultValue: 'hub', type: 'String' } },
    variables: {},
    resources: [
      {
        type: 'Microsoft.Network/routeTables',
        apiVersion: '2024-05-01',
        name: "[concat('rt', '-', 'hub')]",
        properties: {
          routes: [{ name: 'all', properties: { addressPrefix: '0.0.0.0/0', nextHopType: 'None' } }],
        },
      },
      {
        type: 'Microsoft.Network/virtualNetworks',
        apiVersion: '2024-05-01',
        name: "[parameters('virtualNetworks_hub_name')]",
        location: 'westeurope',
        dependsOn: ["[resourceId('Microsoft.Network/routeTables', 'rt-hub')]"],
        properties: {
          addressSpace: vnet?.['addressSpace'],
          subnets: [
            {
              name: 'apps',
              id: "[resourceId('Microsoft.Network/virtualNetworks/subnets', parameters('virtualNetworks_hub_name'), 'apps')]",
              properties: {
                addressPrefix: '10.0.0.0/24',
                routeTable: { id: "[resourceId('Microsoft.Network/routeTables', 'rt-hub')]" },
              },
            },
          ],
        },
      },
      { type: 'Microsoft.Network/networkSecurityGroups', name: "[uniqueString('x')]", properties: {} },
    ],
  };
  const imported = read([JSON.stringify(template)]);
  const names = Object.values(imported.cloud.resources).map(({ name }) => name);
  expect(names).toEqual(['rt-hub', 'hub']);
  expect(imported.leftOut.map(({ kind }) => kind)).toEqual(['text', 'text']);
  expect(imported.notes.join(' ')).toContain('A template does not say');
  const [, found] = Object.values(imported.cloud.resources);
  expect(found).toMatchObject({
    subnets: [{ routeTable: { id: expect.stringContaining('/routeTables/rt-hub') as string } }],
  });
});
