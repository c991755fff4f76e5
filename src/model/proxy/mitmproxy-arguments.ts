/** The command line of mitmdump, mitmproxy and mitmweb, as argparse and optmanager.py read it. */
import { err, ok, type Result } from '../result.ts';
import { findOption, type MitmproxyOption } from './mitmproxy-options.ts';

export type MitmproxyProgram = 'mitmproxy' | 'mitmdump' | 'mitmweb';

export type OptionValue = string | number | boolean | readonly string[] | null;

export interface MitmproxyCall {
  /** What is asked for instead of a start: `--version`, `--help` and so on; null for a start. */
  readonly shows: 'help' | 'version' | 'options' | 'commands' | null;
  readonly values: ReadonlyMap<string, OptionValue>;
  /** Names after `--set` that no option has: real mitmproxy waits for a script that brings them. */
  readonly unknown: readonly string[];
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Words of the filter expression. */
  readonly filter: readonly string[];
}

export interface CallProblem {
  readonly kind: 'usage' | 'option' | 'not-simulated';
  readonly message: string;
}

/** Options that have a flag of their own, besides `--set`. */
const FLAGGED = [
  ...[
    'mode',
    'anticache',
    'showhost',
    'show_ignored_hosts',
    'rfile',
    'scripts',
    'stickycookie',
    'stickyauth',
  ],
  ...['save_stream_file', 'anticomp', 'listen_host', 'listen_port', 'server', 'ignore_hosts', 'allow_hosts'],
  ...['tcp_hosts', 'upstream_auth', 'proxyauth', 'store_streamed_bodies', 'rawtcp', 'http2', 'certs'],
  ...['cert_passphrase', 'ssl_insecure', 'key_size', 'client_replay', 'server_replay', 'map_remote'],
  ...['map_local', 'modify_body', 'modify_headers'],
];
const OF_PROGRAM: Readonly<Record<MitmproxyProgram, readonly string[]>> = {
  mitmdump: ['flow_detail'],
  mitmproxy: ['console_layout', 'intercept', 'view_filter'],
  mitmweb: ['web_open_browser', 'web_port', 'web_host', 'web_columns', 'intercept'],
};
const SHORT: Readonly<Record<string, string>> = {
  '-m': 'mode',
  '-r': 'rfile',
  '-s': 'scripts',
  '-w': 'save_stream_file',
  '-p': 'listen_port',
  '-k': 'ssl_insecure',
  '-C': 'client_replay',
  '-S': 'server_replay',
  '-M': 'map_remote',
  '-B': 'modify_body',
  '-H': 'modify_headers',
};
const SWITCHES = ['--help', '--version', '--options', '--commands', '--quiet', '--verbose'];

interface Draft {
  shows: MitmproxyCall['shows'];
  quiet: boolean;
  verbose: boolean;
  readonly given: Map<string, string[]>;
  readonly flags: Map<string, boolean>;
  readonly set: Map<string, string[]>;
  filter: readonly string[];
}

/** Reads the arguments; `version` decides how some errors are worded. */
export function readMitmproxyCall(
  program: MitmproxyProgram,
  args: readonly string[],
  version: string,
): Result<MitmproxyCall, CallProblem> {
  const draft: Draft = {
    shows: null,
    quiet: false,
    verbose: false,
    given: new Map(),
    flags: new Map(),
    set: new Map(),
    filter: [],
  };
  const problem = readWords(program, args, draft);
  if (problem !== null) return err(problem);
  const { shows, quiet, verbose, filter } = draft;
  const base = { shows, quiet, verbose, filter };
  if (shows === 'help') return ok({ ...base, values: new Map(), unknown: [] });
  return withValues(draft, base, version);
}

