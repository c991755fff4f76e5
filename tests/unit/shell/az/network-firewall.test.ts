import { beforeEach, describe, expect, test } from 'vitest';
import { DEPLOYED, firewallTerminal } from '../../../support/firewall-terminal.ts';
import type { FirewallTerminal } from '../../../support/firewall-terminal.ts';

let must: FirewallTerminal['must'];
let refused: FirewallTerminal['refused'];
let json: FirewallTerminal['json'];

beforeEach(async () => {
  ({ must, refused, json } = await firewallTerminal());
});

describe('az network firewall create', () => {
  test('prints what the service sends for one that is not deployed yet', async () => {
    // Recorded on 2025-09-29 by a test of the extension (test_firewall_with_dns_proxy).
    expect(
      await json(
        'network firewall create -g rg -n fw01 --dns-servers 10.0.0.2 10.0.0.3 --enable-dns-proxy false',
      ),
    ).toMatchObject({
      name: 'fw01',
      type: 'Microsoft.Network/azureFirewalls',
      sku: { name: 'AZFW_VNet', tier: 'Standard' },
      threatIntelMode: 'Alert',
      additionalProperties: {
        'Network.DNS.EnableProxy': 'false',
        'Network.DNS.Servers': '10.0.0.2,10.0.0.3',
      },
      ipConfigurations: [],
      networkRuleCollections: [],
      applicationRuleCollections: [],
      natRuleCollections: [],
    });
  });

  test('takes the first free address of AzureFirewallSubnet and holds its public address', async () => {
    const made = await json(DEPLOYED);
    expect(made).toMatchObject({ ipConfigurations: [{ name: 'cfg', privateIPAddress: '10.42.2.4' }] });
    const holder = {
      ipConfiguration: {
        id: expect.stringMatching(/azureFirewalls\/fw\/azureFirewallIpConfigurations\/cfg$/) as unknown,
      },
    };
    expect(await json('network public-ip show -g rg -n pip')).toMatchObject(holder);
    expect(
      await json('network vnet subnet show -g rg --vnet-name vnet -n AzureFirewallSubnet'),
    ).toMatchObject({
      ipConfigurations: [holder.ipConfiguration],
    });
  });

  test('keeps its private address when it is changed, and frees everything when it goes', async () => {
    await must(DEPLOYED);
    await must('network firewall update -g rg -n fw --threat-intel-mode Deny --tags a=b');
    expect(await json('network firewall show -g rg -n fw --query ipConfigurations[0].privateIPAddress')).toBe(
      '10.42.2.4',
    );
    expect(await refused('network public-ip delete -g rg -n pip')).toContain(
      'PublicIPAddressCannotBeDeleted',
    );
    expect(
      await refused('network vnet subnet delete -g rg --vnet-name vnet -n AzureFirewallSubnet'),
    ).toContain('InUseSubnetCannotBeDeleted');
    await must('network firewall delete -g rg -n fw');
    await must('network public-ip delete -g rg -n pip');
    await must('network vnet subnet delete -g rg --vnet-name vnet -n AzureFirewallSubnet');
  });

  test('with a management configuration works without a public address for data', async () => {
    const made = await json(
      'network firewall create -g rg -n fw --sku AZFW_VNet --tier Basic --vnet-name vnet --conf-name cfg --m-conf-name m --m-public-ip pip',
    );
    expect(made).toMatchObject({
      sku: { tier: 'Basic' },
      ipConfigurations: [{ privateIPAddress: '10.42.2.4' }],
      managementIpConfiguration: { name: 'm' },
    });
    // The service does not tell its private address.
    expect(made).not.toHaveProperty('managementIpConfiguration.privateIPAddress');
    expect(await json('network firewall management-ip-config show -g rg -f fw')).toMatchObject({
      name: 'm',
      privateIpAddress: null,
    });
    await must('network firewall management-ip-config update -g rg -f fw --public-ip-address pip2');
    await must('network public-ip delete -g rg -n pip');
    expect(await must('network firewall ip-config delete -g rg -f fw -n cfg')).toContain(
      'Management ip configuration cannot exist without regular ip config. Delete it as well.',
    );
    expect(await json('network firewall management-ip-config show -g rg -f fw')).toBeNull();
  });

  test.each([
    [
      'of tier Basic without a management configuration',
      '--sku AZFW_VNet --tier Basic',
      'both --m-conf-name and --m-public-ip-address',
    ],
    [
      'with a policy and DNS settings',
      '--policy p --enable-dns-proxy true',
      'firewall policy and dns settings cannot co-exist',
    ],
    ['with a policy that is not there', '--policy p', 'InvalidResourceReference'],
    ['in a virtual hub', '--vhub h', 'NotSimulated'],
    ['with a private range that is none', '--private-ranges 10.0.0.0/33', 'Real Azure refuses it too'],
    ['with a DNS server that is no address', '--dns-servers ns1', 'Real Azure refuses it too'],
    ['in a zone that is not there', '--zones 4', 'Real Azure refuses it too'],
    [
      'with a public address of another region',
      '--conf-name c --public-ip far --vnet-name vnet',
      'InvalidResourceReference',
    ],
    [
      'in a VNet that is not there',
      '--conf-name c --public-ip pip --vnet-name no',
      'InvalidResourceReference',
    ],
    [
      'in a subnet that is too small',
      '--conf-name c --public-ip pip --vnet-name small',
      'must be a /26 or larger',
    ],
    ['without a public address', '--conf-name c --vnet-name vnet', 'without a public IP address'],
    [
      'with half a management configuration',
      '--conf-name c --public-ip pip --vnet-name vnet --m-conf-name m',
      'AzureFirewallManagementIpConfigRequiresSubnetAndPublicIp',
    ],
    ['with a name of 57 characters', `-n ${'f'.repeat(57)}`, 'InvalidResourceName'],
  ])('is refused %s', async (_, options, said) => {
    await must('network public-ip create -g rg -n far -l northeurope');
    await must(
      'network vnet create -g rg -n small --address-prefixes 10.1.0.0/16 --subnet-name AzureFirewallSubnet --subnet-prefixes 10.1.0.0/27',
    );
    expect(await refused(`network firewall create -g rg -n fw ${options}`)).toContain(said);
  });

  test('has its subnet alone', async () => {
    await must(DEPLOYED);
    expect(
      await refused('network firewall create -g rg -n fw2 --conf-name c --public-ip pip2 --vnet-name vnet'),
    ).toContain('Real Azure refuses it too');
    await must('network nsg create -g rg -n nsg');
    expect(
      await refused('network vnet subnet update -g rg --vnet-name vnet -n AzureFirewallSubnet --nsg nsg'),
    ).toContain('Real Azure refuses it too');
  });
});

