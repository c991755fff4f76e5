/** Security groups in Terraform's JSON answer as the same groups in ARM's. */
import { expect, test } from 'vitest';
import { runCalc } from '../../../src/planner/command-line.ts';
import { tableOf, withCell } from '../../../src/planner/nsg-table.ts';

const rule = {
  name: 'AllowWeb',
  priority: 100,
  direction: 'Inbound',
  access: 'Allow',
  protocol: 'Tcp',
  source_port_range: '*',
  source_port_ranges: [],
  destination_port_range: '',
  destination_port_ranges: ['80', '443'],
  source_address_prefix: 'Internet',
  source_address_prefixes: [],
  destination_address_prefix: '*',
  source_application_security_group_ids: [],
};
const group = { name: 'nsg-web', resource_group_name: 'rg-net', security_rule: [rule] };
const loose = { ...rule, network_security_group_name: 'nsg-web', resource_group_name: 'rg-net' };
const shown = (type: string, values: unknown): unknown => ({
  format_version: '1.0',
  values: { root_module: { child_modules: [{ resources: [{ type, name: 'web', values }] }] } },
});

function answerTo(data: unknown, port = 443, from = '203.0.113.9'): unknown {
  const { stdout, stderr } = runCalc(
    ['nsg-evaluator', '--file', 'f', '--from', from, '--to', `10.0.1.4:${port}`, '--json'],
    () => JSON.stringify(data),
  );
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

test.each([
  ['the group alone', group],
  ['a list of rules', [rule]],
  ['configuration', { resource: { azurerm_network_security_group: { web: group } } }],
  ['configuration of a rule', { resource: { azurerm_network_security_rule: { web: loose } } }],
  ['terraform show of a group', shown('azurerm_network_security_group', group)],
  ['terraform show of a rule', shown('azurerm_network_security_rule', loose)],
  [
    'a group and its rule apart',
    {
      resource: {
        azurerm_network_security_group: { web: { ...group, security_rule: [] } },
        azurerm_network_security_rule: { web: loose },
      },
    },
  ],
])('%s', (_name, data) => {
  expect(answerTo(data)).toMatchObject({ access: 'Allow', rule: 'AllowWeb' });
  expect(answerTo(data, 22)).toMatchObject({ access: 'Deny', rule: 'DenyAllInBound' });
});

test('commands name the group and its resource group', () => {
  expect(JSON.stringify(answerTo(group))).toContain('-g rg-net --nsg-name nsg-web');
});

test('members of an application security group are asked for by its name', () => {
  const { source_address_prefix: _, ...rest } = rule;
  const id = '/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/applicationSecurityGroups/web';
  const answer = answerTo([{ ...rest, source_application_security_group_ids: [id] }], 443, '10.0.1.9');
  expect(JSON.stringify(answer)).toContain('application security group web');
});

test('an edited cell stays, and nothing else is lost', () => {
  const text = JSON.stringify([group]);
  const [table] = tableOf(text);
  const [first] = table?.rules ?? [];
  if (table === undefined || first === undefined) throw new Error('no rule');
  const [after] = tableOf(withCell(text, table, first, 'destinationPorts', '8080'));
  expect(after?.rules.map(({ cells }) => cells)).toEqual([{ ...first.cells, destinationPorts: '8080' }]);
});
