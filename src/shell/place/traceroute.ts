/** `traceroute`, `tracepath`: the routers that lower the time to live and can say so. */
import { ask } from '../../model/compile/ask.ts';
import { formatAddress } from '../../model/ip/address.ts';
import type { Trace } from '../../model/trace/trace.ts';
import type { SimulatedCommand } from '../command.ts';
import { attempt } from './attempt.ts';
import { lookUp } from './name-lookup.ts';
import { rememberNeighbours } from './neighbour-table.ts';
import { nameOf, ownAddress, type NetworkView } from './network-view.ts';
import { failed, networkProgram, readOptions, type Style } from './program.ts';

const FIRST_PORT = 33434;
const DEFAULT_MOST_HOPS = 30;

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
    const arrived = made.kind === 'connected' || made.kind === 'refused';
    const hops: (string | null)[] = arrived ? [...routers, address] : [...routers];
    while (!arrived && hops.length < most) hops.push(null);
    const numeric = given.has('n');
    const lines = hops.slice(0, most).map((hop, at) => hopLine(hop, at + 1, view, numeric, name));
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

/** Each place that lowers the TTL, by the address from which it would report; null if nothing comes back. */
function routersOf(trace: Trace, view: NetworkView): readonly (string | null)[] {
  const routers: (string | null)[] = [];
  for (const [at, hop] of trace.hops.entries()) {
    const first = hop.steps[0]?.before.ttl;
    const next = trace.hops[at + 1]?.steps[0]?.before.ttl ?? hop.steps.at(-1)?.after.ttl;
    if (at === 0 || first === undefined || next === undefined || next >= first) continue;
    routers.push(reportingAddress(hop.place, view));
  }
  return routers;
}

/** Linux reports from the address of the interface that leads back to the sender. */
function reportingAddress(place: string, view: NetworkView): string | null {
  const { directory } = view;
  const router =
    directory.nodes.find((each) => each.host === place) ??
    directory.machines.find((each) => each.host === place);
  if (router === undefined) return null;
  const end = router.kind === 'node' ? `${router.label}@${router.cluster.cluster.name}` : router.label;
  const answer = ask(view.cloud, { from: end, to: ownAddress(view), protocol: 'icmp' });
  if (!answer.ok || answer.value.trace.seenSource === null) return null;
  return formatAddress(answer.value.trace.seenSource.address);
}

function hopLine(
  address: string | null,
  number: number,
  view: NetworkView,
  numeric: boolean,
  name: string,
): string {
  const index = String(number).padStart(2);
  if (address === null) return name === 'tracepath' ? `${index}:  no reply\n` : `${index}  * * *\n`;
  const times = [0.41, 0.29, 0.27].map((base) => (base * number).toFixed(3));
  const host = numeric ? address : (nameOf(view, address) ?? address);
  if (name === 'tracepath') return `${index}:  ${host.padEnd(44)} ${times[0] ?? ''}ms \n`;
  const shown = numeric ? address : `${host} (${address})`;
  return `${index}  ${shown}  ${times.map((time) => `${time} ms`).join('  ')}\n`;
}
