/** Every conversation that the home page offers, asked of the model while the site is built. Pure. */
import { compile } from '../../model/compile/compile.ts';
import type { Cloud } from '../../model/cloud.ts';
import { formatAddress } from '../../model/ip/address.ts';
import { ask } from '../../model/compile/ask.ts';
import { markedHtml } from '../address/marked-html.ts';
import { rangesOf } from '../address/ranges-of.ts';
import type { RangeLetter } from '../address/range.ts';
import { type Diagram, layOut, NARROW, WIDE } from '../packet-path/layout.ts';
import { drawConnections, type DrawnWay } from '../packet-path/connections.ts';
import { drawWay, pathData } from '../packet-path/way.ts';
import { placeName, sceneOf } from '../packet-path/scene-of.ts';
import { stopsThrough } from '../packet-path/scene.ts';
import { type HopView, type PathView, pathView, type StepView } from '../packet-path/view.ts';

/** An end as a visitor chooses it. */
export interface OfferedEnd {
  readonly id: string;
  /** In netpath's words. */
  readonly end: string;
  readonly label: string;
}

export interface ShownEnd extends OfferedEnd {
  readonly address: string;
  readonly range: RangeLetter | null;
}

/** What the page shows for one pair. HTML texts are made of escaped text and chips only. */
export interface Journey {
  readonly delivered: boolean;
  readonly verdict: string;
  readonly sentence: string;
  readonly hops: readonly { readonly place: string; readonly action: string }[];
  readonly wide: string;
  readonly narrow: string;
}

export interface Journeys {
  readonly ends: readonly ShownEnd[];
  /** By `FROM>TO`. */
  readonly pairs: Readonly<Record<string, Journey>>;
  readonly diagrams: { readonly wide: Diagram; readonly narrow: Diagram };
  /** The way of the pair that is shown first. */
  readonly first: { readonly key: string; readonly wide: DrawnWay; readonly narrow: DrawnWay };
}

const PORT = 80;

export function pairKey(from: string, to: string): string {
  return `${from}>${to}`;
}

/** Throws if the scenario lacks one of the ends, or `first` is none of the pairs. */
export function journeysBetween(cloud: Cloud, offered: readonly OfferedEnd[], first: string): Journeys {
  const compiled = compile(cloud);
  const rangeOf = rangesOf(cloud);
  const answers = offered.flatMap((from) =>
    offered
      .filter((to) => to !== from)
      .map((to) => {
        const answer = ask(cloud, { from: from.end, to: to.end, protocol: 'tcp', port: PORT });
        if (!answer.ok) throw new Error(answer.error.message);
        return { to, trace: answer.value.trace, key: pairKey(from.id, to.id) };
      }),
  );
  const places = answers.flatMap(({ trace }) => trace.hops.map((hop) => hop.place));
  const scene = sceneOf(compiled, places, rangeOf);
  const diagrams = { wide: layOut(scene, WIDE), narrow: layOut(scene, NARROW) };
  const pairs = answers.map(({ key, trace }) => {
    const view = pathView(trace, (place) => placeName(compiled, place));
    const stops = stopsThrough(
      scene,
      trace.hops.map((hop) => hop.place),
    );
    const journey: Journey = {
      delivered: view.verdict === 'delivered',
      verdict: view.verdict === 'delivered' ? 'Delivered' : 'Not delivered',
      sentence: markedHtml(sentenceOf(view), rangeOf),
      hops: hopLines(view).map(({ place, action }) => ({ place, action: markedHtml(action, rangeOf) })),
      wide: pathData(drawWay(diagrams.wide, stops).points),
      narrow: pathData(drawWay(diagrams.narrow, stops).points),
    };
    return [key, journey] as const;
  });
  const address = (id: string): string => {
    const to = answers.find((answer) => answer.to.id === id);
    return to === undefined ? '' : formatAddress(to.trace.flow.destination.address);
  };
  const shown = answers.find((answer) => answer.key === first);
  if (shown === undefined) throw new Error(`No pair is called ${first}.`);
  const connection = { number: 1, places: shown.trace.hops.map((hop) => hop.place) };
  return {
    first: {
      key: first,
      wide: drawConnections(diagrams.wide, scene, [connection]),
      narrow: drawConnections(diagrams.narrow, scene, [connection]),
    },
    ends: offered.map((end) => ({
      ...end,
      address: address(end.id),
      range: rangeOf(address(end.id))?.letter ?? null,
    })),
    pairs: Object.fromEntries(pairs),
    diagrams,
  };
}

function sentenceOf(view: PathView): string {
  return view.seenSource === null || view.verdict !== 'delivered'
    ? `${capitalised(view.reason)}.`
    : `The other side sees source ${view.seenSource}.`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** One line per place: the step that says most about it. */
function hopLines(view: PathView): readonly { readonly place: string; readonly action: string }[] {
  const [there] = view.ways;
  return (there?.hops ?? []).map((hop: HopView) => ({
    place: hop.label,
    action: telling(hop.steps)?.action ?? '',
  }));
}

function telling(steps: readonly StepView[]): StepView | undefined {
  const end = steps.find((step) => step.outcome !== 'passes');
  const rewrite = steps.find((step) => step.kind === 'translate' && step.after !== null);
  return end ?? rewrite ?? steps.find((step) => step.kind === 'route') ?? steps[0];
}
