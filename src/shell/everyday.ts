/** Small programs of any Linux machine that just-bash lacks or answers for the wrong machine. */
import type { Command } from 'just-bash';
import { cutText, readCut } from './cut-lines.ts';
import { runEnv, runPrintenv } from './environment-programs.ts';
import { joinPatterns } from './grep-patterns.ts';
import { normalDiff } from './diff-lines.ts';
import { jqFilterAt, jqFormNotSimulated } from './jq-forms.ts';
import { rewrittenJq } from './jq-rewritten.ts';
import { listLong } from './list-files.ts';
import { mktemp } from './make-temporary.ts';
import type { PlaceSetup } from './place-shell.ts';
import { answer, failure, runWords, textOf, type Run } from './run-words.ts';
import { sudo } from './sudo.ts';
import { bytesOf, decodeUtf8 } from './quote.ts';
import { readShellOptions } from './shell-options.ts';
import { envsubst } from './substitute-variables.ts';
import { TERMINATED } from './world.ts';
import type { World } from './world.ts';

/** Words of bash itself that just-bash lacks, and what a script that uses them has to know. */
const SHELL_WORDS: Readonly<Record<string, string>> = {
  bg: 'there are no background jobs: a command behind & has ended when it returns',
  disown: 'there are no background jobs: a command behind & has ended when it returns',
  fg: 'there are no background jobs: a command behind & has ended when it returns',
  jobs: 'there are no background jobs: a command behind & has ended when it returns',
  trap: 'nothing was set, and the command would never run; do at the end of the script what it should do',
  ulimit: 'the limits of this shell are fixed',
  umask: 'files have no permissions that matter here',
};

const NOT_SIMULATED = [
  'ansible',
  'docker',
  'emacs',
  'git',
  'helm',
  'kubelogin',
  'k9s',
  'nano',
  'node',
  'pip',
  'podman',
  'pwsh',
  'python',
  'python3',
  'telnet',
  'terraform',
  'vi',
  'vim',
  'watch',
];

