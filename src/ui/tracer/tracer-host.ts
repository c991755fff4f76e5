/** The worker's side of the tracer: the network, the session that changes it, and the one that was kept. */
import { newCloud } from '../../model/azure/subscription.ts';
import type { Cloud } from '../../model/cloud.ts';
import { compile } from '../../model/compile/compile.ts';
import { isUrl } from '../../model/compile/url-parts.ts';
import { readNetwork, stateText } from '../../planner/import/state-file.ts';
import type { InputIssue } from '../../planner/input.ts';
import { diffStates } from '../../planner/packet-tracer-diff.ts';
import { traceFlow, tracerEnds } from '../../planner/packet-tracer.ts';
import type { TracerAnswer, TracerState } from '../../planner/packet-tracer.ts';
import { runScenario } from '../../shell/scenario.ts';
import { createSession } from '../../shell/session.ts';
import type { Session } from '../../shell/session.ts';
import { rangesOf } from '../address/ranges-of.ts';
import type { NamedRange } from '../address/range.ts';
import { textParts } from '../address/text-parts.ts';
import { askedWords } from '../packet-path/asked-path.ts';
import { placeName, sceneOf } from '../packet-path/scene-of.ts';
import { pathView } from '../packet-path/view.ts';
import type { Action, Failed, Flow, Loaded, Requests, Source, TracedView } from './protocol.ts';

/** Returns the text of a scenario, or null. */
export type ReadScenario = (name: string) => Promise<string | null>;

/** Lines that a script may print; more is cut in the middle. */
const MOST_OUTPUT = 20_000;

export class TracerHost {
  readonly #readScenario: ReadScenario;
  readonly #clock: () => number;
  #session: Session | null = null;
  #leftOut: TracerState['leftOut'] = [];
  #notes: TracerState['notes'] = [];
  #kept: TracerState | null = null;
  #abort: AbortController | null = null;

  /** `clock` is milliseconds, for what took how long. */
  constructor(readScenario: ReadScenario, clock: () => number) {
    this.#readScenario = readScenario;
    this.#clock = clock;
  }

  async do(action: Action): Promise<Loaded | Failed> {
    const start = this.#clock();
    switch (action.kind) {
      case 'open': {
        const issues = await this.#open(action.source);
        return issues.length > 0 ? { kind: 'refused', issues } : this.#loaded(start, null);
      }
      case 'run': {
        const output = await this.#run(action.script);
        return this.#loaded(start, output);
      }
      case 'keep':
        this.#kept = this.#state();
        return this.#loaded(start, null);
      case 'forget':
        this.#kept = null;
        return this.#loaded(start, null);
    }
  }

  trace({ flow, in: where }: Requests['trace']['ask']): TracedView | Failed {
    const start = this.#clock();
    const state = where === 'kept' ? this.#kept : this.#state();
    if (state === null) return refused('', 'No network was kept to compare with.');
    const port = portOf(flow);
    if (typeof port === 'object' && port !== null) return { kind: 'refused', issues: [port] };
    const { from, to, protocol, client } = flow;
    const missing = from.trim() === '' ? 'from' : to.trim() === '' ? 'to' : null;
    if (missing !== null) {
      return refused(missing, `Where the flow ${missing === 'from' ? 'starts' : 'goes'} is not chosen.`);
    }
    const traced = traceFlow(state, {
      from: from.trim(),
      to: to.trim(),
      protocol,
      ...(port === null ? {} : { port }),
      // The choice is of clients of URLs, and stays where it is while other ends are tried.
      ...(client === '' || !isUrl(to.trim()) || protocol !== 'tcp' ? {} : { client }),
    });
    if (!traced.ok) return refused(traced.error.end === to.trim() ? 'to' : 'from', traced.error.message);
    return viewOf(state.cloud, traced.value, this.#clock() - start);
  }

  compare({ protocol, port, ends }: Requests['compare']['ask']): Requests['compare']['reply'] {
    const start = this.#clock();
    if (this.#kept === null) return refused('', 'Keep a network first, then change it.');
    const number = portOf({ protocol, port });
    if (typeof number === 'object' && number !== null) return { kind: 'refused', issues: [number] };
    const chosen = ends.split(/[\s,;]+/).filter((each) => each !== '');
    if (chosen.length === 1) return refused('ends', 'Flows are between two ends or more.');
    const known = new Set(
      [...tracerEnds(this.#kept.cloud), ...tracerEnds(this.#state().cloud)].map(({ end }) => end),
    );
    const unknown = chosen.filter((each) => !known.has(each) && !/^[a-z]+:\/\/|^\d+\.|^internet$/.test(each));
    if (unknown.length > 0) return refused('ends', `There is no end ${unknown.slice(0, 3).join(', ')}.`);
    const diff = diffStates(this.#kept, this.#state(), {
      protocol,
      ...(number === null ? {} : { port: number }),
      ...(chosen.length === 0 ? {} : { ends: chosen }),
    });
    return { diff, milliseconds: this.#clock() - start };
  }

  save(): string {
    return stateText(this.#state());
  }

  /** Asks what is running to stop at its next command. */
  interrupt(): void {
    this.#abort?.abort();
  }

  async #open(source: Source): Promise<readonly InputIssue[]> {
    switch (source.kind) {
      case 'scenario': {
        const script = await this.#readScenario(source.name);
        if (script === null) return issue('scenario', `There is no scenario ${source.name}.`);
        const { session } = await runScenario(script);
        this.#take(session, [], []);
        return [];
      }
      case 'texts': {
        const read = readNetwork(source.texts, { flag: 'texts' });
        if (!read.ok) return read.error;
        this.#take(createSession({ cloud: read.value.cloud }), read.value.leftOut, read.value.notes);
        return [];
      }
      case 'empty':
        this.#take(createSession({ cloud: newCloud() }), [], []);
        return [];
    }
  }

  #take(session: Session, leftOut: TracerState['leftOut'], notes: TracerState['notes']): void {
    this.#session = session;
    this.#leftOut = leftOut;
    this.#notes = notes;
  }

  async #run(script: string): Promise<NonNullable<Loaded['output']>> {
    const session = this.#opened();
    const abort = new AbortController();
    this.#abort = abort;
    try {
      // Pieces in the order they came: an error stands below the command that made it.
      const pieces: string[] = [];
      const { stdout, stderr, exitCode } = await session.runScript('change.sh', script, {
        signal: abort.signal,
        onOutput: (_, text) => {
          pieces.push(text);
        },
      });
      return { text: cut([...pieces, stdout, stderr].join('')), exitCode };
    } finally {
      this.#abort = null;
    }
  }

  #opened(): Session {
    this.#session ??= createSession({ cloud: newCloud() });
    return this.#session;
  }

  #state(): TracerState {
    return { cloud: this.#opened().cloud, leftOut: this.#leftOut, notes: this.#notes };
  }

  #loaded(start: number, output: Loaded['output']): Loaded {
    const { cloud, leftOut, notes } = this.#state();
    const ends = tracerEnds(cloud);
    return {
      ends,
      leftOut,
      notes,
      summary: summaryOf(cloud),
      output,
      isKept: this.#kept !== null,
      milliseconds: this.#clock() - start,
    };
  }
}

