import { softwareOf } from '../../model/azure/machine-software.ts';
import { formatAddress } from '../../model/ip/address.ts';
import type { SimulatedCommand } from '../command.ts';
import { connectionsOf } from './connections.ts';
import type { Connection } from './connections.ts';
import type { NetworkView } from './network-view.ts';
import { failed, networkProgram, notSimulatedHere, printed, readOptions, type Style } from './program.ts';

export interface ListenerRow {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly program: string;
  readonly pid: number;
  /** `0.0.0.0` for every address. */
  readonly address: string;
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
      pid: processAt(view, each.port) ?? (view.place.kind === 'pod' ? at + 1 : 800 + at * 37),
      address: each.address === null ? '0.0.0.0' : formatAddress(each.address),
    }));
}

/** Of a VM: the process that was started to listen there. */
function processAt(view: NetworkView, port: number): number | null {
  if (view.place.kind !== 'vm') return null;
  const { processes } = softwareOf(view.cloud, view.place.vm.id);
  return processes.find(({ ports }) => ports.includes(port))?.pid ?? null;
}

/** `ss -lntp` and `ss -tn`: sockets that listen, and the connections of programs that make load. */
export function ss(style: Style): SimulatedCommand {
  return networkProgram('ss', style, ({ args, view }) => {
    const options = readOptions(args, {
      switches: 'lntupaHs4emoi',
      values: 'f',
      longSwitches: [
        'listening',
        'numeric',
        'tcp',
        'udp',
        'processes',
        'no-header',
        'all',
        'summary',
        'ipv4',
      ],
    });
    if (!options.ok) return failed(`ss: ${options.error}\n`, 255);
    const { given, rest } = options.value;
    const has = (letter: string, name: string): boolean => given.has(letter) || given.has(name);
    if (has('s', 'summary')) return printed(summary(connectionsOf(view)));
    const shown = has('l', 'listening') ? 'listening' : has('a', 'all') ? 'all' : 'connected';
    if (shown !== 'connected' && view.host.unknown !== null) {
      return notSimulatedHere('ss', `what listens here (${view.host.unknown})`);
    }
    const filter = readFilter(rest);
    if (filter === null) return notSimulatedHere('ss', `the filter "${rest.join(' ')}"`);
    const tcp = has('t', 'tcp') || !has('u', 'udp');
    const udp = has('u', 'udp') || !has('t', 'tcp');
    const wantsListeners = filter.state === 'listening' || (filter.state === null && shown !== 'connected');
    const listeners = wantsListeners ? listenerRows(view, { tcp, udp }) : [];
    const connections =
      tcp && shown !== 'listening' && filter.state !== 'listening'
        ? connectionsOf(view).filter((each) => passes(filter, each))
        : [];
    const processes = has('p', 'processes');
    const columns: Columns = {
      both: tcp === udp,
      // A filter by state leaves the column out.
      state: filter.state === null,
      width: connections.length > 0 && filter.state === null ? STATE_WIDTH : LISTEN_WIDTH,
    };
    const header = `${columns.both ? 'Netid ' : ''}${columns.state ? 'State'.padEnd(columns.width + 1) : ''}Recv-Q Send-Q Local Address:Port  Peer Address:Port${processes ? 'Process' : ''}\n`;
    return printed(
      (has('H', 'no-header') ? '' : header) +
        listeners.map((row) => listenerLine(row, columns, processes)).join('') +
        connections.map((each) => connectionLine(each, columns, processes)).join(''),
    );
  });
}

const LISTEN_WIDTH = 6;
const STATE_WIDTH = 8;
const ADDRESS_WIDTH = 18;

interface Columns {
  readonly both: boolean;
  readonly state: boolean;
  readonly width: number;
}

function listenerLine(row: ListenerRow, columns: Columns, processes: boolean): string {
  const state = row.protocol === 'tcp' ? 'LISTEN' : 'UNCONN';
  const process = processes ? `users:(("${row.program}",pid=${row.pid},fd=6))` : '';
  const first = `${columns.both ? row.protocol.padEnd(6) : ''}${columns.state ? `${state.padEnd(columns.width)} ` : ''}`;
  return `${first}${row.protocol === 'tcp' ? '0      511   ' : '0      0     '} ${`${row.address}:${row.port}`.padStart(ADDRESS_WIDTH)}       0.0.0.0:*    ${process}\n`;
}

function connectionLine(
  { state, local, peer, program }: Connection,
  columns: Columns,
  processes: boolean,
): string {
  const name = state === 'ESTABLISHED' ? 'ESTAB' : state;
  const process = processes ? ` users:(("${program}",pid=1,fd=${(local.port % 900) + 5}))` : '';
  const first = `${columns.both ? 'tcp   ' : ''}${columns.state ? `${name.padEnd(columns.width)} ` : ''}`;
  return `${first}0      ${state === 'SYN-SENT' ? 1 : 0}      ${`${local.address}:${local.port}`.padStart(ADDRESS_WIDTH)} ${`${peer.address}:${peer.port}`.padStart(ADDRESS_WIDTH)}${process}\n`;
}

interface Filter {
  readonly state: 'listening' | 'established' | 'syn-sent' | 'time-wait' | 'connected' | null;
  readonly peer: string | null;
  readonly peerPort: number | null;
}

/** Reads `state established dst 203.0.113.80 dport = :443`; null for more than that. */
function readFilter(words: readonly string[]): Filter | null {
  let filter: Filter = { state: null, peer: null, peerPort: null };
  const text = words
    .join(' ')
    .replaceAll(/[()']/g, ' ')
    .replaceAll(/\b(and|eq)\b|==?/g, ' ')
    .trim();
  const left = text === '' ? [] : text.split(/\s+/);
  while (left.length > 0) {
    const [word, value = ''] = left.splice(0, 2);
    if (word === 'state') {
      const states = ['listening', 'established', 'syn-sent', 'time-wait', 'connected', 'all'] as const;
      const state = states.find((each) => each === value.toLowerCase());
      if (state === undefined) return null;
      filter = { ...filter, state: state === 'all' ? null : state };
    } else if (word === 'dst' || word === 'dport') {
      const [, address = '', port = ''] = /^([\d.]*)(?::(\d+))?$/.exec(value) ?? [];
      if (address === '' && port === '') return null;
      filter = {
        ...filter,
        peer: address === '' ? filter.peer : address,
        peerPort: port === '' ? filter.peerPort : Number(port),
      };
    } else return null;
  }
  return filter;
}

function passes({ state, peer, peerPort }: Filter, connection: Connection): boolean {
  const isInState = state === null || state === 'connected' || state.toUpperCase() === connection.state;
  return (
    isInState &&
    (peer === null || peer === connection.peer.address) &&
    (peerPort === null || peerPort === connection.peer.port)
  );
}

function summary(connections: readonly Connection[]): string {
  const all = connections.length;
  const established = connections.filter(({ state }) => state === 'ESTABLISHED').length;
  const row = (name: string, count: number): string =>
    `${name}\t  ${String(count).padEnd(9)} ${String(count).padEnd(9)} ${'0'.padEnd(9)}\n`;
  return (
    `Total: ${all}\n` +
    `TCP:   ${all} (estab ${established}, closed 0, orphaned 0, timewait 0)\n\n` +
    'Transport Total     IP        IPv6\n' +
    row('RAW', 0) +
    row('UDP', 0) +
    row('TCP', all) +
    row('INET', all) +
    row('FRAG', 0)
  );
}