/** Returns the commands every place gets, on top of just-bash's own. */
export function everydayCommands(setup: PlaceSetup, world: World): Command[] {
  const has = (name: string) => setup.builtins === 'all' || setup.builtins.includes(name);
  const simulated = new Set(setup.commands.map((command) => command.name));
  const table: Record<string, Run> = {
    date: (args, context) => {
      const given = args.some((arg) => /^(-d|--date|-r|--reference|--help)/.test(arg));
      const original = context.origCommand;
      if (original === undefined) return answer('');
      return original(given ? args : ['-d', `@${world.cloud.now}`, ...args]);
    },
    env: (args, context) => runEnv(args, context, runWords),
    printenv: runPrintenv,
    cut: async (args, context) => {
      const read = readCut(args);
      if (read.kind === 'other')
        return (await context.origCommand?.([...args])) ?? { ...NOTHING, exitCode: 1 };
      if (read.kind === 'wrong') return failure(read.message);
      const { request } = read;
      let [stdout, stderr] = ['', ''];
      for (const file of request.files.length === 0 ? ['-'] : request.files) {
        const text =
          file === '-'
            ? decodeUtf8(bytesOf(context.stdin))
            : await textOf(context, context.fs.resolvePath(context.cwd, file));
        if (text === null) stderr += `cut: ${file}: No such file or directory\n`;
        else stdout += cutText(request, text);
      }
      return { stdout, stderr, exitCode: stderr === '' ? 0 : 1 };
    },
    diff: async (args, context) => {
      const original = () => context.origCommand?.(args) ?? answer('');
      const [first, second, ...more] = args;
      const isPlain = first !== undefined && second !== undefined && more.length === 0;
      if (!isPlain || args.some((arg) => /^-./.test(arg)) || setup.promptStyle === 'ash') return original();
      const read = async (path: string): Promise<string | null> =>
        path === '-'
          ? decodeUtf8(bytesOf(context.stdin))
          : textOf(context, context.fs.resolvePath(context.cwd, path));
      const [before, after] = [await read(first), await read(second)];
      const text = before === null || after === null ? null : normalDiff(before, after);
      return text === null ? original() : { stdout: text, stderr: '', exitCode: text === '' ? 0 : 1 };
    },
    hostname: (args) => {
      if (args.length === 0 || args[0] === '-s') return answer(`${setup.hostname}\n`);
      if (args[0] === '-f') return answer(`${setup.hostname}\n`);
      return failure(`hostname: ${args.join(' ')} is not simulated in this workbook\n`);
    },
    // just-bash's own ls -l has one mode for all files, and the dates of another machine.
    ls: async (args, context) => {
      const listed = await listLong(args, {
        fs: context.fs,
        cwd: context.cwd,
        now: world.cloud.now,
        homes: homesOf(setup, await textOf(context, '/etc/passwd')),
        style: setup.promptStyle === 'ash' ? 'busybox' : 'gnu',
      });
      return listed ?? (await context.origCommand?.(args)) ?? { ...NOTHING, exitCode: 0 };
    },
    envsubst,
    mktemp: mktemp(world),
    // just-bash's own tr does not know characters by their number, as in `tr '\0' '\n' < /proc/1/environ`.
    tr: (args, context) => {
      const original = context.origCommand;
      if (original === undefined) return answer('');
      const byNumber = (arg: string) =>
        arg.replaceAll(/\\([0-7]{1,3})/g, (_, digits: string) =>
          String.fromCharCode(Number.parseInt(digits, 8)),
        );
      return original(args.map(byNumber));
    },
    whoami: (_args, context) => answer(`${userOf(context, setup)}\n`),
    id: (args, context) => {
      const user = userOf(context, setup);
      const id = user === 'root' ? 0 : 1000;
      if (args[0] === '-u' || args[0] === '-g') return answer(`${id}\n`);
      if (args[0] === '-un') return answer(`${user}\n`);
      return answer(`uid=${id}(${user}) gid=${id}(${user}) groups=${id}(${user})\n`);
    },
    uname: (args) => {
      const fields: Record<string, string> = {
        s: 'Linux',
        n: setup.hostname,
        r: setup.kernel,
        v: '#61-Ubuntu SMP',
        m: 'x86_64',
        o: 'GNU/Linux',
      };
      const letters = args.join('').replaceAll('-', '');
      if (letters === '') return answer('Linux\n');
      const chosen = letters.includes('a') ? 'snrvmo' : letters;
      const unknown = [...chosen].find((letter) => fields[letter] === undefined);
      if (unknown !== undefined) return failure(`uname: invalid option -- '${unknown}'\n`);
      return answer(
        `${[...'snrvmo']
          .filter((letter) => chosen.includes(letter))
          .map((letter) => fields[letter])
          .join(' ')}\n`,
      );
    },
    // just-bash's own sleep ends after an hour, whatever it is told.
    sleep: async (args) => {
      if (args.length === 0)
        return failure("sleep: missing operand\nTry 'sleep --help' for more information.\n");
      const wrong = args.find((arg) => secondsOf(arg) === null);
      if (wrong !== undefined) {
        return failure(`sleep: invalid time interval ‘${wrong}’\nTry 'sleep --help' for more information.\n`);
      }
      world.wait(args.reduce((sum, arg) => sum + (secondsOf(arg) ?? 0), 0));
      // A turn of the event loop, so that Ctrl-C gets through to a loop that only sleeps.
      await new Promise((resolve) => {
        setTimeout(resolve, 0);
      });
      return answer('');
    },
    timeout: async (args, context) => {
      const read = readTimeout(args);
      if (read === null) return (await context.origCommand?.(args)) ?? { ...NOTHING, exitCode: 125 };
      if (read.seconds === 0) return runWords(read.command, context);
      const { done, isLate } = await world.within(read.seconds, (signal) =>
        runWords(read.command, context, signal),
      );
      // busybox becomes the program itself, and so has its exit code.
      const code = setup.promptStyle === 'ash' || read.keepsStatus ? TERMINATED : 124;
      if (!isLate) return done;
      const isScript = /^(?:\S*\/)?(?:ba|a)?sh$/.test(read.command[0] ?? '');
      const stderr =
        isScript && done.stdout === ''
          ? 'timeout: what the script printed until then is not shown in this workbook\n'
          : '';
      return { stdout: done.stdout, stderr, exitCode: code };
    },
    // A pipeline here runs its stages one after the other, so an endless producer has to end somewhere.
    yes: (args) => answer(`${args.length === 0 ? 'y' : args.join(' ')}\n`.repeat(1000)),
    ...Object.fromEntries(
      ['bash', 'sh', 'ash'].map((name): [string, Run] => [
        name,
        (args, context) => {
          const original = context.origCommand;
          if (original === undefined) return answer('');
          const start = readShellOptions(name, args);
          switch (start.kind) {
            case 'run':
              return original([...start.args]);
            case 'stdin':
              return original(['-c', start.before + decodeUtf8(bytesOf(context.stdin)), ...start.args]);
            case 'refused':
              return failure(`${name}: the option ${start.option} is not simulated in this workbook\n`);
          }
        },
      ]),
    ),
    ...Object.fromEntries(
      ['grep', 'egrep', 'fgrep'].map((name): [string, Run] => [
        name,
        (args, context) => context.origCommand?.(joinPatterns(args)) ?? answer(''),
      ]),
    ),
    jq: (args, context) => {
      const at = jqFilterAt(args);
      const filter = rewrittenJq(args[at ?? -1] ?? '');
      const why = jqFormNotSimulated(filter);
      return why === null
        ? (context.origCommand?.(at === null ? args : args.with(at, filter)) ?? answer(''))
        : Promise.resolve({
            stdout: '',
            stderr: `jq: not simulated in this workbook: ${why}\n`,
            exitCode: 5,
          });
    },
    // just-bash's xargs does not know values that are glued to their option (`-n1`, `-I{}`).
    xargs: (args, context) => {
      const original = context.origCommand;
      if (original === undefined) return answer('');
      return original(
        args.flatMap((arg) => (/^-[nILPdsE]./.test(arg) ? [arg.slice(0, 2), arg.slice(2)] : [arg])),
      );
    },
  };
  const commands = Object.entries(table)
    .filter(([name]) => has(name))
    .map(([name, execute]): Command => ({ name, execute }));
  for (const [name, why] of Object.entries(SHELL_WORDS)) {
    commands.push({
      name,
      execute: () => failure(`bash: ${name}: not simulated in this workbook: ${why}\n`),
    });
  }
  if (setup.builtins === 'all') {
    for (const name of NOT_SIMULATED.filter((candidate) => !simulated.has(candidate))) {
      commands.push({
        name,
        execute: () =>
          Promise.resolve({
            stdout: '',
            stderr:
              `bash: ${name}: command not found\n` +
              `(this workbook simulates ${[...simulated].join(', ')} and the usual text tools)\n`,
            exitCode: 127,
          }),
      });
    }
  }
  // Nothing hangs up here: a server stays as it does without, and anything else has ended.
  commands.push({
    name: 'nohup',
    execute: (args, context) =>
      args.length === 0
        ? Promise.resolve({
            stdout: '',
            stderr: "nohup: missing operand\nTry 'nohup --help' for more information.\n",
            exitCode: 125,
          })
        : runWords(args, context),
  });
  if (has('sudo')) commands.push(sudo(setup));
  return commands;
}

