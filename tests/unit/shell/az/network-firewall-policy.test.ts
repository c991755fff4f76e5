import { beforeEach, describe, expect, test } from 'vitest';
import { heldAddresses } from '../../../../src/model/azure/datacenter-addresses.ts';
import { getResource } from '../../../../src/model/azure/resource-store.ts';
import { readConfiguration } from '../../../../src/model/firewall/rules-of.ts';
import { azTerminal } from '../../../support/az.ts';
import type { AzTerminal } from '../../../support/az.ts';

/** Words with quotes, as a shell splits them. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

let az: AzTerminal;
const run = (line: string): ReturnType<AzTerminal['run']> => az.run(...words(line));
const json = (line: string): Promise<unknown> => az.json(...words(line));

async function must(line: string): Promise<void> {
  const ran = await run(line);
  expect(ran.exitCode, `${line}: ${ran.stderr}`).toBe(0);
}

/** Runs a line that must be refused with a code, or with a part of a sentence, and leave everything as it was. */
async function refused(line: string, code: string): Promise<string> {
  const before = az.cloud();
  const ran = await run(line);
  expect(ran.exitCode, line).toBe(1);
  expect(ran.stderr).toContain(code.includes(' ') ? code : `(${code})`);
  expect(az.cloud().resources).toBe(before.resources);
  return ran.stderr;
}

const POLICY = 'network firewall policy';
const GROUP = `${POLICY} rule-collection-group`;
const IN_NET = '-g rg --policy-name pol --rcg-name net';
const FILTER = `${GROUP} collection add-filter-collection ${IN_NET}`;
const NETWORK = `--rule-type NetworkRule --source-addresses '*' --destination-addresses 192.0.2.1 --destination-ports 443 --ip-protocols TCP`;
const APPLICATION = `--rule-type ApplicationRule --source-addresses '*' --protocols Https=443`;
const NAT = `${GROUP} collection add-nat-collection ${IN_NET} -n nat --collection-priority 100 --action DNAT --rule-name r --source-addresses '*' --ip-protocols TCP`;

beforeEach(async () => {
  az = azTerminal({ cloud: { now: Date.parse('2026-09-01') / 1000 } });
  await must('group create -n rg -l westeurope');
  await must(`${POLICY} create -g rg -n pol`);
  await must(`${GROUP} create -g rg --policy-name pol -n net --priority 200`);
});

