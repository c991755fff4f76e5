import type { CommandResult, SimulatedCommand } from '../command.ts';
import { attempt, type Attempt } from './attempt.ts';
import { lookUp } from './name-lookup.ts';
import { rememberNeighbours } from './neighbour-table.ts';
import { ownAddress, type NetworkView } from './network-view.ts';
import { failed, networkProgram, notSimulatedHere, readOptions, type Style } from './program.ts';
import { roundTripMilliseconds } from './round-trip.ts';

/** Nobody presses Ctrl-C in a script, so ping without -c stops after this many. */
const DEFAULT_COUNT = 4;
const MOST = 20;
const START_TTL = 64;

export function ping(style: Style): SimulatedCommand {
  return networkProgram('ping', style, async ({ args, view, context }) => {
    const options = readOptions(args, { switches: 'nq4vDOA', values: 'cWwiIstM' });
    if (!options.ok) return failed(`ping: ${options.error}\n`, 2);
    const { given, rest } = options.value;
    const [target] = rest;
    if (target === undefined)
      return failed('ping: usage error: Destination address required\n', style === 'gnu' ? 2 : 1);
    if (given.has('I')) return notSimulatedHere('ping', 'choosing the interface or source (-I)');
    const count = Number(given.get('c') ?? DEFAULT_COUNT);
    if (!Number.isInteger(count) || count < 1)
      return failed(`ping: invalid argument: '${given.get('c') ?? ''}'\n`);
    const found = lookUp(view, target);
    if (!found.ok) {
      const why =
        found.error.kind === 'no-such-name'
          ? 'Name or service not known'
          : 'Temporary failure in name resolution';
      return style === 'busybox'
        ? failed(`ping: bad address '${target}'\n`)
        : failed(`ping: ${target}: ${why}\n`, 2);
    }
    const [address = ''] = found.value.addresses;
    const made = attempt(view, address, 'icmp', null);
    await rememberNeighbours(view, context, made);
    return report(
      made,
      { target, address, count: Math.min(count, MOST), quiet: given.has('q') },
      view,
      style,
    );
  });
}

interface Asked {
  readonly target: string;
  readonly address: string;
  readonly count: number;
  readonly quiet: boolean;
}

function report(made: Attempt, asked: Asked, view: NetworkView, style: Style): CommandResult {
  const { target, address, count } = asked;
  if (made.kind === 'unknown') return failed(`ping: the simulation cannot tell: ${made.reason}\n`);
  if (made.kind === 'network-unreachable') {
    return style === 'busybox'
      ? failed('ping: sendto: Network unreachable\n')
      : failed('ping: connect: Network is unreachable\n', 2);
  }
  const answered = made.kind === 'connected';
  const base = roundTripMilliseconds(made.trace);
  const times = Array.from({ length: count }, (_, at) => base * (1 + ((at * 7) % 5) / 20));
  const ttl = replyTtl(made);
  let text =
    style === 'busybox'
      ? `PING ${target} (${address}): 56 data bytes\n`
      : `PING ${target} (${address}) 56(84) bytes of data.\n`;
  for (const [at, time] of times.entries()) {
    if (asked.quiet) break;
    if (answered) {
      text +=
        style === 'busybox'
          ? `64 bytes from ${address}: seq=${at} ttl=${ttl} time=${time.toFixed(3)} ms\n`
          : `64 bytes from ${address}: icmp_seq=${at + 1} ttl=${ttl} time=${shortTime(time)} ms\n`;
    } else if (made.kind === 'host-unreachable' && style === 'gnu') {
      text += `From ${ownAddress(view)} icmp_seq=${at + 1} Destination Host Unreachable\n`;
    }
  }
  const received = answered ? count : 0;
  const loss = answered ? 0 : 100;
  const least = Math.min(...times);
  const most = Math.max(...times);
  const mean = times.reduce((sum, each) => sum + each, 0) / times.length;
  text += `\n--- ${target} ping statistics ---\n`;
  if (style === 'busybox') {
    text += `${count} packets transmitted, ${received} packets received, ${loss}% packet loss\n`;
    if (answered)
      text += `round-trip min/avg/max = ${least.toFixed(3)}/${mean.toFixed(3)}/${most.toFixed(3)} ms\n`;
  } else {
    const errors = made.kind === 'host-unreachable' ? `+${count} errors, ` : '';
    text += `${count} packets transmitted, ${received} received, ${errors}${loss}% packet loss, time ${(count - 1) * 1000 + count}ms\n`;
    if (answered) {
      const spread = Math.sqrt(times.reduce((sum, each) => sum + (each - mean) ** 2, 0) / times.length);
      text += `rtt min/avg/max/mdev = ${[least, mean, most, spread].map((each) => each.toFixed(3)).join('/')} ms\n`;
    } else text += '\n';
  }
  const exitCode = answered ? 0 : 1;
  return { stdout: text, stderr: '', exitCode, cloud: made.cloud, elapsedSeconds: count };
}

/** What is left of the reply's time to live when it comes in. */
function replyTtl(made: Attempt): number {
  const last = made.trace?.reverse?.hops.at(-1)?.steps.at(-1);
  return last?.after.ttl ?? START_TTL;
}

/** iputils prints three significant digits. */
function shortTime(milliseconds: number): string {
  return milliseconds >= 10
    ? milliseconds.toFixed(1)
    : milliseconds >= 1
      ? milliseconds.toFixed(2)
      : milliseconds.toFixed(3);
}
