/** The state behind the tracer's page: what was done, what the worker said to it, and the page's address. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { InputIssue } from '../../planner/input.ts';
import type { ChangedFlow } from '../../planner/packet-tracer-diff.ts';
import { fragmentOf, LONGEST_LINK, stateOfFragment } from './link.ts';
import { isRefused } from './protocol.ts';
import type { Action, Flow, Loaded, Requests, Source, TracedView } from './protocol.ts';
import { Stopped, TookTooLong, TracerConnection } from './tracer-connection.ts';
import type { WorkerLike } from './tracer-connection.ts';

type Compared = Exclude<Requests['compare']['reply'], { kind: 'refused' }>;

export interface BothPaths {
  readonly change: ChangedFlow;
  readonly before: TracedView | null;
  readonly after: TracedView | null;
}

export interface TracerPage {
  readonly ready: 'loading' | 'ready';
  /** What the worker is doing, in a few words; null while it waits. */
  readonly busy: string | null;
  readonly loaded: Loaded | null;
  readonly actions: readonly Action[];
  readonly flow: Flow;
  readonly traced: TracedView | null;
  readonly compared: Compared | null;
  readonly both: BothPaths | null;
  /** What was refused, by the field that is wrong. */
  readonly issues: readonly InputIssue[];
  /** The address of this state; null where it is too long for one. */
  readonly link: { readonly text: string | null; readonly length: number };
  /** Told to screen readers. */
  readonly status: string;
}

export interface TracerControls {
  readonly open: (source: Source) => Promise<void>;
  readonly run: (script: string) => Promise<void>;
  readonly keep: () => Promise<void>;
  readonly forget: () => Promise<void>;
  readonly setFlow: (flow: Flow) => void;
  readonly trace: () => Promise<void>;
  readonly compare: (ends: string) => Promise<void>;
  readonly showBoth: (change: ChangedFlow) => Promise<void>;
  readonly save: () => Promise<string | null>;
  readonly stop: () => void;
  readonly refuse: (flag: string, message: string) => void;
}

const NO_FLOW: Flow = { from: '', to: '', protocol: 'tcp', port: '', client: '' };
const START: TracerPage = {
  ready: 'loading',
  busy: null,
  loaded: null,
  actions: [],
  flow: NO_FLOW,
  traced: null,
  compared: null,
  both: null,
  issues: [],
  link: { text: null, length: 0 },
  status: '',
};

function createWorker(): WorkerLike {
  return new Worker(new URL('./tracer-worker.ts', import.meta.url), { type: 'module' });
}