describe('az network firewall policy', () => {
  test('prints what the service keeps, with references instead of groups', async () => {
    await must(`${POLICY} create -g rg -n child --base-policy pol --tags a=b`);
    expect(await json(`${POLICY} show -g rg -n pol`)).toMatchObject({
      sku: { tier: 'Standard' },
      threatIntelMode: 'Alert',
      firewalls: [],
      type: 'Microsoft.Network/FirewallPolicies',
      ruleCollectionGroups: [
        { id: expect.stringMatching(/\/firewallPolicies\/pol\/ruleCollectionGroups\/net$/) as string },
      ],
      childPolicies: [{ id: expect.stringMatching(/\/child$/) as string, resourceGroup: 'rg' }],
    });
    expect(await json(`${POLICY} show -g rg -n pol --query keys(@)`)).toEqual([
      'childPolicies',
      'etag',
      'firewalls',
      'id',
      'location',
      'name',
      'provisioningState',
      'resourceGroup',
      'ruleCollectionGroups',
      'sku',
      'threatIntelMode',
      'type',
    ]);
    expect(await json(`${POLICY} list --query [].basePolicy.resourceGroup`)).toEqual(['rg']);
  });

  test('settings change one by one, by option and by path', async () => {
    await must(`${POLICY} update -g rg -n pol --dns-servers 10.0.0.4 10.0.0.5`);
    await must(`${POLICY} update -g rg -n pol --enable-dns-proxy true --threat-intel-mode deny`);
    await must(`${POLICY} update -g rg -n pol --private-ranges 10.0.0.0/8 IANAPrivateRanges --tags a=b`);
    expect(await json(`${POLICY} show -g rg -n pol`)).toMatchObject({
      dnsSettings: { enableProxy: true, servers: ['10.0.0.4', '10.0.0.5'] },
      snat: { autoLearnPrivateRanges: 'Disabled', privateRanges: ['10.0.0.0/8', 'IANAPrivateRanges'] },
      threatIntelMode: 'Deny',
      tags: { a: 'b' },
    });
    await must(`${POLICY} update -g rg -n pol --set dnsSettings.enableProxy=false threatIntelMode=Off`);
    await must(`${POLICY} update -g rg -n pol --remove dnsSettings.servers 0`);
    expect(await json(`${POLICY} show -g rg -n pol`)).toMatchObject({
      dnsSettings: { enableProxy: false, servers: ['10.0.0.5'] },
      threatIntelMode: 'Off',
      ruleCollectionGroups: [{}],
    });
  });

  test.each([
    ['create -g rg -n x -l eastus --base-policy pol', 'FirewallPolicyBasePolicyDoesnotExist'],
    ['create -g rg -n x --base-policy nobody', 'FirewallPolicyBasePolicyDoesnotExist'],
    ['create -g rg -n x --base-policy child', 'policy child with a parent and a child'],
    ['create -g rg -n x --sku Basic --base-policy pol', 'of tier Basic with parent pol'],
    ['create -g rg -n x --sku Basic --threat-intel-mode Deny', 'of tier Basic, which has alerts only'],
    [
      'create -g rg -n x --sku Basic --enable-dns-proxy true',
      'A DNS proxy in firewall policy x of tier Basic',
    ],
    ['create -g rg -n x --base-policy premium', 'with parent premium of tier Premium'],
    ['create -g rg -n pol --base-policy pol', 'policy pol as its own parent'],
    ['create -g rg -n pol --base-policy premium', 'policy pol with a parent and a child'],
    ['create -g rg -n x --dns-servers ns.example.com', 'DNS server ns.example.com of'],
    ['create -g rg -n x --private-ranges 10.0.0.1/8', 'Private range 10.0.0.1/8 of'],
    ['create -g rg -n x --idps-mode Alert', 'NotSimulated'],
    ['create -g rg -n x --learn-ranges Enabled', 'NotSimulated'],
    ['create -g rg -n x --explicit-proxy enable-explicit-proxy=true', 'NotSimulated'],
    ['create -g rg -n x --fqdns example.com', 'NotSimulated'],
    ['update -g rg -n pol --sku Premium', 'NotSimulated'],
    ['delete -g rg -n pol', 'from which other policies inherit'],
  ])('%s: %s', async (line, code) => {
    await must(`${POLICY} create -g rg -n child --base-policy pol`);
    await must(`${POLICY} create -g rg -n premium --sku Premium`);
    await refused(`${POLICY} ${line}`, code);
  });

  test('a parent is taken away and goes then', async () => {
    await must(`${POLICY} create -g rg -n child --base-policy pol`);
    await must(`${POLICY} update -g rg -n child --remove basePolicy`);
    await must(`${POLICY} delete -g rg -n pol`);
    expect(await json(`${POLICY} list --query [].name`)).toEqual(['child']);
  });

  test('a firewall that has it keeps it, and is named by it', async () => {
    await must('network firewall create -g rg -n fw --firewall-policy pol');
    expect(await json(`${POLICY} show -g rg -n pol --query firewalls[].resourceGroup`)).toEqual(['rg']);
    await refused(`${POLICY} delete -g rg -n pol`, 'policy pol, which firewalls use, is not simulated');
    await must('network firewall delete -g rg -n fw');
    await must(`${POLICY} delete -g rg -n pol`);
  });

  test.each(['deploy', 'draft create', 'intrusion-detection add', 'intrusion-detection list'])(
    '%s is refused by name',
    async (words) => {
      const ran = await run(`${POLICY} ${words} -g rg --policy-name pol`);
      expect(ran.exitCode).toBe(1);
      expect(ran.stderr).toContain(`az ${POLICY} ${words} is a real command`);
    },
  );
});

