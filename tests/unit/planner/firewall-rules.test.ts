/** The firewall rule evaluator: what it reads, what it refuses, and whether its proposals hold. */
import { describe, expect, test } from 'vitest';
import { runCalc } from '../../../src/planner/command-line.ts';
import type { Json } from '../../../src/planner/calculator.ts';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import { createSession } from '../../../src/shell/session.ts';

interface Answer {
  readonly access: string;
  readonly rule: string | null;
  readonly results: readonly {
    readonly access: string;
    readonly smallestChange: { readonly kind: string; readonly commands: readonly string[] };
  }[];
  readonly assumptions: readonly string[];
  readonly [key: string]: unknown;
}

function calc(words: readonly string[], files: Readonly<Record<string, string>> = {}) {
  return runCalc(['firewall-rules', ...words, '--json'], (path) => files[path] ?? null);
}

function ask(line: string, files: Readonly<Record<string, string>> = {}): Answer {
  const { stdout, stderr, exitCode } = calc(line.split(' '), files);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: expect.any(Number) as number });
  expect(exitCode).not.toBe(2);
  return JSON.parse(stdout) as Answer;
}

function refused(line: string, files: Readonly<Record<string, string>> = {}): string {
  const { stderr, exitCode } = calc(line.split(' '), files);
  expect(exitCode).toBe(2);
  return stderr;
}

/** A shell in which the lines have run; what fails there fails the test. */
async function session(lines: string): Promise<(line: string) => Promise<string>> {
  const shell = createSession({ cloud: newCloud({ seed: 'firewall-rules' }) });
  const run = async (line: string): Promise<string> => {
    const { stdout, stderr, exitCode } = await shell.run(line);
    expect({ line, stderr, exitCode }).toMatchObject({ exitCode: 0 });
    return stdout;
  };
  await run(lines);
  return run;
}

const NETWORK = `az group create -n rg -l westeurope -o none
az network vnet create -g rg -n hub --address-prefixes 10.42.0.0/16 --subnet-name AzureFirewallSubnet --subnet-prefixes 10.42.2.0/24 -o none
az network public-ip create -g rg -n pip --sku Standard -o none`;

const CLASSIC = `${NETWORK}
az network firewall create -g rg -n fw -l westeurope --enable-dns-proxy true -o none
az network firewall network-rule create -g rg --firewall-name fw --collection-name net --name time --protocols UDP --source-addresses '*' --destination-fqdns ntp.ubuntu.com --destination-ports 123 --action Allow --priority 200 -o none
az network firewall network-rule create -g rg --firewall-name fw --collection-name block --name telnet --protocols TCP --source-addresses '*' --destination-addresses '*' --destination-ports 23 --action Deny --priority 300 -o none
az network firewall application-rule create -g rg --firewall-name fw --collection-name app --name aks --protocols Http=80 Https=443 --source-addresses 10.42.0.0/16 --fqdn-tags AzureKubernetesService --action Allow --priority 200 -o none`;

const POLICY = `${NETWORK}
az network firewall policy create -g rg -n hub -o none
az network firewall policy create -g rg -n spoke --base-policy hub -o none
az network firewall policy rule-collection-group create -g rg --policy-name hub -n core --priority 300 -o none
az network firewall policy rule-collection-group collection add-filter-collection -g rg --policy-name hub --rule-collection-group-name core --name block --collection-priority 200 --action Deny --rule-name telnet --rule-type NetworkRule --ip-protocols TCP --source-addresses '*' --destination-addresses '*' --destination-ports 23 -o none
az network firewall policy rule-collection-group create -g rg --policy-name spoke -n apps --priority 200 -o none
az network firewall policy rule-collection-group collection add-filter-collection -g rg --policy-name spoke --rule-collection-group-name apps --name web --collection-priority 200 --action Allow --rule-name aks --rule-type ApplicationRule --protocols Https=443 --source-addresses 10.42.0.0/16 --fqdn-tags AzureKubernetesService -o none`;

