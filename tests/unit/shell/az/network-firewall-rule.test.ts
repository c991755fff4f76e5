import { beforeEach, describe, expect, test } from 'vitest';
import { DEPLOYED, firewallTerminal } from '../../../support/firewall-terminal.ts';
import type { FirewallTerminal } from '../../../support/firewall-terminal.ts';

let must: FirewallTerminal['must'];
let refused: FirewallTerminal['refused'];
let json: FirewallTerminal['json'];

beforeEach(async () => {
  ({ must, refused, json } = await firewallTerminal());
});

const NETWORK =
  'network firewall network-rule create -g rg -f fw -c c -n r --protocols TCP --source-addresses *';
const RULE = `${NETWORK} --destination-addresses 203.0.113.9 --destination-ports 443`;
const NEW = '--action Allow --priority 100';
const APPLICATION = 'network firewall application-rule create -g rg -f fw -c a -n r --source-addresses *';
const NAT =
  'network firewall nat-rule create -g rg -f fw -c n -n r --source-addresses * --protocols TCP --action Dnat --priority 100';

describe('az network firewall network-rule, application-rule and nat-rule', () => {
  beforeEach(async () => {
    await must(DEPLOYED);
  });

  test('the first rule of a collection makes it, with priority and action', async () => {
    expect(await refused(RULE)).toBe(
      "WARNING: Rule collection 'c' does not exist and needs to be created.\nERROR: usage error: --collection-name EXISTING_NAME | --collection-name NEW_NAME --priority INT --action ACTION\n",
    );
    expect(await must(`${RULE} ${NEW}`)).toBe("WARNING: Creating rule collection 'c'.\n");
    expect(await refused(`${RULE.replace('-n r ', '-n r2 ')} ${NEW}`)).toContain(
      "Rule collection 'c' already exists.",
    );
    await must(RULE.replace('-n r ', '-n r2 '));
    expect(
      await json('network firewall show -g rg -n fw --query networkRuleCollections[0].rules[].name'),
    ).toEqual(['r', 'r2']);
  });

  test('a rule is printed with its nulls, and a collection with its rules', async () => {
    expect(
      await json(`${APPLICATION} --protocols http=80 Https=8443 --target-fqdns *.contoso.com ${NEW}`),
    ).toEqual({
      description: null,
      fqdnTags: [],
      name: 'r',
      protocols: [
        { port: 80, protocolType: 'Http' },
        { port: 8443, protocolType: 'Https' },
      ],
      sourceAddresses: ['*'],
      sourceIpGroups: [],
      targetFqdns: ['*.contoso.com'],
    });
    expect(await json('network firewall application-rule list -g rg -f fw -c a')).toMatchObject({
      action: { type: 'Allow' },
      priority: 100,
      rules: [{ name: 'r' }],
    });
    const firewall = (await json('network firewall show -g rg -n fw')) as { readonly etag: string };
    expect(firewall).toMatchObject({ applicationRuleCollections: [{ etag: firewall.etag }] });
  });

  test('a rule goes, but not the last one, which goes with its collection', async () => {
    await must(`${RULE} ${NEW}`);
    await must(RULE.replace('-n r ', '-n r2 '));
    await must('network firewall network-rule delete -g rg -f fw -c c -n r2');
    expect(await refused('network firewall network-rule show -g rg -f fw -c c -n r2')).toBe(
      "ERROR: unable to find 'r2'...\n",
    );
    expect(await refused('network firewall network-rule delete -g rg -f fw -c c -n r')).toContain(
      'delete the collection instead',
    );
    await must('network firewall network-rule collection delete -g rg -f fw -c c');
    expect(await json('network firewall network-rule collection list -g rg -f fw')).toEqual([]);
    expect(await refused('network firewall network-rule collection show -g rg -f fw -c c')).toContain(
      "Item 'c' does not exist on azure_firewalls 'fw'",
    );
  });

  test('a priority is free in another type, not in the same one', async () => {
    await must(`${RULE} ${NEW}`);
    await must(`${APPLICATION} --protocols http=80 --fqdn-tags azurekubernetesservice ${NEW}`);
    expect(await refused(`${RULE.replace('-c c ', '-c c2 ')} ${NEW}`)).toContain(
      'which another one of its type has',
    );
    expect(await refused(`${RULE.replace('-c c ', '-c c2 ')} --action Allow --priority 99`)).toContain(
      'outside 100 to 65000',
    );
    expect(await refused(RULE.replace('-n r ', '-n R '))).toContain('Name R of more than one rule');
  });

  test('names need the DNS proxy where the firewall is deployed', async () => {
    const named = `${NETWORK} --destination-fqdns ntp.ubuntu.com --destination-ports 123 ${NEW}`;
    expect(await refused(named)).toContain('AzureFirewallDNSProxyMustBeEnabled');
    await must('network firewall update -g rg -n fw --enable-dns-proxy');
    await must(named);
    expect(await refused('network firewall update -g rg -n fw --enable-dns-proxy false')).toContain(
      'AzureFirewallDNSProxyMustBeEnabled',
    );
    await must('network firewall create -g rg -n bare');
    await must(named.replace('-f fw', '-f bare'));
  });

  test.each([
    [
      'a name among addresses',
      `${NETWORK} --destination-addresses a.example.com --destination-ports 22 ${NEW}`,
      'AzureFirewallRule r: Invalid IP address value or range or Service Tag a.example.com.',
    ],
    [
      'a service tag that is not for firewalls',
      `${NETWORK} --destination-addresses virtualnetwork --destination-ports 22 ${NEW}`,
      'AzureFirewallRule r: Invalid IP address value or range or Service Tag virtualnetwork.',
    ],
    [
      'a service tag as source',
      `${RULE.replace('*', 'Storage')} ${NEW}`,
      'AzureFirewallRuleInvalidIpAddressOrRangeFormat',
    ],
    ['a port that is none', `${RULE.replace('443', '70000')} ${NEW}`, "'70000' as a destination port"],
    ['an unknown protocol', `${RULE.replace('TCP', 'SCTP')} ${NEW}`, "'SCTP' is not a valid value"],
    [
      'two kinds of destination',
      `${RULE} --destination-fqdns a.com ${NEW}`,
      'usage error: --destination-addresses',
    ],
    [
      'an IP group that is not there',
      `${RULE.replace('--source-addresses *', '--source-ip-groups g')} ${NEW}`,
      'InvalidResourceReference',
    ],
    ['no source', `${RULE.replace(' --source-addresses *', '')} ${NEW}`, 'without source addresses'],
    [
      'a protocol without a port',
      `${APPLICATION} --protocols http --target-fqdns * ${NEW}`,
      'usage error: --protocols PROTOCOL=PORT',
    ],
    [
      'a protocol that is none',
      `${APPLICATION} --protocols ftp=21 --target-fqdns * ${NEW}`,
      'InvalidRequestFormat',
    ],
    [
      'a star inside a name',
      `${APPLICATION} --protocols http=80 --target-fqdns www.*.com ${NEW}`,
      "'www.*.com' as a target FQDN",
    ],
    [
      'a tag that is none',
      `${APPLICATION} --protocols http=80 --fqdn-tags Kubernetes ${NEW}`,
      "'Kubernetes' as an FQDN tag",
    ],
    [
      'names and tags',
      `${APPLICATION} --protocols http=80 --fqdn-tags WindowsUpdate --target-fqdns * ${NEW}`,
      'with both',
    ],
    [
      'a range to translate to',
      `${NAT} --destination-addresses 203.0.113.9 --destination-ports 80 --translated-address 10.42.1.4 --translated-port 80-81`,
      'AzureFirewallRuleInvalidDnatPortOrRangeFormat',
    ],
    [
      'two addresses to translate',
      `${NAT} --destination-addresses 203.0.113.9 203.0.113.8 --destination-ports 80 --translated-address 10.42.1.4 --translated-port 80`,
      'anything but one address',
    ],
    [
      'nothing to translate to',
      `${NAT} --destination-addresses 203.0.113.9 --destination-ports 80 --translated-port 80`,
      'usage error: --translated-address | --translated-fqdn',
    ],
    [
      'ICMP to translate',
      `${NAT.replace('TCP', 'ICMP')} --destination-addresses 203.0.113.9 --destination-ports 80 --translated-address 10.42.1.4 --translated-port 80`,
      'ICMP as a protocol',
    ],
    ['the action of another kind', `${RULE} --action Dnat --priority 100`, "'Dnat' is not a valid value"],
  ])('refuses %s', async (_, line, said) => {
    expect(await refused(line)).toContain(said);
  });

  test('are not beside a policy', async () => {
    await must('network firewall policy create -g rg -n p');
    await must(`${RULE} ${NEW}`);
    expect(await refused('network firewall update -g rg -n fw --policy p')).toContain(
      'rules of its own or a policy',
    );
    await must('network firewall network-rule collection delete -g rg -f fw -c c');
    await must('network firewall update -g rg -n fw --policy p');
    expect(await refused(`${RULE} ${NEW}`)).toContain('rules of its own or a policy');
    expect(await refused('network firewall policy delete -g rg -n p')).toContain(
      'Deleting firewall policy p, which firewalls use',
    );
    await must('network firewall update -g rg -n fw --remove firewallPolicy');
    await must(`${RULE} ${NEW}`);
  });
});

