/** Reads the words after the command as argparse does: abbreviations, `--a=b`, `-gRG`, lists, repeats. */
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzOption, AzUsageError, Json } from './command.ts';
import { closeMatches } from './close-matches.ts';
import { isList } from './output-format.ts';
import { isQuery } from './query.ts';

export interface UsageProblem extends AzUsageError {
  /** What stands instead of examples and references. */
  readonly hint?: string;
}

function usage(message: string, recommendation?: string): UsageProblem {
  return {
    kind: 'usage',
    message,
    exitCode: 2,
    ...(recommendation === undefined ? {} : { recommendation }),
  };
}

/** An option as azure-cli names it in its messages: `--name/-n`. */
export function optionLabel(option: AzOption): string {
  return option.names.join('/');
}

interface Found {
  readonly option: AzOption;
  /** The value joined to the name, as in `--a=b` and `-gRG`. */
  readonly joined: string | null;
  /** Further short flags in the same word, as in `-dy`. */
  readonly rest: string | null;
}

/**
 * Parses the words; `program` is what messages start with, `az network vnet create`. As in argparse,
 * ambiguous names are found first, then the words are read in order, and `--help` ends the reading.
 */
export function parseCommandLine(
  program: string,
  words: readonly string[],
  options: readonly AzOption[],
): Result<AzArguments, UsageProblem> {
  const byName = new Map(options.flatMap((option) => option.names.map((name) => [name, option] as const)));
  const end = words.indexOf('--');
  const own = end === -1 ? words : words.slice(0, end);
  const found: (Found | null)[] = [];
  for (const word of own) {
    const match = isOption(word) ? findOption(word, byName) : ok(null);
    if (!match.ok) return match;
    found.push(match.value);
  }
  const reading: Reading = { program, byName, values: {}, stray: [] };
  let at = 0;
  while (at < own.length) {
    const match = found[at] ?? null;
    const word = own[at] ?? '';
    at += 1;
    if (match === null) {
      reading.stray.push(word);
      continue;
    }
    const following: string[] = [];
    if (match.joined === null && match.rest === null) {
      const limit = takes(match.option);
      while (at < own.length && following.length < limit && !isOption(own[at] ?? '')) {
        following.push(own[at] ?? '');
        at += 1;
      }
    }
    const problem = take(reading, match, following);
    if (problem !== null) return err(problem);
    if (reading.values['help'] === true) return ok(reading.values);
  }
  const positional = options.find(({ names }) => names.length === 0);
  const behind = end === -1 ? [] : words.slice(end);
  if (positional !== undefined) {
    const given = [...reading.stray.splice(0), ...behind.splice(0).slice(1)];
    if (given.length > 0) reading.values[positional.dest] = given;
  }
  const missing = options.filter(
    (option) => option.required === true && reading.values[option.dest] === undefined,
  );
  if (missing.length > 0) {
    const labels = missing.toSorted((a, b) => rank(a) - rank(b)).map(optionLabel);
    return err(usage(`the following arguments are required: ${labels.join(', ')}`));
  }
  reading.stray.push(...behind);
  if (reading.stray.length > 0) return err(usage(`unrecognized arguments: ${reading.stray.join(' ')}`));
  return ok(reading.values);
}

interface Reading {
  readonly program: string;
  readonly byName: ReadonlyMap<string, AzOption>;
  readonly values: Record<string, Json>;
  readonly stray: string[];
}

/** Notes the value of an option, and of the short flags that stand in the same word. */
function take(reading: Reading, match: Found, following: readonly string[]): UsageProblem | null {
  const { option, joined, rest } = match;
  const read = readValue(reading.program, option, joined === null ? following : [joined]);
  if (!read.ok) return read.error;
  const before = reading.values[option.dest];
  reading.values[option.dest] =
    option.type.kind === 'lists' ? [...(isList(before) ? before : []), read.value] : read.value;
  if (rest === null) return null;
  const next = findOption(rest, reading.byName);
  if (!next.ok) return next.error;
  if (next.value === null)
    return usage(`argument ${optionLabel(option)}: ignored explicit argument '${rest.slice(1)}'`);
  return take(reading, next.value, []);
}