const SHOW_CLASSIC = 'az network firewall show -g rg -n fw -o json';
const SHOW_POLICY = `az network firewall policy rule-collection-group list -g rg --policy-name hub -o json
az network firewall policy rule-collection-group list -g rg --policy-name spoke -o json
az network firewall policy show -g rg -n spoke -o json`;

describe('a proposed change, run as its commands say, flips the verdict', () => {
  test.each([
    ['a name that no rule allows', CLASSIC, SHOW_CLASSIC, 'docker.io:443', 'Deny'],
    ['a name that a rule allows', CLASSIC, SHOW_CLASSIC, 'mcr.microsoft.com:443', 'Allow'],
    ['a port that is denied', CLASSIC, SHOW_CLASSIC, '10.50.0.4:23', 'Deny'],
    ['a name of a network rule', CLASSIC, SHOW_CLASSIC, 'ntp.ubuntu.com:123', 'Allow'],
    ['a name, with policies', POLICY, SHOW_POLICY, 'docker.io:443', 'Deny'],
    ['a name that a child allows', POLICY, SHOW_POLICY, 'mcr.microsoft.com:443', 'Allow'],
    ['a port that the parent denies', POLICY, SHOW_POLICY, '10.50.0.4:23', 'Deny'],
  ])('%s', async (_name, build, show, to, access) => {
    const shell = await session(build);
    const before = ask(`--file fw.json --from 10.42.1.4 --to ${to}`, { 'fw.json': await shell(show) });
    expect(before.access).toBe(access);
    const { kind, commands } = before.results[0]?.smallestChange ?? { kind: '', commands: [] };
    expect(kind).toBe('add');
    for (const command of commands) await shell(`${command} -o none`);
    const after = ask(`--file fw.json --from 10.42.1.4 --to ${to}`, { 'fw.json': await shell(show) });
    expect(after.access).toBe(access === 'Allow' ? 'Deny' : 'Allow');
  });
});

