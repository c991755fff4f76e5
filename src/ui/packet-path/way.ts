/** Draws the packet's way through the boxes of a diagram. Pure arithmetic. */
import type { Diagram, Drawn, Rectangle } from './layout.ts';
import type { Stop } from './scene.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Way {
  readonly points: readonly Point[];
  /** For each stop, how far along the way it lies, from 0 to 1. */
  readonly stops: readonly number[];
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
export function drawWay(diagram: Diagram, stops: readonly Stop[], lane: Lane = ONLY_LANE): Way {
  const { portOf } = lane;
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
    const y = levelOf(box, before, after, lane);
    const x =
      box.shape === 'bar' ? clamp(from?.x ?? middle(box), box) : uprightOf(box, before, after, from, lane);
    if (from !== undefined && from.x !== x && from.y !== y) {
      // Two boxes that are not above each other: turn halfway.
      const turn = (from.y + y) / 2;
      points.push({ x: from.x, y: turn }, { x, y: turn });
    }
    points.push({ x, y });
    if (isOwn || stopPoints[stop] === undefined) stopPoints[stop] = points.length - 1;
    if (box.shape !== 'bar' || after === undefined) return;
    if (after.shape === 'bar') {
      const gutter = Math.max(box.x + box.width, after.x + after.width) + lane.gutter;
      points.push({ x: gutter, y }, { x: gutter, y: levelOf(after, box, undefined, lane) });
      return;
    }
    const next = crossed.slice(at + 1).find((each) => each.box.shape !== 'bar');
    const isLast = next === crossed.at(-1);
    const target =
      next === undefined
        ? x
        : clamp(isLast && !next.box.isPassed ? lane.lastOf(next.box) : portOf(next.box), box);
    if (target !== x) points.push({ x: target, y });
  });
  return withDistances(points, stopPoints);
}

function middle(box: Rectangle): number {
  return box.x + box.width / 2;
}

/** Where a way ends in a box: in the middle of a small one, and of a wide one straight on if it can. */
function endOf(box: Rectangle, from: number): number {
  return from > box.x && from < box.x + box.width ? from : middle(box);
}

/** Where a way runs in the boxes that it passes, so that two ways through the same ones stay apart. */
export interface Lane {
  /** Of the cable in a machine or load balancer. */
  readonly portOf: (box: Rectangle) => number;
  /** Where it starts and ends in a small box. */
  readonly lastOf: (box: Rectangle) => number;
  /** How far above the lower edge of a bar it runs. */
  readonly foot: number;
  /** How far right of the fabrics it runs from one VNet to another. */
  readonly gutter: number;
}

function portAt(fromRight: number): (box: Rectangle) => number {
  return (box) => box.x + box.width - fromRight;
}

const ONLY_LANE: Lane = { portOf: portAt(PORT), lastOf: middle, foot: BAR_FOOT, gutter: GUTTER };
/** The lanes of the connections of a conversation over proxies, the sender's own first; more than these share the last. */
export const LANES: readonly [Lane, Lane] = [
  { ...ONLY_LANE, foot: 10 },
  { portOf: portAt(13), lastOf: portAt(13), foot: 3, gutter: 10 },
];

function uprightOf(
  box: Drawn,
  before: Drawn | undefined,
  after: Drawn | undefined,
  from: Point | undefined,
  { portOf, lastOf }: Lane,
): number {
  if (before !== undefined && after !== undefined) return portOf(box);
  if (box.isPassed) return portOf(box);
  return from === undefined ? lastOf(box) : endOf(box, from.x);
}

/** On the way the middle of a box, or the foot of a bar, below its label; at the ends the edge that faces the way. */
function levelOf(box: Drawn, before: Drawn | undefined, after: Drawn | undefined, { foot }: Lane): number {
  if (box.shape === 'bar') return box.y + box.height - foot;
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
