/** Command lines that make load, and how long they go on. */
import { SYN_TIMEOUT } from '../limits/snat.ts';
import { ok } from '../result.ts';
import type { Result } from '../result.ts';
import { readHeyArguments } from './hey-arguments.ts';
import { readLoadUrl } from './load-program.ts';
import type { LoadProgram, LoadRefusal, LoadUrl } from './load-program.ts';
import { readWrkArguments } from './wrk-arguments.ts';

/**
 * Returns the load that a command line makes; null if its program is none that makes load, or its URL is
 * none that leads anywhere. Error: what the program prints instead.
 */
export function loadOfCommand(argv: readonly string[]): Result<LoadProgram, LoadRefusal> | null {
  const [program = '', ...args] = argv;
  const name = program.split('/').at(-1) ?? '';
  if (name === 'hey') {
    const read = readHeyArguments(args);
    if (!read.ok) return read;
    return read.value.load === null ? null : ok(read.value.load);
  }
  if (name === 'wrk') {
    const read = readWrkArguments(args);
    return read.ok ? ok(read.value.load) : read;
  }
  const curl = name === 'curl' ? curlLoad(args) : null;
  return curl === null ? null : ok(curl);
}

/** A program that a shell script is nothing but, or that it runs again and again. */
export interface LoadScript {
  readonly argv: readonly string[];
  /** Seconds between two runs; null for one run. */
  readonly againAfter: number | null;
}

const LOOP =
  /^(?:while\s+(?:true|:)|until\s+false|for\s+\(\(\s*;\s*;\s*\)\))\s*;?\s*do\s+(.*?)\s*;?\s*done$/s;
const PAUSE = /^sleep\s+(\d+(?:\.\d*)?|\.\d+)s?$/;
/** What a loop may do with the output or the exit code, without a change to the connections. */
const ASIDE = /\s*(?:(?:[12]|&)?>>?\s*(?:\/dev\/null|&[12])|\|\|\s*(?:true|:))/g;

/**
 * Reads `hey …`, and `while true; do hey …; sleep 5; done` with hey, wrk or curl in it; null for any other
 * script.
 */
export function loadOfScript(script: string): LoadScript | null {
  const looped = LOOP.exec(script.trim());
  const commands = (looped?.[1] ?? script.trim())
    .replaceAll(ASIDE, '')
    .split(/\s*[;\n]\s*/)
    .filter((each) => each !== '');
  const pauses = commands.flatMap((each) => PAUSE.exec(each)?.[1] ?? []);
  const others = commands.filter((each) => !PAUSE.test(each));
  const [command = ''] = others;
  if (others.length !== 1 || (looped === null && pauses.length > 0)) return null;
  const programs =
    looped === null ? /^(?:exec\s+)?\/?(?:\S*\/)?(hey|wrk)\s/ : /^\/?(?:\S*\/)?(hey|wrk|curl)\s/;
  if (!programs.test(command) || /[|<>`$&(){}\\]/.test(command)) return null;
  const argv = command
    .replace(/^exec\s+/, '')
    .match(/"[^"]*"|'[^']*'|\S+/g)
    ?.map((each) => each.replace(/^(["'])(.*)\1$/s, '$2'));
  const pause = pauses.reduce((sum, each) => sum + Number(each), 0);
  return argv === undefined ? null : { argv, againAfter: looped === null ? null : pause };
}

/** Options of curl that say nothing about the connection, and those of them with a value. */
const CURL_SWITCHES =
  /^(-[sSfkIiLv4]+|--(silent|show-error|fail|insecure|head|include|location|verbose|ipv4))$/;
const CURL_VALUES = /^(-o|-w|-H|-A|-X|--(output|write-out|header|user-agent|request))$/;
const CURL_PATIENCE = /^(-m|--max-time|--connect-timeout)$/;

/** A curl of one URL, with options that are known to change nothing else. */
function curlLoad(args: readonly string[]): LoadProgram | null {
  let giveUpAfter = SYN_TIMEOUT.value;
  let url: LoadUrl | null = null;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (CURL_SWITCHES.test(arg)) continue;
    // `-so /dev/null`: the last of several letters has the value.
    if (CURL_VALUES.test(arg) || /^-[sSfkIiLv4]+[owHAX]$/.test(arg)) at++;
    else if (CURL_PATIENCE.test(arg)) {
      const seconds = Number(args[++at]);
      if (!(seconds > 0)) return null;
      giveUpAfter = Math.min(giveUpAfter, seconds);
    } else {
      const read = readLoadUrl(/^https?:/i.test(arg) ? arg : `http://${arg}`);
      if (arg.startsWith('-') || url !== null || read === null) return null;
      url = read;
    }
  }
  return url === null
    ? null
    : {
        program: 'curl',
        url,
        workers: 1,
        requests: 1,
        seconds: null,
        perWorker: null,
        connections: 'one-per-request',
        giveUpAfter,
      };
}

/** Seconds of a request of which nothing else is known, when a container's state is decided. */
const USUAL_REQUEST_SECONDS = 0.02;
/** A program that is done sooner has ended by the time anybody looks. */
const SHORT_SECONDS = 60;

/** Reports whether a container with this program is shown as running. */
export function staysUp({ seconds, requests, workers, perWorker, againAfter }: LoadProgram): boolean {
  if (seconds !== null || againAfter !== undefined) return true;
  const each = perWorker === null ? USUAL_REQUEST_SECONDS : 1 / perWorker;
  return ((requests ?? 0) / workers) * each >= SHORT_SECONDS;
}
