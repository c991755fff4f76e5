import { expect, test } from 'vitest';
import { similarNames } from '../../../src/lab/similar-names.ts';

const KNOWN = ['tour-of-a-running-cluster', 'bring-your-own-network', 'checkout-times-out'];

test.each([
  ['a dropped letter', 'checkout-time-out', ['checkout-times-out']],
  ['a part of the name', 'tour', ['tour-of-a-running-cluster']],
  ['other case', 'BRING-YOUR-OWN-NETWORK', ['bring-your-own-network']],
  ['nothing alike', 'zzzz', []],
])('%s', (_, typed, expected) => {
  expect(similarNames(typed, KNOWN)).toEqual(expected);
});
