/** `hey`, a load generator, with the report of the real one (https://github.com/rakyll/hey, requester at 8985827). */
import { readHeyArguments } from '../../model/kubernetes/hey-arguments.ts';
import type { HeyCommand } from '../../model/kubernetes/hey-arguments.ts';
import type { CommandResult, SimulatedCommand } from '../command.ts';
import { answerTo, deniedBy } from './http-answer.ts';
import type { HttpAnswer } from './http-answer.ts';
import { latencies, meanOf } from './latencies.ts';
import type { Latencies } from './latencies.ts';
import { runProgram } from './load-run.ts';
import type { LoadOutcome, LoadProblem } from './load-run.ts';
import { nameServer } from './name-lookup.ts';
import type { NetworkView } from './network-view.ts';
import { networkProgram, notSimulatedHere, printed } from './program.ts';
import type { Style } from './program.ts';

export function hey(style: Style): SimulatedCommand {
  return networkProgram('hey', style, async ({ args, view, context }) => {
    const read = readHeyArguments(args);
    if (!read.ok) return read.error;
    const file = bodyFile(args);
    if (file !== null && (await context.readFile(file)) === null) {
      return { stdout: '', stderr: `open ${file}: no such file or directory\n`, exitCode: 1 };
    }
    return run(view, read.value, ['hey', ...args].join(' '));
  });
}

function bodyFile(args: readonly string[]): string | null {
  const at = args.findIndex((each) => each === '-D' || each === '--D');
  return at < 0 ? null : (args[at + 1] ?? null);
}

function run(view: NetworkView, command: HeyCommand, line: string): CommandResult {
  const { load, url, method, output } = command;
  const says = (what: string): string =>
    `${method[0] ?? ''}${method.slice(1).toLowerCase()} "${url}": ${what}`;
  if (load === null) {
    return reported(output, allFailed(command.requests, says(command.failure ?? ''), 0.001));
  }
  const outcome = runProgram(view, load, line);
  if ('kind' in outcome) return problem(view, command, outcome, says);
  const { address, first } = outcome;
  const to = `dial tcp ${address}:${load.url.port}`;
  const isPatient = load.giveUpAfter > 20 && /(^|\s)--?t[= ]0(\s|$)/.test(line);
  const lost = isPatient
    ? `${to}: connect: connection timed out`
    : 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  const refusals = {
    refused: `${to}: connect: connection refused`,
    'network-unreachable': `${to}: connect: network is unreachable`,
    'host-unreachable': `${to}: connect: no route to host`,
  };
  const result = { cloud: outcome.cloud, elapsedSeconds: Math.ceil(outcome.seconds) };
  switch (first.kind) {
    case 'unknown':
      return notSimulatedHere('hey', first.reason);
    case 'timeout':
      return { ...reported(output, report(outcome, null, says(lost))), ...result };
    case 'refused':
    case 'network-unreachable':
    case 'host-unreachable':
      return { ...reported(output, report(outcome, null, says(refusals[first.kind]))), ...result };
    case 'intercepted': {
      const reset = says(`read tcp ${address}:${load.url.port}: read: connection reset by peer`);
      return first.page === null || load.url.scheme === 'https'
        ? { ...reported(output, report(outcome, null, reset)), ...result }
        : { ...reported(output, report(outcome, deniedBy(first.page, method), says(lost))), ...result };
    }
    case 'connected':
      break;
  }
  const wrong = wrongProtocol(first.server.application, load.url.scheme);
  if (wrong !== null) {
    const failed = outcome.answered + outcome.failed;
    const none = { ...outcome, answered: 0, dialled: 0, failed };
    return { ...reported(output, report(none, null, says(wrong))), ...result };
  }
  const answer = answerTo(first, {
    host: command.hostHeader ?? load.url.host,
    path: load.url.path,
    method,
  });
  return { ...reported(output, report(outcome, answer, says(lost))), ...result };
}

