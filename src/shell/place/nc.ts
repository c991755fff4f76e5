import { SYN_TIMEOUT } from '../../model/limits/snat.ts';
import type { SimulatedCommand } from '../command.ts';
import { attempt } from './attempt.ts';
import { lookUp } from './name-lookup.ts';
import { rememberNeighbours } from './neighbour-table.ts';
import { failed, networkProgram, notSimulatedHere, readOptions, type Style } from './program.ts';

const SERVICES: Readonly<Record<number, string>> = {
  22: 'ssh',
  53: 'domain',
  80: 'http',
  443: 'https',
  3306: 'mysql',
  5432: 'postgresql',
  6379: 'redis',
  8080: 'http-alt',
};

/** `nc -zv HOST PORT`: whether a connection opens. What is said over it is not simulated, but for web servers there is curl. */
export function nc(style: Style): SimulatedCommand {
  return networkProgram('nc', style, async ({ args, view, context }) => {
    const options = readOptions(args, { switches: 'zvnul4kNtU', values: 'wpsiqGe' });
    if (!options.ok) return failed(`nc: ${options.error}\n`);
    const { given, rest } = options.value;
    if (given.has('l'))
      return notSimulatedHere('nc', 'listening (use a pod whose image listens, or a web server on a VM)');
    if (given.has('s')) return notSimulatedHere('nc', 'choosing the source address (-s)');
    if (given.has('e')) return notSimulatedHere('nc', 'running a program behind a connection (-e)');
    const [host, portText] = rest;
    if (host === undefined || portText === undefined)
      return failed('usage: nc [-nuvz] [-w timeout] destination port\n');
    const range = /^(\d+)(?:-(\d+))?$/.exec(portText);
    const first = Number(range?.[1]);
    const last = Number(range?.[2] ?? first);
    if (range === null || first < 1 || last > 65535 || last < first || last - first > 1024)
      return failed(`nc: port number invalid: ${portText}\n`);
    const found = lookUp(view, host);
    if (!found.ok) {
      return style === 'busybox'
        ? failed(`nc: bad address '${host}'\n`)
        : failed(`nc: getaddrinfo for host "${host}" port ${portText}: Name or service not known\n`);
    }
    const [address = ''] = found.value.addresses;
    const protocol = given.has('u') ? 'udp' : 'tcp';
    let { cloud } = view;
    let stderr = '';
    let exitCode = 1;
    let elapsedSeconds = 0;
    for (let port = first; port <= last; port++) {
      const made = attempt({ ...view, cloud }, address, protocol, port);
      await rememberNeighbours(view, context, made);
      cloud = made.cloud;
      const failedBecause = (why: string) =>
        style === 'busybox'
          ? `nc: ${host} (${address}:${port}): ${why}\n`
          : `nc: connect to ${host} (${address}) port ${port} (${protocol}) ${why.startsWith('Operation') ? 'timed out' : 'failed'}: ${why}\n`;
      if (made.kind === 'unknown') return failed(`nc: the simulation cannot tell: ${made.reason}\n`);
      const stands = made.kind === 'timeout' && made.after === 'handshake';
      switch (stands ? 'connected' : made.kind) {
        // The proxy of a firewall takes the connection before anybody says what it is for.
        case 'intercepted':
        case 'connected': {
          exitCode = 0;
          const service = SERVICES[port] ?? '*';
          if (style === 'busybox') stderr += given.has('v') ? `${host} (${address}:${port}) open\n` : '';
          else if (given.has('v'))
            stderr += `Connection to ${host} (${address}) ${port} port [${protocol}/${service}] succeeded!\n`;
          break;
        }
        case 'refused':
          if (given.has('v') || style === 'busybox') stderr += failedBecause('Connection refused');
          break;
        case 'timeout':
          elapsedSeconds += Math.min(Number(given.get('w') ?? SYN_TIMEOUT.value), SYN_TIMEOUT.value);
          if (given.has('v') || style === 'busybox')
            stderr += failedBecause(
              style === 'busybox'
                ? 'Connection timed out'
                : given.has('w')
                  ? 'Operation now in progress'
                  : 'Connection timed out',
            );
          break;
        case 'host-unreachable':
          stderr += failedBecause('No route to host');
          break;
        case 'network-unreachable':
          stderr += failedBecause('Network is unreachable');
          break;
      }
    }
    return { stdout: '', stderr, exitCode, elapsedSeconds, ...(cloud === view.cloud ? {} : { cloud }) };
  });
}