function readWords(program: MitmproxyProgram, args: readonly string[], draft: Draft): CallProblem | null {
  const usage = (message: string): CallProblem => ({ kind: 'usage', message });
  const names = [...FLAGGED, ...OF_PROGRAM[program]];
  const words = args.flatMap(splitShort);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!word.startsWith('-') || word === '-') {
      if (program !== 'mitmdump') return usage(`unrecognized arguments: ${words.slice(at).join(' ')}`);
      draft.filter = words.slice(at);
      return null;
    }
    const [head = '', joined] = word.startsWith('--') ? word.split(/=(.*)/s) : [word];
    const flag = completed(head, names);
    if (flag.kind === 'ambiguous')
      return usage(`ambiguous option: ${head} could match ${flag.candidates.join(', ')}`);
    if (flag.kind === 'none') return usage(`unrecognized arguments: ${word}`);
    if (flag.kind === 'switch') {
      readSwitch(flag.name, draft);
      continue;
    }
    const option = flag.name === '' ? null : findOption(flag.name);
    if (option?.type === 'boolean') {
      if (joined !== undefined)
        return usage(`argument ${shownFlag(flag.name)}: ignored explicit argument '${joined}'`);
      draft.flags.set(flag.name, flag.turns === 'on');
      continue;
    }
    const value = joined ?? words[++at];
    if (value === undefined || (joined === undefined && /^-[^\d]/.test(value))) {
      return usage(`argument ${flag.name === '' ? '--set' : shownFlag(flag.name)}: expected one argument`);
    }
    if (flag.name === '') {
      const [name = '', text] = value.split(/=(.*)/s);
      draft.set.set(name, [...(draft.set.get(name) ?? []), ...(text === undefined ? [] : [text])]);
      continue;
    }
    if ((option?.type === 'integer' || option?.type === 'optional-integer') && !/^[+-]?\d+$/.test(value))
      return usage(`argument ${shownFlag(flag.name)}: invalid int value: '${value}'`);
    const before = draft.given.get(flag.name) ?? [];
    draft.given.set(flag.name, option?.type === 'list' ? [...before, value] : [value]);
  }
  return null;
}

/** `-kq` and `-p8080`. */
function splitShort(word: string): readonly string[] {
  if (!/^-[A-Za-z]./.test(word)) return [word];
  const first = word.slice(0, 2);
  return ['-q', '-v', '-k', '-h', '-n'].includes(first)
    ? [first, ...splitShort(`-${word.slice(2)}`)]
    : [first, word.slice(2)];
}

type Flag =
  | { readonly kind: 'switch'; readonly name: string }
  | { readonly kind: 'option'; readonly name: string; readonly turns: 'on' | 'off' }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly string[] }
  | { readonly kind: 'none' };

/** argparse takes any beginning of a long flag that only one has. */
function completed(head: string, names: readonly string[]): Flag {
  const short = SHORT[head];
  if (short !== undefined) return { kind: 'option', name: short, turns: 'on' };
  if (head === '-h') return { kind: 'switch', name: '--help' };
  if (head === '-q') return { kind: 'switch', name: '--quiet' };
  if (head === '-v') return { kind: 'switch', name: '--verbose' };
  if (head === '-n') return { kind: 'option', name: 'server', turns: 'off' };
  if (!head.startsWith('--')) return { kind: 'none' };
  const booleans = names.filter((name) => findOption(name)?.type === 'boolean');
  const all = new Map<string, Flag>([
    ...SWITCHES.map((name): [string, Flag] => [name, { kind: 'switch', name }]),
    ['--set', { kind: 'option', name: '', turns: 'on' }],
    ...names.map((name): [string, Flag] => [hyphened(name), { kind: 'option', name, turns: 'on' }]),
    ...booleans.map((name): [string, Flag] => [
      hyphened(name).replace('--', '--no-'),
      { kind: 'option', name, turns: 'off' },
    ]),
  ]);
  const exact = all.get(head);
  if (exact !== undefined) return exact;
  const candidates = [...all.keys()].filter((each) => each.startsWith(head));
  const [only] = candidates;
  if (only === undefined) return { kind: 'none' };
  return candidates.length === 1 ? (all.get(only) ?? { kind: 'none' }) : { kind: 'ambiguous', candidates };
}

const hyphened = (name: string): string => `--${name.replaceAll('_', '-')}`;

