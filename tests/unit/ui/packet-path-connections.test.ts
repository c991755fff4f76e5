import { describe, expect, test } from 'vitest';
import { drawConnections } from '../../../src/ui/packet-path/connections.ts';
import { layOut, NARROW, WIDE } from '../../../src/ui/packet-path/layout.ts';
import type { Scene } from '../../../src/ui/packet-path/scene.ts';
import { stopsThrough } from '../../../src/ui/packet-path/scene.ts';
import { drawWay } from '../../../src/ui/packet-path/way.ts';

const box = (id: string) => ({ id, label: id, detail: '', range: null });
const vm = (id: string) => ({ ...box(id), kind: 'vm' as const, bridge: null, pods: [] });

const SCENE: Scene = {
  networks: [
    {
      ...box('vnet'),
      fabric: box('fabric/vnet'),
      subnets: [
        {
          ...box('nodes'),
          machines: [{ ...box('node/0'), kind: 'node', bridge: box('cbr0/0'), pods: [box('pod/a')] }],
        },
        { ...box('vms'), machines: [vm('vm/proxy')] },
      ],
    },
  ],
  edges: [box('natgw')],
  internet: box('edge/internet'),
  outside: [box('host/internet')],
};
const TO_PROXY = { number: 1, places: ['pod/a', 'node/0', 'fabric/vnet', 'vm/proxy'] };
const ONWARDS = { number: 2, places: ['vm/proxy', 'fabric/vnet', 'natgw', 'edge/internet', 'host/internet'] };

describe.each([
  ['wide', WIDE],
  ['narrow', NARROW],
] as const)('on %s paper', (_, paper) => {
  const diagram = layOut(SCENE, paper);

  test('one connection is drawn as it always was', () => {
    const only = drawConnections(diagram, SCENE, [TO_PROXY]);
    expect(only).toMatchObject(drawWay(diagram, stopsThrough(SCENE, TO_PROXY.places)));
    expect(only.connections).toEqual([{ number: 1, points: only.points, from: 0, to: 1 }]);
  });

  test('two share one clock, in which every stop comes after the one before', () => {
    const both = drawConnections(diagram, SCENE, [TO_PROXY, ONWARDS]);
    expect(both.stops).toHaveLength(TO_PROXY.places.length + ONWARDS.places.length);
    expect(both.stops).toEqual([...both.stops].sort((a, b) => a - b));
    expect(both.connections.map(({ number }) => number)).toEqual([1, 2]);
    expect(both.connections[0]?.to).toBeCloseTo(both.connections[1]?.from ?? -1);
    expect(both.connections[1]?.to).toBeCloseTo(1);
    expect(both.points).toEqual(both.connections.flatMap(({ points }) => points));
  });

  test('and no stretch of the one lies on a stretch of the other', () => {
    const { connections } = drawConnections(diagram, SCENE, [TO_PROXY, ONWARDS]);
    const stretches = connections.map(({ points }) =>
      points.slice(1).map((end, index) => ({ start: points[index] ?? end, end })),
    );
    for (const one of stretches[0] ?? []) {
      for (const two of stretches[1] ?? []) {
        for (const [along, across] of [
          ['x', 'y'],
          ['y', 'x'],
        ] as const) {
          const isLine = (each: typeof one): boolean => each.start[across] === each.end[across];
          if (!isLine(one) || !isLine(two) || one.start[across] !== two.start[across]) continue;
          const from = Math.max(
            Math.min(one.start[along], one.end[along]),
            Math.min(two.start[along], two.end[along]),
          );
          const to = Math.min(
            Math.max(one.start[along], one.end[along]),
            Math.max(two.start[along], two.end[along]),
          );
          expect(to - from, JSON.stringify({ one, two })).toBeLessThanOrEqual(0);
        }
      }
    }
  });
});
