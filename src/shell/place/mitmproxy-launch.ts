/** How a mitmproxy that was called rightly starts to listen: its CA, its first lines, and why it cannot. */
import {
  NO_SOFTWARE,
  softwareOf,
  type OutputSink,
  type UnitStart,
} from '../../model/azure/machine-software.ts';
import { getResource } from '../../model/azure/resource-store.ts';
import type { Listener } from '../../model/azure/resources.ts';
import { everyPath } from '../../model/http-service.ts';
import { drawHex } from '../../model/chance.ts';
import type { ForwardProxy } from '../../model/proxy/forward-proxy.ts';
import type { MitmproxyCall, MitmproxyProgram } from '../../model/proxy/mitmproxy-arguments.ts';
import { logLine, type LogSettings } from '../../model/proxy/mitmproxy-log.ts';
import type { MitmproxySettings } from '../../model/proxy/mitmproxy-settings.ts';
import { isAtLeast } from '../../model/proxy/mitmproxy-version.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { openStore } from './mitmproxy-store.ts';
import { failed } from './program.ts';

const WITHOUT_BODIES =
  '(--flow-detail: the contents of requests and answers, which 3 and 4 show, are not simulated in this workbook)\n';

/** Who starts a program, and where its output goes. */
export interface Starter {
  readonly user: string;
  /** The home directory, which `~` is. */
  readonly home: string;
  readonly unit: string | null;
  readonly sink: OutputSink;
}

/** `~` is the home of whoever starts it. */
export const expanded = (path: string, home: string): string =>
  path === '~' || path.startsWith('~/') ? home + path.slice(1) : path;

export interface Launch {
  readonly program: MitmproxyProgram;
  readonly self: string;
  readonly version: string;
  readonly call: MitmproxyCall;
  readonly settings: MitmproxySettings;
  readonly starter: Starter;
  readonly when: 'now' | 'later';
}

type Launched = CommandResult | { readonly start: UnitStart; readonly remarks: string };

export async function listen(context: CommandContext, launch: Launch): Promise<Launched> {
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
    remarks: remarks.join('') + (settings.flowDetail > 2 ? WITHOUT_BODIES : ''),
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
