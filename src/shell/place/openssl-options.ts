/** How openssl's commands read their options (apps/lib/opt.c of OpenSSL 3.0). */
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandResult } from '../command.ts';
import { failed, notSimulatedHere } from './program.ts';

/** `real`: OpenSSL has it, and it is not simulated; `real-value` takes a value. */
export type OpensslOption = 'switch' | 'value' | 'real' | 'real-value';

export interface OpensslOptions {
  readonly has: (name: string) => boolean;
  /** The last value, or null. */
  readonly value: (name: string) => string | null;
  readonly values: (name: string) => readonly string[];
  /** Names in the order in which they were given. */
  readonly order: readonly string[];
  readonly rest: readonly string[];
}

/** Reads `-name`, `--name`, `-name value` and `-name=value`; a word that is no option begins the rest. */
export function readOpensslOptions(
  command: string,
  args: readonly string[],
  table: Readonly<Record<string, OpensslOption>>,
): Result<OpensslOptions, CommandResult> {
  const given: { readonly name: string; readonly value: string }[] = [];
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('-') || arg === '-') break;
    if (arg === '--') {
      at++;
      break;
    }
    const [name = '', attached] = arg.replace(/^--?/, '').split(/=(.*)/s);
    const kind = Object.hasOwn(table, name) ? table[name] : undefined;
    const wrong = (what: string) => err(failed(`${command}: ${what}\n${command}: Use -help for summary.\n`));
    if (kind === undefined) return wrong(`Unknown option: -${name}`);
    if (kind === 'real' || kind === 'real-value')
      return err(notSimulatedHere('openssl', `the option -${name} of openssl ${command}`));
    if (kind === 'switch') {
      if (attached !== undefined) return wrong(`Option -${name} does not take a value`);
      given.push({ name, value: '' });
      continue;
    }
    const value = attached ?? args[++at];
    if (value === undefined) return wrong(`Option -${name} needs a value`);
    given.push({ name, value });
  }
  const values = (name: string) => given.filter((each) => each.name === name).map((each) => each.value);
  return ok({
    has: (name) => values(name).length > 0,
    value: (name) => values(name).at(-1) ?? null,
    values,
    order: given.map(({ name }) => name),
    rest: args.slice(at),
  });
}
