/** sudo: as root, or as whom it is told, with an environment of its own. */
import type { Command } from 'just-bash';
import type { PlaceSetup } from './place-shell.ts';
import { quoteWord } from './quote.ts';
import { failure, runWords, textOf, type Run } from './run-words.ts';

export function sudo(setup: PlaceSetup): Command {
  return {
    name: 'sudo',
    execute: async (args, context) => {
      const asked = sudoArguments(args);
      const given = asked.words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
      const words = given < 0 ? [] : asked.words.slice(given);
      const [first] = words;
      if (first !== undefined && /^-(?!s$)/.test(first))
        return failure(`sudo: the option ${first} is not simulated in this workbook\n`);
      const passwd = await textOf(context, '/etc/passwd');
      const home = homeOf(asked.user, setup, passwd);
      if (home === null)
        return failure(
          `sudo: unknown user ${asked.user}\nsudo: error initializing audit plugin sudoers_audit\n`,
        );
      if (first === undefined || (words.length === 1 && ['su', 'bash', 'sh', '-s'].includes(first)))
        return failure(
          'sudo: a shell of root is not simulated in this workbook; put sudo before each command\n',
        );
      // `sudo NAME=value COMMAND`, as root may.
      const assigned = asked.words.slice(0, given).map((word) => {
        const [name = ''] = word.split('=', 1);
        return `export ${name}=${quoteWord(word.slice(name.length + 1))}`;
      });
      const run = (before: readonly string[]) =>
        runWords(
          words,
          context,
          context.signal,
          [...before, ...assigned].map((each) => `${each}; `).join(''),
        );
      const login = await loginEnvironment(context);
      if (login === null) return run([]);
      // sudo starts with an environment of its own (env_reset), and PAM adds what /etc/environment says.
      const names = Object.keys(context.exportedEnv ?? {});
      const gone = args[0] === '-E' ? [] : names.filter((name) => /_proxy$/i.test(name));
      const isSame = setup.user === asked.user;
      const root = isSame ? [] : [`USER=${asked.user}`, `LOGNAME=${asked.user}`, `HOME=${quoteWord(home)}`];
      const before = [
        ...root.map((each) => `export ${each}`),
        `export SUDO_USER=${setup.user}`,
        ...gone.map((name) => `unset ${name}`),
        ...Object.entries(login).map(([name, value]) => `export ${name}=${quoteWord(value)}`),
      ];
      return run(before);
    },
  };
}

/** Reads `sudo [-EnHi] [-u USER] COMMAND...`. */
function sudoArguments(args: readonly string[]): {
  readonly user: string;
  readonly words: readonly string[];
} {
  let user = 'root';
  let at = 0;
  for (; args[at]?.startsWith('-') === true; at++) {
    const arg = args[at] ?? '';
    if (['-u', '--user'].includes(arg)) user = args[++at] ?? user;
    else if (/^(-u|--user=)./.test(arg)) user = arg.replace(/^(-u|--user=)/, '');
    else if (arg === '--') return { user, words: args.slice(at + 1) };
    else if (!['-E', '-n', '-H', '-i'].includes(arg)) break;
  }
  return { user, words: args.slice(at) };
}

/** Ubuntu's sudo gives a program the home of the user that it runs as; null if there is no such user. */
function homeOf(user: string, setup: PlaceSetup, passwd: string | null): string | null {
  if (user === 'root') return '/root';
  if (user === setup.user) return setup.home;
  const line = (passwd ?? '').split('\n').find((each) => each.startsWith(`${user}:`));
  return line?.split(':')[5] ?? null;
}

/**
 * Returns the assignments of /etc/environment, which PAM reads for sudo, su and logins and nobody else does
 * (pam_env, `readenv=1` of Ubuntu's /etc/pam.d/sudo); null on a machine that has none. sudo has a PATH of its own.
 */
async function loginEnvironment({
  fs,
}: Parameters<Run>[1]): Promise<Readonly<Record<string, string>> | null> {
  try {
    const text = await fs.readFile('/etc/environment');
    const found: Record<string, string> = {};
    for (const line of text.split('\n')) {
      const [, name, value = ''] = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
      if (name !== undefined && name !== 'PATH') found[name] = value.replace(/^(["'])(.*)\1$/, '$2');
    }
    return found;
  } catch {
    return null;
  }
}
