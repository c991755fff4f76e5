/** What systemctl prints of services (systemd 249 of Ubuntu 22.04 and 255 of 24.04). */
import type { CommandResult } from '../command.ts';
import { formatEntry } from './journal.ts';
import { failed, printed } from './program.ts';
import { assignments, settings, type ServiceManager, type SystemdUnit } from './systemd-unit.ts';

/** How many lines of the journal `status` shows. */
const STATUS_LINES = 10;

export interface SystemctlWords {
  readonly verb: string;
  readonly units: readonly string[];
  /** Of `-p`, in their order; empty: all. */
  readonly properties: readonly string[];
  readonly value: 'alone' | 'with-name';
  readonly lines: number;
  readonly quiet: 'yes' | 'no';
}

/** Reads systemctl's words; an error names what it does not know. */
export function readSystemctl(args: readonly string[]): SystemctlWords | { readonly problem: string } {
  const words: string[] = [];
  const properties: string[] = [];
  let value: SystemctlWords['value'] = 'with-name';
  let lines = STATUS_LINES;
  let quiet: SystemctlWords['quiet'] = 'no';
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const [name = '', given] = arg.split(/=(.*)/s);
    const next = () => given ?? args[++at] ?? '';
    if (arg === '--value') value = 'alone';
    else if (arg === '-P') {
      properties.push(...next().split(','));
      value = 'alone';
    } else if (arg === '-p' || name === '--property') properties.push(...next().split(','));
    else if (/^-p./.test(arg)) properties.push(...arg.slice(2).split(','));
    else if (arg === '-n' || name === '--lines') lines = Number(next());
    else if (/^-n\d+$/.test(arg)) lines = Number(arg.slice(2));
    else if (arg === '-q' || arg === '--quiet') quiet = 'yes';
    else if (['--no-pager', '-l', '--full', '--plain', '--no-legend', '--system', '--now'].includes(arg))
      continue;
    else if (arg.startsWith('-')) return { problem: `the option ${arg}` };
    else words.push(arg);
  }
  const [verb = '', ...units] = words;
  return { verb, units, properties, value, lines, quiet };
}

/** Returns what a verb that only looks prints; null for any other verb. */
export function lookWithSystemctl(
  manager: ServiceManager,
  words: SystemctlWords,
  now: number,
): CommandResult | null {
  const found = words.units.map((name) => ({ name: withSuffix(name), unit: unitNamed(manager, name) }));
  switch (words.verb) {
    case 'show-environment':
      return printed(manager.environment.map(([name, value]) => `${name}=${value}\n`).join(''));
    case 'is-active':
    case 'is-enabled':
    case 'is-failed':
      return report(words.verb, found, words.quiet);
    case 'show':
      return show(manager, found, words);
    case 'cat': {
      const missing = found.find(({ unit }) => unit === null);
      if (missing !== undefined) return failed(`No files found for ${missing.name}.\n`);
      const texts = found.flatMap(({ unit }) =>
        unit === null ? [] : [unit.file, ...unit.dropIns].map(({ path, text }) => `# ${path}\n${text}`),
      );
      return printed(texts.join('\n'));
    }
    case 'status': {
      const [first] = found;
      if (first === undefined) return null;
      if (first.unit === null) return failed(`Unit ${first.name} could not be found.\n`, 4);
      const { unit } = first;
      return {
        ...printed(status(manager, unit, words.lines, now)),
        exitCode: unit.state.kind === 'running' ? 0 : 3,
      };
    }
  }
  return null;
}

export function withSuffix(name: string): string {
  return /\.(service|socket|timer|target|slice|mount|path)$/.test(name) ? name : `${name}.service`;
}

export function unitNamed({ units }: ServiceManager, name: string): SystemdUnit | null {
  return units.find((unit) => unit.name === withSuffix(name)) ?? null;
}

type Found = readonly { readonly name: string; readonly unit: SystemdUnit | null }[];

