/** Options of `bash` and `sh` as a program, of which just-bash knows `-c` alone. */

/** What a shell is started for. */
export type ShellStart =
  | { readonly kind: 'run'; readonly args: readonly string[] }
  /** `-s`: the script is on standard input. */
  | { readonly kind: 'stdin'; readonly before: string; readonly args: readonly string[] }
  | { readonly kind: 'refused'; readonly option: string };

/** A login or interactive shell reads files of its user first, and there are none here that matter. */
const WITHOUT_EFFECT = /^--(?:login|norc|noprofile|posix)$/;
const LETTERS_WITHOUT_EFFECT = 'li';
/** Those that `set` takes too. */
const LETTERS_OF_SET = 'aefuvxnbCE';

/** Returns the arguments that just-bash takes for the ones given: options become a `set` in front of the script. */
export function readShellOptions(name: string, args: readonly string[]): ShellStart {
  let letters = '';
  const named: string[] = [];
  let at = 0;
  let from: 'file' | 'word' | 'stdin' = 'file';
  for (; /^[-+]./.test(args[at] ?? ''); at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      at++;
      break;
    }
    if (WITHOUT_EFFECT.test(arg)) continue;
    if (!/^-[a-zA-Z]+$/.test(arg)) return { kind: 'refused', option: arg };
    for (const letter of arg.slice(1)) {
      if (letter === 'c') from = 'word';
      else if (letter === 's') from = 'stdin';
      else if (letter === 'o') named.push(args[++at] ?? '');
      else if (LETTERS_OF_SET.includes(letter)) letters += letter;
      else if (!LETTERS_WITHOUT_EFFECT.includes(letter)) return { kind: 'refused', option: `-${letter}` };
    }
  }
  const before = [
    ...(letters === '' ? [] : [`set -${letters}\n`]),
    ...named.map((each) => `set -o ${each}\n`),
  ].join('');
  const rest = args.slice(at);
  const [first, ...others] = rest;
  if (from === 'word') {
    return { kind: 'run', args: first === undefined ? ['-c'] : ['-c', before + first, ...others] };
  }
  if (from === 'stdin' || (first === undefined && before !== '')) {
    return { kind: 'stdin', before, args: [name, ...rest] };
  }
  if (before === '' || first === undefined) return { kind: 'run', args: rest };
  return { kind: 'run', args: ['-c', `${before}. "$0"`, first, ...others] };
}
