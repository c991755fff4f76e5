/** `calc` as a pure function: arguments in, what to print and the exit code out. */
import type { Calculator, CalculatorFlag } from './calculator.ts';
import { err } from '../model/result.ts';
import { formatInputIssue } from './input.ts';
import { unreadableInputs } from './input-limits.ts';
import type { FlagValues, InputIssue } from './input.ts';
import { readableIssues } from './readable-issues.ts';
import { CALCULATORS, findCalculator } from './registry.ts';

export interface CalcOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: 0 | 1 | 2;
}

/** What the page says is the same line that repeats it in a terminal. */
export const CALC_COMMAND = 'npm run -s calc --';

/** Returns the text of a file, or null where there is none. */
export type ReadFile = (path: string) => string | null;

/** Returns the files that a command line names, for callers that have to read them beforehand. */
export function filesOf(args: readonly string[]): readonly string[] {
  const calculator = findCalculator(args[0] ?? '');
  if (calculator === null) return [];
  const { values } = readArguments(calculator, args.slice(1));
  return calculator.flags.flatMap((flag) =>
    flag.fileFor === undefined ? [] : (values[flag.name] ?? []).map((path) => readablePath(flag, path)),
  );
}

/** What `ReadFile` is asked for: scenarios are no files, and `scenario:NAME` says so. */
export const SCENARIO_PATH = 'scenario:';

function readablePath({ readAs }: CalculatorFlag, path: string): string {
  return readAs === 'scenario' ? `${SCENARIO_PATH}${path}` : path;
}

/** Runs one `calc` command line. */
export function runCalc(args: readonly string[], readFile: ReadFile = () => null): CalcOutput {
  const [name, ...rest] = args;
  if (name === undefined) return { stdout: '', stderr: overview(), exitCode: 2 };
  if (isHelp(name)) return printed(overview());
  if (name === 'list' || name === '--list') return list(rest);
  if (name === 'help' && rest[0] !== undefined) return runCalc([rest[0], '--help']);
  if (name === 'help') return printed(overview());
  const calculator = findCalculator(name);
  if (calculator === null) {
    const known = CALCULATORS.map((each) => each.name);
    const near = nearest(name, known);
    const hint = near === null ? `There are: ${known.join(', ')}.` : `Did you mean ${near}?`;
    const message = `there is no calculator "${name}".`;
    const errors = [issue('', name, message, near ?? known.join(', '))];
    return refused(errors, `calc: ${message} ${hint}\n`, formatOf(rest));
  }
  if (rest.some(isHelp)) return printed(helpText(calculator));
  return runCalculator(calculator, rest, readFile);
}

function runCalculator(calculator: Calculator, args: readonly string[], readFile: ReadFile): CalcOutput {
  const { values: written, format, issues } = readArguments(calculator, args);
  const { values, unread } = withFiles(calculator, written, readFile);
  const unreadable = [...unread, ...unreadableInputs(calculator, values)];
  const answer = unreadable.length > 0 ? err(unreadable) : calculator.run(values);
  // A mistyped flag is reported together with what is wrong with the values, not before it.
  const all = readableIssues([...issues, ...(answer.ok ? [] : answer.error)]);
  if (answer.ok && all.length === 0) {
    const { json, text, exitCode } = answer.value;
    const stdout = format === 'json' ? `${JSON.stringify(json, null, 2)}\n` : `${text.join('\n')}\n`;
    return { stdout, stderr: '', exitCode };
  }
  const lines = all.map((each) => `calc ${calculator.name}: ${formatInputIssue(each)}`);
  const stderr = `${lines.join('\n')}\nSee: ${CALC_COMMAND} ${calculator.name} --help\n`;
  return refused(all, stderr, format);
}

/** Puts the content of the files that are named where it belongs. */
function withFiles(
  calculator: Calculator,
  values: FlagValues,
  readFile: ReadFile,
): { readonly values: FlagValues; readonly unread: readonly InputIssue[] } {
  const filled: Record<string, readonly string[]> = { ...values };
  const unread: InputIssue[] = [];
  for (const flag of calculator.flags) {
    const { name, fileFor } = flag;
    if (fileFor === undefined) continue;
    const texts = (values[name] ?? []).flatMap((path) => {
      const text = path === '' ? null : readFile(readablePath(flag, path));
      if (text === null && path !== '')
        unread.push(issue(name, path, `the ${flag.readAs ?? 'file'} "${path}" cannot be read.`, null));
      return text === null ? [] : [text];
    });
    if (texts.length > 0) filled[fileFor] = [...(values[fileFor] ?? []), ...texts];
  }
  return { values: filled, unread };
}