function report(
  verb: 'is-active' | 'is-enabled' | 'is-failed',
  found: Found,
  quiet: 'yes' | 'no',
): CommandResult {
  if (verb === 'is-enabled') {
    const missing = found.find(({ unit }) => unit === null);
    if (missing !== undefined)
      return failed(`Failed to get unit file state for ${missing.name}: No such file or directory\n`);
  }
  const states = found.map(({ unit }) =>
    unit === null ? 'inactive' : verb === 'is-enabled' ? unit.enabled : activeState(unit),
  );
  const wanted = { 'is-active': 'active', 'is-enabled': 'enabled', 'is-failed': 'failed' }[verb];
  const exitCode = states.some((each) => each === wanted) ? 0 : verb === 'is-active' ? 3 : 1;
  return { ...printed(quiet === 'yes' ? '' : states.map((each) => `${each}\n`).join('')), exitCode };
}

function activeState({ state }: SystemdUnit): 'active' | 'inactive' | 'failed' {
  switch (state.kind) {
    case 'running':
      return 'active';
    case 'stopped':
      return 'inactive';
    case 'failed':
      return 'failed';
  }
}

/** Properties that are known here; any other is refused by name, since systemd has hundreds. */
function propertiesOf(unit: SystemdUnit | null, name: string): readonly (readonly [string, string])[] {
  if (unit === null)
    return [
      ['Id', name],
      ['LoadState', 'not-found'],
      ['ActiveState', 'inactive'],
      ['SubState', 'dead'],
      ['Environment', ''],
    ];
  const { state } = unit;
  const since = state.since === null ? '' : timestamp(state.since);
  const files = settings(unit, 'Service', 'EnvironmentFile').map((path): readonly [string, string] => [
    'EnvironmentFiles',
    `${path.replace(/^-/, '')} (ignore_errors=${path.startsWith('-') ? 'yes' : 'no'})`,
  ]);
  return [
    ['Type', settings(unit, 'Service', 'Type').at(-1) ?? 'simple'],
    ['Restart', settings(unit, 'Service', 'Restart').at(-1) ?? 'no'],
    ['MainPID', state.kind === 'running' ? String(state.pid) : '0'],
    ['ExecMainStartTimestamp', since],
    [
      'Environment',
      assignments(settings(unit, 'Service', 'Environment'))
        .map(quoted)
        .join(' '),
    ],
    ...files,
    ['Id', unit.name],
    ['Names', unit.name],
    ['Description', unit.description],
    ['LoadState', 'loaded'],
    ['ActiveState', activeState(unit)],
    ['SubState', state.kind === 'running' ? 'running' : state.kind === 'failed' ? 'failed' : 'dead'],
    ['FragmentPath', unit.file.path],
    ['DropInPaths', unit.dropIns.map(({ path }) => path).join(' ')],
    ['UnitFileState', unit.enabled],
    ['UnitFilePreset', 'enabled'],
    ['ActiveEnterTimestamp', state.kind === 'running' ? since : ''],
  ];
}