describe('what is pasted', () => {
  const group = (policy: string, name: string, rule: object): Json =>
    JSON.parse(
      JSON.stringify({
        id: `/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/firewallPolicies/${policy}/ruleCollectionGroups/${name}`,
        name,
        priority: 200,
        ruleCollections: [
          {
            name: 'c',
            priority: 100,
            ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
            action: { type: 'Allow' },
            rules: [rule],
          },
        ],
      }),
    ) as Json;
  const ssh = {
    name: 'ssh',
    ruleType: 'NetworkRule',
    ipProtocols: ['TCP'],
    sourceAddresses: ['*'],
    destinationAddresses: ['*'],
    destinationPorts: ['22'],
  };
  const QUESTION = '--file a.json --from 10.1.0.4 --to 10.2.0.4:22';

  test('ARM’s nested form is read as azure-cli’s flat one', () => {
    const { id, name, priority, ruleCollections } = group('p', 'g', ssh) as Record<string, Json>;
    const nested = JSON.stringify({ value: [{ id, name, properties: { priority, ruleCollections } }] });
    expect(ask(QUESTION, { 'a.json': nested })).toMatchObject({ access: 'Allow', rule: 'ssh', policy: 'p' });
  });

  test('an IP group beside the rules says what it holds', () => {
    const grouped = { ...ssh, destinationAddresses: [], destinationIpGroups: ['/x/ipGroups/Servers'] };
    const rules = JSON.stringify(group('p', 'g', grouped));
    const ipGroup = JSON.stringify({
      type: 'Microsoft.Network/IpGroups',
      name: 'servers',
      ipAddresses: ['10.2.0.0/24'],
    });
    expect(ask(QUESTION, { 'a.json': rules }).access).toBe('undetermined');
    expect(ask(QUESTION, { 'a.json': `${rules}\n${ipGroup}` }).access).toBe('Allow');
    expect(ask(`${QUESTION} --ip-group servers=10.3.0.0/24`, { 'a.json': rules }).access).toBe('Deny');
  });

  test('public addresses of a region are in its AzureCloud tag', () => {
    const tagged = { ...ssh, destinationAddresses: ['AzureCloud.WestEurope'] };
    const rules = JSON.stringify(group('p', 'g', tagged));
    const address = JSON.stringify([
      {
        type: 'Microsoft.Network/publicIPAddresses',
        name: 'pip',
        location: 'westeurope',
        ipAddress: '203.0.113.9',
      },
    ]);
    const question = '--file a.json --from 10.1.0.4 --to 203.0.113.9:22';
    expect(ask(question, { 'a.json': rules }).access).toBe('undetermined');
    expect(ask(question, { 'a.json': `${rules}\n${address}` }).access).toBe('Allow');
  });

  test.each([
    [
      'two policies without their relation',
      `${JSON.stringify(group('hub', 'g', ssh))}\n${JSON.stringify(group('spoke', 'g', ssh))}`,
      /--parent: policies hub, spoke are given, and which is the parent of which is not said/,
    ],
    [
      'a parent that is not given',
      JSON.stringify([
        {
          type: 'Microsoft.Network/FirewallPolicies',
          name: 'spoke',
          basePolicy: { id: '/x/firewallPolicies/hub' },
          ruleCollectionGroups: [],
        },
      ]),
      /policy spoke has the parent hub, whose rules come first and are not given/,
    ],
    [
      'a policy without its groups',
      JSON.stringify({
        type: 'Microsoft.Network/FirewallPolicies',
        name: 'hub',
        ruleCollectionGroups: [{ id: '/x/firewallPolicies/hub/ruleCollectionGroups/core' }],
      }),
      /policy hub has groups core, whose rules are not given/,
    ],
    [
      'a firewall without the rules of its policy',
      JSON.stringify({
        type: 'Microsoft.Network/azureFirewalls',
        name: 'fw',
        firewallPolicy: { id: '/x/firewallPolicies/hub' },
        networkRuleCollections: [],
      }),
      /the firewall has policy hub, whose rules are not given/,
    ],
    [
      'a network security group',
      JSON.stringify({ type: 'Microsoft.Network/networkSecurityGroups', name: 'nsg', securityRules: [] }),
      /holds a network security group, which is no firewall\. Try calc nsg-evaluator/,
    ],
    [
      'a virtual network',
      JSON.stringify({ type: 'Microsoft.Network/virtualNetworks', name: 'hub' }),
      /holds a Microsoft\.Network\/virtualNetworks, which is no firewall/,
    ],
    [
      'JSON that breaks off',
      JSON.stringify(group('p', 'g', ssh), null, 2).slice(0, -20),
      /line \d+: is no JSON/,
    ],
    [
      'an action that there is not',
      JSON.stringify(group('p', 'g', ssh)).replace('Allow', 'Block'),
      /"Block"/,
    ],
    [
      'a priority out of range',
      JSON.stringify(group('p', 'g', ssh)).replace('"priority":100', '"priority":7'),
      /c has priority 7/,
    ],
    [
      'a port that is none',
      JSON.stringify(group('p', 'g', { ...ssh, destinationPorts: ['22x'] })),
      /port 22x, which cannot be read/,
    ],
    ['a rule without its collection', JSON.stringify(ssh), /rule ssh without its collection/],
  ])('is refused: %s', (_name, text, message) => {
    expect(refused(QUESTION, { 'a.json': text })).toMatch(message);
  });
});

