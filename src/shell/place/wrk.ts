/** `wrk`, a load generator, with the report of the real one (https://github.com/wg/wrk, src/wrk.c at 03d41cd). */
import { requestFor } from '../../model/compile/ends.ts';
import type { LoadUrl } from '../../model/kubernetes/load-program.ts';
import { readWrkArguments, wrkStart } from '../../model/kubernetes/wrk-arguments.ts';
import type { WrkCommand } from '../../model/kubernetes/wrk-arguments.ts';
import type { CommandResult, SimulatedCommand } from '../command.ts';
import { attempt } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import { answerTo, deniedBy } from './http-answer.ts';
import type { HttpAnswer } from './http-answer.ts';
import { latencies } from './latencies.ts';
import { runProgram } from './load-run.ts';
import type { LoadOutcome } from './load-run.ts';
import type { NetworkView } from './network-view.ts';
import { failed, networkProgram, notSimulatedHere, printed } from './program.ts';
import type { Style } from './program.ts';

export function wrk(style: Style): SimulatedCommand {
  return networkProgram('wrk', style, ({ args, view }) => {
    const read = readWrkArguments(args);
    return read.ok ? run(view, read.value, ['wrk', ...args].join(' ')) : read.error;
  });
}

function run(view: NetworkView, command: WrkCommand, line: string): CommandResult {
  const { load } = command;
  const { url } = load;
  const service = /:\d+(?:[/?#]|$)/.test(url.text.replace(/^[a-z]+:\/\//i, ''))
    ? String(url.port)
    : url.scheme;
  const end = `${url.host}:${service}`;
  const outcome = runProgram(view, load, line);
  if ('kind' in outcome) {
    switch (outcome.kind) {
      case 'name':
        return failed(
          `unable to resolve ${end} ${outcome.problem.kind === 'no-such-name' ? 'Name or service not known' : 'Temporary failure in name resolution'}\n`,
        );
      case 'unknown':
        return notSimulatedHere('wrk', `what becomes of these connections (${outcome.reason})`);
      case 'too-much':
        return notSimulatedHere(
          'wrk',
          `a run of ${Math.round(outcome.connections).toLocaleString('en-US')} connections`,
        );
    }
  }
  // It tries one connection before it starts, and gives up if that one comes to nothing.
  const trial = attempt(view, outcome.address, 'tcp', url.port, requestFor(url.scheme, url.host));
  switch (trial.kind) {
    case 'timeout':
      return failed(`unable to connect to ${end} Connection timed out\n`);
    case 'refused':
      return failed(`unable to connect to ${end} Connection refused\n`);
    case 'network-unreachable':
      return failed(`unable to connect to ${end} Network is unreachable\n`);
    case 'host-unreachable':
      return failed(`unable to connect to ${end} No route to host\n`);
    case 'unknown':
      return notSimulatedHere('wrk', trial.reason);
    case 'intercepted':
    case 'connected':
      break;
  }
  const answer = answerOf(trial, url);
  return {
    ...printed(report(command, outcome, answer)),
    cloud: outcome.cloud,
    elapsedSeconds: Math.ceil(load.seconds ?? 0),
  };
}

/** Null for what is no HTTP that it understands. */
function answerOf(
  trial: Extract<Attempt, { kind: 'connected' | 'intercepted' }>,
  { scheme, host, path }: LoadUrl,
): HttpAnswer | null {
  if (trial.kind === 'intercepted') {
    return scheme === 'https' || trial.page === null ? null : deniedBy(trial.page, 'GET');
  }
  const { application } = trial.server;
  const isSecure = application === 'https' || application === 'kubernetes-api';
  const speaks =
    scheme === 'https' ? isSecure : !isSecure && application !== 'opaque' && application !== 'ssh';
  return speaks ? answerTo(trial, { host, path, method: 'GET' }) : null;
}

function report(command: WrkCommand, outcome: LoadOutcome, answer: HttpAnswer | null): string {
  const { load, threads } = command;
  const seconds = load.seconds ?? 0;
  const requests = answer === null ? 0 : outcome.answered;
  // The connection stands before a request's clock starts.
  const { sorted } = latencies(requests, 0, outcome.requestSeconds, 0);
  const microseconds = Array.from(sorted, (each) => each * 1e6);
  const rates = Array.from({ length: threads }, (_, at) => (requests / seconds / threads) * (1 - at * 0.01));
  const bytes = requests * (answer === null ? 0 : sizeOf(answer));
  const errors = answer === null ? outcome.answered : 0;
  const read = errors + outcome.failed;
  const status = answer === null || answer.status < 400 ? 0 : requests;
  return (
    `${wrkStart(command).join('\n')}\n` +
    '  Thread Stats   Avg      Stdev     Max   +/- Stdev\n' +
    stats('Latency', microseconds, microsecondText) +
    stats('Req/Sec', rates, metricText) +
    (command.latency === 'printed' ? distribution(microseconds) : '') +
    `  ${requests} requests in ${microsecondText(seconds * 1e6)}, ${binaryText(bytes)}B read\n` +
    (read > 0 ? `  Socket errors: connect 0, read ${read}, write 0, timeout 0\n` : '') +
    (status > 0 ? `  Non-2xx or 3xx responses: ${status}\n` : '') +
    `Requests/sec: ${(requests / seconds).toFixed(2).padStart(9)}\n` +
    `Transfer/sec: ${binaryText(bytes / seconds).padStart(10)}B\n`
  );
}

function sizeOf(answer: HttpAnswer): number {
  const head = `HTTP/1.1 ${answer.status} ${answer.reason}\r\n${answer.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return head.length + answer.body.length;
}

function stats(name: string, values: readonly number[], text: (value: number) => string): string {
  const mean = values.reduce((sum, each) => sum + each, 0) / Math.max(1, values.length);
  const variance = values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / Math.max(1, values.length - 1);
  const deviation = Math.sqrt(variance);
  const within = values.filter((each) => Math.abs(each - mean) <= deviation).length;
  const share = values.length === 0 ? 0 : (within / values.length) * 100;
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  return `    ${name.padEnd(10)}${units(text(mean), 8)}${units(text(deviation), 10)}${units(text(most), 9)}${share.toFixed(2).padStart(8)}%\n`;
}

/** wrk aligns the numbers and lets the unit hang over. */
function units(text: string, width: number): string {
  let pad = 2;
  if (/[a-z]$/i.test(text)) pad--;
  if (/[a-z].$/i.test(text)) pad--;
  return `${text.padStart(width - pad)}${' '.repeat(pad)}`;
}

function distribution(sorted: readonly number[]): string {
  const rows = [50, 75, 90, 99].map((percent) => {
    const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
    return `${String(percent).padStart(7)}%${units(microsecondText(value), 10)}\n`;
  });
  return `  Latency Distribution\n${rows.join('')}`;
}

function scaledText(value: number, scale: number, names: readonly string[], digits: number): string {
  let amount = value;
  let at = 0;
  while (at < names.length - 1 && amount >= scale * 0.85) {
    amount /= scale;
    at++;
  }
  return `${amount.toFixed(digits)}${names[at] ?? ''}`;
}

function microsecondText(value: number): string {
  return value >= 1e6
    ? scaledText(value / 1e6, 60, ['s', 'm', 'h'], 2)
    : scaledText(value, 1000, ['us', 'ms', 's'], 2);
}

function binaryText(bytes: number): string {
  return scaledText(bytes, 1024, ['', 'K', 'M', 'G', 'T', 'P'], 2);
}

function metricText(value: number): string {
  return scaledText(value, 1000, ['', 'k', 'M', 'G', 'T', 'P'], 2);
}
