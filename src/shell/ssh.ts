/**
 * `ssh [root@]HOST [COMMAND]` from the workstation, for on-premises hosts only. It comes in over a management
 * network that is no part of the simulation, so no firewall rule locks the learner out.
 */
import { findOnPremisesHost } from '../model/outside-host.ts';
import type { CommandContext, CommandResult, Place, SimulatedCommand } from './command.ts';
import { refuseOnWorkstation } from './outside-the-cloud.ts';

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
    if (host === null) return refuseOnWorkstation('ssh').run(context);
    if (!host.ports.includes(SSH_PORT)) {
      return failed(`ssh: connect to host ${read.host} port ${SSH_PORT}: Connection refused\n`);
    }
    if (read.user !== ROOT) {
      return failed(
        `${read.user}@${read.host}: Permission denied (publickey).\n(On ${host.name} your key is root's: ssh ${host.name})\n`,
      );
    }
    return logIn(context, { kind: 'on-premises', name: host.name }, read.command);
  },
};

interface Login {
  readonly user: string;
  readonly host: string;
  readonly command: readonly string[];
}

function readArguments(args: readonly string[]): Login | CommandResult {
  let user = ROOT;
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
