/** `traceroute`, `tracepath`: the routers that lower the time to live and can say so. */
import type { SimulatedCommand } from '../command.ts';
import { attempt } from './attempt.ts';
import { lookUp } from './name-lookup.ts';
import { rememberNeighbours } from './neighbour-table.ts';
import { nameOf, type NetworkView } from './network-view.ts';
import { failed, networkProgram, notSimulatedHere, readOptions, type Style } from './program.ts';
import { routersOf } from './routers.ts';

const FIRST_PORT = 33434;
const DEFAULT_MOST_HOPS = 30;
const DEFAULT_PROBES = 3;
const MOST_PROBES = 10;

export function traceroute(style: Style, name: 'traceroute' | 'tracepath' = 'traceroute'): SimulatedCommand {
  return networkProgram(name, style, async ({ args, view, context }) => {
    const options = readOptions(args, {
      switches: 'nITUFrvb4',
      values: 'mqwpfsi',
      longValues: ['max-hops', 'queries', 'wait'],
      longSwitches: ['icmp', 'tcp'],
    });
    if (!options.ok) return failed(`${name}: ${options.error}\n`, 2);
    const { given, rest } = options.value;
    const [target] = rest;
    if (target === undefined)
      return failed(`Usage: ${name} [ -nIT ] [ -m max_ttl ] [ -q nqueries ] [ -p port ] host\n`, 2);
    const most = Number(given.get('m') ?? given.get('max-hops') ?? DEFAULT_MOST_HOPS);
    if (!Number.isInteger(most) || most < 1 || most > 255)
      return failed(`${name}: max hops cannot be more than 255\n`, 2);
    const first = Number(given.get('f') ?? 1);
    if (!Number.isInteger(first) || first < 1 || first > most)
      return failed(`${name}: first hop out of range\n`, 2);
    const probes = Number(given.get('q') ?? given.get('queries') ?? DEFAULT_PROBES);
    if (!Number.isInteger(probes) || probes < 1 || probes > MOST_PROBES)
      return failed(`${name}: no more than ${MOST_PROBES} probes per hop\n`, 2);
    for (const option of ['i', 's', 'r']) {
      if (given.has(option))
        return notSimulatedHere(name, `choosing the interface, source or route (-${option})`);
    }
    const found = lookUp(view, target);
    if (!found.ok) {
      return style === 'busybox'
        ? failed(`${name}: bad address '${target}'\n`)
        : failed(
            `${target}: Name or service not known\nCannot handle "host" cmdline arg \`${target}' on position 1 (argc 1)\n`,
            2,
          );
    }
    const [address = ''] = found.value.addresses;
    const protocol =
      given.has('I') || given.has('icmp') ? 'icmp' : given.has('T') || given.has('tcp') ? 'tcp' : 'udp';
    const port =
      protocol === 'icmp' ? null : Number(given.get('p') ?? (protocol === 'tcp' ? 80 : FIRST_PORT));
    const made = attempt(view, address, protocol, port);
    if (made.kind === 'unknown') return failed(`${name}: the simulation cannot tell: ${made.reason}\n`);
    await rememberNeighbours(view, context, made);
    const routers = made.trace === null ? [] : routersOf(made.trace, view);
    // A closed port answers too: that is how traceroute knows it has arrived.
    const arrived =
      made.kind === 'connected' ||
      made.kind === 'refused' ||
      made.kind === 'intercepted' ||
      (made.kind === 'timeout' && made.after === 'handshake');
    const hops: (string | null)[] = arrived ? [...routers, address] : [...routers];
    while (!arrived && hops.length < most) hops.push(null);
    const numeric = given.has('n');
    const lines = hops
      .slice(0, most)
      .map((hop, at) => hopLine({ address: hop, number: at + 1, probes, numeric, name }, view))
      .slice(first - 1);
    const header =
      name === 'tracepath'
        ? ' 1?: [LOCALHOST]                      pmtu 1500\n'
        : `traceroute to ${target} (${address}), ${most} hops max, ${style === 'busybox' ? 46 : 60} byte packets\n`;
    const end =
      name === 'tracepath'
        ? arrived
          ? `     Resume: pmtu 1500 hops ${hops.length} back ${hops.length} \n`
          : '     Too many hops: pmtu 1500\n     Resume: pmtu 1500 \n'
        : '';
    return { stdout: header + lines.join('') + end, stderr: '', exitCode: 0, cloud: made.cloud };
  });
}

interface Hop {
  readonly address: string | null;
  readonly number: number;
  readonly probes: number;
  readonly numeric: boolean;
  readonly name: 'traceroute' | 'tracepath';
}

function hopLine({ address, number, probes, numeric, name }: Hop, view: NetworkView): string {
  const index = String(number).padStart(2);
  if (address === null)
    return name === 'tracepath' ? `${index}:  no reply\n` : `${index} ${' *'.repeat(probes)}\n`;
  const times = Array.from({ length: probes }, (_, at) => ((TIMES[at] ?? LATER_TIME) * number).toFixed(3));
  const host = numeric ? address : (nameOf(view, address) ?? address);
  if (name === 'tracepath') return `${index}:  ${host.padEnd(44)} ${times[0] ?? ''}ms \n`;
  const shown = numeric ? address : `${host} (${address})`;
  return `${index}  ${shown}  ${times.map((time) => `${time} ms`).join('  ')}\n`;
}

/** Milliseconds to the first router: the first probe of a path takes longest. */
const TIMES = [0.41, 0.29];
const LATER_TIME = 0.27;
