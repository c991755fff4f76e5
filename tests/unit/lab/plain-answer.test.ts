import { expect, test } from 'vitest';
import { plainAnswer } from '../../../src/lab/plain-answer.ts';

test.each<[string, string, string]>([
  ['blanks around', '  10.0.0.4 ', '10.0.0.4'],
  ['quotes around', `"10.0.0.4"`, '10.0.0.4'],
  ['quotes with blanks inside', "' 10.0.0.4 '", '10.0.0.4'],
  ['upper case', 'AKS-One', 'aks-one'],
  ['a final dot', 'aks-one.', 'aks-one'],
  ['the kind before a name', 'node/aks-one', 'aks-one'],
  [
    'a resource id',
    '/subscriptions/s/resourceGroups/g/providers/p/routeTables/t/routes/My-Route',
    'my-route',
  ],
  ['the length of a single host', '10.0.0.4/32', '10.0.0.4'],
  ['the port after an address', '203.0.113.9:1025', '203.0.113.9'],
  ['a MAC address with dashes', '12-34-56-78-9A-BC', '12:34:56:78:9a:bc'],
  ['a field with its path and value', 'spec.hostNetwork: true', 'hostnetwork'],
])('%s does not make an answer wrong', (_, answer, plain) => {
  expect(plainAnswer(answer)).toBe(plain);
});

test.each([
  ['a range', '10.0.3.0/24'],
  ['an address with the length of its network', '10.0.3.1/24'],
  ['two names', 'route nsg'],
  ['a MAC address', '12:34:56:78:9a:bc'],
  ['a number', '6'],
])('%s stays as it is', (_, answer) => {
  expect(plainAnswer(answer)).toBe(answer);
});
