import { describe, expect, test } from 'vitest';
import { layOut, NARROW, type Paper, type Rectangle, WIDE } from '../../../src/ui/packet-path/layout.ts';
import { type Scene, stopsThrough } from '../../../src/ui/packet-path/scene.ts';
import { drawWay } from '../../../src/ui/packet-path/way.ts';

const box = (id: string): { id: string; label: string; detail: string; range: null } => ({
  id,
  label: id,
  detail: '',
  range: null,
});

const scene: Scene = {
  networks: [
    {
      ...box('vnet'),
      fabric: box('fabric/vnet'),
      subnets: [
        {
          ...box('subnet'),
          machines: [
            { ...box('node/0'), kind: 'node', bridge: box('cbr0/0'), pods: [box('pod/a'), box('pod/b')] },
            { ...box('node/1'), kind: 'node', bridge: box('cbr0/1'), pods: [box('pod/c')] },
          ],
        },
        { ...box('vms'), machines: [{ ...box('vm/x'), kind: 'vm', bridge: null, pods: [] }] },
      ],
    },
  ],
  edges: [box('lb')],
  internet: box('internet'),
  outside: [box('host/office'), box('host/internet')],
};

describe('stopsThrough', () => {
  test.each([
    ['a node that only switches is its bridge', ['pod/a', 'node/0', 'pod/b'], ['pod/a', 'cbr0/0', 'pod/b']],
    ['neighbours meet on the bridge', ['pod/a', 'pod/b'], ['pod/a', 'cbr0/0', 'pod/b']],
    [
      'across nodes: down through the bridge, along the fabric, up again',
      ['pod/a', 'node/0', 'fabric/vnet', 'node/1', 'pod/c'],
      ['pod/a', 'cbr0/0', 'node/0', 'fabric/vnet', 'node/1', 'cbr0/1', 'pod/c'],
    ],
    ['a pod and its own node', ['pod/a', 'node/0'], ['pod/a', 'cbr0/0', 'node/0']],
    ['a node and its own pod', ['node/0', 'pod/b'], ['node/0', 'cbr0/0', 'pod/b']],
    ['a VM has no bridge', ['vm/x', 'fabric/vnet', 'node/1'], ['vm/x', 'fabric/vnet', 'node/1']],
  ])('%s', (_, places, through) => {
    expect(stopsThrough(scene, places).flatMap((stop) => stop.through)).toEqual(through);
  });
});

const inside = (outer: Rectangle, inner: Rectangle): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width + 0.01 &&
  inner.y + inner.height <= outer.y + outer.height + 0.01;

const overlap = (one: Rectangle, other: Rectangle): boolean =>
  one.x < other.x + other.width - 0.01 &&
  other.x < one.x + one.width - 0.01 &&
  one.y < other.y + other.height - 0.01 &&
  other.y < one.y + one.height - 0.01;

describe.each([
  ['wide', WIDE],
  ['narrow', NARROW],
] as const)('layOut on %s paper', (_, paper: Paper) => {
  const diagram = layOut(scene, paper);
  const find = (id: string): Rectangle => {
    const found = diagram.boxes.find((each) => each.id === id);
    if (found === undefined) throw new Error(id);
    return found;
  };

  test('every box lies in its container and on the paper', () => {
    for (const each of diagram.boxes) {
      expect(inside({ x: 0, y: 0, width: diagram.width, height: diagram.height }, each), each.id).toBe(true);
    }
    for (const [outer, inner] of [
      ['vnet', 'subnet'],
      ['vnet', 'fabric/vnet'],
      ['subnet', 'node/0#box'],
      ['node/0#box', 'pod/a'],
      ['node/0#box', 'cbr0/0'],
      ['vms', 'vm/x'],
    ] as const) {
      expect(inside(find(outer), find(inner)), `${inner} in ${outer}`).toBe(true);
    }
  });

  test('siblings do not overlap', () => {
    const leaves = diagram.boxes.filter((each) => each.shape === 'leaf' || each.shape === 'bar');
    for (const one of leaves) {
      for (const other of leaves) {
        if (one !== other) expect(overlap(one, other), `${one.id} and ${other.id}`).toBe(false);
      }
    }
  });

  test.each([
    ['there', ['pod/a', 'node/0', 'fabric/vnet', 'node/1', 'pod/c']],
    ['to the internet', ['pod/c', 'node/1', 'fabric/vnet', 'lb', 'internet', 'host/internet']],
    ['from a VM', ['vm/x', 'fabric/vnet', 'node/0', 'pod/b']],
  ])('the way %s is made of level and upright lines, and its stops rise from 0 to 1', (_name, places) => {
    const way = drawWay(diagram, stopsThrough(scene, places));
    way.points.slice(1).forEach((point, index) => {
      const before = way.points[index];
      expect(
        before !== undefined && (before.x === point.x || before.y === point.y),
        JSON.stringify(way),
      ).toBe(true);
    });
    expect(way.stops).toHaveLength(places.length);
    expect(way.stops[0]).toBe(0);
    expect(way.stops.at(-1)).toBeCloseTo(1);
    expect([...way.stops].sort((a, b) => a - b)).toEqual(way.stops);
  });

  test('a stop without a box is a bug', () => {
    expect(() => drawWay(diagram, [{ place: 'pod/z', through: ['pod/z'] }])).toThrow('no box pod/z');
  });
});

