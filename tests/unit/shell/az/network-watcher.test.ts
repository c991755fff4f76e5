import { beforeAll, describe, expect, test } from 'vitest';
import { azTerminal } from '../../../support/az.ts';

const az = azTerminal();
const FLOW = 'network watcher test-ip-flow -g rg --vm vm1';
const ASK =
  'network watcher run-configuration-diagnostic -g rg --resource vm1 --resource-type virtualMachines';

beforeAll(async () => {
  for (const line of [
    'group create -n rg -l westeurope',
    'network vnet create -g rg -n v --address-prefix 10.0.0.0/16 --subnet-name s --subnet-prefix 10.0.1.0/24',
    'network nsg create -g rg -n on-subnet',
    'network nsg create -g rg -n on-nic',
    'network vnet subnet update -g rg --vnet-name v -n s --network-security-group on-subnet',
    'network nsg rule create -g rg --nsg-name on-subnet -n web --priority 200 --source-address-prefixes Internet --destination-port-ranges 80 443 --protocol Tcp',
    'network nsg rule create -g rg --nsg-name on-nic -n no-http --priority 100 --access Deny --destination-port-ranges 80',
    'network nsg rule create -g rg --nsg-name on-nic -n all --priority 300 --source-address-prefixes Internet --destination-port-ranges *',
    'network nsg rule create -g rg --nsg-name on-nic -n storage --priority 100 --direction Outbound --access Deny --destination-address-prefixes Storage --destination-port-ranges 443',
    'vm create -g rg -n vm1 --image Ubuntu2204 --vnet-name v --subnet s --nsg on-nic --only-show-errors --generate-ssh-keys',
    'vm create -g rg -n bare --image Ubuntu2204 --vnet-name v2 --subnet s2 --subnet-address-prefix 10.0.0.0/24 --only-show-errors --generate-ssh-keys',
    'vm deallocate -g rg -n bare',
  ]) {
    expect((await az.line(line)).exitCode, line).toBe(0);
  }
});

describe('IP flow verify', () => {
  test.each([
    [
      'both groups allow: the rule of the first',
      'Inbound',
      '10.0.1.4:443',
      '203.0.113.9:60000',
      'Allow',
      'securityRules/web',
    ],
    [
      'the second group denies',
      'Inbound',
      '10.0.1.4:80',
      '203.0.113.9:60000',
      'Deny',
      'securityRules/no-http',
    ],
    [
      'the first group denies',
      'Inbound',
      '10.0.1.4:22',
      '203.0.113.9:*',
      'Deny',
      'defaultSecurityRules/DenyAllInBound',
    ],
    [
      'from the VNet',
      'Inbound',
      '10.0.1.4:22',
      '10.0.1.9:1',
      'Allow',
      'defaultSecurityRules/AllowVnetInBound',
    ],
    [
      'to the internet',
      'Outbound',
      '10.0.1.4:*',
      '203.0.113.9:80',
      'Allow',
      'defaultSecurityRules/AllowInternetOutBound',
    ],
  ])('%s', async (_case, direction, local, remote, access, ruleName) => {
    expect(
      await az.json(
        ...`${FLOW} --direction ${direction} --protocol TCP --local ${local} --remote ${remote}`.split(' '),
      ),
    ).toEqual({ access, ruleName });
  });

  test.each([
    [
      'an address of nobody here',
      `${FLOW} --direction Inbound --protocol TCP --local 10.0.1.9:80 --remote 10.0.1.5:1`,
      1,
      '(LocalIPAddressNotFoundOnTargetNic)',
    ],
    [
      'an end without a port',
      `${FLOW} --direction Inbound --protocol TCP --local 10.0.1.4 --remote 10.0.1.5:1`,
      1,
      "usage error: the format of the '--local' and '--remote' should be like x.x.x.x:port",
    ],
    [
      'any port where the packet goes',
      `${FLOW} --direction Inbound --protocol TCP --local 10.0.1.4:* --remote 10.0.1.5:1`,
      1,
      '(InvalidRequestFormat)',
    ],
    [
      'ICMP',
      `${FLOW} --direction Inbound --protocol Icmp --local 10.0.1.4:80 --remote 10.0.1.5:1`,
      2,
      "'Icmp' is not a valid value for '--protocol'. Allowed values: TCP, UDP.",
    ],
    [
      'a machine that is not there',
      'network watcher test-ip-flow -g rg --vm nobody --direction Inbound --protocol TCP --local 10.0.1.4:80 --remote 10.0.1.5:1',
      3,
      '(ResourceNotFound)',
    ],
    [
      'a machine that does not run',
      'network watcher test-ip-flow -g rg --vm bare --direction Inbound --protocol TCP --local 10.0.0.4:80 --remote 10.0.1.5:1',
      1,
      '(TargetVirtualMachineNotRunning)',
    ],
    [
      'a tag whose content is not known',
      `${FLOW} --direction Outbound --protocol TCP --local 10.0.1.4:* --remote 203.0.113.9:443`,
      1,
      '(NotSimulated) A verdict that depends on what is not known: the service tag Storage',
    ],
  ])('refuses %s', async (_case, line, exitCode, message) => {
    const ran = await az.line(line);
    expect(ran.stderr).toContain(message);
    expect(ran.exitCode).toBe(exitCode);
  });
});

