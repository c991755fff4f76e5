import { parseArgs } from 'node:util';
import { UsageError } from './usage-error.ts';

type OptionSpec = Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly short?: string }>>;

export interface LabArguments {
  readonly positionals: readonly string[];
  readonly flag: (name: string) => boolean;
  readonly value: (name: string) => string | undefined;
}

/** Parses the arguments of one subcommand. Throws `UsageError` on an unknown option or a surplus word. */
export function parseLabArguments(
  args: readonly string[],
  options: OptionSpec,
  words: readonly string[],
): LabArguments {
  const parsed = parse(args, options);
  const surplus = parsed.positionals[words.length];
  if (surplus !== undefined) throw new UsageError(`Unexpected argument '${surplus}'.`);
  const values: Readonly<Record<string, unknown>> = parsed.values;
  return {
    positionals: parsed.positionals,
    flag: (name) => values[name] === true,
    value: (name) => {
      const value = values[name];
      return typeof value === 'string' ? value : undefined;
    },
  };
}

function parse(args: readonly string[], options: OptionSpec): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    // parseArgs says which option, then advises on `--`, which nobody needs here.
    if (error instanceof TypeError)
      throw new UsageError(error.message.split('. To specify')[0] ?? error.message);
    throw error;
  }
}
