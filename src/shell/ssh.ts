/**
 * `ssh [USER@]HOST [COMMAND]` from the workstation. To on-premises hosts it comes in over a management
 * network that is no part of the simulation, so no firewall rule locks the learner out; to machines with a
 * public address, over the simulated internet.
 */
import { findInternetHost, findOnPremisesHost } from '../model/outside-host.ts';
import type { CommandContext, CommandResult, Place, SimulatedCommand } from './command.ts';
import { attempt } from './place/attempt.ts';
import { lookUp } from './place/name-lookup.ts';
import { viewFrom } from './place/network-view.ts';

const USAGE =
  'usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] [-i identity_file] [-l login_name] [-o option] [-p port]\n           destination [command [argument ...]]\n';
const SWITCHES = /^-[46AaCnqTtxv]+$/;
const ROOT = 'root';
const SSH_PORT = 22;

export const ssh: SimulatedCommand = {
  name: 'ssh',
  places: ['workstation'],
  run: (context) => {
    const read = readArguments(context.args);
    if ('exitCode' in read) return read;
    const host = findOnPremisesHost(context.cloud, read.host);
    if (host === null) return overTheInternet(context, read);
    if (!host.ports.includes(SSH_PORT)) return cannotConnect(read, 'Connection refused');
    const user = read.user ?? ROOT;
    if (user !== ROOT) return denied(read, user, `On ${host.name} your key is root's: ssh ${host.name}`);
    return logIn(context, { kind: 'on-premises', name: host.name }, read.command);
  },
};

function overTheInternet(context: CommandContext, read: Login): CommandResult | Promise<CommandResult> {
  const view = viewFrom(context.cloud, context.place, context.nextConnection);
  if (!view.ok) return failed(`ssh: ${view.error}\n`);
  const named = findInternetHost(context.cloud, read.host);
  const found = named === null ? lookUp(view.value, read.host) : lookUp(view.value, named.address);
  if (!found.ok) return failed(`ssh: Could not resolve hostname ${read.host}: Name or service not known\n`);
  const made = attempt(view.value, found.value.addresses[0] ?? '', 'tcp', SSH_PORT);
  switch (made.kind) {
    case 'unknown':
      return failed(`ssh: the simulation cannot tell: ${made.reason}\n`);
    case 'refused':
      return cannotConnect(read, 'Connection refused');
    case 'timeout':
      return made.after === 'handshake'
        ? failed(
            `Connection timed out during banner exchange\nConnection to ${read.host} port ${SSH_PORT} timed out\n`,
          )
        : cannotConnect(read, 'Connection timed out');
    case 'network-unreachable':
      return cannotConnect(read, 'Network is unreachable');
    case 'host-unreachable':
      return cannotConnect(read, 'No route to host');
    case 'intercepted':
      return failed(
        `kex_exchange_identification: read: Connection reset by peer\nConnection reset by ${read.host} port ${SSH_PORT}\n`,
      );
    case 'connected':
      break;
  }
  const { directory } = view.value;
  const machine = directory.machines.find((each) => each.label === made.server.label);
  if (machine !== undefined) {
    const { adminUsername } = machine.vm.osProfile;
    const user = read.user ?? context.env.get('USER') ?? 'learner';
    return user === adminUsername
      ? logIn(context, { kind: 'vm', id: machine.vm.id, user }, read.command)
      : denied(
          read,
          user,
          `The key that az vm create made is ${adminUsername}'s: ssh ${adminUsername}@${read.host}`,
        );
  }
  const server = directory.outside.find((each) => each.label === made.server.label);
  if (server === undefined)
    return failed(`ssh: a shell on ${made.server.label} is not simulated in this workbook\n`);
  const { name } = server.outside;
  const user = read.user ?? ROOT;
  if (user !== ROOT) return denied(read, user, `On ${name} your key is root's: ssh root@${read.host}`);
  return logIn(context, { kind: 'internet', name }, read.command);
}

function cannotConnect({ host }: Login, why: string): CommandResult {
  return failed(`ssh: connect to host ${host} port ${SSH_PORT}: ${why}\n`);
}

function denied({ host }: Login, user: string, hint: string): CommandResult {
  return failed(`${user}@${host}: Permission denied (publickey).\n(${hint})\n`);
}

interface Login {
  /** Null where none is given. */
  readonly user: string | null;
  readonly host: string;
  readonly command: readonly string[];
}

function readArguments(args: readonly string[]): Login | CommandResult {
  let user: string | null = null;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (SWITCHES.test(arg)) continue;
    const [, letter = '', joined = ''] = /^-([iopl])(.*)$/s.exec(arg) ?? [];
    if (letter !== '') {
      const value = joined === '' ? args[++at] : joined;
      if (value === undefined) return failed(`ssh: option requires an argument -- ${letter}\n${USAGE}`);
      if (letter === 'p' && value !== String(SSH_PORT)) {
        return failed(`ssh: connecting to port ${value} is not simulated in this workbook; leave out -p\n`);
      }
      if (letter === 'l') user = value;
      continue;
    }
    if (arg.startsWith('-')) return failed(`ssh: the option ${arg} is not simulated in this workbook\n`);
    const [, named, host = ''] = /^(?:([^@]+)@)?(.*)$/s.exec(arg) ?? [];
    return { user: named ?? user, host, command: args.slice(at + 1) };
  }
  return failed(USAGE);
}

/** A shell that takes its commands from standard input. */
const READS_SCRIPT = /^(sudo +)?(\/bin\/)?(ba)?sh( +-[es]+)*$/;

/** Arguments are joined to one line, which the shell over there reads again. */
function logIn(
  context: CommandContext,
  place: Place,
  command: readonly string[],
): CommandResult | Promise<CommandResult> {
  const line = command.join(' ');
  if (command.length > 0 && !(READS_SCRIPT.test(line) && context.stdin !== ''))
    return context.runIn(place, ['bash', '-c', line], context.stdin);
  if (context.stdin === '' && context.terminal === 'interactive')
    return { stdout: '', stderr: '', exitCode: 0, enter: place };
  return context.runIn(place, ['bash', '-c', context.stdin], '');
}

/** What ssh itself could not do ends with 255. */
function failed(stderr: string): CommandResult {
  return { stdout: '', stderr, exitCode: 255 };
}
