/** Gives a scene's boxes places on paper. Pure arithmetic. */
import type { RangeLetter } from '../address/range.ts';
import type { LeafBox, MachineBox, NetworkBox, Scene, SubnetBox } from './scene.ts';

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

export interface Diagram {
  readonly width: number;
  readonly height: number;
  /** Outer boxes before inner ones: the order of painting. */
  readonly boxes: readonly Drawn[];
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