export function useTracer(): readonly [TracerPage, TracerControls] {
  const [page, setPage] = useState(START);
  const latest = useRef(START);
  const connection = useRef<TracerConnection | null>(null);
  const isRestoring = useRef(false);

  const change = (changes: Partial<TracerPage>): void => {
    latest.current = { ...latest.current, ...changes };
    setPage(latest.current);
  };
  const refuse = (flag: string, message: string): void => {
    change({ issues: [{ flag, value: null, message, instead: null }], status: message });
  };
  const working = async <T>(
    what: string,
    work: (worker: TracerConnection) => Promise<T>,
  ): Promise<T | null> => {
    change({ busy: what, issues: [], status: `${what} …` });
    try {
      connection.current ??= new TracerConnection(createWorker);
      return await work(connection.current);
    } catch (problem) {
      if (problem instanceof TookTooLong) await restore(what, problem.seconds);
      else if (!(problem instanceof Stopped)) {
        const text = problem instanceof Error ? problem.message.split('\n')[0] : String(problem);
        refuse(
          '',
          `This is a bug in the workbook, not in your input: ${text ?? ''}. Reload the page to go on.`,
        );
      }
      return null;
    } finally {
      change({ busy: null });
    }
  };

  /** After what took too long: a new worker gets the network that the page had before. */
  const restore = async (what: string, seconds: number): Promise<void> => {
    const said = `“${what}” took more than ${seconds} seconds and was stopped.`;
    const { actions, flow } = latest.current;
    const none = { traced: null, compared: null, both: null };
    if (isRestoring.current) {
      change({ ...none, actions: [], loaded: null });
      refuse('', `${said} Load a network to go on.`);
      return;
    }
    isRestoring.current = true;
    change(none);
    const isRestored = await redo(actions, flow);
    isRestoring.current = false;
    if (!isRestored) return;
    const then = actions.length === 0 ? 'Load another network.' : 'The network is as it was before.';
    refuse('', `${said} ${then}`);
  };

  const remember = async (): Promise<void> => {
    const { actions, flow } = latest.current;
    if (actions.length === 0) return;
    const fragment = await fragmentOf({ actions, flow });
    const { origin, pathname, search } = window.location;
    const text = `${origin}${pathname}${search}#${fragment}`;
    const fits = text.length <= LONGEST_LINK;
    window.history.replaceState(null, '', fits ? text : `${pathname}${search}`);
    change({ link: { text: fits ? text : null, length: text.length } });
  };

  const trace = async (): Promise<void> => {
    const { flow } = latest.current;
    const reply = await working('Following the packet', (worker) => worker.ask('trace', { flow, in: 'now' }));
    if (reply === null) return;
    if (isRefused(reply))
      change({ issues: reply.issues, traced: null, status: reply.issues[0]?.message ?? '' });
    else {
      const { verdict, disposition } = reply.path;
      change({
        traced: reply,
        status: verdict === 'delivered' ? 'Delivered.' : `Not delivered: ${disposition}.`,
      });
    }
    await remember();
  };

  /** Runs one action; returns whether the network is another one now. */
  const act = async (action: Action, what: string): Promise<boolean> => {
    const reply = await working(what, (worker) => worker.ask('do', action));
    if (reply === null) return false;
    if (isRefused(reply)) {
      change({ issues: reply.issues, status: reply.issues[0]?.message ?? '' });
      return false;
    }
    const known = new Set(reply.ends.map(({ end }) => end));
    const { flow } = latest.current;
    const chosen = known.has(flow.from) || flow.from === '' ? flow : { ...flow, from: '' };
    change({
      loaded:
        reply.output === null && latest.current.loaded !== null && action.kind !== 'open'
          ? { ...reply, output: latest.current.loaded.output }
          : reply,
      flow: chosen.from === '' ? suggested(reply, flow) : flow,
      compared: null,
      both: null,
      status: `${reply.summary}.`,
    });
    return true;
  };

  const controls: TracerControls = {
    open: async (source) => {
      const isKept = latest.current.loaded?.isKept === true;
      const action: Action = { kind: 'open', source };
      if (!(await act(action, 'Loading the network'))) return;
      change({ actions: isKept ? [...latest.current.actions, action] : [action] });
      await trace();
    },
    run: async (script) => {
      const action: Action = { kind: 'run', script };
      if (!(await act(action, 'Running the commands'))) return;
      const before = latest.current.actions;
      const start: readonly Action[] =
        before.length > 0 ? before : [{ kind: 'open', source: { kind: 'empty' } }];
      change({ actions: [...start, action] });
      if (latest.current.flow.from !== '' && latest.current.flow.to !== '') await trace();
      else await remember();
    },
    keep: async () => {
      const before = latest.current.actions.filter((each) => each.kind !== 'keep');
      if (!(await act({ kind: 'keep' }, 'Keeping the network'))) return;
      change({
        actions: [...before, { kind: 'keep' }],
        status: 'Kept. Change the network, or load another, and compare.',
      });
      await remember();
    },
    forget: async () => {
      if (!(await act({ kind: 'forget' }, 'Forgetting the kept network'))) return;
      const { actions } = latest.current;
      const last = actions.findLastIndex((each) => each.kind === 'open');
      change({ actions: actions.slice(Math.max(0, last)).filter((each) => each.kind !== 'keep') });
      await remember();
    },
    setFlow: (flow) => {
      change({ flow });
    },
    trace,
    compare: async (ends) => {
      const { protocol, port } = latest.current.flow;
      const reply = await working('Asking every flow twice', (worker) =>
        worker.ask('compare', { protocol, port, ends }),
      );
      if (reply === null) return;
      if (isRefused(reply))
        change({ issues: reply.issues, compared: null, status: reply.issues[0]?.message ?? '' });
      else {
        const { changes, asked } = reply.diff;
        change({ compared: reply, both: null, status: `${changes.length} of ${asked} flows change.` });
      }
    },
    showBoth: async (changed) => {
      const flow: Flow = {
        from: changed.from,
        to: changed.to,
        protocol: changed.protocol === 'udp' || changed.protocol === 'icmp' ? changed.protocol : 'tcp',
        port: changed.port === null ? '' : String(changed.port),
        client: '',
      };
      const both = await working('Following the packet in both', async (worker) => ({
        before: await worker.ask('trace', { flow, in: 'kept' }),
        after: await worker.ask('trace', { flow, in: 'now' }),
      }));
      if (both === null) return;
      change({
        both: {
          change: changed,
          before: isRefused(both.before) ? null : both.before,
          after: isRefused(both.after) ? null : both.after,
        },
        status: `Both paths from ${flow.from} to ${flow.to}.`,
      });
    },
    save: () => working('Writing the file', (worker) => worker.ask('save', null)),
    stop: () => {
      connection.current?.stop();
      void replay({ actions: latest.current.actions, flow: latest.current.flow });
    },
    refuse,
  };

  const replay = async (state: {
    readonly actions: readonly Action[];
    readonly flow: Flow;
  }): Promise<void> => {
    const isDone = await redo(state.actions, state.flow);
    if (isDone && state.flow.from !== '' && state.flow.to !== '') await trace();
  };

  /** Does again what led to a network; returns whether all of it could be done. */
  const redo = async (actions: readonly Action[], flow: Flow): Promise<boolean> => {
    change({ flow });
    for (const [index, action] of actions.entries()) {
      const what = actions.length === 1 ? 'Loading the network' : `Step ${index + 1} of ${actions.length}`;
      if (!(await act(action, what))) return false;
      change({ actions: actions.slice(0, index + 1), flow });
    }
    return true;
  };

  useEffect(() => {
    const start = async (): Promise<void> => {
      const state = await stateOfFragment(window.location.hash);
      change({ ready: 'ready' });
      if (state === null) return;
      if ('problem' in state) refuse('link', state.problem);
      else await replay(state);
    };
    void start();
    const again = (): void => void start();
    window.addEventListener('hashchange', again);
    return () => {
      window.removeEventListener('hashchange', again);
      connection.current?.stop();
    };
  }, []);

  return [page, controls];
}

/** Two ends to begin with, so that the first answer is there at once. */
function suggested({ ends }: Loaded, flow: Flow): Flow {
  const places = ends.filter(
    ({ kind, side, end }) => side === 'both' && kind !== 'host' && !end.includes('kube-system'),
  );
  const [first] = places;
  if (first === undefined) return flow;
  const other =
    places.find(({ end, kind }) => end !== first.end && kind === first.kind) ??
    places[1] ??
    ends.find(({ end }) => end === 'host/internet');
  return {
    ...flow,
    from: first.end,
    to: flow.to === '' || !ends.some(({ end }) => end === flow.to) ? (other?.end ?? '') : flow.to,
  };
}
