import { expect, test } from 'vitest';
import { traceToJson } from '../../../../src/model/trace/json.ts';
import { describeTrace } from '../../../../src/model/trace/text.ts';
import { trace } from '../../../../src/model/trace/walk.ts';
import { flow } from '../../../support/network-drafts.ts';
import { kubenetNetwork } from '../../../support/kubenet-network.ts';

const network = kubenetNetwork({ nodes: 2, podsPerNode: 1 });
const toVm = trace(network, flow('pod/0-0', '10.225.0.4'));

test('JSON has the fields of the netpath contract and no others', () => {
  const json = traceToJson(toVm);
  expect(Object.keys(json).sort()).toEqual(['disposition', 'hops', 'reason', 'reverse', 'seenSource']);
  expect(json.seenSource).toEqual({ address: '10.224.0.4', port: 40_000 });
  expect(Object.keys(json.hops[0]?.steps[0] ?? {}).sort()).toEqual([
    'action',
    'after',
    'before',
    'by',
    'kind',
    'lost',
  ]);
  expect(Object.keys(json.reverse ?? {}).sort()).toEqual(['disposition', 'hops', 'reason', 'seenSource']);
  expect(JSON.parse(JSON.stringify(json))).toEqual(json);
});

test('JSON headers have addresses as text', () => {
  const step = traceToJson(toVm).hops[1]?.steps.find((each) => each.kind === 'translate');
  expect(step?.before.source).toEqual({ address: '10.244.0.2', port: 40_000 });
  expect(step?.after.source).toEqual({ address: '10.224.0.4', port: 40_000 });
});

test('a packet that never arrives has no seen source and no reverse', () => {
  const json = traceToJson(trace(network, flow('vm/peer', '10.244.0.2')));
  expect(json.seenSource).toBeNull();
  expect(json.reverse).toBeNull();
});

test('the text tells the outcome first, then each place with what decided, what lost and what changed', () => {
  const lines = describeTrace(toVm);
  expect(lines[0]).toBe(
    'delivered: nginx at vm/peer takes tcp 10.225.0.4:80 and sees source 10.224.0.4:40000.',
  );
  expect(lines).toContain('The sender sees an answer.');
  expect(lines).toContain('The destination sees source 10.224.0.4:40000.');
  expect(lines).toContain('  2. node/0');
  expect(lines.some((line) => line.endsWith('[source 10.244.0.2:40000 to 10.224.0.4:40000]'))).toBe(true);
  expect(lines.some((line) => line.includes('not system route Internet: 0.0.0.0/0 matches too'))).toBe(true);
  expect(lines).toContain('The way back:');
});

test.each([
  ['no-route', 1, '"Network is unreachable"'],
  ['no-route', 2, 'a timeout'],
  ['next-hop-unreachable', 1, '"No route to host"'],
  ['next-hop-unreachable', 2, 'a timeout'],
] as const)('a packet that ends as %s at hop %i is to its sender %s', (disposition, hops, seen) => {
  const ended = { ...toVm, disposition, hops: toVm.hops.slice(0, hops), reverse: null, seenSource: null };
  expect(describeTrace(ended)).toContain(`The sender sees ${seen}.`);
});