describe('NSG diagnostics', () => {
  test('show both groups, each with its rules up to the one that matches', async () => {
    const line = `${ASK} --direction Inbound --protocol TCP --source 203.0.113.9 --destination 10.0.1.4 --port 80`;
    const expression =
      'results[0].networkSecurityGroupResult.[securityRuleAccessResult, evaluatedNetworkSecurityGroups[].[matchedRule.ruleName, rulesEvaluationResult[].name]]';
    expect(await az.json(...line.split(' '), '--query', expression)).toEqual([
      'Deny',
      [
        ['UserRule_web', ['UserRule_web']],
        ['UserRule_no-http', ['UserRule_no-http']],
      ],
    ]);
  });

  test('say which part of a rule does not match', async () => {
    const line = `${ASK} --direction Inbound --protocol UDP --source 10.0.1.7 --destination 10.0.1.4 --port 53`;
    const expression =
      'results[0].networkSecurityGroupResult.evaluatedNetworkSecurityGroups[0].rulesEvaluationResult[0]';
    expect(await az.json(...line.split(' '), '--query', expression)).toEqual({
      destinationMatched: true,
      destinationPortMatched: false,
      name: 'UserRule_web',
      protocolMatched: false,
      sourceMatched: false,
      sourcePortMatched: true,
    });
  });

  test('take several queries at once', async () => {
    const query = (port: string): unknown => ({
      direction: 'Inbound',
      protocol: 'TCP',
      source: 'Internet',
      destination: '10.0.1.4',
      destinationPort: port,
    });
    const words = [...ASK.split(' '), '--queries', JSON.stringify([query('443'), query('80')])];
    expect(
      await az.json(...words, '--query', 'results[].networkSecurityGroupResult.securityRuleAccessResult'),
    ).toEqual(['Allow', 'Deny']);
  });

  test('do not answer for traffic of which a part is allowed', async () => {
    const ran = await az.line(
      `${ASK} --direction Inbound --protocol TCP --source * --destination 10.0.1.4 --port 22`,
    );
    expect(ran.stderr).toContain('(NotSimulated)');
  });
});

describe('next hop', () => {
  test.each([
    ['10.0.1.9', { nextHopType: 'VirtualNetwork', routeTableId: 'System Route' }],
    ['203.0.113.9', { nextHopType: 'Internet', routeTableId: 'System Route' }],
    ['172.16.0.9', { nextHopType: 'None', routeTableId: 'System Route' }],
  ])('to %s', async (address, answer) => {
    const line = `network watcher show-next-hop -g rg --vm vm1 --source-ip 10.0.1.4 --dest-ip ${address}`;
    expect(await az.json(...line.split(' '))).toEqual(answer);
  });
});

test('there is a watcher in every region with a VNet', async () => {
  expect(await az.json('network', 'watcher', 'list', '--query', '[].[name, resourceGroup]')).toEqual([
    ['NetworkWatcher_westeurope', 'NetworkWatcherRG'],
  ]);
});
