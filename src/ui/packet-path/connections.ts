/** The ways of several connections in one diagram: each on a lane of its own, and one clock over all of them. */
import type { Diagram } from './layout.ts';
import { type Scene, stopsThrough } from './scene.ts';
import { drawWay, LANES, type Point, type Way } from './way.ts';

export interface DrawnConnection {
  readonly number: number;
  readonly points: readonly Point[];
  /** The part of the whole way that it is, from 0 to 1. */
  readonly from: number;
  readonly to: number;
}

export interface DrawnWay extends Way {
  readonly connections: readonly DrawnConnection[];
}

/** Returns the way over the places of each connection. Throws if the diagram has no box for a place. */
export function drawConnections(
  diagram: Diagram,
  scene: Scene,
  connections: readonly { readonly number: number; readonly places: readonly string[] }[],
): DrawnWay {
  const isOnly = connections.length === 1;
  const ways = connections.map(({ number, places }) => {
    const stops = stopsThrough(scene, places);
    const way = isOnly
      ? drawWay(diagram, stops)
      : drawWay(diagram, stops, number === 1 ? LANES[0] : LANES[1]);
    return { ...way, number, length: lengthOf(way.points) };
  });
  const total = ways.reduce((sum, { length }) => sum + length, 0);
  let before = 0;
  const drawn = ways.map(({ number, points, stops, length }) => {
    const share = total === 0 ? 0 : length / total;
    const from = before;
    before += share;
    return { number, points, from, to: isOnly ? 1 : before, stops: stops.map((at) => from + at * share) };
  });
  return {
    points: drawn.flatMap(({ points }) => points),
    stops: isOnly ? (ways[0]?.stops ?? []) : drawn.flatMap(({ stops }) => stops),
    connections: drawn.map(({ number, points, from, to }) => ({ number, points, from, to })),
  };
}

function lengthOf(points: readonly Point[]): number {
  return points.reduce((sum, { x, y }, index) => {
    const before = points[index - 1];
    return before === undefined ? sum : sum + Math.hypot(x - before.x, y - before.y);
  }, 0);
}
