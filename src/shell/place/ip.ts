/** `ip route`, `ip addr`, `ip link`, `ip neigh`: iproute2's words, and busybox's shorter ones. */
import type { CommandResult, SimulatedCommand } from '../command.ts';
import { ipAddress } from './ip-address.ts';
import { ipNeighbour } from './ip-neighbour.ts';
import { ipRoute } from './ip-route.ts';
import {
  failed,
  networkProgram,
  notSimulatedHere,
  printed,
  type PlaceProgram,
  type Style,
} from './program.ts';

const USAGE: Readonly<Record<Style, string>> = {
  gnu:
    'Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n' +
    'where  OBJECT := { address | link | neighbour | route }\n' +
    '       OPTIONS := { -4 | -br[ief] | -o[neline] }\n',
  busybox:
    'BusyBox v1.36.1 multi-call binary.\n\nUsage: ip [OPTIONS] address|route|link|neigh [ARGS]\n\nOPTIONS := -f[amily] inet|inet6|link | -o[neline]\n',
};

export function ip(style: Style): SimulatedCommand {
  return networkProgram('ip', style, run);
}

function run(program: PlaceProgram): CommandResult | Promise<CommandResult> {
  const options = new Set<string>();
  let at = 0;
  for (; at < program.args.length; at++) {
    const arg = program.args[at] ?? '';
    if (!arg.startsWith('-')) break;
    const known =
      /^-{1,2}(4|6|o|oneline|br|brief|c|color|color=never|s|stats|d|details|j|json|V|help|h|f|family|n|netns)$/.exec(
        arg,
      );
    if (known === null) return failed(`Option "${arg}" is unknown, try "ip -help".\n`, 255);
    const name = known[1] ?? '';
    if (name === 'f' || name === 'family') {
      const family = program.args[++at];
      if (family === 'inet6') options.add('6');
      if (family === 'inet') options.add('4');
    } else options.add(name);
  }
  if (options.has('V')) return printed('ip utility, iproute2-5.15.0, libbpf 0.5.0\n');
  if (options.has('help') || options.has('h'))
    return { stdout: '', stderr: USAGE[program.style], exitCode: 0 };
  for (const refused of ['j', 'json', 's', 'stats', 'd', 'details', 'n', 'netns']) {
    if (options.has(refused)) return notSimulatedHere('ip', `the option -${refused}`);
  }
  const [object, ...words] = program.args.slice(at);
  if (object === undefined || object === 'help')
    return failed(USAGE[program.style], object === undefined ? 255 : 0);
  const format =
    options.has('br') || options.has('brief')
      ? 'brief'
      : options.has('o') || options.has('oneline')
        ? 'one-line'
        : 'full';
  if (options.has('6')) return printed('');
  const kind = ['address', 'link', 'neighbour', 'neighbor', 'route', 'rule', 'netns'].find(
    (each) => object.length >= 1 && each.startsWith(object),
  );
  const rest = { ...program, args: words };
  switch (kind) {
    case 'address':
      return ipAddress(rest, 'address', format, options.has('4') ? 'inet' : 'any');
    case 'link':
      return ipAddress(rest, 'link', format, 'any');
    case 'neighbour':
    case 'neighbor':
      return ipNeighbour(rest);
    case 'route':
      return ipRoute(rest);
    case 'rule':
    case 'netns':
      return notSimulatedHere('ip', `"ip ${kind}"`);
    case undefined:
      break;
  }
  return program.style === 'busybox'
    ? failed(USAGE.busybox)
    : failed(`Object "${object}" is unknown, try "ip help".\n`);
}
