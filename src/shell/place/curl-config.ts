/** curl's own configuration: `~/.curlrc`, and the files of `-K` (tool_parsecfg.c and tool_findfile.c of curl 7.88). */
import type { CommandContext } from '../command.ts';

/** Where it looks, in order; the first file that is there counts. */
const PLACES = [
  ['CURL_HOME', '/.curlrc'],
  ['XDG_CONFIG_HOME', '/curlrc'],
  ['HOME', '/.curlrc'],
  ['HOME', '/.config/curlrc'],
] as const;

/** Returns the arguments of a call with what configuration files say, each where it counts: of the default one first. */
export async function withConfiguration(
  args: readonly string[],
  context: Pick<CommandContext, 'env' | 'readFile'>,
): Promise<readonly string[]> {
  const [first = ''] = args;
  const isDisabled = first === '--disable' || /^-q/.test(first);
  const own = isDisabled ? [] : argumentsOf((await defaultFile(context)) ?? '');
  const all: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const file = /^-K(.+)$/.exec(arg)?.[1] ?? (arg === '-K' || arg === '--config' ? args[at + 1] : undefined);
    const text = file === undefined || file === '-' ? null : await context.readFile(file);
    if (text === null) {
      all.push(arg);
      continue;
    }
    all.push(...argumentsOf(text));
    if (!/^-K./.test(arg)) at++;
  }
  return [...own, ...all];
}

async function defaultFile({
  env,
  readFile,
}: Pick<CommandContext, 'env' | 'readFile'>): Promise<string | null> {
  for (const [variable, name] of PLACES) {
    const folder = env.get(variable);
    const text = folder === undefined || folder === '' ? null : await readFile(`${folder}${name}`);
    if (text !== null) return text;
  }
  return null;
}

/** One option a line, with or without its dashes; `=` or `:` may follow a name without. */
function argumentsOf(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return [];
    const [, dashed, named, rest = ''] = /^(?:(-\S*)\s*|([^\s=:]+)[\s=:]*)(.*)$/s.exec(trimmed) ?? [];
    const option = dashed ?? `--${named ?? ''}`;
    if (rest === '') return [option];
    const quoted = /^"((?:[^"\\]|\\.)*)/.exec(rest)?.[1];
    const value = quoted?.replaceAll(/\\(.)/g, (_whole, letter: string) => ESCAPES[letter] ?? letter);
    return [option, value ?? rest.split(/\s/)[0] ?? ''];
  });
}

const ESCAPES: Readonly<Record<string, string | undefined>> = { t: '\t', n: '\n', r: '\r', v: '\v' };
