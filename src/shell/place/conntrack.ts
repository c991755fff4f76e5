/** `conntrack -L` and `-C` on a node: the connections of its pods, as far as they make load. Others are not kept. */
import { compileUnloaded } from '../../model/compile/compile.ts';
import type { TrafficRun } from '../../model/snat/load.ts';
import { runLoads } from '../../model/snat/run-loads.ts';
import { trafficState } from '../../model/traffic/traffic-state.ts';
import type { TrafficState } from '../../model/traffic/traffic-state.ts';
import type { CommandResult, SimulatedCommand } from '../command.ts';
import { connectionsOfRun, sourcePorts } from './connections.ts';
import type { Connection } from './connections.ts';
import { nodeOfView } from './network-view.ts';
import type { NetworkView } from './network-view.ts';
import { failed, networkProgram, notSimulatedHere, printed } from './program.ts';
import type { Style } from './program.ts';

type State = 'ESTABLISHED' | 'SYN_SENT' | 'TIME_WAIT';

interface Entry {
  readonly state: State;
  readonly local: Connection['local'];
  readonly peer: Connection['peer'];
  /** Whom the peer answers: the node, where the pod is masqueraded. */
  readonly seen: string;
}

/** Seconds: net.netfilter.nf_conntrack_tcp_timeout_established of an AKS node, …_syn_sent and …_time_wait of Linux. */
const TIMEOUTS: Readonly<Record<State, number>> = { ESTABLISHED: 86_400, SYN_SENT: 120, TIME_WAIT: 120 };

const VALUES: Readonly<Record<string, string>> = {
  '-p': 'protocol',
  '--proto': 'protocol',
  '-s': 'source',
  '--src': 'source',
  '--orig-src': 'source',
  '-d': 'destination',
  '--dst': 'destination',
  '--orig-dst': 'destination',
  '--dport': 'port',
  '--orig-port-dst': 'port',
  '--state': 'state',
  '-f': 'family',
};

export function conntrack(style: Style): SimulatedCommand {
  return networkProgram('conntrack', style, ({ args, view }) => {
    const node = nodeOfView(view);
    const given = new Map<string, string>();
    const words: string[] = [];
    for (let at = 0; at < args.length; at++) {
      const [name = '', inline] = (args[at] ?? '').split(/=(.*)/s);
      const meaning = VALUES[name];
      if (meaning === undefined) words.push(args[at] ?? '');
      else {
        const value = inline ?? args[++at];
        if (value === undefined)
          return failed(`conntrack v1.4.6 (conntrack-tools): option \`${name}' requires an argument\n`, 2);
        given.set(meaning, value);
      }
    }
    const [action = '', table = 'conntrack', ...more] = words;
    const isList = action === '-L' || action === '--dump';
    const isCount = action === '-C' || action === '--count';
    if (node === null || (!isList && !isCount) || table !== 'conntrack' || more.length > 0) {
      return notSimulatedHere(
        'conntrack',
        node === null
          ? 'the table of anything but a node'
          : `"conntrack ${args.join(' ')}" (only -L and -C are)`,
      );
    }
    const entries = entriesOf(view, node);
    if (isCount) return printed(`${entries.length}\n`);
    return listed(entries.filter((each) => passes(each, given)));
  });
}

function passes({ state, local, peer }: Entry, given: ReadonlyMap<string, string>): boolean {
  const wanted = (name: string, value: string): boolean => {
    const asked = given.get(name);
    return asked === undefined || asked.toLowerCase() === value.toLowerCase();
  };
  return (
    wanted('protocol', 'tcp') &&
    wanted('family', 'ipv4') &&
    wanted('source', local.address) &&
    wanted('destination', peer.address) &&
    wanted('port', String(peer.port)) &&
    wanted('state', state)
  );
}

function listed(entries: readonly Entry[]): CommandResult {
  const lines = entries.map(({ state, local, peer, seen }) => {
    const isSilent = state === 'SYN_SENT';
    const answer = `src=${peer.address} dst=${seen} sport=${peer.port} dport=${local.port}`;
    return `tcp      6 ${TIMEOUTS[state] - 1} ${state} src=${local.address} dst=${peer.address} sport=${local.port} dport=${peer.port}${isSilent ? ' [UNREPLIED]' : ''} ${answer}${isSilent ? '' : ' [ASSURED]'} mark=0 use=1\n`;
  });
  return {
    stdout: lines.join(''),
    stderr: `conntrack v1.4.6 (conntrack-tools): ${entries.length} flow entries have been shown.\n`,
    exitCode: 0,
  };
}

function entriesOf(view: NetworkView, node: string): readonly Entry[] {
  const state = trafficState(view.cloud, compileUnloaded(view.cloud));
  const pods = new Map(
    view.directory.pods
      .filter(({ pod }) => pod.spec.nodeName === node)
      .map((each) => [each.label, each.pod.status.podIP ?? '']),
  );
  return state.running.flatMap((run): readonly Entry[] => {
    const address = pods.get(run.from);
    if (address === undefined) return [];
    const seen = run.through?.backend ?? address;
    const open = connectionsOfRun(view.cloud, state, run, address).map((each): Entry => ({
      state: each.state === 'ESTABLISHED' ? 'ESTABLISHED' : 'SYN_SENT',
      local: each.local,
      peer: each.peer,
      seen,
    }));
    const port = sourcePorts(run);
    const closed = Array.from({ length: closedLately(state, run, view.cloud.now) }, (_, at): Entry => ({
      state: 'TIME_WAIT',
      local: { address, port: port(open.length + at) },
      peer: run.destination,
      seen,
    }));
    return [...open, ...closed];
  });
}

/** Connections that were closed so lately that netfilter has not forgotten them. */
function closedLately({ inventories }: TrafficState, run: TrafficRun, now: number): number {
  if (run.openFor === null || run.end !== 'fin') return 0;
  for (const { loads, run: result, way } of inventories) {
    const at = loads.indexOf(run);
    const own = result.loads[at];
    if (own === undefined) continue;
    const earlier = runLoads(way.inventory, loads, now - TIMEOUTS.TIME_WAIT).loads[at];
    return own.connected - own.open - (earlier?.connected ?? 0) + (earlier?.open ?? 0);
  }
  const { count = 0, interval = null } = run.workers ?? {};
  const each = Math.max(run.openFor, interval ?? 0);
  return Math.floor((count * Math.min(TIMEOUTS.TIME_WAIT, now - run.start)) / each);
}
