import type { SimulatedCommand } from '../command.ts';
import type { NetworkView } from './network-view.ts';
import { failed, networkProgram, notSimulatedHere, printed, readOptions, type Style } from './program.ts';

export interface ListenerRow {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly program: string;
  readonly pid: number;
}

/** What listens here, by port. Process ids are made up from the order. */
export function listenerRows(
  view: NetworkView,
  wanted: { readonly tcp: boolean; readonly udp: boolean },
): readonly ListenerRow[] {
  return view.host.listeners
    .filter((each) => wanted[each.protocol])
    .toSorted((a, b) => a.protocol.localeCompare(b.protocol) || a.port - b.port)
    .map((each, at) => ({
      protocol: each.protocol,
      port: each.port,
      program: each.program,
      pid: view.place.kind === 'pod' ? at + 1 : 800 + at * 37,
    }));
}

/** `ss -lntp`: only sockets that listen; the course has no long-lived connections. */
export function ss(style: Style): SimulatedCommand {
  return networkProgram('ss', style, ({ args, view }) => {
    const options = readOptions(args, {
      switches: 'lntupaH4emoi',
      values: 'f',
      longSwitches: ['listening', 'numeric', 'tcp', 'udp', 'processes', 'no-header'],
    });
    if (!options.ok) return failed(`ss: ${options.error}\n`, 255);
    const { given } = options.value;
    if (view.host.unknown !== null) return notSimulatedHere('ss', `what listens here (${view.host.unknown})`);
    if (!given.has('l') && !given.has('listening') && !given.has('a')) {
      return notSimulatedHere('ss', 'the list of open connections (only -l is)');
    }
    const tcp = given.has('t') || given.has('tcp');
    const udp = given.has('u') || given.has('udp');
    const rows = listenerRows(view, { tcp: tcp || !udp, udp: udp || !tcp });
    const both = tcp === udp;
    const processes = given.has('p') || given.has('processes');
    const header = `${both ? 'Netid ' : ''}State  Recv-Q Send-Q Local Address:Port  Peer Address:Port${processes ? 'Process' : ''}\n`;
    return printed(
      (given.has('H') || given.has('no-header') ? '' : header) +
        rows
          .map((row) => {
            const state = row.protocol === 'tcp' ? 'LISTEN' : 'UNCONN';
            const process = processes ? `users:(("${row.program}",pid=${row.pid},fd=6))` : '';
            return `${both ? row.protocol.padEnd(6) : ''}${state.padEnd(6)} ${row.protocol === 'tcp' ? '0      511   ' : '0      0     '} ${`0.0.0.0:${row.port}`.padStart(18)}       0.0.0.0:*    ${process}\n`;
          })
          .join(''),
    );
  });
}
