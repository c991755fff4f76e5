/** A conversation between two ends: the answer in words, then the steps and the diagram, each way. */
import { Chip, Marked } from '../address/Marked.tsx';
import { type NamedRange, RANGES } from '../address/range.ts';
import { DiagramView } from './Diagram.tsx';
import { HeaderStrip } from './HeaderStrip.tsx';
import { drawConnections } from './connections.ts';
import { layOut, NARROW, WIDE } from './layout.ts';
import { type Scene, stopsThrough } from './scene.ts';
import type { ConnectionView, HopView, PathView, StepView, WayView } from './view.ts';
import './packet-path.css';

export interface PathFigureProps {
  /** Unique on the page. */
  readonly id: string;
  /** `TCP port 80 from … to …`. */
  readonly asked: string;
  readonly path: PathView;
  readonly scene: Scene;
  readonly remarks: readonly string[];
  readonly rangeOf: (address: string) => NamedRange | null;
}

type RangeOf = PathFigureProps['rangeOf'];

const VERDICT = { delivered: 'Delivered', 'not-delivered': 'Not delivered', unknown: 'Not known' } as const;
const ROLE: Readonly<Record<HopView['role'], string>> = {
  pod: 'Pod',
  node: 'Node',
  vm: 'VM',
  fabric: 'Azure network',
  gateway: 'Gateway',
  firewall: 'Firewall',
  edge: 'Translation',
  outside: 'Outside host',
};
/** What stands at the edge of a network translates, unless its name says that it does something else. */
const roleOf = ({ role, place }: HopView): string =>
  place.startsWith('lb/')
    ? 'Load balancer'
    : place.startsWith('natgw/')
      ? 'NAT gateway'
      : place === 'edge/internet'
        ? 'Network'
        : place.startsWith('platform/')
          ? 'Azure platform of'
          : ROLE[role];
const TITLE = { there: 'The way there', back: 'The way back' } as const;

/** Stepping is `stepping.ts`, which the page connects to the element around this. */
export function PathFigure({ id, asked, path, scene, remarks, rangeOf }: PathFigureProps) {
  const diagrams = { wide: layOut(scene, WIDE), narrow: layOut(scene, NARROW) };
  const letters = new Set(diagrams.wide.boxes.map((box) => box.range));
  const legend = RANGES.filter((range) => letters.has(range.letter));
  const ways = path.ways.map((way: WayView) => {
    const parts = way.connections.map(({ number, hops }) => ({
      number,
      places: hops.map((hop) => hop.place),
    }));
    const stops = parts.flatMap(({ places }) => stopsThrough(scene, places));
    return {
      ...way,
      // The box that lights up at each hop.
      boxes: stops.map(({ place, through }) => (through.includes(place) ? place : (through[0] ?? place))),
      ending: way.disposition === 'delivered' ? ('arrives' as const) : ('ends' as const),
      wide: drawConnections(diagrams.wide, scene, parts),
      narrow: drawConnections(diagrams.narrow, scene, parts),
      names: namesOf(way),
    };
  });
  /** The way on which it ends; the reader is after the step that decided. */
  const first = Math.max(
    0,
    ways.findIndex((way) => way.ending === 'ends'),
  );
  return (
    <figure aria-labelledby={`${id}-asked`}>
      <figcaption>
        <p class="asked" id={`${id}-asked`}>
          <Marked text={asked} rangeOf={rangeOf} />
        </p>
        <p class="answer">
          <strong class="verdict" data-verdict={path.verdict}>
            {VERDICT[path.verdict]}
            {path.verdict !== 'delivered' && (
              <>
                {' '}
                <code>{path.disposition}</code>
              </>
            )}
          </strong>
          {path.seenSource !== null && (
            <span>
              The destination sees{' '}
              <Chip text={path.seenSource} range={rangeOf(path.seenSource)} focus="yes" />
            </span>
          )}
        </p>
        {path.verdict !== 'delivered' && (
          <p class="reason">
            <Marked text={`${path.reason}. ${path.meaning}`} rangeOf={rangeOf} />
          </p>
        )}
        {remarks.map((remark) => (
          <p key={remark} class="remark">
            <strong>Note:</strong> <Marked text={remark} rangeOf={rangeOf} />
          </p>
        ))}
      </figcaption>
      {ways.length > 1 && (
        <div class="switch needs-script" role="group" aria-label="Direction">
          {ways.map((way, index) => (
            <button
              key={way.direction}
              type="button"
              class="button"
              data-way={way.direction}
              aria-pressed={index === first ? 'true' : 'false'}
            >
              {TITLE[way.direction]}
            </button>
          ))}
        </div>
      )}
      {ways.map((way, index) => (
        <div
          key={way.direction}
          class="way"
          role="group"
          data-direction={way.direction}
          data-shown={index === first ? '' : undefined}
          aria-label={TITLE[way.direction]}
        >
          <p class="way-title">
            <b>{TITLE[way.direction]}:</b> {way.names}.
          </p>
          <Controls title={TITLE[way.direction]} length={way.length} />
          <div class="stage">
            <DiagramView
              diagram={diagrams.wide}
              way={way.wide}
              ending={way.ending}
              size="wide"
              description={`Diagram of ${TITLE[way.direction].toLowerCase()}: ${way.names}.`}
            />
            <DiagramView
              diagram={diagrams.narrow}
              way={way.narrow}
              ending={way.ending}
              size="narrow"
              description={`Diagram of ${TITLE[way.direction].toLowerCase()}: ${way.names}.`}
            />
            <ul class="legend" aria-label="Ranges in the diagram">
              {legend.map((range) => (
                <li key={range.letter} data-range={range.letter}>
                  <b>{range.letter}</b> {range.name}
                </li>
              ))}
            </ul>
          </div>
          <ol class="hops">
            {way.hops.map((hop, hopIndex) => (
              <li key={hopIndex} class="hop">
                <ConnectionTitle way={way} hop={hop} rangeOf={rangeOf} />
                <p class="place">
                  <span class="role">{roleOf(hop)}</span> <span translate={false}>{hop.label}</span>
                </p>
                <ol class="steps">
                  {hop.steps.map((step) => (
                    <li
                      key={step.number}
                      class="step"
                      value={step.number}
                      data-step={step.number}
                      data-wide={(way.wide.stops[hopIndex] ?? 0).toFixed(4)}
                      data-narrow={(way.narrow.stops[hopIndex] ?? 0).toFixed(4)}
                      data-box-here={way.boxes[hopIndex]}
                      data-outcome={step.outcome}
                    >
                      <StepItem step={step} rangeOf={rangeOf} />
                    </li>
                  ))}
                </ol>
              </li>
            ))}
          </ol>
        </div>
      ))}
    </figure>
  );
}

