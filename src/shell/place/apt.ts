/** apt-get and apt on a VM: packages come from the internet, directly or through a proxy. */
import { changeSoftware, softwareOf } from '../../model/azure/machine-software.ts';
import { getResource } from '../../model/azure/resource-store.ts';
import { effectiveOutboundMethod } from '../../model/compile/effective-outbound.ts';
import type { CommandContext, CommandResult, SimulatedCommand } from '../command.ts';
import { attempt } from './attempt.ts';
import { releaseOf, type MachineRelease } from './machine-release.ts';
import { start, WEB_SERVERS } from './machine-services.ts';
import { MITMPROXY_PACKAGE } from './mitmproxy-package.ts';
import { lookUp } from './name-lookup.ts';
import { viewFrom } from './network-view.ts';
import { failed, notSimulatedHere, printed } from './program.ts';

/** Packages whose programs are there already. */
const TOOLS = [
  'apt-transport-https',
  'bind9-dnsutils',
  'bridge-utils',
  'ca-certificates',
  'conntrack',
  'curl',
  'dnsutils',
  'iproute2',
  'iptables',
  'iputils-ping',
  'iputils-tracepath',
  'jq',
  'net-tools',
  'netcat',
  'netcat-openbsd',
  'openssl',
  'python3',
  'tcpdump',
  'traceroute',
  'wget',
];

const LOCKED =
  'E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)\nE: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?\n';
const LISTS_LOCKED =
  'Reading package lists...\nE: Could not open lock file /var/lib/apt/lists/lock - open (13: Permission denied)\nE: Unable to lock directory /var/lib/apt/lists/\n';

export function aptGet(name: 'apt-get' | 'apt'): SimulatedCommand {
  return {
    name,
    places: ['vm', 'pod', 'node'],
    run: async (context) => {
      const [verb = '', ...packages] = wordsOf(context.args);
      if (!['update', 'install', 'upgrade', 'remove', 'purge'].includes(verb))
        return notSimulatedHere(name, `"${name} ${verb}"`);
      const { place } = context;
      if (place.kind === 'node') return notSimulatedHere(name, 'installing packages on a node');
      if (place.kind !== 'vm')
        return notSimulatedHere(name, 'installing packages in a container (use an image that has them)');
      if ((context.env.get('USER') ?? 'root') !== 'root')
        return failed(verb === 'update' ? LISTS_LOCKED : LOCKED, 100);
      const release = releaseOf(context.cloud, place.id);
      if (verb === 'remove' || verb === 'purge') return remove(context, place.id, packages);
      const fetched = await fetchLists(context, release, packages.includes(MITMPROXY_PACKAGE));
      if ('error' in fetched) return failed(notFetched(verb, release, fetched.error), 100);
      const { warning, cloud } = fetched;
      const reached = { ...context, cloud };
      if (verb !== 'install') {
        const list = `Hit:1 ${release.archive.url} ${release.codename} InRelease\nReading package lists... Done\n`;
        return { ...printed(list), stderr: warning, ...changedFrom(context, cloud) };
      }
      const installed = install(reached, place.id, release, packages);
      return { ...installed, stderr: warning + installed.stderr };
    },
  };
}

/** Without the options, of which some have a value. */
function wordsOf(args: readonly string[]): readonly string[] {
  const words: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (['-o', '-c', '-t', '--option', '--config-file', '--target-release'].includes(arg)) at++;
    else if (!arg.startsWith('-')) words.push(arg);
  }
  return words;
}

function changedFrom(context: CommandContext, cloud: CommandContext['cloud']): Partial<CommandResult> {
  return { elapsedSeconds: 5, ...(cloud === context.cloud ? {} : { cloud }) };
}

function notFetched(verb: string, { archive, codename }: MachineRelease, error: string): string {
  const head = `Err:1 ${archive.url} ${codename} InRelease\n  ${error}\n`;
  return verb === 'update'
    ? `${head}W: Failed to fetch ${archive.url}/dists/${codename}/InRelease  ${error}\nE: Failed to fetch some index files.\n`
    : `${head}E: Failed to fetch some archives.\n`;
}