describe('az network ip-group', () => {
  test('is held by the rules that name it', async () => {
    await must('network ip-group create -g rg -n g --ip-addresses 10.0.0.0/8 192.168.0.1-192.168.0.9');
    await must(DEPLOYED);
    await must(`${RULE.replace('--source-addresses *', '--source-ip-groups g')} ${NEW}`);
    expect(await json('network ip-group show -g rg -n g')).toMatchObject({
      firewalls: [{ id: expect.stringMatching(/azureFirewalls\/fw$/) as unknown }],
      ipAddresses: ['10.0.0.0/8', '192.168.0.1-192.168.0.9'],
    });
    expect(await refused('network ip-group delete -g rg -n g --yes')).toContain(
      'IpGroupsHasResourceReferences',
    );
    await must('network firewall network-rule collection delete -g rg -f fw -c c');
    await must('network ip-group delete -g rg -n g --yes');
  });

  test.each(['10.0.0.1/8', 'Storage', '*', 'ten'])('refuses %s', async (text) => {
    expect(await refused(`network ip-group create -g rg -n g --ip-addresses ${text}`)).toContain(
      'InvalidAddressPrefixFormat',
    );
  });

  test('is deleted with yes alone', async () => {
    await must('network ip-group create -g rg -n g');
    expect(await refused('network ip-group delete -g rg -n g')).toContain('Use --yes');
  });
});