describe('az network firewall ip-config', () => {
  beforeEach(async () => {
    await must('network firewall create -g rg -n fw');
    await must(
      'network firewall ip-config create -g rg -f fw -n cfg --public-ip-address pip --vnet-name vnet',
    );
  });

  test('prints the private address in its own spelling, as the older commands do', async () => {
    expect(await json('network firewall ip-config show -g rg -f fw -n cfg')).toMatchObject({
      privateIpAddress: '10.42.2.4',
    });
  });

  test('adds public addresses without a subnet', async () => {
    await must('network firewall ip-config create -g rg -f fw -n second --public-ip-address pip2');
    expect(
      await json('network firewall ip-config list -g rg -f fw --query [].[name,privateIpAddress]'),
    ).toEqual([
      ['cfg', '10.42.2.4'],
      ['second', null],
    ]);
    expect(await refused('network firewall ip-config delete -g rg -f fw -n cfg')).toContain(
      'without a subnet',
    );
    await must('network firewall ip-config delete -g rg -f fw -n second');
    await must('network firewall ip-config delete -g rg -f fw -n cfg');
    expect(await json('network firewall ip-config list -g rg -f fw')).toEqual([]);
  });

  test.each([
    [
      'a second subnet',
      '-n second --public-ip-address pip2 --vnet-name vnet',
      'cannot have more than one subnet reference',
    ],
    ['an address that it has', '-n second --public-ip-address pip', 'PublicIPAddressInUse'],
    [
      'half a management configuration',
      '-n second --public-ip-address pip2 --m-name m',
      'Usage error: --management-virtual-network-name',
    ],
  ])('refuses %s', async (_, options, said) => {
    expect(await refused(`network firewall ip-config create -g rg -f fw ${options}`)).toContain(said);
  });
});

describe('az network firewall update', () => {
  test.each([
    ['--set threatIntelMode=Sometimes', 'InvalidRequestFormat'],
    ['--set ipConfigurations[0].name=x', 'NotSimulated'],
    ['--set sku.tier=Basic', 'Real Azure refuses it too'],
  ])('refuses %s', async (options, said) => {
    await must(DEPLOYED);
    expect(await refused(`network firewall update -g rg -n fw ${options}`)).toContain(said);
  });

  test('false takes away what true wrote, but for the DNS proxy', async () => {
    await must(
      'network firewall create -g rg -n fw --allow-active-ftp --enable-dns-proxy --private-ranges 10.0.0.0/8 IANAPrivateRanges',
    );
    expect(
      await json(
        'network firewall update -g rg -n fw --allow-active-ftp false --enable-dns-proxy false --query additionalProperties',
      ),
    ).toEqual({
      'Network.DNS.EnableProxy': 'false',
      'Network.SNAT.PrivateRanges': '10.0.0.0/8, IANAPrivateRanges',
    });
  });
});

test('az network firewall threat-intel-allowlist keeps its lists among the additional properties', async () => {
  await must('network firewall create -g rg -n fw');
  const list = 'network firewall threat-intel-allowlist';
  expect(
    await json(
      `${list} create -g rg -n fw --ip-addresses 10.0.0.0 10.0.0.1 --fqdns www.bing.com *google.com`,
    ),
  ).toMatchObject({
    'ThreatIntel.Whitelist.FQDNs': 'www.bing.com, *google.com',
    'ThreatIntel.Whitelist.IpAddresses': '10.0.0.0, 10.0.0.1',
  });
  await must(`${list} update -g rg -n fw --fqdns *.microsoft.com`);
  expect(await json(`${list} show -g rg -n fw`)).toEqual({
    'ThreatIntel.Whitelist.FQDNs': '*.microsoft.com',
    'ThreatIntel.Whitelist.IpAddresses': '10.0.0.0, 10.0.0.1',
  });
  await must(`${list} delete -g rg -n fw`);
  expect(await json(`${list} show -g rg -n fw`)).toEqual({});
});