function problem(
  view: NetworkView,
  { requests }: HeyCommand,
  found: LoadProblem,
  says: (what: string) => string,
): CommandResult {
  switch (found.kind) {
    case 'name': {
      const host = found.problem.kind === 'no-such-name' ? 'no such host' : 'i/o timeout';
      const name = /\/\/(?:[^@/]*@)?([^:/?#"]+)/.exec(says(''))?.[1] ?? '';
      const seconds = found.problem.kind === 'no-such-name' ? 0.01 : 20;
      const why = says(`dial tcp: lookup ${name} on ${nameServer(view)}:53: ${host}`);
      return {
        ...reported('summary', allFailed(requests, why, seconds)),
        elapsedSeconds: Math.ceil(seconds),
      };
    }
    case 'unknown':
      return notSimulatedHere('hey', `what becomes of these connections (${found.reason})`);
    case 'too-much':
      return notSimulatedHere(
        'hey',
        `a run of ${Math.round(found.connections).toLocaleString('en-US')} connections (-q limits them)`,
      );
  }
}

/** What Go says if the server does not speak the URL's protocol. */
function wrongProtocol(application: string, scheme: 'http' | 'https'): string | null {
  const isSecure = application === 'https' || application === 'kubernetes-api';
  if (scheme === 'https' && !isSecure) return 'http: server gave HTTP response to HTTPS client';
  if (application === 'opaque' || application === 'dns') return 'EOF';
  if (application === 'ssh') {
    return 'net/http: HTTP/1.x transport connection broken: malformed HTTP response "SSH-2.0-OpenSSH_8.9p1 Ubuntu-3ubuntu0.6"';
  }
  return null;
}

interface Report {
  readonly seconds: number;
  readonly total: Latencies;
  readonly dial: Latencies;
  /** Seconds of the wait for an answer. */
  readonly wait: Latencies;
  readonly answer: HttpAnswer | null;
  readonly errors: readonly (readonly [string, number])[];
  readonly dialled: number;
}

function report(outcome: LoadOutcome, answer: HttpAnswer | null, error: string): Report {
  const { answered, failed, dialled, seconds } = outcome;
  return {
    seconds,
    answer,
    dialled,
    total: latencies(answered, dialled, outcome.requestSeconds, outcome.handshakeSeconds),
    dial: latencies(answered, dialled, 0, outcome.handshakeSeconds),
    wait: latencies(answered, 0, outcome.requestSeconds, 0),
    errors: failed === 0 ? [] : [[error, failed]],
  };
}

function allFailed(requests: number, error: string, seconds: number): Report {
  const none = latencies(0, 0, 0, 0);
  return {
    seconds,
    answer: null,
    dialled: 0,
    total: none,
    dial: none,
    wait: none,
    errors: [[error, requests]],
  };
}

function reported(output: HeyCommand['output'], report: Report): CommandResult {
  return printed(output === 'csv' ? csv(report) : summary(report));
}

/** Go's `%4.4f`. */
function number(value: number): string {
  return (Number.isNaN(value) ? 'NaN' : value.toFixed(4)).padStart(4);
}

const PERCENTILES = [10, 25, 50, 75, 90, 95, 99];
const BUCKETS = 10;
const BAR = '∎';
const LONGEST_BAR = 40;
/** What reading a short answer and writing a request take. */
const BRIEF = 0.0001;

function summary({ seconds, total, dial, wait, answer, errors }: Report): string {
  const { sorted, count } = total;
  const failed = errors.reduce((sum, [, each]) => sum + each, 0);
  const size = answer === null || answer.body === '' ? 0 : answer.body.length;
  const [fastest = 0] = sorted;
  const slowest = sorted.at(-1) ?? 0;
  const detail = (name: string, times: Latencies): string =>
    `  ${name}:\t${number(meanOf(times))} secs, ${number(times.sorted[0] ?? 0)} secs, ${number(times.sorted.at(-1) ?? 0)} secs\n`;
  const brief = (name: string): string => {
    const mean = count === 0 ? Number.NaN : BRIEF / 2;
    return `  ${name}:\t${number(mean)} secs, ${number(0)} secs, ${number(count === 0 ? 0 : BRIEF)} secs\n`;
  };
  const lookup = brief('DNS-lookup').replace(number(BRIEF / 2), number(0));
  return (
    '\nSummary:\n' +
    `  Total:\t${number(seconds)} secs\n` +
    `  Slowest:\t${number(slowest)} secs\n` +
    `  Fastest:\t${number(fastest)} secs\n` +
    `  Average:\t${number(meanOf(total))} secs\n` +
    `  Requests/sec:\t${number((count + failed) / seconds)}\n` +
    `  ${size > 0 && count > 0 ? `\n  Total data:\t${size * count} bytes\n  Size/request:\t${size} bytes` : ''}\n` +
    `\nResponse time histogram:\n${histogram(total)}\n` +
    `\nLatency distribution:${sorted.length === 0 ? '' : PERCENTILES.map((each) => `\n  ${percentile(total, each)}`).join('')}\n` +
    '\nDetails (average, fastest, slowest):\n' +
    detail('DNS+dialup', dial) +
    lookup +
    brief('req write') +
    detail('resp wait', wait) +
    brief('resp read') +
    `\nStatus code distribution:${count === 0 ? '' : `\n  [${answer?.status ?? 0}]\t${count} responses`}\n` +
    `\n${errors.length === 0 ? '' : `Error distribution:${errors.map(([error, each]) => `\n  [${each}]\t${error}`).join('')}`}\n` +
    '\n'
  );
}

/** hey leaves those zero of which it has too few answers to tell. */
function percentile({ sorted }: Latencies, percent: number): string {
  const at = Math.ceil((percent * sorted.length) / 100);
  const value = sorted[at];
  return value === undefined ? `0% in ${number(0)} secs` : `${percent}% in ${number(value)} secs`;
}

function histogram({ sorted, count }: Latencies): string {
  const [fastest] = sorted;
  const slowest = sorted.at(-1);
  if (fastest === undefined || slowest === undefined) return '';
  const width = (slowest - fastest) / BUCKETS;
  const marks = Array.from({ length: BUCKETS + 1 }, (_, at) =>
    at === BUCKETS ? slowest : fastest + width * at,
  );
  const counts = marks.map(() => 0);
  let bucket = 0;
  for (const time of sorted) {
    while (bucket < BUCKETS && time > (marks[bucket] ?? 0)) bucket++;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  const whole = scaled(counts, count);
  const most = Math.max(...whole);
  return marks
    .map((mark, at) => {
      const own = whole[at] ?? 0;
      const length = Math.floor((own * LONGEST_BAR + Math.floor(most / 2)) / most);
      return `  ${mark.toFixed(3)} [${own}]\t|${BAR.repeat(length)}\n`;
    })
    .join('');
}

/** Makes the counts of a sample add up to all. */
function scaled(counts: readonly number[], all: number): readonly number[] {
  const sample = counts.reduce((sum, each) => sum + each, 0);
  if (sample === all) return counts;
  let before = 0;
  let given = 0;
  return counts.map((each) => {
    before += each;
    const upTo = Math.round((before / sample) * all);
    const own = upTo - given;
    given = upTo;
    return own;
  });
}

const MOST_LINES = 100_000;

function csv({ total, dial, wait, answer, dialled, seconds }: Report): string {
  const head = 'response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset';
  const size = Math.min(total.count, MOST_LINES);
  const lines = Array.from({ length: size }, (_, at) => {
    // Those that waited for a connection came first.
    const isDialled = at < dialled;
    const dialTime = isDialled ? (dial.sorted.at(-1 - (at % Math.max(1, dialled))) ?? 0) : 0;
    const waitTime = wait.sorted[at % Math.max(1, wait.sorted.length)] ?? 0;
    return [
      number(dialTime + waitTime),
      number(dialTime),
      number(0),
      number(0),
      number(waitTime),
      number(0),
      String(answer?.status ?? 0),
      number((at / Math.max(1, total.count)) * seconds),
    ].join(',');
  });
  return `${[head, ...lines].join('\n')}\n`;
}
