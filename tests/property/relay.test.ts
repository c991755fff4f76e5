/** A conversation over a proxy is its two connections, and nothing else: on random networks, most of them broken. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Network } from '../../src/model/network/network.ts';
import { checkTrace } from '../../src/model/trace/check-trace.ts';
import { sameTuple } from '../../src/model/trace/header.ts';
import { endAtRelay, endBeforeRelay, joinTraces } from '../../src/model/trace/relay.ts';
import type { Path, Step, Trace } from '../../src/model/trace/trace.ts';
import { trace } from '../../src/model/trace/walk.ts';
import { flow } from '../support/network-drafts.ts';
import { crowdedAddress, randomNetwork } from '../support/random-network.ts';

interface Case {
  readonly network: Network;
  readonly from: string;
  readonly proxy: string;
  readonly to: string;
}

const randomCase: fc.Arbitrary<Case> = fc
  .tuple(randomNetwork, crowdedAddress, crowdedAddress, fc.nat())
  .map(([network, proxy, to, from]) => {
    const hosts = [...network.hosts.keys()];
    return { network, from: hosts[from % hosts.length] ?? 'none', proxy, to };
  });

const RELAY = { by: 'the proxy', action: 'relays', lost: [], reads: 'nothing' } as const;
const FAILURE = { reason: 'it failed', answer: 'answers 502', senderSees: 'the answer 502' };
const REFUSAL = {
  by: 'a rule',
  disposition: 'denied-outbound',
  reason: 'denied',
  answer: 'answers 403',
  senderSees: 'the answer 403',
} as const;

function stepsOf(path: Path | null): readonly Step[] {
  return path?.hops.flatMap(({ steps }) => steps) ?? [];
}

function withoutRelays(path: Path | null): readonly Step[] {
  return stepsOf(path).filter((step) => step.kind !== 'proxy');
}

function broken(traced: Trace): boolean {
  try {
    checkTrace(traced);
    return false;
  } catch {
    return true;
  }
}

test('two connections joined are the two, step for step, and end as the second does', () => {
  const ends = new Map<string, number>();
  const count = (what: string): unknown => ends.set(what, (ends.get(what) ?? 0) + 1);
  fc.assert(
    fc.property(randomCase, ({ network, from, proxy, to }) => {
      const first = trace(network, flow(from, proxy));
      if (first.disposition !== 'delivered') {
        count('before the proxy');
        const ended = endBeforeRelay(first, 'the proxy is not reached: ');
        checkTrace(ended);
        expect(ended).toMatchObject({ disposition: first.disposition, hops: first.hops });
        return;
      }
      const at = first.hops.at(-1)?.place ?? '';
      const denied = endAtRelay(first, RELAY, REFUSAL);
      expect(withoutRelays(denied).slice(0, -1)).toEqual(stepsOf(first));
      expect(withoutRelays(denied.reverse)).toEqual(stepsOf(first.reverse));
      expect(denied.seenSource).toBeNull();

      const second = trace(network, flow(at, to));
      const joined = joinTraces(first, RELAY, second, FAILURE);
      count(second.disposition);
      expect(joined.disposition).toBe(second.disposition);
      expect(joined.seenSource).toEqual(second.seenSource);
      expect(joined.relayed?.legs).toEqual([first, second]);
      expect(withoutRelays(joined)).toEqual([...stepsOf(first), ...stepsOf(second)]);
      const [relay] = stepsOf(joined).filter((step) => step.kind === 'proxy');
      expect(relay?.before).toEqual(stepsOf(first).at(-1)?.after);
      expect(relay?.after).toEqual(stepsOf(second)[0]?.before);
      // The proxy's place is one hop, not two.
      expect(joined.hops).toHaveLength(first.hops.length + second.hops.length - 1);
      if (second.disposition === 'delivered') {
        expect(withoutRelays(joined.reverse)).toEqual([
          ...stepsOf(second.reverse),
          ...stepsOf(first.reverse),
        ]);
        expect(joined.reverse?.hops.at(-1)?.place).toBe(from);
      } else if (second.disposition === 'undetermined') {
        expect(joined.reverse).toBeNull();
      } else {
        // Either the proxy's own answer gets home, or the reply that it waits for is seen to get lost.
        const isHome = joined.reverse?.hops.at(-1)?.place === from;
        expect(isHome || joined.reverse?.disposition !== 'delivered').toBe(true);
      }
    }),
    { numRuns: 3000 },
  );
  // Most random flows end before the proxy; the rest must still have ends of several kinds.
  for (const end of ['before the proxy', 'delivered', 'refused', 'no-route']) {
    expect(ends.get(end) ?? 0, `${end} in ${JSON.stringify([...ends])}`).toBeGreaterThan(0);
  }
});

test('a joined trace that is tampered with is refused', () => {
  let tried = 0;
  fc.assert(
    fc.property(randomCase, ({ network, from, proxy, to }) => {
      const first = trace(network, flow(from, proxy));
      if (first.disposition !== 'delivered') return;
      const second = trace(network, flow(first.hops.at(-1)?.place ?? '', to));
      const joined = joinTraces(first, RELAY, second, FAILURE);
      const { relayed, ...alone } = joined;
      tried += 1;
      expect(broken(joined)).toBe(false);
      expect(broken(alone)).toBe(true);
      const legs = relayed?.legs ?? [];
      expect(broken({ ...joined, relayed: { legs: [...legs, ...legs], senderSees: null } })).toBe(true);
      expect(broken({ ...joined, relayed: { legs: [], senderSees: null } })).toBe(true);
      const without = joined.hops.map((hop) => ({
        ...hop,
        steps: hop.steps.filter((step) => step.kind !== 'proxy'),
      }));
      const changes = !sameTuple(
        stepsOf(first).at(-1)?.after ?? joinedHeader(joined),
        stepsOf(second)[0]?.before ?? joinedHeader(joined),
      );
      if (changes) expect(broken({ ...joined, hops: without })).toBe(true);
    }),
    { numRuns: 500 },
  );
  expect(tried).toBeGreaterThan(0);
});

function joinedHeader(traced: Trace): Step['before'] {
  const [step] = stepsOf(traced);
  if (step === undefined) throw new Error('no steps');
  return step.before;
}
