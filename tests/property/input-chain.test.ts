/** The set of admitted sources against a twin that asks the rules of the chain one by one, as netfilter does. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admittedSources } from '../../src/lab/admitted-sources.ts';
import { newCloud } from '../../src/model/azure/subscription.ts';
import type { Cloud, InputChain, InputRule } from '../../src/model/cloud.ts';
import { ask } from '../../src/model/compile/ask.ts';
import { address } from '../../src/model/ip/address.ts';
import { setContains } from '../../src/model/ip/address-set.ts';
import { prefix, prefixContains } from '../../src/model/ip/prefix.ts';

const PORT = 8080;
const SENDERS = ['10.1.0.1', '10.1.1.1', '10.1.2.130', '10.1.255.254'];

const rule: fc.Arbitrary<InputRule> = fc.record({
  target: fc.constantFrom('ACCEPT', 'DROP', 'REJECT', null),
  source: fc.constantFrom(null, '10.1.0.0/24', '10.1.0.0/16', '10.1.2.128/25', '10.1.1.1/32', '10.0.0.0/8'),
  destination: fc.constantFrom(null, null, '10.1.0.10/32', '10.1.0.11/32'),
  inInterface: fc.constantFrom(null, null, 'eth0', 'lo'),
  protocol: fc.constant('tcp' as const),
  destinationPorts: fc.constantFrom(
    null,
    { match: 'protocol' as const, ranges: [{ from: PORT, to: PORT }] },
    {
      match: 'multiport' as const,
      ranges: [
        { from: 22, to: 22 },
        { from: 8000, to: 8100 },
      ],
    },
    { match: 'protocol' as const, ranges: [{ from: 443, to: 443 }] },
  ),
  states: fc.constantFrom(
    null,
    null,
    { match: 'conntrack' as const, of: ['NEW' as const] },
    { match: 'conntrack' as const, of: ['RELATED' as const, 'ESTABLISHED' as const] },
  ),
  comment: fc.constant(null),
});

const chain: fc.Arbitrary<InputChain> = fc.record({
  policy: fc.constantFrom('ACCEPT', 'DROP'),
  rules: fc.array(rule, { maxLength: 8 }),
});

function worldWith(inputChain: InputChain): Cloud {
  const base = { kind: 'on-premises', prefix: '10.1.0.0/16', virtualNetwork: 'none' } as const;
  return newCloud({
    outsideHosts: [
      { ...base, name: 'erp', address: '10.1.0.10', ports: [PORT], inputChain },
      ...SENDERS.map((each, at) => ({ ...base, name: `sender${at}`, address: each, ports: [] })),
    ],
  });
}

function twin({ policy, rules }: InputChain, sender: string): 'ACCEPT' | 'DROP' | 'REJECT' {
  for (const each of rules) {
    if (each.target === null || each.inInterface === 'lo') continue;
    if (each.source !== null && !prefixContains(prefix(each.source), address(sender))) continue;
    if (each.destination === '10.1.0.11/32') continue;
    if (each.destinationPorts?.ranges.every(({ from, to }) => PORT < from || PORT > to) === true) continue;
    if (each.states?.of.includes('NEW') === false) continue;
    return each.target;
  }
  return policy;
}

const DISPOSITION = { ACCEPT: 'delivered', DROP: 'denied-inbound', REJECT: 'refused' } as const;

describe('a chain INPUT', () => {
  test('lets in whom the rules let in, one by one and as a set', () => {
    fc.assert(
      fc.property(chain, (input) => {
        const cloud = worldWith(input);
        const admitted = admittedSources(cloud, 'host/erp', PORT);
        if ('missing' in admitted) throw new Error(admitted.missing);
        for (const [at, sender] of SENDERS.entries()) {
          const expected = twin(input, sender);
          expect(setContains(admitted, address(sender))).toBe(expected === 'ACCEPT');
          // Replies come in at the sender, which has no firewall.
          const answer = ask(cloud, {
            from: `host/sender${at}`,
            to: 'host/erp',
            protocol: 'tcp',
            port: PORT,
          });
          expect(answer.ok && answer.value.trace.disposition).toBe(DISPOSITION[expected]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
