import type { CommandResult, SimulatedCommand } from '../command.ts';
import { attempt, type Attempt } from './attempt.ts';
import { lookUp } from './name-lookup.ts';
import { rememberNeighbours } from './neighbour-table.ts';
import { ownAddress, type NetworkView } from './network-view.ts';
import { failed, networkProgram, notSimulatedHere, readOptions, type Style } from './program.ts';
import { roundTripMilliseconds } from '../../model/trace/round-trip.ts';
import { routersOf } from './routers.ts';

/** Nobody presses Ctrl-C in a script, so ping without -c stops after this many. */
const DEFAULT_COUNT = 4;
const MOST = 20;
const START_TTL = 64;
const DEFAULT_SIZE = 56;
const MOST_BYTES = 65_507;
/** Of ICMP (8) and IPv4 (20). */
const HEADER_BYTES = 28;
const MTU = 1500;
const TIMESTAMP_BYTES = 16;

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
    const ttl = Number(given.get('t') ?? START_TTL);
    if (!Number.isInteger(ttl) || ttl < 1 || ttl > 255)
      return failed(`ping: invalid argument: '${given.get('t') ?? ''}': out of range: 1 <= value <= 255\n`);
    const size = Number(given.get('s') ?? DEFAULT_SIZE);
    if (!Number.isInteger(size) || size < 0 || size > MOST_BYTES)
      return failed(
        `ping: invalid argument: '${given.get('s') ?? ''}': out of range: 0 <= value <= ${MOST_BYTES}\n`,
      );
    const fits = size + HEADER_BYTES <= MTU;
    if (!fits && given.get('M') !== 'do')
      return notSimulatedHere('ping', `taking packets above the MTU of ${MTU} apart (-s ${size})`);
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
      { target, address, count: Math.min(count, MOST), quiet: given.has('q'), size, ttl },
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
  /** Of the data, in bytes. */
  readonly size: number;
  readonly ttl: number;
}

/** What becomes of each packet. */
type Outcome =
  | { readonly kind: 'answered'; readonly ttl: number }
  | { readonly kind: 'lost' }
  | { readonly kind: 'reported'; readonly line: string }
  /** What the own kernel says, on the error stream. */
  | { readonly kind: 'not-sent'; readonly line: string };

function outcomeOf(made: Attempt, { size, ttl }: Asked, view: NetworkView, style: Style): Outcome {
  if (size + HEADER_BYTES > MTU)
    return { kind: 'not-sent', line: `ping: local error: message too long, mtu=${MTU}` };
  const routers = made.trace === null ? [] : routersOf(made.trace, view);
  const last = routers[ttl - 1];
  if (last !== undefined) {
    if (last === null || style === 'busybox') return { kind: 'lost' };
    return { kind: 'reported', line: `From ${last} icmp_seq=SEQ Time to live exceeded` };
  }
  if (made.kind === 'connected') return { kind: 'answered', ttl: replyTtl(made) };
  if (made.kind !== 'host-unreachable' || style === 'busybox') return { kind: 'lost' };
  return { kind: 'reported', line: `From ${ownAddress(view)} icmp_seq=SEQ Destination Host Unreachable` };
}

function report(made: Attempt, asked: Asked, view: NetworkView, style: Style): CommandResult {
  const { target, address, count } = asked;
  if (made.kind === 'unknown') return failed(`ping: the simulation cannot tell: ${made.reason}\n`);
  if (made.kind === 'network-unreachable') {
    return style === 'busybox'
      ? failed('ping: sendto: Network unreachable\n')
      : failed('ping: connect: Network is unreachable\n', 2);
  }
  const outcome = outcomeOf(made, asked, view, style);
  const answered = outcome.kind === 'answered';
  const base = roundTripMilliseconds(made.trace);
  const times = Array.from({ length: count }, (_, at) => base * (1 + ((at * 7) % 5) / 20));
  // The time of sending travels in the data; where there is no room for it, nobody knows how long it took.
  const isTimed = asked.size >= TIMESTAMP_BYTES;
  const received = `${asked.size + 8} bytes from ${address}:`;
  let stderr = '';
  let text =
    style === 'busybox'
      ? `PING ${target} (${address}): ${asked.size} data bytes\n`
      : `PING ${target} (${address}) ${asked.size}(${asked.size + HEADER_BYTES}) bytes of data.\n`;
  for (const [at, time] of times.entries()) {
    if (outcome.kind === 'not-sent') stderr += `${outcome.line}\n`;
    if (asked.quiet) continue;
    if (outcome.kind === 'reported') text += `${outcome.line.replace('SEQ', `${at + 1}`)}\n`;
    if (outcome.kind !== 'answered') continue;
    const took = style === 'busybox' ? time.toFixed(3) : shortTime(time);
    const sequence = style === 'busybox' ? `seq=${at}` : `icmp_seq=${at + 1}`;
    text += `${received} ${sequence} ttl=${outcome.ttl}${isTimed ? ` time=${took} ms` : ''}\n`;
  }
  const back = answered ? count : 0;
  const loss = answered ? 0 : 100;
  const least = Math.min(...times);
  const most = Math.max(...times);
  const mean = times.reduce((sum, each) => sum + each, 0) / times.length;
  text += `\n--- ${target} ping statistics ---\n`;
  if (style === 'busybox') {
    text += `${count} packets transmitted, ${back} packets received, ${loss}% packet loss\n`;
    if (answered && isTimed)
      text += `round-trip min/avg/max = ${least.toFixed(3)}/${mean.toFixed(3)}/${most.toFixed(3)} ms\n`;
  } else {
    const errors = outcome.kind === 'reported' || outcome.kind === 'not-sent' ? `+${count} errors, ` : '';
    text += `${count} packets transmitted, ${back} received, ${errors}${loss}% packet loss, time ${(count - 1) * 1000 + count}ms\n`;
    if (answered && isTimed) {
      const spread = Math.sqrt(times.reduce((sum, each) => sum + (each - mean) ** 2, 0) / times.length);
      text += `rtt min/avg/max/mdev = ${[least, mean, most, spread].map((each) => each.toFixed(3)).join('/')} ms\n`;
    } else text += '\n';
  }
  const exitCode = answered ? 0 : 1;
  return { stdout: text, stderr, exitCode, cloud: made.cloud, elapsedSeconds: count };
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
