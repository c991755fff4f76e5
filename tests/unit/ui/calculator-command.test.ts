import { expect, test } from 'vitest';
import { findCalculator } from '../../../src/planner/registry.ts';
import { commandOf } from '../../../src/ui/calc/url-state.ts';

test.each([
  ['ip-plan', { nodes: '3;4' }, "--nodes '3;4'"],
  ['ip-plan', { nodes: '3, 10', surge: '33%' }, '--nodes 3, 10 --surge 33%'],
  ['nsg-evaluator', { from: '*', to: '10.0.1.4:80' }, "--from '*' --to 10.0.1.4:80"],
  ['no-proxy', { url: 'http://a/', 'http-proxy': '$(id)' }, "--http-proxy '$(id)'"],
  ['http-proxy-config', { 'http-proxy': 'http://a/?b=1&c=2' }, "--http-proxy 'http://a/?b=1&c=2'"],
])('%s: the command line for a terminal holds no command of its own: %j', (name, draft, words) => {
  const calculator = findCalculator(name);
  expect(calculator === null ? '' : commandOf(calculator, draft)).toContain(words);
});