describe('az network firewall policy rule-collection-group', () => {
  test('a group has its collections in full, and its own type', async () => {
    await must(`${FILTER} -n c --collection-priority 100 --action Allow --rule-name r ${NETWORK}`);
    expect(await json(`${GROUP} show -g rg --policy-name pol -n net`)).toMatchObject({
      name: 'net',
      priority: 200,
      type: 'Microsoft.Network/FirewallPolicies/RuleCollectionGroups',
      ruleCollections: [{ name: 'c', rules: [{ name: 'r', ruleType: 'NetworkRule' }] }],
    });
    expect(await json(`${GROUP} list -g rg --policy-name pol --query [].name`)).toEqual(['net']);
  });

  test.each([
    ['99', 'less than 100'],
    ['65001', 'greater than 65000'],
  ])('azure-cli itself refuses priority %s', async (priority, how) => {
    const ran = await run(`${GROUP} create -g rg --policy-name pol -n x --priority ${priority}`);
    expect(ran.stderr).toBe(
      `ERROR: InvalidArgumentValue: --priority: Invalid format: '${priority}' is ${how}\n`,
    );
    expect(ran.exitCode).toBe(1);
  });

  test('priorities are unique in a policy, however they are set', async () => {
    await must(`${GROUP} create -g rg --policy-name pol -n other --priority 300`);
    const code = 'Priority 200 of more than one rule collection group';
    await refused(`${GROUP} create -g rg --policy-name pol -n x --priority 200`, code);
    await refused(`${GROUP} update -g rg --policy-name pol -n other --priority 200`, code);
    await refused(`${GROUP} update -g rg --policy-name pol -n other --set priority=200`, code);
    await refused(
      `${GROUP} update -g rg --policy-name pol -n other --set priority=99`,
      'Priority 99 of rule collection group other, outside',
    );
  });

  test('a path reaches into a rule, and what does not fit is refused', async () => {
    await must(`${FILTER} -n c --collection-priority 100 --action Allow --rule-name r ${NETWORK}`);
    const update = `${GROUP} update -g rg --policy-name pol -n net`;
    await must(`${update} --set ruleCollections[0].rules[0].destinationAddresses[0]=10.10.10.10`);
    await must(`${update} --add ruleCollections[0].rules[0].destinationPorts 8080-8090`);
    expect(
      await json(`${GROUP} show -g rg --policy-name pol -n net --query ruleCollections[0].rules[0]`),
    ).toMatchObject({ destinationAddresses: ['10.10.10.10'], destinationPorts: ['443', '8080-8090'] });
    await refused(`${update} --set ruleCollections[0].action.type=Maybe`, 'InvalidRequestFormat');
    await refused(`${update} --set ruleCollections[0].rules[0].colour=red`, 'NotSimulated');
    await refused(
      `${update} --set ruleCollections[0].rules[0].destinationPorts[0]=0`,
      'FirewallPolicyRuleConditionInvalidPortOrRangeFormat',
    );
  });

  test('deleting asks first, and a group that is not there is no error', async () => {
    const asked = await run(`${GROUP} delete -g rg --policy-name pol -n net`);
    expect(asked.stderr).toContain('Use --yes');
    await must(`${GROUP} delete -g rg --policy-name pol -n net -y`);
    await must(`${GROUP} delete -g rg --policy-name pol -n net -y`);
    expect((await run(`${GROUP} show -g rg --policy-name pol -n net`)).exitCode).toBe(3);
  });
});

