/** The boxes and the packet's way over them. Decorative for screen readers: the text beside it says it all. */
import { clipped } from './clipped.ts';
import type { DrawnWay } from './connections.ts';
import type { Diagram, Drawn } from './layout.ts';
import { pathData, type Point } from './way.ts';
import './diagram.css';

interface Props {
  readonly diagram: Diagram;
  readonly way: DrawnWay;
  readonly ending: 'arrives' | 'ends';
  readonly size: 'wide' | 'narrow';
  readonly description: string;
}

const MARGIN = 2;
const DASH: Readonly<Record<string, string>> = { P: '5 3', S: '1.5 2.5', I: '7 2.5 1.5 2.5' };
const CORNER: Readonly<Record<Drawn['shape'], number>> = {
  network: 6,
  subnet: 5,
  machine: 4,
  bar: 2,
  leaf: 3,
};

interface Label {
  readonly box: Drawn;
  readonly x: number;
  readonly y: number;
  readonly dy: number;
  readonly anchor: 'start' | 'middle';
  readonly label: string;
}

/** Where a box's name and address stand, and how much of the name fits. */
function labelOf(box: Drawn, size: Props['size']): Label {
  const room = (width: number): number => Math.max(3, Math.floor(width / 6.9));
  const beside = box.detail === '' ? 0 : box.detail.length * 6.7 + 24;
  switch (box.shape) {
    case 'subnet': {
      // Of a narrow subnet its own name is kept: before the word for what it is, and before its range.
      const bare = box.label.replace(/^Subnet /, '');
      if (size === 'wide' && bare.length > room(box.width - beside - 20) && box.detail !== '')
        return labelOf({ ...box, detail: '' }, size);
      const most = room(size === 'wide' ? box.width - beside - 20 : box.width - 16);
      const fits = box.label.length <= most;
      return { ...labelOf({ ...box, shape: 'network', label: fits ? box.label : bare }, size), box };
    }
    case 'network':
      return size === 'wide'
        ? {
            box,
            x: box.x + 10,
            y: box.y + 16,
            dy: 0,
            anchor: 'start',
            label: clipped(box.label, room(box.width - beside - 20)),
          }
        : {
            box,
            x: box.x + 8,
            y: box.y + 15,
            dy: 14,
            anchor: 'start',
            label: clipped(box.label, room(box.width - 16)),
          };
    case 'bar': {
      // A name comes first; its address only where both fit.
      const isTight = box.label.length * 6.9 + beside > box.width;
      return {
        box: isTight ? { ...box, detail: '' } : box,
        x: box.x + 10,
        y: box.y + 17,
        dy: 0,
        anchor: 'start',
        label: clipped(box.label, room(box.width - 20)),
      };
    }
    case 'leaf':
    case 'machine':
      return {
        box,
        x: box.isPassed ? box.x + 10 : box.x + box.width / 2,
        anchor: box.isPassed ? 'start' : 'middle',
        y: box.y + box.height / 2 + (box.detail === '' ? 4 : -4),
        dy: 15,
        label: clipped(box.label, room(box.width - (box.isPassed ? 34 : 12))),
      };
  }
}

/** The middle of the longest stretch, where the number of a connection stands. */
function badgeOf(points: readonly Point[]): Point {
  let [best, longest] = [points[0] ?? { x: 0, y: 0 }, -1];
  points.forEach((point, index) => {
    const next = points[index + 1];
    if (next === undefined) return;
    const length = Math.hypot(next.x - point.x, next.y - point.y);
    if (length <= longest) return;
    longest = length;
    best = { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
  });
  return best;
}

export function DiagramView({ diagram, way, ending, size, description }: Props) {
  // Between two connections there is nothing to travel.
  const line = way.connections.map(({ points }) => pathData(points)).join('');
  const isOnly = way.connections.length === 1;
  const start = way.points[0] ?? { x: 0, y: 0 };
  const end = way.points.at(-1) ?? start;
  const labels = diagram.boxes.filter((box) => box.label !== '').map((box) => labelOf(box, size));
  return (
    <svg
      class={`diagram ${size}`}
      data-ending={ending}
      viewBox={`${-MARGIN} ${-MARGIN} ${diagram.width + 2 * MARGIN} ${diagram.height + 2 * MARGIN}`}
      role="img"
      aria-label={description}
      style={`--natural: ${diagram.width + 2 * MARGIN}px`}
    >
      {diagram.boxes.map((box) => (
        <g key={box.id} class={`box ${box.shape}`} data-box={box.id} data-range={box.range ?? 'none'}>
          <rect
            x={box.x}
            y={box.y}
            width={box.width}
            height={box.height}
            rx={CORNER[box.shape]}
            stroke-dasharray={box.range === null ? undefined : DASH[box.range]}
          />
          {box.range === 'O' && (
            <rect
              class="second"
              x={box.x + 3}
              y={box.y + 3}
              width={box.width - 6}
              height={box.height - 6}
              rx="2"
            />
          )}
        </g>
      ))}
      {way.connections.map(({ number, points, from, to }) => {
        const part = pathData(points);
        const share = { '--from': from.toFixed(4), '--to': to.toFixed(4) };
        return (
          <g key={number} class="connection" data-connection={isOnly ? undefined : number} style={share}>
            <path class="line" d={part} pathLength="1" />
            <path class="line travelled" d={part} pathLength="1" />
            {!isOnly && number > 1 && <path class="core" d={part} />}
          </g>
        );
      })}
      {labels.map(({ box, x, y, dy, anchor, label }) => (
        <text
          key={box.id}
          class={`label ${box.shape}`}
          data-range={box.range ?? 'none'}
          x={x}
          y={y}
          text-anchor={anchor}
        >
          {label}
          {box.detail !== '' && (
            <tspan class="detail" x={dy === 0 ? undefined : x} dx={dy === 0 ? 7 : undefined} dy={dy}>
              {box.range !== null && <tspan class="letter">{box.range} </tspan>}
              {box.detail}
            </tspan>
          )}
        </text>
      ))}
      <circle class="start" r="4" transform={`translate(${start.x} ${start.y})`} />
      {!isOnly &&
        way.connections.map(({ number, points }) => {
          const at = badgeOf(points);
          return (
            <g key={number} class="badge" transform={`translate(${at.x} ${at.y})`}>
              <circle r="8" />
              <text text-anchor="middle" y="4">
                {number}
              </text>
            </g>
          );
        })}
      <g class="finish" transform={`translate(${end.x} ${end.y})`}>
        <circle class="end" r="6" />
        <path class="stop" d="M-6 -6l12 12m0-12l-12 12" />
      </g>
      <circle class="packet" r="7" style={`offset-path: path('${line}')`} />
    </svg>
  );
}
