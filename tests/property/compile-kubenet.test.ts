/** What must hold in every kubenet cluster, whatever its size. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cloud } from '../../src/model/cloud.ts';
import { ask } from '../../src/model/compile/ask.ts';
import { formatAddress } from '../../src/model/ip/address.ts';
import { traceToJson } from '../../src/model/trace/json.ts';
import { describeTrace } from '../../src/model/trace/text.ts';
import type { Trace } from '../../src/model/trace/trace.ts';
import {
  BALANCER_ADDRESS,
  kubenetCloud,
  nodeAddress,
  podAddress,
  podName,
  webService,
} from '../unit/model/compile/kubenet-cloud.ts';

function traced(cloud: Cloud, from: string, to: string): Trace {
  const answer = ask(cloud, { from, to });
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value.trace;
}

const aCluster = fc
  .record({ nodes: fc.integer({ min: 1, max: 12 }), podsPerNode: fc.integer({ min: 1, max: 6 }) })
  .chain(({ nodes, podsPerNode }) =>
    fc.record({
      cloud: fc.constant(kubenetCloud({ nodes, podsPerNode, services: [webService('web')] })),
      nodes: fc.constant(nodes),
      from: fc.tuple(fc.nat(nodes - 1), fc.nat(podsPerNode - 1)),
      to: fc.tuple(fc.nat(nodes - 1), fc.nat(podsPerNode - 1)),
    }),
  );

test('every pod reaches every pod with its own address, and only other nodes are asked of the fabric', () => {
  fc.assert(
    fc.property(aCluster, ({ cloud, from, to }) => {
      const trace = traced(cloud, `pod/${podName(...from)}`, `pod/${podName(...to)}`);
      const text = describeTrace(trace).join('\n');
      expect(trace.disposition, text).toBe('delivered');
      expect(trace.seenSource === null ? null : formatAddress(trace.seenSource.address), text).toBe(
        podAddress(...from),
      );
      const fabric = trace.hops.some((each) => each.place.startsWith('fabric/'));
      expect(fabric, text).toBe(from[0] !== to[0]);
      expect(
        trace.reverse?.hops.map((each) => each.place),
        text,
      ).toEqual(trace.hops.map((each) => each.place).toReversed());
    }),
    { numRuns: 150 },
  );
});

test('outside the pod range every destination sees the node, and the internet the load balancer', () => {
  fc.assert(
    fc.property(aCluster, ({ cloud, from }) => {
      const seen = (to: string): string | null => {
        const trace = traced(cloud, `pod/${podName(...from)}`, to);
        return trace.seenSource === null ? null : formatAddress(trace.seenSource.address);
      };
      expect(seen('vm/neighbour')).toBe(nodeAddress(from[0]));
      expect(seen('vm/peer')).toBe(nodeAddress(from[0]));
      expect(seen('internet')).toBe(BALANCER_ADDRESS);
    }),
    { numRuns: 100 },
  );
});

test('a Service always answers, whichever pod it picks, and the client sees its address', () => {
  fc.assert(
    fc.property(aCluster, ({ cloud, from }) => {
      const trace = traced(cloud, `pod/${podName(...from)}`, 'service/web');
      const text = describeTrace(trace).join('\n');
      expect(trace.disposition, text).toBe('delivered');
      const back = trace.reverse?.seenSource;
      expect(back === null || back === undefined ? null : formatAddress(back.address), text).toBe(
        '10.0.99.80',
      );
    }),
    { numRuns: 150 },
  );
});

test('a cloud that went through JSON gives the same answers', () => {
  fc.assert(
    fc.property(
      aCluster,
      fc.constantFrom('vm/peer', 'internet', 'service/web', 'http://169.254.169.254'),
      ({ cloud, from }, to) => {
        const copy = JSON.parse(JSON.stringify(cloud)) as Cloud;
        const end = `pod/${podName(...from)}`;
        expect(traceToJson(traced(copy, end, to))).toEqual(traceToJson(traced(cloud, end, to)));
      },
    ),
    { numRuns: 60 },
  );
});