const twoNetworks: Scene = {
  networks: ['blue', 'hub'].map((name) => ({
    ...box(name),
    fabric: box(`fabric/${name}`),
    subnets: [
      {
        ...box(`${name}-subnet`),
        machines: [
          { ...box(`node/${name}`), kind: 'node', bridge: box(`cbr0/${name}`), pods: [box(`pod/${name}`)] },
          { ...box(`vm/${name}`), kind: 'vm', bridge: null, pods: [] },
        ],
      },
    ],
  })),
  edges: [box('gateway')],
  internet: null,
  outside: [box('host/office')],
};

describe.each([
  ['wide', WIDE],
  ['narrow', NARROW],
] as const)('two VNets on %s paper', (_, paper: Paper) => {
  const diagram = layOut(twoNetworks, paper);

  test('are boxes that do not overlap, and neither do the machines in them', () => {
    for (const shape of ['network', 'leaf', 'bar'] as const) {
      const same = diagram.boxes.filter((each) => each.shape === shape);
      for (const one of same) {
        for (const other of same) {
          if (one !== other) expect(overlap(one, other), `${one.id} and ${other.id}`).toBe(false);
        }
      }
    }
  });

  test.each([
    ['VM to VM', ['vm/blue', 'fabric/blue', 'fabric/hub', 'vm/hub']],
    ['and back', ['vm/hub', 'fabric/hub', 'fabric/blue', 'vm/blue']],
    ['pod to VM', ['pod/blue', 'node/blue', 'fabric/blue', 'fabric/hub', 'vm/hub']],
    ['pod to pod', ['pod/blue', 'node/blue', 'fabric/blue', 'fabric/hub', 'node/hub', 'pod/hub']],
    ['by the other VNet’s gateway', ['vm/blue', 'fabric/blue', 'fabric/hub', 'gateway', 'host/office']],
    [
      'by an appliance',
      ['vm/blue', 'fabric/blue', 'fabric/hub', 'vm/hub', 'fabric/hub', 'fabric/blue', 'node/blue'],
    ],
    ['as far as the other fabric', ['vm/blue', 'fabric/blue', 'fabric/hub']],
  ])('the way %s crosses only what it passes, and stays on the paper', (_name, places) => {
    const stops = stopsThrough(twoNetworks, places);
    const way = drawWay(diagram, stops);
    const passed = new Set(stops.flatMap((stop) => stop.through));
    expect(way.stops).toHaveLength(places.length);
    way.points.slice(1).forEach((point, index) => {
      const before = way.points[index] ?? point;
      expect(before.x === point.x || before.y === point.y).toBe(true);
      const line: Rectangle = {
        x: Math.min(before.x, point.x),
        y: Math.min(before.y, point.y),
        width: Math.abs(before.x - point.x),
        height: Math.abs(before.y - point.y),
      };
      expect(inside({ x: 0, y: 0, width: diagram.width, height: diagram.height }, line)).toBe(true);
      for (const each of diagram.boxes) {
        if ((each.shape !== 'leaf' && each.shape !== 'bar') || passed.has(each.id)) continue;
        expect(overlap(each, line), `${each.id}: ${JSON.stringify(line)}`).toBe(false);
      }
    });
  });
});
