/** What `ssh` is asked for: where to, as whom, over which machines, and which command. */

export const SSH_USAGE =
  'usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] [-i identity_file] [-J destination] [-l login_name] [-o option] [-p port]\n           destination [command [argument ...]]\n';
export const SSH_PORT = 22;

export interface SshDestination {
  /** Null where none is given. */
  readonly user: string | null;
  readonly host: string;
}

export interface SshRequest extends SshDestination {
  /** Machines on the way, the nearest first. */
  readonly over: readonly SshDestination[];
  /** Files with private keys that are tried in place of the usual ones; none: the usual ones. */
  readonly identities: readonly string[];
  readonly command: readonly string[];
}

/** ssh's own complaint, which ends it with 255. */
export interface SshComplaint {
  readonly complaint: string;
}

const SWITCHES = /^-[46AaCnqTtxv]+$/;
const WITH_VALUE = /^-([iopJlF])(.*)$/s;

/** Options of ssh_config that change nothing here: every host key is known, and nobody asks for anything. */
const WITHOUT_EFFECT = new Set([
  ...['addkeystoagent', 'addressfamily', 'batchmode', 'checkhostip', 'compression', 'connectionattempts'],
  ...['connecttimeout', 'forwardagent', 'globalknownhostsfile', 'gssapiauthentication', 'hashknownhosts'],
  ...['identitiesonly', 'kbdinteractiveauthentication', 'loglevel', 'numberofpasswordprompts'],
  ...['passwordauthentication', 'preferredauthentications', 'pubkeyauthentication', 'requesttty'],
  ...['serveralivecountmax', 'serveraliveinterval', 'stricthostkeychecking', 'tcpkeepalive'],
  ...['updatehostkeys', 'userknownhostsfile', 'visualhostkey'],
]);

interface Reading {
  user: string | null;
  over: readonly SshDestination[];
  readonly identities: string[];
}

/** Reads the words after `ssh`; options may also stand right behind the destination, as OpenSSH has it. */
export function readSshArguments(args: readonly string[]): SshRequest | SshComplaint {
  const reading: Reading = { user: null, over: [], identities: [] };
  const before = readOptions(args, 0, reading);
  if (typeof before !== 'number') return before;
  const named = args[before];
  if (named === undefined) return { complaint: SSH_USAGE };
  const destination = destinationOf(named);
  const after = readOptions(args, before + 1, reading);
  if (typeof after !== 'number') return after;
  return {
    user: destination.user ?? reading.user,
    host: destination.host,
    over: reading.over,
    identities: reading.identities,
    command: args.slice(after),
  };
}

/** Returns where the options end. */
function readOptions(args: readonly string[], start: number, reading: Reading): number | SshComplaint {
  for (let at = start; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') return at + 1;
    if (!arg.startsWith('-') || arg === '-') return at;
    if (SWITCHES.test(arg)) continue;
    const [, letter = '', joined = ''] = WITH_VALUE.exec(arg) ?? [];
    if (letter === '') return { complaint: `ssh: the option ${arg} is not simulated in this workbook\n` };
    const value = joined === '' ? args[++at] : joined;
    if (value === undefined)
      return { complaint: `ssh: option requires an argument -- ${letter}\n${SSH_USAGE}` };
    const problem = letter === 'o' ? readSetting(value, reading) : readOption(letter, value, reading);
    if (problem !== null) return problem;
  }
  return args.length;
}

function readOption(letter: string, value: string, reading: Reading): SshComplaint | null {
  switch (letter) {
    case 'i':
      reading.identities.push(value);
      return null;
    case 'l':
      reading.user ??= value;
      return null;
    case 'p':
      return value === String(SSH_PORT)
        ? null
        : { complaint: `ssh: connecting to port ${value} is not simulated in this workbook; leave out -p\n` };
    case 'J':
      return readJumps(value, reading);
    default:
      return { complaint: `ssh: the option -${letter} is not simulated in this workbook\n` };
  }
}

/** `-o Name=value`, `-o "Name value"`. */
function readSetting(text: string, reading: Reading): SshComplaint | null {
  const [, name = '', value = ''] = /^\s*([^\s=]+)(?:\s*=\s*|\s+)(.*)$/s.exec(text) ?? [];
  const key = name.toLowerCase();
  if (name === '' || value === '') return { complaint: `command-line line 0: missing argument.\n` };
  if (key === 'user') return readOption('l', value, reading);
  if (key === 'port') return readOption('p', value, reading);
  if (key === 'identityfile') return readOption('i', value, reading);
  if (key === 'proxyjump') return value === 'none' ? null : readJumps(value, reading);
  if (WITHOUT_EFFECT.has(key)) return null;
  return { complaint: `ssh: the option -o ${name} is not simulated in this workbook\n` };
}

/** `[user@]host[:port][,...]` */
function readJumps(text: string, reading: Reading): SshComplaint | null {
  const jumps: SshDestination[] = [];
  for (const each of text.split(',')) {
    const [, place = '', port] = /^(.*?)(?::(\d+))?$/s.exec(each) ?? [];
    const jump = destinationOf(place);
    if (jump.host === '') return { complaint: `Invalid -J argument\n` };
    const problem = port === undefined ? null : readOption('p', port, reading);
    if (problem !== null) return problem;
    jumps.push(jump);
  }
  reading.over = jumps;
  return null;
}

/** `[user@]host`, `ssh://[user@]host[:22]` */
export function destinationOf(text: string): SshDestination {
  const [, named, host = ''] =
    /^(?:(.+)@)?(.*)$/s.exec(text.replace(/^ssh:\/\/([^:/]*)(:22)?\/?$/, '$1')) ?? [];
  return { user: named ?? null, host };
}
