/** useradd of Debian's package passwd on a VM: a user for a service to run as. */
import type { CommandContext, CommandResult, SimulatedCommand } from '../command.ts';
import { failed, notSimulatedHere } from './program.ts';

const PASSWD = '/etc/passwd';
/** UID_MIN and SYS_UID_MAX of /etc/login.defs. */
const FIRST_UID = 1000;
const LAST_SYSTEM_UID = 999;

interface Options {
  name: string | null;
  home: string | null;
  shell: string;
  comment: string;
  uid: number | null;
  kind: 'person' | 'system';
  makesHome: 'yes' | 'no';
}

export function useradd(): SimulatedCommand {
  return { name: 'useradd', places: ['vm'], run };
}

async function run(context: CommandContext): Promise<CommandResult> {
  const options = readOptions(context.args);
  if ('exitCode' in options) return options;
  const { name } = options;
  if (name === null) return failed('Usage: useradd [options] LOGIN\n', 2);
  if (!/^[a-z_][a-z0-9_-]*\$?$/.test(name)) return failed(`useradd: invalid user name '${name}'\n`, 3);
  if ((context.env.get('USER') ?? 'root') !== 'root')
    return failed('useradd: Permission denied.\nuseradd: cannot lock /etc/passwd; try again later.\n');
  const passwd = (await context.readFile(PASSWD)) ?? '';
  const users = passwd.split('\n').filter((line) => line !== '');
  if (users.some((line) => line.startsWith(`${name}:`)))
    return failed(`useradd: user '${name}' already exists\n`, 9);
  const taken = users.map((line) => Number(line.split(':')[2]));
  const uid = options.uid ?? freeUid(taken, options.kind);
  if (options.uid !== null && taken.includes(options.uid))
    return failed(`useradd: UID ${options.uid} is not unique\n`, 4);
  const home = options.home ?? `/home/${name}`;
  await context.writeFile(
    PASSWD,
    [...users, [name, 'x', uid, uid, options.comment, home, options.shell].join(':'), ''].join('\n'),
  );
  if (options.makesHome === 'yes') await context.writeFile(`${home}/.profile`, '');
  return { stdout: '', stderr: '', exitCode: 0 };
}

/** People are counted upwards, and systems downwards. */
function freeUid(taken: readonly number[], kind: Options['kind']): number {
  let uid = kind === 'person' ? FIRST_UID : LAST_SYSTEM_UID;
  while (taken.includes(uid)) uid += kind === 'person' ? 1 : -1;
  return uid;
}

function readOptions(args: readonly string[]): Options | CommandResult {
  const options: Options = {
    name: null,
    home: null,
    shell: '/bin/sh',
    comment: '',
    uid: null,
    kind: 'person',
    makesHome: 'no',
  };
  // `-rm` is `-r -m`, and `--shell=X` is `--shell X`.
  const words = args.flatMap((arg) =>
    /^-[rmMUN]{2,}$/.test(arg)
      ? [...arg.slice(1)].map((letter) => `-${letter}`)
      : arg.startsWith('--') && arg.includes('=')
        ? [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)]
        : [arg],
  );
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    switch (word) {
      case '-r':
      case '--system':
        options.kind = 'system';
        continue;
      case '-m':
      case '--create-home':
        options.makesHome = 'yes';
        continue;
      case '-M':
      case '--no-create-home':
        options.makesHome = 'no';
        continue;
      // Who is in which group decides nothing here.
      case '-U':
      case '--user-group':
      case '-N':
      case '--no-user-group':
        continue;
    }
    if (!word.startsWith('-')) {
      if (options.name !== null) return failed('Usage: useradd [options] LOGIN\n', 2);
      options.name = word;
      continue;
    }
    const value = words[++at];
    if (value === undefined) return failed(`useradd: option '${word}' requires an argument\n`, 2);
    switch (word) {
      case '-d':
      case '--home-dir':
      case '--home':
        options.home = value;
        continue;
      case '-s':
      case '--shell':
        options.shell = value;
        continue;
      case '-c':
      case '--comment':
        options.comment = value;
        continue;
      case '-u':
      case '--uid':
        options.uid = Number(value);
        continue;
      case '-g':
      case '--gid':
      case '-G':
      case '--groups':
        continue;
      default:
        return notSimulatedHere('useradd', `the option ${word}`);
    }
  }
  return options;
}
