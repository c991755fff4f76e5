/** mitmdump, mitmweb and mitmproxy on a VM: they start a forward proxy, which goes on when the command returns. */
import { parse } from 'yaml';
import {
  keepFiles,
  NO_SOFTWARE,
  softwareOf,
  startProcess,
  type OutputSink,
  type UnitStart,
} from '../../model/azure/machine-software.ts';
import { getResource } from '../../model/azure/resource-store.ts';
import type { Listener } from '../../model/azure/resources.ts';
import { everyPath } from '../../model/http-service.ts';
import { drawHex } from '../../model/chance.ts';
import type { ForwardProxy } from '../../model/proxy/forward-proxy.ts';
import {
  readMitmproxyCall,
  type MitmproxyCall,
  type MitmproxyProgram,
} from '../../model/proxy/mitmproxy-arguments.ts';
import { logLine, type LogSettings } from '../../model/proxy/mitmproxy-log.ts';
import { findOption } from '../../model/proxy/mitmproxy-options.ts';
import { settingsOf, type MitmproxySettings } from '../../model/proxy/mitmproxy-settings.ts';
import { isAtLeast } from '../../model/proxy/mitmproxy-version.ts';
import type { CommandContext, CommandResult, SimulatedCommand } from '../command.ts';
import { BACKGROUND } from '../background-processes.ts';
import { MITMPROXY_PACKAGE } from './mitmproxy-package.ts';
import { openStore } from './mitmproxy-store.ts';
import { helpText, optionsText, versionText } from './mitmproxy-help.ts';
import { releaseOf, type MachineRelease } from './machine-release.ts';
import { failed, printed } from './program.ts';

/** Who starts a program, and where its output goes. */
export interface Starter {
  readonly user: string;
  /** The home directory, which `~` is. */
  readonly home: string;
  readonly unit: string | null;
  readonly sink: OutputSink;
}

/** What a start comes to, or what the program says and gives up. */
export type Prepared =
  | { readonly kind: 'ready'; readonly start: UnitStart; readonly remarks: string }
  | { readonly kind: 'gives-up'; readonly result: CommandResult };

export function mitmproxyCommand(program: MitmproxyProgram): SimulatedCommand {
  return {
    name: program,
    places: ['vm'],
    run: (context) => {
      const home = context.env.get('HOME') ?? '/root';
      const user = context.env.get('USER') ?? 'root';
      return startMitmproxy(context, program, { user, home, unit: null, sink: { kind: 'none' } });
    },
  };
}

async function startMitmproxy(
  context: CommandContext,
  program: MitmproxyProgram,
  starter: Starter,
): Promise<CommandResult> {
  const prepared = await prepareMitmproxy(context, program, starter, 'now');
  if (prepared.kind === 'gives-up') return prepared.result;
  const { place, cloud } = context;
  if (place.kind !== 'vm') throw new Error('it is prepared on a VM only');
  const { process, listeners, files } = prepared.start;
  for (const [path, text] of Object.entries(files)) await context.writeFile(path, text);
  const started = startProcess(keepFiles(cloud, place.id, files), place.id, process, listeners);
  const isBehind = context.env.has(BACKGROUND);
  const goesOn = isBehind
    ? ''
    : `(${program} goes on in the background here; the real one holds the shell until Ctrl-C, so scripts put & behind it)\n`;
  return {
    ...printed(process.startText),
    stderr: prepared.remarks + goesOn,
    cloud: started.cloud,
    elapsedSeconds: 1,
    started: { pid: started.pid, text: process.startText },
  };
}