function shownFlag(name: string): string {
  const short = Object.entries(SHORT).find(([, each]) => each === name)?.[0];
  return short === undefined ? hyphened(name) : `${hyphened(name)}/${short}`;
}

function readSwitch(name: string, draft: Draft): void {
  if (name === '--quiet') draft.quiet = true;
  else if (name === '--verbose') draft.verbose = true;
  else if (name === '--help') draft.shows = 'help';
  else if (name === '--version' && draft.shows !== 'help') draft.shows = 'version';
  else draft.shows ??= name === '--options' ? 'options' : 'commands';
}

function withValues(
  draft: Draft,
  base: Pick<MitmproxyCall, 'shows' | 'quiet' | 'verbose' | 'filter'>,
  version: string,
): Result<MitmproxyCall, CallProblem> {
  const values = new Map<string, OptionValue>();
  const unknown: string[] = [];
  const refusal = (option: MitmproxyOption, how: string): CallProblem => ({
    kind: 'not-simulated',
    message: `${how}: ${option.notSimulated ?? ''}`,
  });
  for (const [name, texts] of draft.set) {
    const option = findOption(name);
    if (option === null) {
      unknown.push(name);
      continue;
    }
    const value = parsed(option, texts, version);
    if (!value.ok) return value;
    if (option.notSimulated !== undefined && !(option.name === 'server' && value.value === true))
      return err(refusal(option, `--set ${name}`));
    values.set(name, value.value);
  }
  for (const [name, texts] of draft.given) {
    const option = findOption(name);
    if (option === null) continue;
    if (option.notSimulated !== undefined) return err(refusal(option, hyphened(name)));
    const before = values.get(name);
    const value = parsed(option, texts, version);
    if (!value.ok) return value;
    // The flag of a list adds to what --set gave it (`merge` of optmanager.py).
    values.set(
      name,
      Array.isArray(before) && Array.isArray(value.value)
        ? [...(before as readonly string[]), ...(value.value as readonly string[])]
        : value.value,
    );
  }
  for (const [name, on] of draft.flags) {
    const option = findOption(name);
    if (option?.notSimulated !== undefined && !(name === 'server' && on))
      return err(refusal(option, on ? hyphened(name) : hyphened(name).replace('--', '--no-')));
    values.set(name, on);
  }
  return ok({ ...base, values, unknown });
}

/** `_parse_setval` of optmanager.py. */
function parsed(
  option: MitmproxyOption,
  texts: readonly string[],
  version: string,
): Result<OptionValue, CallProblem> {
  const wrong = (message: string): Result<never, CallProblem> => err({ kind: 'option', message });
  const isNew = Number(version.split('.')[0]) >= 9;
  if (option.type === 'list') return ok(texts);
  if (texts.length > 1) {
    return wrong(
      `Received multiple values for ${option.name}: [${texts.map((text) => `'${text}'`).join(', ')}]`,
    );
  }
  const [text] = texts;
  switch (option.type) {
    case 'text':
      return text === undefined ? wrong(`Option is required: ${option.name}`) : ok(text);
    case 'optional-text':
      return ok(text ?? null);
    case 'integer':
    case 'optional-integer':
      if (text === undefined || text === '')
        return option.type === 'integer' ? wrong(`Option is required: ${option.name}`) : ok(null);
      if (/^\s*[+-]?\d+\s*$/.test(text)) return ok(Number(text));
      return wrong(
        isNew ? `Failed to parse option ${option.name}: not an integer: ${text}` : `Not an integer: ${text}`,
      );
    case 'boolean':
      if (text === undefined || text === '' || text === 'true') return ok(true);
      if (text === 'false') return ok(false);
      if (text === 'toggle') return ok(!TRUE_BY_DEFAULT.includes(option.name));
      return wrong(
        isNew
          ? `Failed to parse option ${option.name}: boolean must be "true", "false", or have the value omitted (a synonym for "true").`
          : 'Boolean must be "true", "false", or have the value omitted (a synonym for "true").',
      );
  }
}

const TRUE_BY_DEFAULT = ['block_global', 'upstream_cert', 'http2', 'http3', 'rawtcp', 'websocket', 'server'];
