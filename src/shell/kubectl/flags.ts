/** Reads a command line the way pflag does: flags anywhere before `--`, `-it` bundles, `-ndefault`. */
import { err, ok, type Result } from '../../model/result.ts';
import { Flags, type Flag, type KubectlInput } from './command.ts';
import { clientError, type KubectlFailure } from './failure.ts';

export const GLOBAL_FLAGS: readonly Flag[] = [
  {
    name: 'namespace',
    shorthand: 'n',
    type: { kind: 'string' },
    help: 'If present, the namespace scope for this CLI request',
  },
  { name: 'context', type: { kind: 'string' }, help: 'The name of the kubeconfig context to use' },
  {
    name: 'kubeconfig',
    type: { kind: 'string' },
    help: 'Path to the kubeconfig file to use for CLI requests.',
  },
  {
    name: 'request-timeout',
    type: { kind: 'string' },
    shown: "'0'",
    help: 'The length of time to wait before giving up; every answer here is immediate.',
  },
  {
    name: 'v',
    shorthand: 'v',
    type: { kind: 'integer' },
    shown: '0',
    help: 'Number for the log level verbosity',
  },
  ...[
    'as',
    'as-group',
    'cluster',
    'server',
    'token',
    'user',
    'password',
    'username',
    'certificate-authority',
  ].map((name): Flag => ({
    name,
    ...(name === 'server' ? { shorthand: 's' } : {}),
    type: { kind: 'string' },
    help: 'Connection option.',
    notSimulated: 'the connection comes from the kubeconfig that az aks get-credentials writes',
  })),
  {
    name: 'insecure-skip-tls-verify',
    type: { kind: 'flag' },
    help: 'Connection option.',
    notSimulated: 'there is no TLS to the simulated API server',
  },
];

/** Parses what follows the command's own words. `commandWords` are used in the hint of an error. */
export function parseFlags(
  argv: readonly string[],
  known: readonly Flag[],
  commandWords: string,
): Result<KubectlInput & { readonly help: 'asked' | 'not-asked' }, KubectlFailure> {
  const values = new Map<string, string | readonly string[]>();
  const args: string[] = [];
  let afterDash: readonly string[] | null = null;
  let help: 'asked' | 'not-asked' = 'not-asked';
  const fail = (message: string): Result<never, KubectlFailure> =>
    err({ stderr: `error: ${message}\nSee '${commandWords} --help' for usage.\n`, exitCode: 1 });

  for (let at = 0; at < argv.length; at++) {
    const arg = argv[at] ?? '';
    if (arg === '--') {
      afterDash = argv.slice(at + 1);
      break;
    }
    if (arg.startsWith('--')) {
      const [name = '', given] = splitOnce(arg.slice(2));
      if (name === 'help') {
        help = 'asked';
        continue;
      }
      if (name === '' || name.startsWith('-')) return fail(`bad flag syntax: ${arg}`);
      const flag = known.find((candidate) => candidate.name === name);
      if (flag === undefined) return fail(`unknown flag: --${name}`);
      let value = given ?? standingAlone(flag);
      if (value === null) {
        const next = argv[++at];
        if (next === undefined) return fail(`flag needs an argument: --${name}`);
        value = next;
      }
      const problem = store(values, flag, value, `--${name}`, flag.shorthand);
      if (problem !== null) return fail(problem);
      continue;
    }
    if (arg.startsWith('-') && arg !== '-') {
      let letters = arg.slice(1);
      while (letters !== '') {
        const letter = letters[0] ?? '';
        letters = letters.slice(1);
        const flag = known.find((candidate) => candidate.shorthand === letter);
        if (flag === undefined) {
          if (letter === 'h') {
            help = 'asked';
            continue;
          }
          return fail(`unknown shorthand flag: '${letter}' in ${arg}`);
        }
        let value: string;
        if (letters.startsWith('=')) {
          value = letters.slice(1);
          letters = '';
        } else {
          const alone = standingAlone(flag);
          if (alone !== null) value = alone;
          else if (letters !== '') {
            value = letters;
            letters = '';
          } else {
            const next = argv[++at];
            if (next === undefined) return fail(`flag needs an argument: '${letter}' in ${arg}`);
            value = next;
          }
        }
        const problem = store(values, flag, value, `-${letter}, --${flag.name}`, flag.shorthand);
        if (problem !== null) return fail(problem);
      }
      continue;
    }
    args.push(arg);
  }
  if (help === 'not-asked') {
    for (const flag of known) {
      if (flag.notSimulated !== undefined && values.has(flag.name) && values.get(flag.name) !== 'false') {
        return err(clientError(`--${flag.name} is not simulated in this workbook: ${flag.notSimulated}`));
      }
    }
  }
  return ok({ flags: new Flags(values), args, afterDash, help });
}

function splitOnce(text: string): readonly [string, string?] {
  const at = text.indexOf('=');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** The value of a flag that is given without one; null if it needs one. */
function standingAlone(flag: Flag): string | null {
  switch (flag.type.kind) {
    case 'flag':
      return 'true';
    case 'optional':
      return flag.type.absent;
    case 'string':
    case 'integer':
    case 'list':
      return null;
  }
}

function store(
  values: Map<string, string | readonly string[]>,
  flag: Flag,
  value: string,
  spelled: string,
  shorthand: string | undefined,
): string | null {
  const shown = shorthand === undefined ? `--${flag.name}` : `-${shorthand}, --${flag.name}`;
  void spelled;
  switch (flag.type.kind) {
    case 'flag': {
      if (/^(1|t|T|true|TRUE|True)$/.test(value)) values.set(flag.name, 'true');
      else if (/^(0|f|F|false|FALSE|False)$/.test(value)) values.set(flag.name, 'false');
      else
        return `invalid argument "${value}" for "${shown}" flag: strconv.ParseBool: parsing "${value}": invalid syntax`;
      return null;
    }
    case 'integer':
      if (!/^[+-]?\d+$/.test(value)) {
        return `invalid argument "${value}" for "${shown}" flag: strconv.ParseInt: parsing "${value}": invalid syntax`;
      }
      values.set(flag.name, value);
      return null;
    case 'string':
    case 'optional':
      values.set(flag.name, value);
      return null;
    case 'list': {
      const before = values.get(flag.name);
      const added = flag.type.split === 'comma' ? value.split(',') : [value];
      values.set(flag.name, [...(typeof before === 'string' ? [before] : (before ?? [])), ...added]);
      return null;
    }
  }
}
