/** Rules that a cluster needs, and rules that have nothing to do with it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { behind, create, names, OWN, REQUIRED } from '../support/closed-cluster.ts';
import { HTTPS } from '../support/firewall.ts';
import type { FirewallText } from '../support/firewall.ts';

const RUNS = 12;

/** Rules of which none is about what a node needs. */
const unrelated = fc.record({
  network: fc.array(
    fc.record({
      name: fc.stringMatching(/^[a-z]{3,8}$/),
      protocols: fc.constantFrom(['TCP'] as const, ['UDP'] as const),
      destinationAddresses: fc.subarray(['203.0.113.9', '10.0.0.0/8', 'Sql', 'AzureMonitor'], {
        minLength: 1,
      }),
      destinationPorts: fc.constantFrom(['443'], ['1194'], ['80', '8080-8090']),
    }),
    { maxLength: 3 },
  ),
  application: fc.array(
    fc.constantFrom('*.docker.io', 'example.com', 'mcr.microsoft.com.example.org', '*.contoso.com'),
    { maxLength: 3 },
  ),
});

function withUnrelated(
  text: FirewallText,
  { network, application }: typeof unrelated extends fc.Arbitrary<infer T> ? T : never,
): FirewallText {
  return {
    ...text,
    network: [
      {
        name: 'others',
        priority: 110,
        rules: network.map((each, at) => ({ ...each, name: `${each.name}${at}` })),
      },
    ],
    application: [
      ...(text.application ?? []),
      {
        name: 'others',
        priority: 120,
        rules: application.map((each, at) => ({
          name: `other${at}`,
          protocols: [HTTPS],
          targetFqdns: [each],
        })),
      },
    ],
  };
}

it('a cluster is made with all rules, and without any one of them not, whatever else is allowed', async () => {
  await fc.assert(
    fc.asyncProperty(unrelated, fc.constantFrom(...REQUIRED), async (others, missing) => {
      const enough = withUnrelated({ ...OWN, application: names(...REQUIRED) }, others);
      expect(await create(await behind(enough))).toBe('');
      const rest = REQUIRED.filter((each) => each !== missing);
      const said = await create(await behind(withUnrelated({ ...OWN, application: names(...rest) }, others)));
      expect(said).toContain(` ${missing}:443 `);
      for (const each of rest) expect(said).not.toContain(` ${each}:443 `);
    }),
    { numRuns: RUNS },
  );
});