describe('az network firewall policy rule-collection-group collection', () => {
  test('a new collection comes last and the collections alone are printed', async () => {
    await must(`${FILTER} -n c --collection-priority 110 --action Allow --rule-name r ${NETWORK}`);
    const printed = await json(
      `${FILTER} -n d --collection-priority 100 --action deny --rule-name s ${APPLICATION} --target-fqdns '*.example.com'`,
    );
    expect(printed).toMatchObject({
      ruleCollections: [
        { name: 'c', action: { type: 'Allow' } },
        {
          name: 'd',
          action: { type: 'Deny' },
          ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
          rules: [{ protocols: [{ port: 443, protocolType: 'Https' }], targetFqdns: ['*.example.com'] }],
        },
      ],
    });
    await must(`${GROUP} collection remove ${IN_NET} -n c`);
    await must(`${GROUP} collection remove ${IN_NET} -n nobody`);
    expect(await json(`${GROUP} collection list ${IN_NET} --query [].name`)).toEqual(['d']);
  });

  test('of a protocol that is given twice the last counts, as in the extension', async () => {
    await must(
      `${FILTER} -n c --collection-priority 110 --action Allow --rule-name r --rule-type ApplicationRule --source-addresses '*' --target-fqdns example.com --protocols http=80 http=8080`,
    );
    expect(await json(`${GROUP} collection list ${IN_NET} --query [0].rules[0].protocols`)).toEqual([
      { port: 8080, protocolType: 'Http' },
    ]);
  });

  test.each([
    [
      `-n c --collection-priority 101 --action Allow --rule-name r ${NETWORK}`,
      'Name c of more than one rule collection of',
    ],
    [
      `-n d --collection-priority 100 --action Allow --rule-name r ${NETWORK}`,
      'Priority 100 of more than one rule collection of',
    ],
    [`-n d --collection-priority 101 --rule-name r ${NETWORK}`, 'InvalidRequestFormat'],
    [`-n d --collection-priority 101 --action Allow ${NETWORK}`, 'A rule without a name'],
    [
      `-n d --collection-priority 101 --action Allow --rule-name r ${NETWORK} --source-ip-groups nobody`,
      'InvalidResourceReference',
    ],
  ])('%s: %s', async (options, code) => {
    await must(`${FILTER} -n c --collection-priority 100 --action Allow --rule-name r ${NETWORK}`);
    await refused(`${FILTER} ${options}`, code);
  });

  test.each([
    [
      "--source-addresses Internet --destination-addresses '*' --destination-ports 1 --ip-protocols TCP",
      'Internet, a service tag, as an address',
    ],
    [
      "--destination-addresses '*' --destination-ports 1 --ip-protocols TCP",
      'without any of sourceAddresses',
    ],
    [
      "--source-addresses '*' --destination-ports 1 --ip-protocols TCP",
      'without any of destinationAddresses',
    ],
    [
      "--source-addresses '*' --destination-addresses 10.0.0.1/8 --destination-ports 1 --ip-protocols TCP",
      '10.0.0.1/8 as an address',
    ],
    [
      "--source-addresses '*' --destination-addresses '*' --destination-ports 70000 --ip-protocols TCP",
      'FirewallPolicyRuleConditionInvalidPortOrRangeFormat',
    ],
    [
      "--source-addresses '*' --destination-addresses '*' --ip-protocols TCP",
      'Network rule r without destinationPorts',
    ],
    [
      "--source-addresses '*' --destination-addresses '*' --destination-ports 1",
      'Network rule r without a protocol',
    ],
    [
      "--source-addresses '*' --destination-addresses '*' --destination-ports 1 --ip-protocols SCTP",
      'InvalidRequestFormat',
    ],
    [
      "--source-addresses '*' --destination-fqdns ntp.ubuntu.com --destination-ports 1 --ip-protocols TCP",
      'without the DNS proxy',
    ],
    [
      "--source-addresses '*' --destination-fqdns '*.ubuntu.com' --destination-ports 1 --ip-protocols TCP",
      'FirewallPolicyRuleInvalidFqdnFormat',
    ],
  ])('network rule %s: %s', async (options, code) => {
    await refused(
      `${FILTER} -n d --collection-priority 101 --action Allow --rule-name r --rule-type NetworkRule ${options}`,
      code,
    );
  });

  test.each([
    ["--source-addresses '*' --protocols Https=443", 'without any of targetFqdns'],
    ["--source-addresses '*' --target-fqdns example.com", 'Application rule r without a protocol'],
    ["--source-addresses '*' --protocols Ftp=21 --target-fqdns example.com", 'InvalidRequestFormat'],
    [
      "--source-addresses '*' --protocols Https=443 --target-fqdns www.*.com",
      'FirewallPolicyRuleInvalidFqdnFormat',
    ],
    ["--source-addresses '*' --protocols Https=443 --fqdn-tags Nobody", 'FQDN tag Nobody of'],
    [
      "--source-addresses '*' --protocols Https=443 --target-fqdns example.com --enable-tls-insp true",
      'NotSimulated',
    ],
  ])('application rule %s: %s', async (options, code) => {
    await refused(
      `${FILTER} -n d --collection-priority 101 --action Allow --rule-name r --rule-type ApplicationRule ${options}`,
      code,
    );
  });

  test.each([
    [
      '--target-fqdns a.com --fqdn-tags WindowsUpdate --protocols Https=443',
      'usage error: --target-fqdns | --fqdn-tags',
    ],
    ['--target-fqdns a.com --protocols Https', "Failed to parse '--protocols' argument"],
    ['--target-fqdns a.com --protocols Https=all', "invalid literal for int() with base 10: 'all'"],
  ])('azure-cli itself refuses %s', async (options, said) => {
    const ran = await run(
      `${FILTER} -n d --collection-priority 101 --action Allow --rule-name r --rule-type ApplicationRule --source-addresses '*' ${options}`,
    );
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain(said);
  });

  test('what a Premium policy could look into is kept, since the rules then say that they do not know', async () => {
    await must(
      `${FILTER} -n c --collection-priority 110 --action Allow --rule-name r ${APPLICATION} --target-urls www.example.com/a --web-categories Hacking --enable-tls-insp false`,
    );
    expect(await json(`${GROUP} collection list ${IN_NET} --query [0].rules[0]`)).toMatchObject({
      targetUrls: ['www.example.com/a'],
      webCategories: ['Hacking'],
      terminateTLS: false,
    });
  });

  test('destination addresses of an application rule are kept, and make what it names doubtful', async () => {
    await must(
      `${FILTER} -n c --collection-priority 110 --action Allow --rule-name r ${APPLICATION} --target-fqdns example.com --dest-addr 192.0.2.1`,
    );
    const id = `/subscriptions/${az.cloud().subscription.id}/resourceGroups/rg/providers/Microsoft.Network/firewallPolicies/pol`;
    const policy = getResource(az.cloud(), id, 'Microsoft.Network/firewallPolicies');
    const nothing = { ipGroup: () => ({ name: '', addresses: null }), held: heldAddresses(az.cloud()) };
    const { rules } = readConfiguration(null, policy === null ? [] : [policy], nothing);
    expect(rules.application[0]?.names).toMatchObject({
      patterns: [],
      maybe: [{ pattern: 'example.com', doubt: expect.stringContaining('192.0.2.1') as string }],
    });
  });

  test.each([
    [
      '--dest-addr 203.0.113.5 --destination-ports 80 443 --translated-address 10.0.0.4 --translated-port 80',
      'FirewallPolicyNatRuleInvalidDnatMultipleDestinationPortsExists',
    ],
    [
      '--dest-addr 203.0.113.5 203.0.113.6 --destination-ports 80 --translated-address 10.0.0.4 --translated-port 80',
      'DNAT rule r with 2 destination addresses',
    ],
    [
      "--dest-addr '*' --destination-ports 80 --translated-address 10.0.0.4 --translated-port 80",
      '* as an address or range of DNAT rule r',
    ],
    [
      '--dest-addr 203.0.113.5 --destination-ports 80 --translated-address 10.0.0.0/24 --translated-port 80',
      '10.0.0.0/24 as an address or range of DNAT rule r',
    ],
    [
      '--dest-addr 203.0.113.5 --destination-ports 80 --translated-address 10.0.0.4 --translated-port 80-81',
      'anything but one port as its translatedPort',
    ],
    [
      '--dest-addr 203.0.113.5 --destination-ports 80 --translated-address 10.0.0.4',
      'anything but one port as its translatedPort',
    ],
    [
      '--dest-addr 203.0.113.5 --destination-ports 80 --translated-port 80',
      'exactly one of translatedAddress',
    ],
    [
      '--dest-addr 203.0.113.5 --destination-ports 80 --translated-fqdn a.example.com --translated-port 80',
      'without the DNS proxy',
    ],
  ])('DNAT rule %s: %s', async (options, code) => {
    await refused(`${NAT} ${options}`, code);
  });
});

