/** The older tools: `route -n`, `netstat -rn`, `ifconfig`. */
import { formatAddress } from '../../model/ip/address.ts';
import { netmask } from '../../model/ip/prefix.ts';
import type { SimulatedCommand } from '../command.ts';
import { connectionsOf } from './connections.ts';
import { deviceOf, mainRoutes } from './ip-route.ts';
import { linksOf, type Link } from './links.ts';
import type { NetworkView } from './network-view.ts';
import { failed, networkProgram, notSimulatedHere, printed, readOptions, type Style } from './program.ts';
import { listenerRows } from './ss.ts';

export function route(style: Style): SimulatedCommand {
  return networkProgram('route', style, ({ args, view }) => {
    const options = readOptions(args, { switches: 'neev4', values: 'A' });
    if (!options.ok) return failed(`route: ${options.error}\n`);
    if (options.value.rest.length > 0)
      return notSimulatedHere('route', `changing the routing table (${options.value.rest.join(' ')})`);
    return printed(routeTable(view, options.value.given.has('n') ? 'numeric' : 'named', 'route'));
  });
}

/** `netstat -r` has windows where `route` has metrics. */
function routeTable(view: NetworkView, names: 'numeric' | 'named', program: 'route' | 'netstat'): string {
  const line = (...cells: readonly [string, string, string, string, string, string, string, string]) =>
    `${cells[0].padEnd(15)} ${cells[1].padEnd(15)} ${cells[2].padEnd(15)} ${cells[3].padEnd(5)} ${program === 'route' ? `${cells[4].padEnd(6)} ${cells[5].padEnd(4)} ${cells[6].padStart(5)}` : `${cells[4].padStart(5)} ${cells[5].padEnd(6)} ${cells[6].padStart(5)}`} ${cells[7]}\n`;
  const rows = mainRoutes(view).map((each) => {
    const gateway = each.target.kind === 'gateway' ? formatAddress(each.target.via) : '0.0.0.0';
    const isDefault = each.prefix.length === 0;
    const to = isDefault && names === 'named' ? 'default' : formatAddress(each.prefix.address);
    const flags = `U${each.target.kind === 'gateway' ? 'G' : ''}${each.prefix.length === 32 ? 'H' : ''}`;
    return line(
      to,
      gateway,
      formatAddress(netmask(each.prefix)),
      flags,
      program === 'route' ? String(each.metric) : '0',
      '0',
      '0',
      deviceOf(each) ?? '*',
    );
  });
  const middle =
    program === 'route' ? { a: 'Metric', b: 'Ref', c: 'Use' } : { a: 'MSS', b: 'Window', c: 'irtt' };
  return `Kernel IP routing table\n${line('Destination', 'Gateway', 'Genmask', 'Flags', middle.a, middle.b, middle.c, 'Iface')}${rows.join('')}`;
}

export function netstat(style: Style): SimulatedCommand {
  return networkProgram('netstat', style, ({ args, view }) => {
    const options = readOptions(args, {
      switches: 'rnltuapeW4',
      values: '',
      longSwitches: ['route', 'numeric', 'listening', 'tcp', 'udp', 'programs', 'all'],
    });
    if (!options.ok) return failed(`netstat: ${options.error}\n`);
    const { given } = options.value;
    if (given.has('r') || given.has('route'))
      return printed(routeTable(view, given.has('n') ? 'numeric' : 'named', 'netstat'));
    const listens = given.has('l') || given.has('listening');
    const tcp = given.has('t') || given.has('tcp') || !(given.has('u') || given.has('udp'));
    const udp = given.has('u') || given.has('udp') || !(given.has('t') || given.has('tcp'));
    const rows = listens || given.has('a') ? listenerRows(view, { tcp, udp }) : [];
    const connections = tcp && !listens ? connectionsOf(view) : [];
    const programs = listens || given.has('a') || given.has('p') || given.has('programs');
    const header =
      `Active Internet connections (${listens ? 'only servers' : given.has('a') ? 'servers and established' : 'w/o servers'})\n` +
      `Proto Recv-Q Send-Q Local Address           Foreign Address         State       ${programs ? 'PID/Program name' : ''}\n`;
    return printed(
      header +
        connections
          .map(({ state, local, peer, program }) => {
            const name = state === 'SYN-SENT' ? 'SYN_SENT' : state;
            const process = programs ? `1/${program}` : '';
            return `tcp        0      ${state === 'SYN-SENT' ? 1 : 0} ${`${local.address}:${local.port}`.padEnd(23)} ${`${peer.address}:${peer.port}`.padEnd(23)} ${name.padEnd(11)} ${process}\n`;
          })
          .join('') +
        rows
          .map((row) => {
            const state = row.protocol === 'tcp' ? 'LISTEN' : '';
            return `${row.protocol.padEnd(5)}      0      0 ${`${row.address}:${row.port}`.padEnd(23)} ${'0.0.0.0:*'.padEnd(23)} ${state.padEnd(11)} ${row.pid}/${row.program}\n`;
          })
          .join(''),
    );
  });
}

export function ifconfig(style: Style): SimulatedCommand {
  return networkProgram('ifconfig', style, ({ args, view }) => {
    const names = args.filter((arg) => arg !== '-a');
    if (names.length > 1) return notSimulatedHere('ifconfig', 'changing devices');
    const [wanted] = names;
    const links = linksOf(view).filter((link) => wanted === undefined || link.name === wanted);
    if (links.length === 0)
      return failed(`${wanted ?? ''}: error fetching interface information: Device not found\n`);
    if (style === 'busybox') return printed(links.map(busyboxInterface).join(''));
    return printed(
      links
        .map((link) => {
          const [own] = link.addresses;
          const inet =
            own === undefined
              ? ''
              : `        inet ${own.address}  netmask ${maskText(own.length)}${own.broadcast === null ? '' : `  broadcast ${own.broadcast}`}\n`;
          const hardware =
            link.name === 'lo'
              ? '        loop  txqueuelen 1000  (Local Loopback)\n'
              : `        ether ${link.mac}  txqueuelen 1000  (Ethernet)\n`;
          const flags =
            link.name === 'lo'
              ? 'flags=73<UP,LOOPBACK,RUNNING>'
              : 'flags=4163<UP,BROADCAST,RUNNING,MULTICAST>';
          return `${link.name}: ${flags}  mtu ${link.mtu}\n${inet}${hardware}\n`;
        })
        .join(''),
    );
  });
}

/** Counters are left out: no traffic is counted here. */
function busyboxInterface(link: Link): string {
  const loop = link.name === 'lo';
  const [own] = link.addresses;
  const indent = ' '.repeat(10);
  const broadcast = own === undefined || own.broadcast === null ? '' : `  Bcast:${own.broadcast}`;
  return (
    `${link.name.padEnd(9)} Link encap:${loop ? 'Local Loopback  ' : `Ethernet  HWaddr ${link.mac.toUpperCase()}  `}\n` +
    (own === undefined
      ? ''
      : `${indent}inet addr:${own.address}${broadcast}  Mask:${maskText(own.length)}\n`) +
    `${indent}UP ${loop ? 'LOOPBACK RUNNING' : 'BROADCAST RUNNING MULTICAST'}  MTU:${link.mtu}  Metric:1\n\n`
  );
}

function maskText(length: number): string {
  const bits = (2 ** 32 - 2 ** (32 - length)) % 2 ** 32;
  return [24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 256).join('.');
}