/** Returns what a start of the program comes to; `later`: as if nothing else listened yet, for a unit at boot. */
export async function prepareMitmproxy(
  context: CommandContext,
  program: MitmproxyProgram,
  starter: Starter,
  when: 'now' | 'later',
): Promise<Prepared> {
  const givesUp = (result: CommandResult): Prepared => ({ kind: 'gives-up', result });
  const { place } = context;
  if (place.kind !== 'vm') return givesUp(failed(`bash: ${program}: command not found\n`, 127));
  const installed = softwareOf(context.cloud, place.id).packages[MITMPROXY_PACKAGE];
  if (installed === undefined) return givesUp(failed(`bash: ${program}: command not found\n`, 127));
  const version = installed.replace(/ .*$/, '');
  // A program of PyInstaller knows itself as it was called.
  const self = installed.endsWith('standalone') ? program : `/usr/bin/${program}`;
  const call = readMitmproxyCall(program, context.args, version);
  if (!call.ok) return givesUp(problemResult(call.error, program, self));
  const shown = show(call.value, program, releaseOf(context.cloud, place.id), version, installed);
  if (shown !== null) return givesUp(shown);
  if (program === 'mitmproxy') return givesUp(terminal(context));
  const values = await withConfiguration(context, call.value, starter);
  if (!values.ok) return givesUp(failed(`${self}: ${values.error}\n`));
  const settings = settingsOf(values.value, version);
  if (!settings.ok) return givesUp(problemResult(settings.error, program, self));
  const prepared = await listen(context, {
    program,
    self,
    version,
    call: call.value,
    settings: settings.value,
    starter,
    when,
  });
  return 'exitCode' in prepared ? givesUp(prepared) : { kind: 'ready', ...prepared };
}

function problemResult(
  problem: { readonly kind: 'usage' | 'option' | 'not-simulated'; readonly message: string },
  program: MitmproxyProgram,
  self: string,
): CommandResult {
  switch (problem.kind) {
    case 'usage': {
      const filter = program === 'mitmdump' ? ' [filter]' : '';
      const head = `usage: ${program} [options]${filter}\n${program}: error: ${problem.message}\n`;
      return { stdout: '\n', stderr: head, exitCode: 1 };
    }
    case 'option':
      return failed(`${self}: ${problem.message}\n`);
    case 'not-simulated':
      return failed(`${program}: ${problem.message} is not simulated in this workbook\n`);
  }
}

function show(
  call: MitmproxyCall,
  program: MitmproxyProgram,
  release: MachineRelease,
  version: string,
  installed: string,
): CommandResult | null {
  switch (call.shows) {
    case null:
      return null;
    case 'version':
      return printed(versionText(version, installed, release));
    case 'help':
      // The real program ends with 1 after its help (tools/main.py).
      return { ...printed(`${helpText(program, version)}\n`), exitCode: 1 };
    case 'options':
      return printed(optionsText(version));
    case 'commands':
      return failed(`${program}: the list of its commands is not simulated in this workbook\n`);
  }
}

/** The console interface needs a screen of its own. */
function terminal(context: CommandContext): CommandResult {
  return context.terminal === 'interactive'
    ? failed(
        'mitmproxy: its console, with one line per request to move through and open, is not simulated in this workbook; mitmdump shows the same requests as lines\n',
      )
    : failed(
        "Error: mitmproxy's console interface requires a tty. Please run mitmproxy in an interactive shell environment.\n",
      );
}

type Values = MitmproxyCall['values'];

/** `config.yaml` in the folder says what the command line does not. */
async function withConfiguration(
  context: CommandContext,
  call: MitmproxyCall,
  starter: Starter,
): Promise<{ readonly ok: true; readonly value: Values } | { readonly ok: false; readonly error: string }> {
  const given = new Map(call.values);
  if (call.quiet) {
    given.set('termlog_verbosity', 'error');
    given.set('flow_detail', 0);
  }
  if (call.verbose) {
    given.set('termlog_verbosity', 'debug');
    given.set('flow_detail', 2);
  }
  if (call.filter.length > 0) given.set('dumper_filter', call.filter.join(' '));
  const confdir = typeof given.get('confdir') === 'string' ? String(given.get('confdir')) : '~/.mitmproxy';
  for (const name of ['config.yaml', 'config.yml']) {
    const path = `${expanded(confdir, starter.home)}/${name}`;
    const text = await context.readFile(path);
    if (text === null) continue;
    let read: unknown;
    try {
      read = parse(text);
    } catch {
      return { ok: false, error: `Error reading ${path}: Could not parse options.` };
    }
    if (read === null || read === undefined) continue;
    if (typeof read !== 'object' || Array.isArray(read))
      return { ok: false, error: `Error reading ${path}: Config error - no keys found.` };
    for (const [key, value] of Object.entries(read)) {
      const option = findOption(key);
      if (option === null || given.has(key)) continue;
      if (option.notSimulated !== undefined)
        return {
          ok: false,
          error: `${key} in ${path}: ${option.notSimulated} is not simulated in this workbook`,
        };
      const wanted = {
        boolean: 'boolean',
        integer: 'number',
        'optional-integer': 'number',
        text: 'string',
        'optional-text': 'string',
        list: 'object',
      }[option.type];
      if (value !== null && typeof value !== wanted)
        return { ok: false, error: `Expected <class '${wanted}'> for ${key}, but got ${typeof value}.` };
      given.set(key, Array.isArray(value) ? value.map(String) : (value as string | number | boolean | null));
    }
  }
  return { ok: true, value: given };
}