/** azure-cli registers the group first, then what holds the resource, then its name. */
function rank(option: AzOption): number {
  if (option.dest === 'resourceGroup') return 0;
  if (option.names.includes('-n')) return 2;
  return /^--[a-z-]+-name$/.test(option.names[0] ?? '') ? 1 : 3;
}

/** What argparse takes for an option: a dash and more, but no negative number and nothing with a space. */
function isOption(word: string): boolean {
  return (
    word.length > 1 && word.startsWith('-') && !/^-\d+$|^-\d*\.\d+$/.test(word) && !/\s/.test(headOf(word))
  );
}

function headOf(word: string): string {
  const equals = word.indexOf('=');
  return equals === -1 ? word : word.slice(0, equals);
}

function findOption(word: string, byName: ReadonlyMap<string, AzOption>): Result<Found | null, UsageProblem> {
  const exact = byName.get(word);
  if (exact !== undefined) return ok({ option: exact, joined: null, rest: null });
  const equals = word.indexOf('=');
  const head = headOf(word);
  const joined = equals === -1 ? null : word.slice(equals + 1);
  const withValue = byName.get(head);
  if (withValue !== undefined) return ok({ option: withValue, joined, rest: null });
  if (word.startsWith('--')) {
    const names = [...byName.keys()].filter((name) => name.startsWith(head));
    const candidates = new Set(names.map((name) => byName.get(name)));
    const [only] = names;
    if (candidates.size > 1) {
      return err(usage(`ambiguous option: ${word} could match ${names.join(', ')}`));
    }
    const option = only === undefined ? undefined : byName.get(only);
    return ok(option === undefined ? null : { option, joined, rest: null });
  }
  const short = byName.get(word.slice(0, 2));
  if (short === undefined) return ok(null);
  if (short.type.kind === 'flag') return ok({ option: short, joined: null, rest: `-${word.slice(2)}` });
  return ok({ option: short, joined: word.slice(2).replace(/^=/, ''), rest: null });
}

/** How many of the words that follow belong to an option. */
function takes(option: AzOption): number {
  switch (option.type.kind) {
    case 'flag':
      return 0;
    case 'string':
    case 'integer':
    case 'enum':
    case 'boolean':
      return 1;
    case 'list':
    case 'lists':
    case 'pairs':
      return Number.POSITIVE_INFINITY;
  }
}

/** Network commands, less those of NICs, come from azure-cli's newer generator, with habits of its own. */
function isNewerGeneration(program: string): boolean {
  return program.startsWith('az network ') && !program.startsWith('az network nic ');
}

const TRUE = ['true', 't', 'yes', 'y', '1'];
const FALSE = ['false', 'f', 'no', 'n', '0'];