/** Whose home is where: of the users that have one to themselves. */
function homesOf(setup: PlaceSetup, passwd: string | null): Readonly<Record<string, string>> {
  const own = setup.user === 'root' ? [] : [[setup.home, setup.user] as const];
  const listed = (passwd ?? '').split('\n').flatMap((line) => {
    const [name = '', , id = '', , , home = ''] = line.split(':');
    return Number(id) >= 1000 || /^\/var\/lib\//.test(home) ? [[home, name] as const] : [];
  });
  return Object.fromEntries([...listed, ...own]);
}

/** Who runs a command: under sudo, whom it names. */
function userOf(context: Parameters<Run>[1], setup: PlaceSetup): string {
  return context.env.has('SUDO_USER') ? (context.env.get('USER') ?? setup.user) : setup.user;
}

interface Timeout {
  readonly seconds: number;
  readonly command: readonly string[];
  readonly keepsStatus: boolean;
}

/** Reads `timeout [-k 5] [-s KILL] [--preserve-status] 10 PROGRAM ...`; null where it would not run it. */
function readTimeout(args: readonly string[]): Timeout | null {
  let at = 0;
  let keepsStatus = false;
  for (; args[at]?.startsWith('-') === true; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      at++;
      break;
    }
    if (arg === '--preserve-status') keepsStatus = true;
    else if (/^(-k|-s|--kill-after|--signal)$/.test(arg)) at++;
    else if (!/^(-[ks].+|--(kill-after|signal)=.+|-v|--verbose|--foreground)$/.test(arg)) return null;
  }
  const seconds = secondsOf(args[at] ?? '');
  const command = args.slice(at + 1);
  return seconds === null || command.length === 0 ? null : { seconds, command, keepsStatus };
}

const NOTHING = { stdout: '', stderr: '' };

const UNIT_SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** Returns the seconds of `90`, `1.5m` or `2h`; null for anything else. */
function secondsOf(text: string): number | null {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d*)?|\.\d+)([smhd]?)$/.exec(text) ?? [];
  const factor = UNIT_SECONDS[unit];
  return number === '' || factor === undefined ? null : Number(number) * factor;
}
