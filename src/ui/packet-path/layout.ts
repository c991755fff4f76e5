/** Gives a scene's boxes places on paper and draws the packet's way through them. Pure arithmetic. */
import type { RangeLetter } from '../address/range.ts';
import type { LeafBox, MachineBox, NetworkBox, Scene, Stop, SubnetBox } from './scene.ts';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Drawn extends Rectangle {
  readonly id: string;
  readonly shape: 'network' | 'subnet' | 'machine' | 'bar' | 'leaf';
  readonly label: string;
  readonly detail: string;
  readonly range: RangeLetter | null;
  /** The way goes through it beside its label: the foot of a node, a load balancer, a gateway. */
  readonly isPassed: boolean;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Diagram {
  readonly width: number;
  readonly height: number;
  /** Outer boxes before inner ones: the order of painting. */
  readonly boxes: readonly Drawn[];
}

export interface Way {
  readonly points: readonly Point[];
  /** For each stop, how far along the way it lies, from 0 to 1. */
  readonly stops: readonly number[];
}

/** Sizes for one kind of paper. Lengths are CSS pixels at the size the diagram is meant to be shown. */
export interface Paper {
  readonly width: number;
  readonly leaf: { readonly width: number; readonly height: number };
  readonly bar: number;
  readonly pad: number;
  readonly gap: number;
  /** Room for a container's title. */
  readonly title: number;
}

export const WIDE: Paper = {
  width: 720,
  leaf: { width: 112, height: 46 },
  bar: 30,
  pad: 12,
  gap: 14,
  title: 24,
};

export const NARROW: Paper = {
  width: 350,
  leaf: { width: 92, height: 44 },
  bar: 30,
  pad: 7,
  gap: 8,
  title: 36,
};

/** The diagram of a scene; wider than the paper only if the boxes do not fit on it. */
export function layOut(scene: Scene, paper: Paper): Diagram {
  const boxes: Drawn[] = [];
  let width = paper.width;
  for (const network of scene.networks) width = Math.max(width, networkWidth(network, paper));
  for (const row of [scene.edges, scene.outside]) {
    width = Math.max(width, rowWidth(row.length, paper.leaf.width, paper.gap));
  }

  let y = 0;
  for (const network of scene.networks) {
    const height = drawNetwork(boxes, network, { x: 0, y, width }, paper);
    y += height + paper.gap * 2;
  }
  const drawRow = (row: readonly LeafBox[], kind: 'passed' | 'reached'): void => {
    if (row.length === 0) return;
    const each = (width - paper.gap * (row.length - 1)) / Math.max(row.length, 2.5);
    const leaf = Math.min(width, Math.max(paper.leaf.width, each));
    const left = (width - rowWidth(row.length, leaf, paper.gap)) / 2;
    row.forEach((box, index) => {
      const x = left + index * (leaf + paper.gap);
      const at = { x, y, width: leaf, height: paper.leaf.height };
      boxes.push({ ...drawn(box, 'leaf', at), isPassed: kind === 'passed' });
    });
    y += paper.leaf.height + paper.gap * 2;
  };
  drawRow(scene.edges, 'passed');
  if (scene.internet !== null) {
    boxes.push(drawn(scene.internet, 'bar', { x: 0, y, width, height: paper.bar }));
    y += paper.bar + paper.gap * 2;
  }
  drawRow(scene.outside, 'reached');
  return { width, height: Math.max(0, y - paper.gap * 2), boxes };
}

function rowWidth(count: number, each: number, gap: number): number {
  return count * each + Math.max(0, count - 1) * gap;
}

/** Columns that a machine takes: one per pod, and one at least. */
function columns(machine: MachineBox): number {
  return Math.max(1, machine.pods.length);
}

function machineWidth(machine: MachineBox, paper: Paper): number {
  const inside = rowWidth(columns(machine), paper.leaf.width, paper.gap);
  return machine.kind === 'vm' ? inside : inside + 2 * paper.pad;
}

/**
 * Machines side by side, where a way from each leads straight down. Only VMs, which are narrow, move
 * to a row of their own below the nodes if the paper is too narrow for both.
 */
function machineRows(subnet: SubnetBox, paper: Paper): readonly (readonly MachineBox[])[] {
  const inside = paper.width - 4 * paper.pad;
  const nodes = subnet.machines.filter((machine) => machine.kind === 'node');
  const vms = subnet.machines.filter((machine) => machine.kind === 'vm');
  const fits = machinesWidth(subnet.machines, paper) <= inside;
  return fits || nodes.length === 0 || vms.length === 0 ? [subnet.machines] : [nodes, vms];
}

function machinesWidth(machines: readonly MachineBox[], paper: Paper): number {
  return (
    sum(machines.map((machine) => machineWidth(machine, paper))) +
    paper.gap * Math.max(0, machines.length - 1)
  );
}

function subnetWidth(subnet: SubnetBox, paper: Paper): number {
  const rows = machineRows(subnet, paper).map((machines) => machinesWidth(machines, paper));
  return Math.max(...rows, 0) + 2 * paper.pad;
}

function networkWidth(network: NetworkBox, paper: Paper): number {
  const subnets = network.subnets.map((subnet) => subnetWidth(subnet, paper));
  return sum(subnets) + paper.gap * Math.max(0, subnets.length - 1) + 2 * paper.pad;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** What all of them are widened by, so that a row fills its box. */
function spare(available: number, wanted: readonly number[], gap: number): number {
  const used = sum(wanted) + gap * Math.max(0, wanted.length - 1);
  return wanted.length === 0 ? 0 : Math.max(0, available - used) / wanted.length;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

function drawNetwork(boxes: Drawn[], network: NetworkBox, at: Place, paper: Paper): number {
  const { pad, gap, title, bar } = paper;
  const wanted = network.subnets.map((subnet) => subnetWidth(subnet, paper));
  const extra = spare(at.width - 2 * pad, wanted, gap);
  const inner = Math.max(...network.subnets.map((subnet) => subnetHeight(subnet, paper)), 0);
  const height = title + inner + gap + bar + pad;
  boxes.push(drawn(network, 'network', { ...at, height }));
  let x = at.x + pad;
  network.subnets.forEach((subnet, index) => {
    const width = (wanted[index] ?? 0) + extra;
    drawSubnet(boxes, subnet, { x, y: at.y + title, width, height: inner }, paper);
    x += width + gap;
  });
  boxes.push(
    drawn(network.fabric, 'bar', {
      x: at.x + pad,
      y: at.y + title + inner + gap,
      width: at.width - 2 * pad,
      height: bar,
    }),
  );
  return height;
}

function machineHeight(machine: MachineBox, paper: Paper): number {
  if (machine.kind === 'vm') return paper.leaf.height;
  const pods = machine.pods.length > 0 ? paper.leaf.height + paper.gap : 0;
  const bridge = machine.bridge === null ? 0 : paper.bar + paper.gap;
  return paper.pad + pods + bridge + paper.leaf.height;
}

function rowHeight(machines: readonly MachineBox[], paper: Paper): number {
  return Math.max(...machines.map((machine) => machineHeight(machine, paper)), 0);
}

function subnetHeight(subnet: SubnetBox, paper: Paper): number {
  const rows = machineRows(subnet, paper).map((machines) => rowHeight(machines, paper));
  return paper.title + sum(rows) + paper.gap * Math.max(0, rows.length - 1) + paper.pad;
}

function drawSubnet(boxes: Drawn[], subnet: SubnetBox, at: Rectangle, paper: Paper): void {
  boxes.push(drawn(subnet, 'subnet', at));
  const rows = machineRows(subnet, paper);
  let bottom = at.y + at.height - paper.pad;
  for (const machines of [...rows].reverse()) {
    const wanted = machines.map((machine) => machineWidth(machine, paper));
    // A row of VMs below the nodes stays small, on the side where no node has its port.
    const isAside = rows.length > 1 && machines === rows.at(-1);
    const extra = isAside ? 0 : spare(at.width - 2 * paper.pad, wanted, paper.gap);
    let x = at.x + paper.pad;
    machines.forEach((machine, index) => {
      const width = (wanted[index] ?? 0) + extra;
      const height = machineHeight(machine, paper);
      drawMachine(boxes, machine, { x, y: bottom - height, width, height }, paper);
      x += width + paper.gap;
    });
    bottom -= rowHeight(machines, paper) + paper.gap;
  }
}

function drawMachine(boxes: Drawn[], machine: MachineBox, at: Rectangle, paper: Paper): void {
  if (machine.kind === 'vm') {
    boxes.push(drawn(machine, 'leaf', at));
    return;
  }
  const { pad, gap, leaf, bar } = paper;
  boxes.push({ ...drawn(machine, 'machine', at), id: `${machine.id}#box`, label: '', detail: '' });
  let y = at.y + pad;
  if (machine.pods.length > 0) {
    const extra = spare(
      at.width - 2 * pad,
      machine.pods.map(() => leaf.width),
      gap,
    );
    machine.pods.forEach((pod, index) => {
      const x = at.x + pad + index * (leaf.width + extra + gap);
      boxes.push(drawn(pod, 'leaf', { x, y, width: leaf.width + extra, height: leaf.height }));
    });
    y += leaf.height + gap;
  }
  if (machine.bridge !== null) {
    boxes.push(drawn(machine.bridge, 'bar', { x: at.x + pad, y, width: at.width - 2 * pad, height: bar }));
    y += bar + gap;
  }
  // The node's own name and address stand at its foot, where the cable leaves.
  const foot = { x: at.x, y: at.y + at.height - leaf.height, width: at.width, height: leaf.height };
  boxes.push({ ...drawn(machine, 'leaf', foot), isPassed: true });
}

function drawn(box: LeafBox, shape: Drawn['shape'], at: Rectangle): Drawn {
  return {
    id: box.id,
    shape,
    label: box.label,
    detail: box.detail,
    range: box.range,
    isPassed: false,
    ...at,
  };
}

/** Where the cable of a machine or load balancer leaves its box: right of its label. */
const PORT = 30;
/** How far above the lower edge of a bar the way runs. */
const BAR_FOOT = 6;
/** How far right of the fabrics the way runs from one VNet to another, past what is in them. */
const GUTTER = 4;

/**
 * The line of the packet: upright between boxes, level along bars, and beside the subnets from the bar
 * of one VNet to that of the next. It starts and ends on the edge of
 * a box, and passes through a box at its port. Throws if a stop names a box that the diagram does not
 * have.
 */
export function drawWay(diagram: Diagram, stops: readonly Stop[]): Way {
  const crossed = stops.flatMap((stop, index) =>
    stop.through.map((id) => {
      const box = diagram.boxes.find((each) => each.id === id);
      if (box === undefined) throw new Error(`The diagram has no box ${id}.`);
      return { box, stop: index, isOwn: id === stop.place };
    }),
  );
  const points: Point[] = [];
  const stopPoints: number[] = [];
  crossed.forEach(({ box, stop, isOwn }, at) => {
    const before = crossed[at - 1]?.box;
    const after = crossed[at + 1]?.box;
    const from = points.at(-1);
    const y = levelOf(box, before, after);
    const x = box.shape === 'bar' ? clamp(from?.x ?? middle(box), box) : uprightOf(box, before, after, from);
    if (from !== undefined && from.x !== x && from.y !== y) {
      // Two boxes that are not above each other: turn halfway.
      const turn = (from.y + y) / 2;
      points.push({ x: from.x, y: turn }, { x, y: turn });
    }
    points.push({ x, y });
    if (isOwn || stopPoints[stop] === undefined) stopPoints[stop] = points.length - 1;
    if (box.shape !== 'bar' || after === undefined) return;
    if (after.shape === 'bar') {
      const gutter = Math.max(box.x + box.width, after.x + after.width) + GUTTER;
      points.push({ x: gutter, y }, { x: gutter, y: levelOf(after, box, undefined) });
      return;
    }
    const next = crossed.slice(at + 1).find((each) => each.box.shape !== 'bar');
    const isLast = next === crossed.at(-1);
    const target =
      next === undefined ? x : clamp(isLast && !next.box.isPassed ? middle(next.box) : portOf(next.box), box);
    if (target !== x) points.push({ x: target, y });
  });
  return withDistances(points, stopPoints);
}

function middle(box: Rectangle): number {
  return box.x + box.width / 2;
}

function portOf(box: Rectangle): number {
  return box.x + box.width - PORT;
}

/** Where a way ends in a box: in the middle of a small one, and of a wide one straight on if it can. */
function endOf(box: Rectangle, from: number): number {
  return from > box.x && from < box.x + box.width ? from : middle(box);
}

function uprightOf(
  box: Drawn,
  before: Drawn | undefined,
  after: Drawn | undefined,
  from: Point | undefined,
): number {
  if (before !== undefined && after !== undefined) return portOf(box);
  if (box.isPassed) return portOf(box);
  return from === undefined ? middle(box) : endOf(box, from.x);
}

/** On the way the middle of a box, or the foot of a bar, below its label; at the ends the edge that faces the way. */
function levelOf(box: Drawn, before: Drawn | undefined, after: Drawn | undefined): number {
  if (box.shape === 'bar') return box.y + box.height - BAR_FOOT;
  const neighbour = before === undefined ? after : after === undefined ? before : undefined;
  if (neighbour === undefined) return box.y + box.height / 2;
  return neighbour.y > box.y ? box.y + box.height : box.y;
}

function clamp(x: number, box: Rectangle): number {
  const margin = Math.min(14, box.width / 2);
  return Math.min(Math.max(x, box.x + margin), box.x + box.width - margin);
}

function withDistances(points: readonly Point[], stopPoints: readonly number[]): Way {
  const along: number[] = [];
  let total = 0;
  points.forEach((point, index) => {
    const before = points[index - 1];
    if (before !== undefined) total += Math.hypot(point.x - before.x, point.y - before.y);
    along.push(total);
  });
  return {
    points,
    stops: stopPoints.map((point) => (total === 0 ? 0 : (along[point] ?? 0) / total)),
  };
}

/** The points as an SVG path. */
export function pathData(points: readonly Point[]): string {
  return points
    .map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`)
    .join('');
}
