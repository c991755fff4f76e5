/** The command line of wrk, read as getopt_long reads it (https://github.com/wg/wrk, src/wrk.c at 03d41cd). */
import { SYN_TIMEOUT } from '../limits/snat.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { readLoadUrl } from './load-program.ts';
import type { LoadProgram, LoadRefusal } from './load-program.ts';

export interface WrkCommand {
  readonly load: LoadProgram;
  readonly threads: number;
  /** As asked for; the program has as many as all threads share evenly. */
  readonly connections: number;
  readonly latency: 'printed' | 'left-out';
  /** Milliseconds after which an answer counts as a timeout. */
  readonly timeout: number;
}

const USAGE = `Usage: wrk <options> <url>                            
  Options:                                            
    -c, --connections <N>  Connections to keep open   
    -d, --duration    <T>  Duration of test           
    -t, --threads     <N>  Number of threads to use   
                                                      
    -s, --script      <S>  Load Lua script file       
    -H, --header      <H>  Add header to request      
        --latency          Print latency statistics   
        --timeout     <T>  Socket/request timeout     
    -v, --version          Print version details      
                                                      
  Numeric arguments may include a SI unit (1k, 1M, 1G)
  Time arguments may include a time unit (2s, 2m, 2h)
`;

const VERSION = 'wrk 4.2.0 [epoll] Copyright (C) 2012 Will Glozer\n';

const LONG: Readonly<Record<string, string>> = {
  connections: 'c',
  duration: 'd',
  threads: 't',
  script: 's',
  header: 'H',
  latency: 'L',
  timeout: 'T',
  help: 'h',
  version: 'v',
};
const WITH_VALUE = 'tcdsHT';
const SWITCHES = 'Lrv';

const DEFAULTS = { threads: 2, connections: 10, seconds: 10, timeoutSeconds: 2 };

/** Returns what a command line makes wrk do, or what wrk prints instead. */
export function readWrkArguments(args: readonly string[]): Result<WrkCommand, LoadRefusal> {
  const given = new Map<string, string>();
  const headers: string[] = [];
  const words: string[] = [];
  let said = '';
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      words.push(...args.slice(at + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      words.push(arg);
      continue;
    }
    const letters: [string, string | undefined][] = [];
    if (arg.startsWith('--')) {
      const [name = '', value] = arg.slice(2).split(/=(.*)/s);
      const letter = longOption(name);
      if (letter === null) return wrong(`wrk: unrecognized option '${arg}'\n`);
      letters.push([letter, value]);
    } else {
      for (let rest = arg.slice(1); rest !== ''; rest = rest.slice(1)) {
        const letter = rest[0] ?? '';
        if (WITH_VALUE.includes(letter)) {
          letters.push([letter, rest.slice(1) === '' ? undefined : rest.slice(1)]);
          break;
        }
        letters.push([letter, undefined]);
      }
    }
    for (const [letter, inline] of letters) {
      if (WITH_VALUE.includes(letter)) {
        const value = inline ?? args[++at];
        if (value === undefined) return wrong(`wrk: option requires an argument -- '${letter}'\n`, said);
        if (letter === 'H') headers.push(value);
        else given.set(letter, value);
      } else if (letter === 'v') said += VERSION;
      else if (SWITCHES.includes(letter)) given.set(letter, '');
      else return wrong(letter === 'h' ? '' : `wrk: invalid option -- '${letter}'\n`, said);
    }
  }
  if (given.has('s')) {
    return err({
      stdout: said,
      stderr: 'wrk: Lua scripts (-s) are not simulated in this workbook\n',
      exitCode: 1,
    });
  }
  const threads = units(given.get('t'), METRIC, DEFAULTS.threads);
  const connections = units(given.get('c'), METRIC, DEFAULTS.connections);
  const seconds = units(given.get('d'), TIME, DEFAULTS.seconds);
  const timeout = units(given.get('T'), TIME, DEFAULTS.timeoutSeconds);
  if (threads === null || connections === null || seconds === null || timeout === null)
    return wrong('', said);
  const [text] = words;
  if (text === undefined || threads === 0 || seconds === 0) return wrong('', said);
  const url = readLoadUrl(text);
  if (url === null) return wrong(`invalid URL: ${text}\n`, said);
  if (connections === 0 || connections < threads) {
    return wrong('number of connections must be >= threads\n', said);
  }
  return ok({
    threads,
    connections,
    latency: given.has('L') ? 'printed' : 'left-out',
    timeout: timeout * 1000,
    load: {
      program: 'wrk',
      url,
      workers: Math.floor(connections / threads) * threads,
      requests: null,
      seconds,
      perWorker: null,
      connections: headers.some((each) => /^connection:.*\bclose\b/i.test(each)) ? 'one-per-request' : 'kept',
      giveUpAfter: SYN_TIMEOUT.value,
    },
  });
}

/** getopt_long takes any beginning of a name that no other has. */
function longOption(name: string): string | null {
  const exact = LONG[name];
  if (exact !== undefined) return exact;
  const found = Object.keys(LONG).filter((each) => name !== '' && each.startsWith(name));
  return found.length === 1 ? (LONG[found[0] ?? ''] ?? null) : null;
}

const METRIC: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };
const TIME: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 };

function units(
  text: string | undefined,
  scales: Readonly<Record<string, number>>,
  usual: number,
): number | null {
  if (text === undefined) return usual;
  const [, digits = '', unit = ''] = /^(\d+)([a-z]?)$/i.exec(text) ?? [];
  const scale = scales[unit.toLowerCase()];
  return digits === '' || scale === undefined ? null : Number(digits) * scale;
}

function wrong(stderr: string, said = ''): Result<never, LoadRefusal> {
  return err({ stdout: `${said}${USAGE}`, stderr, exitCode: 1 });
}

/** Returns the lines that wrk prints before it begins. */
export function wrkStart({ load, threads, connections }: WrkCommand): readonly string[] {
  return [
    `Running ${durationText(load.seconds ?? 0)} test @ ${load.url.text}`,
    `  ${threads} threads and ${connections} connections`,
  ];
}

/** The next unit is used from 85 percent of it on. */
function durationText(seconds: number): string {
  const [minute, hour] = [60, 3600];
  if (seconds < minute * 0.85) return `${seconds}s`;
  return seconds < hour * 0.85 ? `${(seconds / minute).toFixed(0)}m` : `${(seconds / hour).toFixed(0)}h`;
}
