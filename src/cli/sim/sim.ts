import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { calcCommand } from '../../lab/calc-command.ts';
import { newCloud, type CloudOptions } from '../../model/azure/subscription.ts';
import type { Cloud } from '../../model/cloud.ts';
import { upgradeCloud } from '../../model/upgrade-cloud.ts';
import type { CloudOfVersion1 } from '../../model/upgrade-cloud.ts';
import { expandScenario } from '../../shell/scenario-text.ts';
import { readDirectives } from '../../shell/scenario.ts';
import { createSession, type Session } from '../../shell/session.ts';
import type { Program, Terminal } from '../terminal.ts';

const HELP = `Usage: npm run -s sim -- [OPTIONS] [FILE.sh | -] [ARGS...]

Runs bash on a fresh simulated Azure subscription. az, kubectl and netpath are simulated; jq, grep,
awk and the other usual text tools are there, and so are the course's calculators (calc). Nothing
leaves this machine.

  FILE.sh      run the script as "bash FILE.sh ARGS..." would; exits with the script's own code
  -            read the script from standard input
  (no file)    an interactive shell, or standard input if that is not a terminal

Options:
  --seed TEXT  what names, MAC addresses and public addresses are drawn from
  --load FILE  start from a cloud that --save wrote
  --save FILE  write the cloud as JSON at the end
  --help       show this text

Lines that begin with "#:" at the top of a script set the stage (seed, clock, pin, internet-host,
on-premises-host; "from NAME KEY=value" as the first line runs NAME.sh of the same folder before
it); content/scenarios/ has examples.

Exit codes: the script's own; 2 bad input or usage; 3 a bug in the simulation.
`;

class UsageError extends Error {}

interface Arguments {
  readonly help: 'asked' | 'not-asked';
  readonly seed: string | null;
  readonly load: string | null;
  readonly save: string | null;
  readonly file: string | null;
  readonly rest: readonly string[];
}

function readArguments(argv: readonly string[]): Arguments {
  const values: Record<'seed' | 'load' | 'save', string | null> = { seed: null, load: null, save: null };
  let help: Arguments['help'] = 'not-asked';
  let at = 0;
  for (; at < argv.length; at++) {
    const arg = argv[at] ?? '';
    if (arg === '--') {
      at++;
      break;
    }
    if (arg === '--help' || arg === '-h') {
      help = 'asked';
      continue;
    }
    const option = /^--(seed|load|save)(?:=(.*))?$/s.exec(arg);
    if (option !== null) {
      const value = option[2] ?? argv[++at];
      if (value === undefined || value === '') throw new UsageError(`${arg} needs a value`);
      const name = option[1];
      if (name === 'seed' || name === 'load' || name === 'save') values[name] = value;
      continue;
    }
    if (arg.startsWith('-') && arg !== '-') throw new UsageError(`unknown option ${arg}`);
    break;
  }
  const [file = null, ...rest] = argv.slice(at);
  return { help, ...values, file, rest };
}

async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv);
  if (args.help === 'asked') {
    terminal.out(HELP);
    return 0;
  }
  const fromTerminal = args.file === null && terminal.typing;
  const script = fromTerminal ? null : readExpanded(args.file ?? '-', terminal);
  const session = createSession({ cloud: startCloud(args, script, terminal), commands: [calcCommand] });
  const exitCode =
    script === null
      ? await interact(session)
      : await runFile(session, args.file ?? '-', script, args.rest, terminal);
  if (args.save !== null) writeFileSync(args.save, `${JSON.stringify(session.cloud, null, 2)}\n`);
  for (const bug of session.bugs) terminal.err(`sim: a bug in the simulation: ${bug.stack ?? bug.message}\n`);
  return session.bugs.length > 0 ? 3 : exitCode;
}

/** Returns the script, with the scenario beside it that its `#: from` line names. */
function readExpanded(file: string, terminal: Terminal): string {
  const folder = file === '-' ? '.' : dirname(file);
  const expanded = expandScenario(readScript(file, terminal), (name) => {
    const base = join(folder, `${name}.sh`);
    return existsSync(base) ? readScript(base, terminal) : null;
  });
  if (!expanded.ok) throw new UsageError(`${file}, line 1: ${expanded.error}`);
  return expanded.value;
}

function readScript(file: string, terminal: Terminal): string {
  try {
    const bytes = file === '-' ? terminal.input() : readFileSync(file);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (text.includes('\0')) throw new UsageError(`${file} is not a script: it holds binary data`);
    return text.replaceAll('\r\n', '\n');
  } catch (problem) {
    if (problem instanceof UsageError) throw problem;
    if (problem instanceof TypeError) throw new UsageError(`${file} is not a script: it is not UTF-8 text`);
    const code = problem instanceof Error && 'code' in problem ? String(problem.code) : '';
    const reasons: Record<string, string> = {
      ENOENT: 'No such file or directory',
      EISDIR: 'Is a directory',
      EACCES: 'Permission denied',
    };
    throw new UsageError(`cannot read ${file}: ${reasons[code] ?? String(problem)}`);
  }
}

function startCloud(args: Arguments, script: string | null, terminal: Terminal): Cloud {
  const directives = readDirectives(script ?? '');
  if (!directives.ok) {
    const where = args.file ?? 'standard input';
    throw new UsageError(
      directives.error.map((each) => `${where}, line ${each.line}: ${each.message}`).join('\n     '),
    );
  }
  if (args.load !== null) return loadCloud(args.load, terminal);
  const options: CloudOptions = { ...directives.value, ...(args.seed === null ? {} : { seed: args.seed }) };
  return newCloud(options);
}

function loadCloud(file: string, terminal: Terminal): Cloud {
  let data: unknown;
  try {
    data = JSON.parse(readScript(file, terminal));
  } catch (problem) {
    if (problem instanceof UsageError) throw problem;
    throw new UsageError(
      `${file} is not a saved cloud: ${problem instanceof Error ? problem.message : String(problem)}`,
    );
  }
  if (!isCloud(data)) throw new UsageError(`${file} is not a cloud that --save wrote`);
  return upgradeCloud(data);
}

function isCloud(data: unknown): data is Cloud | CloudOfVersion1 {
  return (
    typeof data === 'object' &&
    data !== null &&
    'version' in data &&
    (data.version === 1 || data.version === 2) &&
    'resources' in data &&
    'kubernetes' in data &&
    'subscription' in data
  );
}

async function runFile(
  session: Session,
  file: string,
  script: string,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const name = file === '-' ? 'stdin.sh' : basename(file);
  const stopping = new AbortController();
  const stop = () => {
    stopping.abort();
  };
  process.once('SIGINT', stop);
  const result = await session.runScript(name, script, {
    args,
    signal: stopping.signal,
    onOutput: (stream, text) => {
      if (stream === 'stdout') terminal.out(text);
      else terminal.err(text);
    },
  });
  process.off('SIGINT', stop);
  terminal.out(result.stdout);
  terminal.err(result.stderr);
  return stopping.signal.aborted ? 130 : result.exitCode;
}

async function interact(session: Session): Promise<number> {
  const { converse } = await import('../conversation.ts');
  return converse(session);
}

export const sim: Program = async (argv, terminal) => {
  try {
    return await main(argv, terminal);
  } catch (problem) {
    if (problem instanceof UsageError) {
      terminal.err(`sim: ${problem.message}\nTry: npm run -s sim -- --help\n`);
      return 2;
    }
    const what = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
    terminal.err(`sim: a bug in the simulation: ${what}\n`);
    return 3;
  }
};