function install(
  context: CommandContext,
  vmId: string,
  release: MachineRelease,
  packages: readonly string[],
): CommandResult {
  const names = packages.map((each) => each.replace(/[=/].*$/, ''));
  const unknown = names.find(
    (each) => WEB_SERVERS[each] === undefined && !TOOLS.includes(each) && each !== MITMPROXY_PACKAGE,
  );
  if (unknown !== undefined) {
    const known = [MITMPROXY_PACKAGE, ...Object.keys(WEB_SERVERS), ...TOOLS].join(', ');
    return failed(`E: Unable to locate package ${unknown}\n(simulated are ${known})\n`, 100);
  }
  if (names.includes(MITMPROXY_PACKAGE)) {
    if (release.mitmproxy === null)
      return notSimulatedHere('apt-get', `the package mitmproxy of ${release.pretty} (use the tarball)`);
    const wanted = packages.find((each) => each.startsWith(`${MITMPROXY_PACKAGE}=`))?.split('=')[1];
    if (wanted !== undefined && wanted !== release.mitmproxy.package)
      return failed(`E: Version '${wanted}' for '${MITMPROXY_PACKAGE}' was not found\n`, 100);
    if (!isAnswered(context))
      return {
        stdout: `${READING}The following NEW packages will be installed:\n  ${MITMPROXY_PACKAGE}\nDo you want to continue? [Y/n] Abort.\n`,
        stderr: '',
        exitCode: 1,
      };
  }
  let current = context;
  const lines: string[] = [];
  for (const each of names) {
    if (each === MITMPROXY_PACKAGE && release.mitmproxy !== null) {
      const { version, package: full } = release.mitmproxy;
      const before = softwareOf(current.cloud, vmId).packages[MITMPROXY_PACKAGE];
      lines.push(
        before === version
          ? `mitmproxy is already the newest version (${full}).`
          : `Setting up mitmproxy (${full}) ...`,
      );
      const cloud = changeSoftware(current.cloud, vmId, ({ packages: had }) => ({
        packages: { ...had, [MITMPROXY_PACKAGE]: version },
      }));
      current = { ...current, cloud };
      continue;
    }
    lines.push(`Setting up ${each} ...`);
    const listener = WEB_SERVERS[each];
    if (listener === undefined) continue;
    const started = start(current, listener);
    if (started.exitCode !== 0) return started;
    if (started.cloud !== undefined) current = { ...current, cloud: started.cloud };
  }
  return {
    ...printed(`${READING}${lines.map((line) => `${line}\n`).join('')}`),
    elapsedSeconds: 20,
    cloud: current.cloud,
  };
}

const READING =
  'Reading package lists... Done\nBuilding dependency tree... Done\nReading state information... Done\n';

/** apt asks before it brings packages that nobody named; without a terminal nobody answers. */
function isAnswered({ args, stdin, env }: CommandContext): boolean {
  return (
    args.some((arg) => /^-[a-z]*y/.test(arg) || ['--yes', '--assume-yes'].includes(arg)) ||
    /^\s*y/i.test(stdin) ||
    env.get('APT_ASSUME_YES') === 'true'
  );
}

function remove(context: CommandContext, vmId: string, packages: readonly string[]): CommandResult {
  const other = packages.find((each) => each !== MITMPROXY_PACKAGE);
  if (other !== undefined) return notSimulatedHere('apt-get', `removing ${other}`);
  const { [MITMPROXY_PACKAGE]: version, ...rest } = softwareOf(context.cloud, vmId).packages;
  if (version === undefined || version.endsWith('standalone'))
    return printed(`${READING}Package 'mitmproxy' is not installed, so not removed\n`);
  return {
    ...printed(`${READING}Removing mitmproxy ...\n`),
    cloud: changeSoftware(context.cloud, vmId, () => ({ packages: rest })),
    elapsedSeconds: 5,
  };
}

type Fetched =
  { readonly error: string } | { readonly warning: string; readonly cloud: CommandContext['cloud'] };

