import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applicationProtocol,
  canonicalFqdnTag,
  isFqdn,
  isTargetFqdn,
  isTranslatedPort,
  readFirewallAddresses,
  readFirewallPorts,
  strayAddress,
} from '../../../../src/model/azure/firewall-rule-checks.ts';
import { setSize } from '../../../../src/model/ip/address-set.ts';

describe('addresses in a firewall rule', () => {
  test.each([
    ['*', 2 ** 32],
    ['10.0.0.5', 1],
    ['10.0.0.0/24', 256],
    ['10.0.0.5-10.0.0.7', 3],
    ['0.0.0.0/0', 2 ** 32],
  ])('%s stands for %i addresses', (text, size) => {
    const read = readFirewallAddresses(text);
    expect(read?.kind === 'set' ? setSize(read.set) : null).toBe(size);
  });

  test.each([
    ['10.0.0.5/24', 'a prefix with host bits'],
    ['10.0.0.7-10.0.0.5', 'a range the wrong way round'],
    ['10.0.0.0/24-10.0.1.0/24', 'a range of prefixes'],
    ['example.com', 'a name'],
    ['AzureCloudy', 'no service tag'],
    ['', 'nothing'],
    ['10.0.0.1,10.0.0.2', 'two in one word'],
  ])('%s is none: %s', (text) => {
    expect(readFirewallAddresses(text)).toBeNull();
    expect(strayAddress(['10.0.0.1', text], 'allowed')).toBe(text);
  });

  test('a service tag stands only where one may', () => {
    expect(readFirewallAddresses('azurecloud.westeurope')).toEqual({
      kind: 'service-tag',
      tag: { name: 'AzureCloud', region: 'westeurope' },
    });
    expect(strayAddress(['AzureCloud'], 'allowed')).toBeUndefined();
    expect(strayAddress(['AzureCloud'], 'not-allowed')).toBe('AzureCloud');
  });
});

describe('ports in a firewall rule', () => {
  test('a range is read exactly where its ends are ports in order', () => {
    const end = fc.integer({ min: 0, max: 70_000 });
    fc.assert(
      fc.property(end, end, (low, high) => {
        const good = low >= 1 && high <= 65535 && low <= high;
        expect(readFirewallPorts(`${low}-${high}`)).toEqual(good ? { low, high } : null);
      }),
    );
  });

  test.each([
    ['80', true],
    ['80-80', false],
    ['*', false],
    ['0', false],
    ['65536', false],
    ['', false],
  ])('%s as the port that DNAT translates to: %s', (text, good) => {
    expect(isTranslatedPort(text)).toBe(good);
  });
});

describe('names in a firewall rule', () => {
  // Accepted and refused forms: https://github.com/MicrosoftDocs/azure-docs/issues/57934 (2020-06-26).
  test.each([
    ['*', true, false],
    ['www.contoso.com', true, true],
    ['*.contoso.com', true, false],
    ['*contoso.com', true, false],
    ['*.*.contoso.com', false, false],
    ['aabbcc*.contoso.com', false, false],
    ['contoso.*', false, false],
    ['https://contoso.com', false, false],
    ['contoso.com/path', false, false],
    ['10.0.0.1', false, false],
    ['localhost', false, false],
  ])('%s: %s in an application rule, %s in a network rule', (name, application, network) => {
    expect(isTargetFqdn(name)).toBe(application);
    expect(isFqdn(name)).toBe(network);
  });

  test.each([
    ['azurekubernetesservice', 'AzureKubernetesService'],
    ['WINDOWSUPDATE', 'WindowsUpdate'],
    ['office365.Exchange.Optimize', 'Office365.Exchange.Optimize'],
    ['AzureKubernetes', null],
    ['Office365.', null],
  ])('FQDN tag %s is %s', (text, tag) => {
    expect(canonicalFqdnTag(text)).toBe(tag);
  });

  test.each([
    ['http', '80', { protocolType: 'Http', port: 80 }],
    ['MSSQL', '1433', { protocolType: 'Mssql', port: 1433 }],
    ['Ftp', '21', null],
    ['Http', '80-81', null],
    ['Http', '0', null],
  ] as const)('%s=%s', (protocolType, port, read) => {
    expect(applicationProtocol({ protocolType, port })).toEqual(read);
  });
});
