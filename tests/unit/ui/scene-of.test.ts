import { describe, expect, test } from 'vitest';
import { compile } from '../../../src/model/compile/compile.ts';
import { askedPath } from '../../../src/ui/packet-path/asked-path.ts';
import { drawWay, layOut, NARROW, WIDE } from '../../../src/ui/packet-path/layout.ts';
import { stopsThrough } from '../../../src/ui/packet-path/scene.ts';
import { journeysBetween } from '../../../src/ui/home/journeys.ts';
import { kubenetCloud } from '../model/compile/kubenet-cloud.ts';

const cloud = kubenetCloud({
  nodes: 3,
  outsideHosts: [
    { kind: 'internet', name: 'web', address: '203.0.113.80', dnsNames: ['example.com'], ports: [80] },
    {
      kind: 'on-premises',
      name: 'datacenter',
      address: '10.1.2.3',
      prefix: '10.1.0.0/16',
      virtualNetwork: '*',
      ports: [80],
    },
  ],
});

const ENDS = [
  'pod/web-0-0',
  'pod/web-0-1',
  'pod/web-1-0',
  'vm/neighbour',
  'vm/peer',
  '10.1.2.3',
  '203.0.113.80',
];
const PAIRS = ENDS.flatMap((from) => ENDS.filter((to) => to !== from).map((to) => [from, to] as const));

describe('askedPath', () => {
  test.each(PAIRS)('%s to %s: every hop of both ways has a box, on wide and on narrow paper', (from, to) => {
    const answer = askedPath(cloud, { from, to });
    if (!answer.ok) throw new Error(answer.error.message);
    const { path, scene } = answer.value;
    for (const way of path.ways) {
      const stops = stopsThrough(
        scene,
        way.hops.map((hop) => hop.place),
      );
      for (const paper of [WIDE, NARROW]) {
        expect(drawWay(layOut(scene, paper), stops).stops).toHaveLength(way.hops.length);
      }
    }
  });

  test('two nodes are shown where one would hide that there are more, and no third', () => {
    const answer = askedPath(cloud, { from: 'pod/web-0-0', to: 'pod/web-0-1' });
    if (!answer.ok) throw new Error(answer.error.message);
    const machines = answer.value.scene.networks.flatMap((network) =>
      network.subnets.flatMap((subnet) => subnet.machines),
    );
    expect(machines.map((machine) => machine.kind)).toEqual(['node', 'node']);
    expect(machines.map((machine) => machine.pods.length)).toEqual([2, 0]);
  });

  test('an end that does not exist is said to', () => {
    const answer = askedPath(cloud, { from: 'pod/nobody', to: 'pod/web-0-0' });
    expect(answer.ok).toBe(false);
  });
});

describe('journeysBetween', () => {
  const ends = ENDS.slice(0, 4).map((end) => ({ id: end, end, label: end }));

  test('every ordered pair has its journey, over one diagram', () => {
    const journeys = journeysBetween(cloud, ends, `${ENDS[0] ?? ''}>${ENDS[2] ?? ''}`);
    expect(Object.keys(journeys.pairs)).toHaveLength(ends.length * (ends.length - 1));
    for (const journey of Object.values(journeys.pairs)) {
      expect(journey.wide).toMatch(/^M[\d.]+ [\d.]+(L[\d.]+ [\d.]+)*$/);
      expect(journey.hops.every((hop) => hop.action !== '')).toBe(true);
    }
    expect(journeys.ends.map((end) => end.range)).toEqual(['P', 'P', 'P', 'N']);
  });

  test('a first pair that is not offered is a mistake', () => {
    expect(() => journeysBetween(cloud, ends, 'a>b')).toThrow('No pair is called a>b');
  });
});

test('the scene names hosts as the network does', () => {
  const answer = askedPath(cloud, { from: 'pod/web-1-0', to: '203.0.113.80' });
  if (!answer.ok) throw new Error(answer.error.message);
  const { scene } = answer.value;
  const known = compile(cloud).network.hosts;
  for (const box of [...scene.edges, ...scene.outside]) expect(known.has(box.id), box.id).toBe(true);
});
