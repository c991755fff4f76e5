/** Ends of packets named by service tags: what they mean, and rules that call them by the same name. */
import { expect, test } from 'vitest';
import { runCalc } from '../../../src/planner/command-line.ts';

const RULE = 'A:100:Inbound:Allow:Tcp:Internet:any:any:443';

function calc(...more: readonly string[]): { readonly stdout: string; readonly stderr: string } {
  return runCalc(['nsg-evaluator', '--rules', RULE, '--to', '10.0.1.4:443', ...more], () => '');
}

test.each([
  ['Internet', [], '--source-address-prefixes Internet '],
  ['internet', [], '--source-address-prefixes Internet '],
  ['VirtualNetwork', ['--vnet', '10.0.0.0/16'], '--source-address-prefixes VirtualNetwork '],
  ['Storage', ['--tag', 'Storage=20.60.0.0/16'], '--source-address-prefixes Storage '],
  ['20.60.0.0/16', ['--tag', 'Storage=20.60.0.0/16'], '--source-address-prefixes 20.60.0.0/16 '],
])('the change for packets from %s says what was said', (from, more, expected) => {
  const { stdout, stderr } = calc('--from', from, ...more);
  expect(stderr).toBe('');
  expect(stdout).toContain('No other traffic changes.');
  expect(stdout).toContain(expected);
});

test('a tag that may hold more than is known is not used: its addresses are', () => {
  const { stdout } = calc('--from', 'VirtualNetwork', '--vnet', '10.0.0.0/16', '--pod-cidr', '10.244.0.0/16');
  expect(stdout).toContain('--source-address-prefixes 10.0.0.0/16 168.63.129.16 ');
});

test('VirtualNetwork of a VNet that nobody described is no answer about the address of the host', () => {
  const { stdout, stderr } = calc('--from', 'VirtualNetwork');
  expect(stdout).toBe('');
  expect(stderr).toContain('--from: which VNet VirtualNetwork means is not known. Try --vnet 10.0.0.0/16');
});

test('where both groups deny, another change of the first one is said to be a part only', () => {
  const rules = ['sub:D:350:Inbound:Deny:Tcp:any:any:any:22', 'nic:W:100:Inbound:Allow:Tcp:any:any:any:80'];
  const ask = ['--from', '203.0.113.9', '--to', '10.0.1.4:22', '--on-subnet', 'sub', '--on-nic', 'nic'];
  const both = runCalc(['nsg-evaluator', '--rules', ...rules, ...ask], () => '').stdout;
  expect(both).toContain('Instead of the change in sub, which touch as much or more:');
  expect(both).not.toContain('Other single changes');
  const one = runCalc(
    ['nsg-evaluator', '--rules', ...rules.slice(0, 1), ...ask.slice(0, -2)],
    () => '',
  ).stdout;
  expect(one).toContain('Other single changes, which touch as much or more:');
});