const expanded = (path: string, home: string): string =>
  path === '~' || path.startsWith('~/') ? home + path.slice(1) : path;

interface Launch {
  readonly program: MitmproxyProgram;
  readonly self: string;
  readonly version: string;
  readonly call: MitmproxyCall;
  readonly settings: MitmproxySettings;
  readonly starter: Starter;
  readonly when: 'now' | 'later';
}

type Launched = CommandResult | { readonly start: UnitStart; readonly remarks: string };

async function listen(context: CommandContext, launch: Launch): Promise<Launched> {
  const { program, self, version, call, settings, starter } = launch;
  const { place, cloud } = context;
  if (place.kind !== 'vm') throw new Error('only called on a VM');
  const at = cloud.now;
  const log: LogSettings = {
    version,
    flowDetail: settings.flowDetail,
    verbosity: settings.verbosity,
    ...(settings.filter === null ? {} : { filter: settings.filter }),
  };
  const lines: string[] = [];
  const say = (level: 'info' | 'warn', text: string): void => {
    lines.push(...logLine(log, level, at, text));
  };
  const absolute = (path: string): string => {
    const whole = expanded(path, starter.home);
    return whole.startsWith('/') ? whole : `${context.cwd.replace(/\/$/, '')}/${whole}`;
  };
  if (call.filter.length > 0) say('info', `Only processing flows that match "${call.filter.join(' & ')}"`);
  if (program === 'mitmweb' && settings.web.password !== '' && isAtLeast(version, '11.1.2'))
    say('warn', PLAIN_PASSWORD);
  const confdir = absolute(settings.confdir);
  // Whoever deletes the CA gets another one: each start has a number of its own.
  const earlier = softwareOf(cloud, place.id).nextPid - NO_SOFTWARE.nextPid;
  const store = await openStore({
    confdir,
    version,
    seed: drawHex(
      cloud,
      `mitmproxy-ca/${place.id.toLowerCase()}${confdir}${earlier === 0 ? '' : `/${earlier}`}`,
      32,
    ),
    now: at,
    readFile: context.readFile,
  });
  if (!store.ok) return traceback(launch, store.error, log, at);
  if (store.value.notAfter < at) {
    say(
      'warn',
      'The mitmproxy certificate authority has expired!\nPlease delete all CA-related files in your ~/.mitmproxy folder.\nThe CA will be regenerated automatically after restarting mitmproxy.\nSee https://docs.mitmproxy.org/stable/concepts-certificates/ for additional help.',
    );
  }
  const certificates: ForwardProxy['certificates'][number][] = [];
  for (const { pattern, path } of settings.certs) {
    const pem = await context.readFile(absolute(path));
    if (pem === null)
      return failed(`${self}: Certificate file does not exist: ${expanded(path, starter.home)}\n`);
    if (!pem.includes('-----BEGIN CERTIFICATE-----'))
      return failed(
        `${self}: Invalid certificate format for ${expanded(path, starter.home)}: Unable to load PEM file.\n`,
      );
    certificates.push({ pattern, pem });
  }
  const trustedCa =
    settings.trustedCaPath === null
      ? null
      : (store.value.made[absolute(settings.trustedCaPath)] ??
        (await context.readFile(absolute(settings.trustedCaPath))));
  if (settings.trustedCaPath !== null && trustedCa === null)
    return failed(
      `${program}: ${settings.trustedCaPath}: no such file; the real one starts, and then answers every https request with 502. Not simulated in this workbook.\n`,
    );
  const taken = launch.when === 'later' ? null : bindProblem(context, settings, starter);
  if (taken !== null) return cannotListen(launch, taken, lines, log, at);

  const port = settings.listenPort;
  const shownHost = ['', '0.0.0.0', '::'].includes(settings.listenHost) ? '*' : settings.listenHost;
  const web = program === 'mitmweb' ? webWords(context, launch) : null;
  if (web !== null && !isAtLeast(version, '9.0.0')) say('info', `Web server listening at ${web.url}`);
  say('info', listeningText(settings, version, `${shownHost}:${port}`));
  if (web !== null && isAtLeast(version, '9.0.0')) say('info', `Web server listening at ${web.url}`);
  if (web !== null && settings.web.browser) {
    say('info', `No web browser found. Please open a browser and point it to ${web.url}`);
    if (isAtLeast(version, '11.1.2') && settings.web.password === '')
      say(
        'info',
        'You can configure a fixed authentication token by setting the `web_password` option (https://docs.mitmproxy.org/stable/concepts-options/#web_password).',
      );
  }
  const startText = lines.map((line) => `${line}\n`).join('');
  const vm = getResource(cloud, place.id, 'Microsoft.Compute/virtualMachines');
  const firstEvent = vm?.simulation.proxyLogs?.find((each) => each.port === port)?.events.length ?? 0;
  const proxy: ForwardProxy = {
    program,
    version,
    ...settings.proxy,
    authority: store.value.authority,
    certificates,
    ...(trustedCa === null ? {} : { trustedCa }),
    log: starter.sink,
  };
  const bound = (host: string): Pick<Listener, 'address'> =>
    ['', '0.0.0.0', '::'].includes(host) ? {} : { address: host };
  const listeners: Listener[] = [
    { protocol: 'tcp', port, program, application: 'http', proxy, ...bound(settings.listenHost) },
    ...(web === null
      ? []
      : [
          {
            protocol: 'tcp',
            port: settings.web.port,
            program,
            application: 'http',
            ...(web.token === null ? {} : { http: { ...everyPath(), token: web.token } }),
            ...bound(settings.web.host),
          } as const,
        ]),
  ];
  const remarks = call.unknown.map(
    (name) => `(--set ${name}: mitmproxy ${version} has no option of that name, and says nothing)\n`,
  );
  return {
    start: {
      process: {
        user: starter.user,
        argv: [program, ...context.args],
        startedAt: at,
        unit: starter.unit,
        sink: starter.sink,
        startText,
        proxyLog: { port, firstEvent, ...log },
      },
      listeners,
      files: { ...(await ownFiles(context, confdir)), ...store.value.made },
    },
    remarks: remarks.join(''),
  };
}