/** The places in order, and where there are several connections, which of them each has. */
function namesOf({ connections }: WayView): string {
  const names = connections.map(({ hops }) => hops.map((hop) => hop.label).join(', '));
  return names.length === 1
    ? names.join()
    : connections.map(({ number }, index) => `connection ${number}: ${names[index] ?? ''}`).join('; ');
}

/** Stands before the first hop of each connection, where there are several. */
function ConnectionTitle({
  way,
  hop,
  rangeOf,
}: {
  readonly way: WayView;
  readonly hop: HopView;
  readonly rangeOf: RangeOf;
}) {
  const found = way.connections.find(({ hops }) => hops[0] === hop);
  if (found === undefined || way.connections.length === 1) return null;
  return (
    <p class="connection-title">
      <span class="badge" aria-hidden="true">
        {found.number}
      </span>
      <b>
        <span class="visually-hidden">Connection {found.number}: </span>
        {hopNames(found)}
      </b>{' '}
      <span class="ends">
        <Chip text={found.header.source.address} range={rangeOf(found.header.source.address)} />:
        {found.header.source.port} to{' '}
        <Chip text={found.header.destination.address} range={rangeOf(found.header.destination.address)} />:
        {found.header.destination.port}
      </span>
    </p>
  );
}

function hopNames({ hops }: ConnectionView): string {
  return `${hops[0]?.label ?? ''} to ${hops.at(-1)?.label ?? ''}`;
}

function Controls({ title, length }: { readonly title: string; readonly length: number }) {
  return (
    <div class="controls needs-script" role="group" aria-label={`Steps of ${title.toLowerCase()}`}>
      <button type="button" class="button" data-go="back" aria-label="Previous step" disabled>
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path d="M10.5 3 5 8l5.5 5" />
        </svg>
      </button>
      <button type="button" class="button button-primary" data-go="play">
        Play
      </button>
      <button type="button" class="button" data-go="next" aria-label="Next step">
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path d="M5.5 3 11 8l-5.5 5" />
        </svg>
      </button>
      <p class="status" role="status" data-length={length}>
        {length} steps
      </p>
    </div>
  );
}

function StepItem({ step, rangeOf }: { readonly step: StepView; readonly rangeOf: RangeOf }) {
  return (
    <details>
      <summary>
        <span class="number" aria-hidden="true">
          {step.number}
        </span>
        <span class="word">{step.word}</span>
        <span class="action">
          <Marked text={step.action} rangeOf={rangeOf} />
        </span>
      </summary>
      <div class="detail">
        <p class="by">
          <span class="label">Decided by</span> <Marked text={step.by} rangeOf={rangeOf} />
        </p>
        {step.lost.length > 0 && (
          <div class="lost">
            <p class="label">Lost</p>
            <ul>
              {step.lost.map(({ candidate, why }) => (
                <li key={candidate}>
                  <span class="candidate">
                    <Marked text={candidate} rangeOf={rangeOf} />
                  </span>{' '}
                  <span class="why">
                    <Marked text={why} rangeOf={rangeOf} />
                  </span>
                </li>
              ))}
            </ul>
          </div>
        )}
        {step.after === null ? (
          <HeaderStrip header={step.before} name="header" rangeOf={rangeOf} />
        ) : (
          <>
            <HeaderStrip
              header={step.before}
              name={step.headers === 'relay' ? 'arrives' : 'before'}
              rangeOf={rangeOf}
            />
            <HeaderStrip
              header={step.after}
              name={step.headers === 'relay' ? 'leaves' : 'after'}
              rangeOf={rangeOf}
            />
          </>
        )}
      </div>
    </details>
  );
}