/** A program that asked for JSON gets the reasons as JSON too, whatever the mistake was. */
function refused(errors: readonly InputIssue[], stderr: string, format: 'text' | 'json'): CalcOutput {
  const stdout = format === 'json' ? `${JSON.stringify({ errors }, null, 2)}\n` : '';
  return { stdout, stderr, exitCode: 2 };
}

export interface CalcArguments {
  readonly values: FlagValues;
  readonly format: 'text' | 'json';
  readonly issues: readonly InputIssue[];
}

/**
 * Reads `--flag value`, `--flag=value`, repeated flags and aliases. Unknown flags, missing values and
 * stray words are all reported, each with what was probably meant.
 */
export function readArguments(calculator: Calculator, args: readonly string[]): CalcArguments {
  const values: Record<string, string[]> = {};
  const issues: InputIssue[] = [];
  const queue = [...args];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === '--json') continue;
    if (word.startsWith('--json=')) {
      issues.push(issue('json', word.slice('--json='.length), 'takes no value.', '--json'));
      continue;
    }
    if (!isFlag(word)) {
      if (calculator.positional === null) {
        issues.push(issue('', word, `"${word}" belongs to no flag.`, `${calculator.name} --help`));
      } else (values[calculator.positional] ??= []).push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const spelling = (equals < 0 ? word : word.slice(0, equals)).replace(/^-+/, '');
    const inline = equals < 0 ? [] : [word.slice(equals + 1)];
    if (spelling === 'output' || spelling === 'o') {
      const format = inline[0] ?? queue.shift() ?? '';
      if (format !== 'json' && format !== 'text') {
        issues.push(issue('output', format, `"${format}" is no output format.`, 'json or text.'));
      }
      continue;
    }
    const flag = flagOf(calculator, spelling);
    if (flag === null) {
      issues.push(unknownFlag(calculator, spelling, word));
      // What follows an unknown flag is its value, not a mistake of its own.
      while (queue[0] !== undefined && !isFlag(queue[0])) queue.shift();
      continue;
    }
    const taken = flag.takes === 'switch' ? inline : [...inline, ...takeValues(flag, inline, queue)];
    const given = (values[flag.name] ??= []);
    if (flag.takes === 'switch' && inline.length > 0) {
      issues.push(issue(flag.name, inline[0] ?? '', 'takes no value.', null));
    } else if (flag.takes !== 'switch' && taken.join('') === '' && mayNotBeEmpty(flag, taken)) {
      issues.push(issue(flag.name, null, 'needs a value.', `--${flag.name} ${flag.placeholder}`));
    }
    given.push(...taken);
  }
  return { values, format: formatOf(args), issues };
}

/** A flag that may stand alone may still not have an empty word behind it, which a variable that is not set leaves. */
function mayNotBeEmpty(flag: CalculatorFlag, taken: readonly string[]): boolean {
  return flag.takes !== 'optional' || taken.length > 0;
}

/** `one` takes one word, the others every word up to the next flag. */
function takeValues(flag: CalculatorFlag, inline: readonly string[], queue: string[]): readonly string[] {
  const taken: string[] = [];
  const most = flag.takes === 'one' ? 1 - inline.length : Infinity;
  while (taken.length < most && queue[0] !== undefined && !isFlag(queue[0])) {
    const next = queue.shift();
    if (next !== undefined) taken.push(next);
  }
  return taken;
}

/** A negative number is a value, so that "-1" is refused as a number and not as a flag; and so is PEM. */
function isFlag(word: string): boolean {
  return word.startsWith('-') && !/^-(\d|----BEGIN )/.test(word) && word !== '-';
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h';
}

function formatOf(args: readonly string[]): 'text' | 'json' {
  const joined = ` ${args.join(' ')} `;
  return / (--json|(-o|--output)[ =]json) /.test(joined) ? 'json' : 'text';
}