const PLAIN_PASSWORD =
  'Using a plaintext password to protect the mitmweb user interface. Consider using an argon2 hash for `web_password`  instead.';

/** What a later session needs to find too: a CA of one's own. */
async function ownFiles(context: CommandContext, confdir: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const name of ['mitmproxy-ca.pem', 'mitmproxy-ca-cert.pem', 'config.yaml']) {
    const text = await context.readFile(`${confdir}/${name}`);
    if (text !== null) files[`${confdir}/${name}`] = text;
  }
  return files;
}

function listeningText({ proxy }: MitmproxySettings, version: string, address: string): string {
  if (!isAtLeast(version, '8.0.0')) return `Proxy server listening at http://${address}`;
  if (!isAtLeast(version, '9.0.0')) return `Proxy server listening at ${address}`;
  return `HTTP(S) proxy${proxy.mode.kind === 'upstream' ? ' (upstream mode)' : ''} listening at ${address}.`;
}

interface BindProblem {
  readonly errno: 13 | 98 | 99;
  readonly words: string;
  readonly host: string;
  readonly port: number;
  readonly of: 'proxy' | 'web';
}

function bindProblem(
  context: CommandContext,
  settings: MitmproxySettings,
  { user }: Starter,
): BindProblem | null {
  const { place, cloud } = context;
  const vm = place.kind === 'vm' ? getResource(cloud, place.id, 'Microsoft.Compute/virtualMachines') : null;
  if (vm === null) return null;
  const own = vm.networkProfile.networkInterfaces.flatMap(
    ({ id }) =>
      getResource(cloud, id, 'Microsoft.Network/networkInterfaces')?.ipConfigurations.map(
        ({ privateIPAddress }) => privateIPAddress,
      ) ?? [],
  );
  const { listenHost: host, listenPort: port } = settings;
  const at = { host: host === '' ? '0.0.0.0' : host, port, of: 'proxy' } as const;
  if (!['', '0.0.0.0', '::', 'localhost'].includes(host) && !host.startsWith('127.') && !own.includes(host))
    return { ...at, errno: 99, words: 'cannot assign requested address' };
  if (port < 1024 && user !== 'root') return { ...at, errno: 13, words: 'permission denied' };
  const clashes = (wanted: string) =>
    vm.simulation.listeners.some(
      (each) =>
        each.protocol === 'tcp' &&
        each.port === port &&
        (each.address === undefined || wanted === '0.0.0.0' || each.address === wanted),
    );
  return clashes(at.host) ? { ...at, errno: 98, words: 'address already in use' } : null;
}