function portOf({ protocol, port }: Pick<Flow, 'protocol' | 'port'>): number | InputIssue | null {
  const text = port.trim();
  if (text === '') return null;
  if (protocol === 'icmp') return issue('port', 'ICMP has no ports: leave it empty.')[0] ?? null;
  const number = Number(text);
  return Number.isInteger(number) && number >= 1 && number <= 65_535
    ? number
    : (issue('port', `"${text}" is no port: 1 to 65535.`)[0] ?? null);
}

function issue(flag: string, message: string): readonly InputIssue[] {
  return [{ flag, value: null, message, instead: null }];
}

function refused(flag: string, message: string): Failed {
  return { kind: 'refused', issues: issue(flag, message) };
}

function cut(text: string): string {
  if (text.length <= MOST_OUTPUT) return text;
  const half = MOST_OUTPUT / 2;
  return `${text.slice(0, half)}\n… ${text.length - MOST_OUTPUT} characters left out …\n${text.slice(-half)}`;
}

function viewOf(cloud: Cloud, traced: TracerAnswer, milliseconds: number): TracedView {
  const compiled = compile(cloud);
  const { trace, to } = traced.answer;
  const places = [...trace.hops, ...(trace.reverse?.hops ?? [])].map((hop) => hop.place);
  const seen = trace.seenSource === null ? [] : [trace.seenSource.address];
  const rangeOf = rangesOf(cloud);
  const own = pathView(trace, (place) => placeName(compiled, place), traced.senderSees);
  const path =
    traced.otherwise === null
      ? own
      : { ...own, disposition: traced.disposition, verdict: 'unknown' as const, reason: traced.reason };
  const view = {
    asked: askedWords(traced.answer),
    path,
    scene: sceneOf(compiled, places, rangeOf, [to.address, ...seen]),
    remarks: traced.remarks,
  };
  const ranges: Record<string, NamedRange> = {};
  for (const part of textParts(JSON.stringify(view).replaceAll('"', ' '))) {
    const range = part.kind === 'address' ? rangeOf(part.text) : null;
    if (range !== null) ranges[part.text] = range;
  }
  return { ...view, ranges, milliseconds };
}

function summaryOf(cloud: Cloud): string {
  const resources = Object.values(cloud.resources);
  const count = (type: string): number => resources.filter((each) => each.type === type).length;
  const pods = Object.values(cloud.kubernetes).reduce(
    (sum, state) => sum + Object.keys(state.pods).length,
    0,
  );
  const routes = resources.reduce(
    (sum, each) => sum + (each.type === 'Microsoft.Network/routeTables' ? each.routes.length : 0),
    0,
  );
  const parts: readonly (readonly [number, string, string])[] = [
    [count('Microsoft.Network/virtualNetworks'), 'VNet', 'VNets'],
    [count('Microsoft.Compute/virtualMachines'), 'VM', 'VMs'],
    [count('Microsoft.ContainerService/ManagedClusters'), 'cluster', 'clusters'],
    [pods, 'pod', 'pods'],
    [routes, 'user-defined route', 'user-defined routes'],
    [count('Microsoft.Network/networkSecurityGroups'), 'security group', 'security groups'],
    [count('Microsoft.Network/azureFirewalls'), 'firewall', 'firewalls'],
  ];
  const said = parts.flatMap(([number, one, several]) =>
    number === 0 ? [] : [`${number.toLocaleString('en')} ${number === 1 ? one : several}`],
  );
  return said.length === 0 ? 'an empty subscription' : said.join(', ');
}