describe('destinations', () => {
  const rules =
    '--rules app:web:100:Allow:any:https=443,http=8080:*.contoso.com net:dns:100:Allow:UDP:any:any:53';

  test.each([
    ['www.contoso.com:443', 'Allow'],
    ['https://www.contoso.com/path?x', 'Allow'],
    ['http://www.contoso.com:8080', 'Allow'],
    ['WWW.Contoso.COM:443', 'Allow'],
    ['www.contoso.com:443/tcp', 'undetermined'],
    ['203.0.113.5:443', 'undetermined'],
    ['203.0.113.5:443/https', 'Deny'],
    ['www.contoso.com@10.2.0.4:443', 'Allow'],
    ['203.0.113.5:53', 'Allow'],
    ['203.0.113.5:53/tcp', 'Deny'],
    ['203.0.113.5/icmp', 'Deny'],
  ])('%s: %s', (to, access) => {
    expect(ask(`${rules} --from 10.1.0.4 --to ${to}`).access).toBe(access);
  });

  test('--host says the name behind an address', () => {
    const line = `${rules} --from 10.1.0.4 --to 203.0.113.5:443 --protocol https --host www.contoso.com`;
    expect(ask(line)).toMatchObject({ access: 'Allow', rule: 'web', source: 'public' });
  });

  test.each([
    ['www.contoso.com', 'has no port'],
    ['a..b:443', 'no host name'],
    ['10.0.0.0/8:443', 'is a prefix'],
    ['2001:db8::1', 'IPv6'],
    ['ftp://contoso.com', '"ftp" is none of'],
    ['www.contoso.com:70000', 'no port from 1 to 65535'],
    ['10.256.0.1:443', 'octet 2'],
  ])('is refused: %s, %s', (to, message) => {
    expect(refused(`${rules} --from 10.1.0.4 --to ${to}`)).toContain(message);
  });

  test('many of them are a table, and one that is denied decides the exit code', () => {
    const words = `${rules} --from 10.1.0.4 --to www.contoso.com:443 contoso.com:443`.split(' ');
    const { stdout, exitCode } = runCalc(['firewall-rules', ...words]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/Of 2 destinations: 1 allowed, 1 denied \(contoso\.com:443\)/);
    expect(stdout).toMatch(/^ {2}www\.contoso\.com:443 +Allowed +application rule web/m);
  });
});

test('a large policy is answered while somebody types', () => {
  const words = Array.from({ length: 1_500 }, (_, at) =>
    at % 2 === 0
      ? `net:p/g${at % 30}@${200 + (at % 30)}/n${at % 30}/r${at}:100:Allow:TCP:10.${at % 200}.0.0/16:10.${at % 250}.${at % 255}.0/24:${at % 60_000}`
      : `app:p/g${at % 30}@${200 + (at % 30)}/a${at % 30}/r${at}:200:Allow:10.${at % 200}.0.0/16:https=443:host${at}.example.com`,
  );
  const start = performance.now();
  const answer = ask(`--rules ${words.join(' ')} --from 10.1.0.4 --to host9999.example.com:443`);
  expect(answer.access).toBe('Deny');
  expect(performance.now() - start).toBeLessThan(3_000);
});

test('what a shell would read in a name is quoted in a command', () => {
  const firewall = {
    name: 'fw',
    id: '/subscriptions/x/resourceGroups/rg(prod)/providers/Microsoft.Network/azureFirewalls/fw',
    networkRuleCollections: [
      {
        name: 'allow dns',
        priority: 200,
        action: { type: 'Allow' },
        rules: [
          {
            name: 'to anywhere',
            protocols: ['UDP'],
            sourceAddresses: ['*'],
            destinationAddresses: ['*'],
            destinationPorts: ['53'],
          },
        ],
      },
    ],
  };
  const rules = JSON.stringify([firewall]);
  const { stdout } = runCalc([
    'firewall-rules',
    '--rules',
    rules,
    '--from',
    '10.0.0.4',
    '--to',
    '8.8.8.8:53/udp',
  ]);
  expect(stdout).toContain("-g 'rg(prod)' --firewall-name fw --collection-name");
});

test('one priority for two collections is refused, as Azure does', () => {
  const asked = '--from 10.1.1.4 --to 10.2.2.2:22';
  const rules = 'net:a:100:Allow:TCP:any:any:22 net:b:100:Deny:TCP:any:any:22';
  expect(refused(`--rules ${rules} ${asked}`)).toContain('collections a and b both have priority 100');
  ask(`--rules net:a:100:Allow:TCP:any:any:22 app:b:100:Deny:any:https=443:example.com ${asked}`);
});