function cannotListen(
  { settings, version, call }: Launch,
  problem: BindProblem,
  before: readonly string[],
  log: LogSettings,
  at: number,
): CommandResult {
  const { errno, host, port, words } = problem;
  const bind = `[Errno ${errno}] error while attempting to bind on address ('${host}', ${port}): ${isAtLeast(version, '10.0.0') ? `[errno ${errno}] ` : ''}${words}`;
  const stdout = before.map((line) => `${line}\n`).join('');
  if (!isAtLeast(version, '9.0.0')) return { stdout, stderr: `${bind}\n`, exitCode: 1 };
  const shown = settings.listenHost === '' ? '*' : settings.listenHost;
  const name = `HTTP(S) proxy${settings.proxy.mode.kind === 'upstream' ? ' (upstream mode)' : ''}`;
  const mode =
    [...((call.values.get('mode') as readonly string[] | undefined) ?? ['regular'])].at(-1) ?? 'regular';
  const advice =
    errno === 98 && settings.portIs === 'of-option'
      ? `\nTry specifying a different port by using \`--mode ${mode}@${port + 2}\`.`
      : '';
  const [line = ''] = logLine(
    log,
    'error',
    at,
    `[Errno ${errno}] ${name} failed to listen on ${shown}:${port} with ${bind}${advice}`,
  );
  return { stdout: `${stdout}${line}\n`, stderr: 'Error logged during startup, exiting...\n', exitCode: 1 };
}

/** The real one prints the whole traceback, from the addon down to the line that failed. */
function traceback({ version }: Launch, last: string, log: LogSettings, at: number): CommandResult {
  const text = `Addon error: Traceback (most recent call last):\n  (${'the lines between are not simulated'})\n${last}`;
  if (!isAtLeast(version, '9.0.0')) return failed(`${text}\n\n`);
  const [line = ''] = logLine(log, 'error', at, text);
  return { stdout: `${line}\n`, stderr: 'Error logged during startup, exiting...\n', exitCode: 1 };
}

/** Who opens the interface needs the password, or the token that stands in the log (webaddons.py, since 11.1.2). */
function webWords(
  context: CommandContext,
  { version, settings }: Launch,
): { readonly url: string; readonly token: string | null } {
  const { host, port, password } = settings.web;
  const place = context.place.kind === 'vm' ? context.place.id : '';
  const base = `http://${host}:${port}/`;
  if (!isAtLeast(version, '11.1.2')) return { url: base, token: null };
  if (password !== '') return { url: base, token: password };
  const token = drawHex(context.cloud, `mitmweb-token/${place}/${context.cloud.now}`, 32);
  return { url: `${base}?token=${token}`, token };
}