function readValue(program: string, option: AzOption, given: readonly string[]): Result<Json, UsageProblem> {
  const label = optionLabel(option);
  const [first] = given;
  switch (option.type.kind) {
    case 'flag':
      if (first !== undefined) return err(usage(`argument ${label}: ignored explicit argument '${first}'`));
      return ok(true);
    case 'boolean': {
      if (first === undefined) return ok(true);
      const wanted = first.toLowerCase();
      const [truths, lies] = isNewerGeneration(program) ? [TRUE, FALSE] : [['true'], ['false']];
      if (truths.includes(wanted)) return ok(true);
      if (lies.includes(wanted)) return ok(false);
      return err(invalidChoice(program, option, first, [...truths, ...lies]));
    }
    case 'string':
      if (first === undefined) return err(usage(`argument ${label}: expected one argument`));
      if (option.names.includes('--query') && !isQuery(first)) {
        return err({
          ...usage(`argument ${label}: invalid jmespath_type value: '${first}'`),
          hint: "To learn more about --query, please visit: 'https://docs.microsoft.com/cli/azure/query-azure-cli'",
        });
      }
      return ok(first);
    case 'integer':
      if (first === undefined) return err(usage(`argument ${label}: expected one argument`));
      if (!/^[+-]?\d+$/.test(first.trim())) {
        // Commands of azure-cli's newer generator read numbers after argparse is done.
        return err(
          isNewerGeneration(program) && option.group !== 'Wait Condition'
            ? {
                kind: 'usage',
                message: `Failed to parse '${option.names[0] ?? ''}' argument: invalid literal for int() with base 10: '${first}'`,
                exitCode: 1,
              }
            : usage(`argument ${label}: invalid int value: '${first}'`),
        );
      }
      return ok(Number(first));
    case 'enum': {
      if (first === undefined) return err(usage(`argument ${label}: expected one argument`));
      const { values } = option.type;
      const canonical = values.find((value) => value.toLowerCase() === first.toLowerCase());
      if (canonical !== undefined) return ok(canonical);
      // Output formats are put in small letters before they are compared.
      const shown = option.names.includes('--output') ? first.toLowerCase() : first;
      return err(invalidChoice(program, option, shown, values));
    }
    case 'list':
      if (given.length === 0 && option.type.empty !== 'allowed') {
        return err(usage(`argument ${label}: expected at least one argument`));
      }
      // `--ids` reads JSON of its own: whole resources, from which it takes the ids.
      if (option.dest === 'ids') return ok(given);
      if (isNewerGeneration(program)) {
        const name = option.names[0] ?? '';
        if (given.length === 1 && first === 'null') {
          if (program.endsWith(' update')) return ok([]);
          return err({ ...usage(`Failed to parse '${name}' argument: field is not nullable`), exitCode: 1 });
        }
        const part = given.find((word) => /^\[-?\d+\]=/.test(word));
        if (part !== undefined) {
          return err({
            ...usage(
              `(NotSimulated) Setting one element of a list (${name} ${part}) is not simulated in this workbook. Real az accepts it. Give the whole list.`,
            ),
            exitCode: 1,
          });
        }
      }
      return ok(expandShorthand(given));
    case 'lists':
      if (given.length === 0) return err(usage(`argument ${label}: expected at least one argument`));
      return ok(given);
    case 'pairs':
      return readPairs(given, label);
  }
}

function invalidChoice(
  program: string,
  option: AzOption,
  value: string,
  allowed: readonly string[],
): UsageProblem {
  const [near] = closeMatches(value, allowed, 0.7);
  return usage(
    `${program}: '${value}' is not a valid value for '${option.names[0] ?? ''}'. Allowed values: ${allowed.join(', ')}.`,
    near === undefined ? undefined : `Did you mean '${near}' ?`,
  );
}

/** `[a,b]` and `["a", "b"]` in one word stand for a list, azure-cli's shorthand syntax. */
function expandShorthand(given: readonly string[]): readonly string[] {
  const [only] = given;
  if (given.length !== 1 || only === undefined || !only.startsWith('[') || !only.endsWith(']')) return given;
  try {
    const parsed: unknown = JSON.parse(only);
    // Elements are texts: where one is an object or a list, azure-cli takes the whole word for one text.
    if (Array.isArray(parsed)) {
      return parsed.some((one) => typeof one === 'object') ? given : parsed.map(String);
    }
  } catch {
    // Not JSON: the shorthand form has no quotes, or single ones.
  }
  const inside = only.slice(1, -1).trim();
  if (/[[\]{}]/.test(inside)) return given;
  return inside === '' ? [] : inside.split(',').map((item) => item.trim().replaceAll(/^['"]|['"]$/g, ''));
}

function readPairs(given: readonly string[], label: string): Result<Json, UsageProblem> {
  const found = new Map<string, string>();
  const [only] = given;
  const words =
    given.length === 1 && only?.startsWith('{') === true && only.endsWith('}')
      ? only
          .slice(1, -1)
          .split(',')
          .map((item) =>
            item
              .trim()
              .replaceAll(/["']/g, '')
              .replace(/\s*:\s*/, '='),
          )
      : given;
  for (const word of words) {
    if (word === '') continue;
    const equals = word.indexOf('=');
    const key = equals === -1 ? word : word.slice(0, equals);
    if (key === '') return err(usage(`argument ${label}: '${word}' has no key before the '='`));
    found.set(key, equals === -1 ? '' : word.slice(equals + 1));
  }
  return ok(Object.fromEntries(found));
}