function flagOf(calculator: Calculator, spelling: string): CalculatorFlag | null {
  const name = spelling.toLowerCase().replaceAll('_', '-');
  // podCidr, maxPods: the names of the same things in Azure's JSON.
  const kebab = spelling.replaceAll(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
  const matches = (flag: CalculatorFlag, text: string) => flag.name === text || flag.aliases.includes(text);
  const exact = calculator.flags.find((flag) => matches(flag, spelling));
  if (exact !== undefined) return exact;
  return calculator.flags.find((flag) => matches(flag, name) || matches(flag, kebab)) ?? null;
}

function unknownFlag(calculator: Calculator, spelling: string, word: string): InputIssue {
  const near = nearest(
    spelling,
    calculator.flags.flatMap((flag) => [flag.name, ...flag.aliases]),
  );
  const meant = near === null ? null : flagOf(calculator, near);
  const instead =
    meant === null
      ? `one of ${listedFlags(calculator)
          .map((flag) => `--${flag.name}`)
          .join(', ')}.`
      : `--${meant.name}.`;
  return issue(spelling, word, 'there is no such flag.', instead);
}

function issue(flag: string, value: string | null, message: string, instead: string | null): InputIssue {
  return { flag, value, message, instead };
}

/** The known word with the fewest edits, if it is near enough to be meant. */
function nearest(word: string, known: readonly string[]): string | null {
  const scored = known
    .map((each) => ({ each, edits: editDistance(word.toLowerCase(), each) }))
    .sort((a, b) => a.edits - b.edits)[0];
  return scored !== undefined && scored.edits <= Math.max(1, Math.floor(word.length / 3))
    ? scored.each
    : null;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function printed(text: string): CalcOutput {
  return { stdout: text, stderr: '', exitCode: 0 };
}

function list(args: readonly string[]): CalcOutput {
  if (args.includes('--json')) {
    const calculators = CALCULATORS.map(({ name, title, summary, flags }) => ({
      name,
      title,
      summary,
      flags: listedFlags({ flags }).map((flag) => ({
        name: `--${flag.name}`,
        aliases: spellings(flag),
        required: flag.required ?? false,
        default: flag.fallback ?? null,
        help: flag.help,
      })),
    }));
    return printed(`${JSON.stringify(calculators, null, 2)}\n`);
  }
  const width = widestName();
  return printed(CALCULATORS.map((each) => `${each.name.padEnd(width)}  ${each.summary}\n`).join(''));
}

function listedFlags({ flags }: Pick<Calculator, 'flags'>): readonly CalculatorFlag[] {
  return flags.filter(({ unlisted }) => unlisted === undefined);
}

function widestName(): number {
  return Math.max(...CALCULATORS.map((each) => each.name.length));
}

function overview(): string {
  return [
    `Usage: ${CALC_COMMAND} CALCULATOR --flag value ... [--json]`,
    `       ${CALC_COMMAND} list [--json]`,
    `       ${CALC_COMMAND} CALCULATOR --help`,
    '',
    'Calculators:',
    ...CALCULATORS.map((each) => `  ${each.name.padEnd(widestName())}  ${each.summary}`),
    '',
    'Exit codes: 0 answered, 1 what was asked cannot be done, 2 an input or the usage is wrong.',
    '',
  ].join('\n');
}

export function helpText(calculator: Calculator): string {
  const positional = calculator.positional === null ? '' : ` [${calculator.positional.toUpperCase()}]`;
  return [
    `${calculator.title}: ${calculator.summary}`,
    '',
    `Usage: ${CALC_COMMAND} ${calculator.name}${positional} --flag value ... [--json]`,
    '',
    'Flags:',
    ...listedFlags(calculator).flatMap(flagHelp),
    '  --json',
    '      Print JSON (also: --output json).',
    '',
    'Examples:',
    ...calculator.examples.flatMap(({ does, line }) => [
      `  ${does}:`,
      `    ${CALC_COMMAND} ${calculator.name} ${line}`,
    ]),
    '',
    'JSON keys:',
    `  ${jsonKeys(calculator).join(', ')}`,
    '',
    ...calculator.notes,
    '',
  ].join('\n');
}

/** Keys of what `--json` prints for the first example. */
export function jsonKeys(calculator: Calculator): readonly string[] {
  const line = calculator.examples[0]?.line.split(' ') ?? [];
  return Object.keys(JSON.parse(runCalc([calculator.name, ...line, '--json']).stdout) as object);
}

/** Other spellings of a flag. `json` is one in the address of a page only: here it asks for JSON. */
function spellings({ aliases }: CalculatorFlag): readonly string[] {
  return aliases.filter((alias) => alias !== 'json').map(spell);
}

/** A flag of one letter has one dash. */
function spell(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}

function flagHelp(flag: CalculatorFlag): readonly string[] {
  const facts = [
    ...(flag.required === undefined ? [] : ['Required.']),
    ...(flag.fallback === undefined ? [] : [`Default: ${flag.fallback}.`]),
    ...(spellings(flag).length === 0 ? [] : [`Also: ${spellings(flag).join(', ')}.`]),
  ];
  return [
    `  --${flag.name} ${flag.placeholder}`.trimEnd(),
    `      ${flag.help}${flag.terminalHelp === undefined ? '' : ` ${flag.terminalHelp}`}`,
    `      ${facts.join(' ')}`.trimEnd(),
  ];
}