async function fetchLists(
  context: CommandContext,
  release: MachineRelease,
  needsWayOut: boolean,
): Promise<Fetched> {
  const proxy = await proxyOf(context);
  if (proxy === null || proxy === 'DIRECT') return fetchDirectly(context, release, needsWayOut);
  const asked = await context.runIn(
    context.place,
    [
      'curl',
      '-sS',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      '-x',
      proxy,
      '-m',
      '30',
      `${release.archive.url}/`,
    ],
    '',
  );
  const status = Number(/(\d{3})$/.exec(asked.stdout)?.[1] ?? '0');
  const cloud = asked.cloud ?? context.cloud;
  if (asked.exitCode === 0 && status < 400) return { warning: '', cloud };
  if (asked.exitCode === 0) return { error: `${status}  [IP: ${proxy.replace(/^\w+:\/\//, '')}]` };
  const address = proxy.replace(/^\w+:\/\//, '').replace(/\/$/, '');
  const why = /: (Connection refused|Couldn't connect to server)/.test(asked.stderr)
    ? `connect (111: Connection refused)`
    : 'connection timed out';
  return { error: `Could not connect to ${address}. - ${why}` };
}

/** `Acquire::http::Proxy` of apt's configuration, else the variable, which apt reads in lower case only. */
async function proxyOf(context: CommandContext): Promise<string | null> {
  const files = ['/etc/apt/apt.conf', ...((await context.listFiles?.('/etc/apt/apt.conf.d')) ?? [])];
  let configured: string | null = null;
  for (const file of files) {
    const text = (await context.readFile(file)) ?? '';
    for (const [, value = ''] of text.matchAll(/^\s*Acquire::http::(?:proxy|Proxy)\s+"([^"]*)"\s*;/gm))
      configured = value;
    const block = /Acquire\s*\{[^}]*http(?:::proxy|::Proxy|\s*\{\s*[Pp]roxy)\s+"([^"]*)"/.exec(text)?.[1];
    if (block !== undefined) configured = block;
  }
  const inline = context.args.join(' ').match(/Acquire::http::[Pp]roxy=(\S+)/)?.[1];
  const chosen = inline ?? configured ?? context.env.get('http_proxy') ?? '';
  return chosen === '' ? null : chosen.replaceAll('"', '');
}

/**
 * A subnet is private unless it asks for more, and machines are mostly the scenery here: where nothing else is in
 * the way, their packages come all the same, and a warning says that they would not. A proxy is no scenery.
 */
function fetchDirectly(context: CommandContext, release: MachineRelease, needsWayOut: boolean): Fetched {
  const { host: mirror, url } = release.archive;
  const { cloud } = context;
  const view = viewFrom(cloud, context.place);
  if (!view.ok) return { error: view.error };
  const host = view.value.directory.outside.find((each) => each.outside.kind === 'internet');
  if (host?.address === undefined || host.address === null) return { warning: '', cloud };
  const found = lookUp(view.value, host.outside.address);
  const request = { protocol: 'http', host: mirror } as const;
  const made = attempt(view.value, found.ok ? (found.value.addresses[0] ?? '') : '', 'tcp', 80, request);
  if (made.kind === 'intercepted')
    return { error: `Failed to fetch ${url}: 470 status code 470 (${made.page ?? ''})` };
  if (made.kind === 'connected' || made.kind === 'unknown') return { warning: '', cloud };
  if (!needsWayOut && made.trace?.disposition === 'no-outbound-path' && inPrivateSubnet(context)) {
    return {
      warning:
        'W: This machine is in a private subnet (defaultOutboundAccess false) and has no way to the internet: on a real one this fails. In this workbook the packages come all the same.\n',
      cloud,
    };
  }
  return { error: `Could not connect to ${mirror}:80, connection timed out` };
}

function inPrivateSubnet({ cloud, place }: CommandContext): boolean {
  if (place.kind !== 'vm') return false;
  const machine = getResource(cloud, place.id, 'Microsoft.Compute/virtualMachines');
  return (machine?.networkProfile.networkInterfaces ?? []).some(({ id }) => {
    const method = effectiveOutboundMethod(cloud, id);
    return method?.kind === 'none' && method.cause === 'private-subnet';
  });
}