describe('az network firewall policy rule-collection-group collection rule', () => {
  const RULE = `${GROUP} collection rule`;

  beforeEach(async () => {
    await must(`${FILTER} -n c --collection-priority 100 --action Allow --rule-name one ${NETWORK}`);
    await must(
      `${NAT.replace('--collection-priority 100', '--collection-priority 101')} --dest-addr 203.0.113.5 --destination-ports 80 --translated-address 10.0.0.4 --translated-port 80`,
    );
  });

  test('a rule is added at the end, changed in its place and removed; the whole group is printed', async () => {
    const added = await json(`${RULE} add ${IN_NET} --collection-name c -n two ${NETWORK}`);
    expect(added).toMatchObject({
      name: 'net',
      ruleCollections: [{ rules: [{ name: 'one' }, { name: 'two' }] }, { name: 'nat' }],
    });
    await must(
      `${RULE} update ${IN_NET} --collection-name c -n one --destination-ports 80 81 --description d`,
    );
    expect(await json(`${GROUP} collection list ${IN_NET} --query [0].rules[0]`)).toMatchObject({
      name: 'one',
      description: 'd',
      destinationAddresses: ['192.0.2.1'],
      destinationPorts: ['80', '81'],
    });
    await must(`${RULE} remove ${IN_NET} --collection-name c -n one`);
    await must(`${RULE} remove ${IN_NET} --collection-name c -n one`);
    expect(await json(`${GROUP} collection list ${IN_NET} --query [0].rules[].name`)).toEqual(['two']);
  });

  test('a DNAT rule is updated too', async () => {
    await must(`${RULE} update ${IN_NET} --collection-name nat -n r --translated-port 8080`);
    expect(await json(`${GROUP} collection list ${IN_NET} --query [1].rules[0]`)).toMatchObject({
      translatedAddress: '10.0.0.4',
      translatedPort: '8080',
    });
  });

  test.each([
    [`add ${IN_NET} --collection-name x -n two ${NETWORK}`, 'Cannot find corresponding rule.'],
    [
      `update ${IN_NET} --collection-name x -n two`,
      'Cannot find corresponding rule, please check parameters',
    ],
    [`update ${IN_NET} --collection-name c -n two`, 'two does not exist!!!'],
    [`remove ${IN_NET} --collection-name x -n two`, 'Cannot find corresponding rule collection.'],
    [
      `add ${IN_NET} --collection-name c -n two --rule-type NatRule`,
      "FirewallPolicyFilterRule doesn't support Nat rule.",
    ],
    [
      `add ${IN_NET} --collection-name nat -n two ${NETWORK}`,
      'FirewallPolicyNatRule supports neither Network rule nor Application rule.',
    ],
  ])('the extension itself refuses %s', async (line, said) => {
    const ran = await run(`${RULE} ${line}`);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toBe(`ERROR: ${said}\n`);
  });

  test('a collection has rules of one type and each name once', async () => {
    await refused(
      `${RULE} add ${IN_NET} --collection-name c -n two ${APPLICATION} --target-fqdns example.com`,
      'collection c with both network and application rules',
    );
    await refused(`${RULE} add ${IN_NET} --collection-name c -n ONE ${NETWORK}`, 'of more than one rule of');
  });

  test('with names in network rules the DNS proxy stays, in the child that has it from its parent too', async () => {
    await must(`${POLICY} create -g rg -n base --enable-dns-proxy true`);
    await must(`${POLICY} create -g rg -n kid --base-policy base`);
    await must(`${GROUP} create -g rg --policy-name kid -n net --priority 200`);
    await must(
      `${FILTER.replace('--policy-name pol', '--policy-name kid')} -n c --collection-priority 100 --action Allow --rule-name ntp --rule-type NetworkRule --source-addresses '*' --destination-fqdns ntp.ubuntu.com --destination-ports 123 --ip-protocols UDP`,
    );
    await refused(`${POLICY} update -g rg -n base --enable-dns-proxy false`, 'without the DNS proxy');
    await refused(`${POLICY} update -g rg -n kid --remove basePolicy`, 'without the DNS proxy');
    await must(`${POLICY} update -g rg -n kid --enable-dns-proxy true`);
    await must(`${POLICY} update -g rg -n base --enable-dns-proxy false`);
  });

  test('creating a group again empties it, and creating a policy again keeps its groups', async () => {
    await must(`${POLICY} create -g rg -n pol --threat-intel-mode Off`);
    const id = `/subscriptions/${az.cloud().subscription.id}/resourceGroups/rg/providers/Microsoft.Network/firewallPolicies/pol`;
    const collections = (): number =>
      getResource(az.cloud(), id, 'Microsoft.Network/firewallPolicies')?.ruleCollectionGroups[0]
        ?.ruleCollections.length ?? -1;
    expect(collections()).toBe(2);
    await must(`${GROUP} create -g rg --policy-name pol -n net --priority 250`);
    expect(collections()).toBe(0);
  });
});