/** As a shell would need it (shell_maybe_quote). */
function quoted(text: string): string {
  return /[\s"\\`$*?['()<>|&;!]/.test(text) ? `"${text.replaceAll(/["\\`$]/g, '\\$&')}"` : text;
}

function show(manager: ServiceManager, found: Found, words: SystemctlWords): CommandResult {
  if (found.length === 0) {
    const environment = manager.environment.map(([name, value]) => quoted(`${name}=${value}`)).join(' ');
    if (words.properties.some((each) => each !== 'Environment') || words.properties.length === 0)
      return failed('systemctl: the properties of the manager are not simulated, except -p Environment\n');
    return printed(`${words.value === 'alone' ? '' : 'Environment='}${environment}\n`);
  }
  let remark = '';
  const blocks: string[] = [];
  for (const { name, unit } of found) {
    const all = propertiesOf(unit, name);
    const unknown = words.properties.find((each) => !KNOWN.has(each));
    if (unknown !== undefined)
      return failed(`systemctl: the property ${unknown} is not simulated in this workbook\n`);
    const chosen =
      words.properties.length === 0
        ? all.filter(([, text]) => text !== '')
        : words.properties.flatMap((property) => {
            const lines = all.filter(([key]) => key === property);
            return lines.length > 0 ? lines : [[property, ''] as const];
          });
    blocks.push(chosen.map(([key, text]) => `${words.value === 'alone' ? '' : `${key}=`}${text}\n`).join(''));
    if (words.properties.includes('Environment') && manager.environment.some(([key]) => /_proxy$/i.test(key)))
      remark = `systemctl: this is what the unit itself sets; what the manager gives every service (DefaultEnvironment=) is in "systemctl show-environment"\n`;
  }
  return { ...printed(blocks.join('\n')), stderr: remark };
}

const KNOWN = new Set([
  'ActiveEnterTimestamp',
  'ActiveState',
  'Description',
  'DropInPaths',
  'Environment',
  'EnvironmentFiles',
  'ExecMainStartTimestamp',
  'FragmentPath',
  'Id',
  'LoadState',
  'MainPID',
  'Names',
  'Restart',
  'SubState',
  'Type',
  'UnitFilePreset',
  'UnitFileState',
]);

function status(manager: ServiceManager, unit: SystemdUnit, lines: number, now: number): string {
  const journal = manager.journal.filter((entry) => entry.unit === unit.name).slice(-lines);
  const log = lines === 0 ? [] : journal.map((entry) => formatEntry(entry, manager.hostname, 'short'));
  const text = statusLines(unit, manager.systemd, now);
  return `${[...text, ...(log.length === 0 ? [] : ['', ...log])].join('\n')}\n`;
}

/** Returns what `systemctl status` prints above the journal; `systemd` is the version. */
export function statusLines(unit: SystemdUnit, systemd: number, now: number): readonly string[] {
  const { state } = unit;
  const mark = { running: '●', stopped: '○', failed: '×' }[state.kind];
  const ago = state.since === null ? '' : ` since ${timestamp(state.since)}; ${relative(now - state.since)}`;
  const active = {
    running: `active (running)${ago}`,
    stopped: `inactive (dead)${ago}`,
    failed: `failed (Result: exit-code)${ago}`,
  }[state.kind];
  const preset = systemd < 250 ? 'vendor preset' : 'preset';
  const folder = unit.dropIns[0]?.path.replace(/\/[^/]*$/, '');
  return [
    `${mark} ${unit.name} - ${unit.description}`,
    `     Loaded: loaded (${unit.file.path}; ${unit.enabled}; ${preset}: enabled)`,
    ...(folder === undefined
      ? []
      : [
          `    Drop-In: ${folder}`,
          `             └─${unit.dropIns.map(({ path }) => path.split('/').at(-1) ?? '').join(', ')}`,
        ]),
    `     Active: ${active}`,
    ...(unit.documentation === undefined ? [] : [`       Docs: ${unit.documentation}`]),
    ...(state.kind === 'running'
      ? [
          `   Main PID: ${state.pid} (${unit.mainProgram ?? unit.name.replace(/\.service$/, '')})`,
          `     CGroup: /system.slice/${unit.name}`,
          `             └─${state.pid} ${unit.commandLine}`,
        ]
      : []),
  ];
}

/** `Tue 2026-09-01 09:03:12 UTC`. */
export function timestamp(seconds: number): string {
  const date = new Date(seconds * 1000);
  const day = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][date.getUTCDay()] ?? '';
  return `${day} ${date.toISOString().replace('T', ' ').replace(/\..*$/, '')} UTC`;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** As systemd's format_timestamp_relative. */
function relative(seconds: number): string {
  const whole = (unit: number) => Math.floor(seconds / unit);
  if (seconds >= 2 * DAY) return `${whole(DAY)} days ago`;
  if (seconds >= 25 * HOUR) return `1 day ${whole(HOUR) - 24}h ago`;
  if (seconds >= 6 * HOUR) return `${whole(HOUR)}h ago`;
  if (seconds >= HOUR) return `${whole(HOUR)}h ${whole(MINUTE) % 60}min ago`;
  if (seconds >= 5 * MINUTE) return `${whole(MINUTE)}min ago`;
  if (seconds >= MINUTE) return `${whole(MINUTE)}min ${seconds % 60}s ago`;
  return `${seconds}s ago`;
}
