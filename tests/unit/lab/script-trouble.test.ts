import { describe, expect, test } from 'vitest';
import { lastError, lastWords } from '../../../src/lab/script-trouble.ts';

const REFUSED = `ERROR: (InvalidParameter) The range overlaps.
Code: InvalidParameter
Message: The range overlaps.
Target: networkProfile.serviceCIDR
`;
const MISREAD = `WARNING: Merged "aks"
ERROR: unrecognized arguments: --pod-cidrs 10.240.0.0/15

Examples from AI knowledge base:
az aks update -g MyResourceGroup
Update a cluster.

az aks update -n MyManagedCluster
Update another.

https://aka.ms/cli_ref
Read more about the command in reference docs
`;

describe('what a script said last', () => {
  test.each([
    ['a refusal of Azure', REFUSED, 'ERROR: (InvalidParameter) The range overlaps.'],
    [
      'a command line that az cannot read',
      MISREAD,
      'ERROR: unrecognized arguments: --pod-cidrs 10.240.0.0/15',
    ],
    ['a refusal of bash', 'bash: line 4: foo: command not found\n', 'bash: line 4: foo: command not found'],
    [
      'the last of two',
      `${REFUSED}Error from server (NotFound): pods "x" not found\n`,
      'Error from server (NotFound): pods "x" not found',
    ],
    ['words without an error', 'first\nsecond\n', 'second'],
    ['nothing', '\n', ''],
  ])('%s', (_, stderr, line) => {
    expect(lastError(stderr)).toBe(line);
  });

  test('an error before six more lines is shown with the last of them', () => {
    expect(lastWords(MISREAD)).toEqual([
      'ERROR: unrecognized arguments: --pod-cidrs 10.240.0.0/15',
      'Update a cluster.',
      'az aks update -n MyManagedCluster',
      'Update another.',
      'https://aka.ms/cli_ref',
      'Read more about the command in reference docs',
    ]);
    expect(lastWords(REFUSED)).toEqual(REFUSED.trimEnd().split('\n'));
    expect(lastWords('')).toEqual([]);
  });
});
