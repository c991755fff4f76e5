/** The program `az`: finds the command, reads its options, runs it on the cloud and prints the result. */
import { enterSubscription, findSubscription } from '../../model/azure/subscription-choice.ts';
import type { Cloud, Subscription } from '../../model/cloud.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { CommandContext, CommandResult, SimulatedCommand } from '../command.ts';
import type { AzArguments, AzCommand, AzFailure, AzFiles, AzOption, AzOutcome, Json } from './command.ts';
import { parseCommandLine } from './command-line.ts';
import type { UsageProblem } from './command-line.ts';
import { findCommand } from './command-tree.ts';
import { CONFIG_PATH, configuredDefaults, readConfiguration, setting } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import { extensionOf, INSTALLED_PATH, installedIn, installedText } from './extension-index.ts';
import { commandHelp, groupHelp } from './help-text.ts';
import { allOptions } from './option.ts';
import { formatOutput, sortKeys } from './output-format.ts';
import type { OutputFormat } from './output-format.ts';
import { search } from './query.ts';
import { azCommands, groupSummaries } from './registry.ts';
import { expandIds } from './resource-ids.ts';
import type { AzRun } from './resource-ids.ts';

const REFERENCE = 'https://aka.ms/cli_ref\nRead more about the command in reference docs\n';
const KUBECONFIG_PATH = '~/.kube/config';

export const az: SimulatedCommand = { name: 'az', places: ['workstation'], run: runAz };

async function runAz(context: CommandContext): Promise<CommandResult> {
  const words = await Promise.all(context.args.map((word) => expandFile(word, context)));
  const [first] = words;
  if (first === undefined) return printed(groupHelp([], azCommands, groupSummaries));
  if (first === '--version' || first === '-v') return printed(versionText());
  const asked = first === 'help' ? [...words.slice(1), '--help'] : words;
  const match = findCommand(asked, azCommands);
  switch (match.kind) {
    case 'command':
      return runCommand(context, match.command, match.rest);
    case 'group':
      if (match.rest.some((word) => word === '--help' || word === '-h')) {
        return printed(groupHelp(match.path, azCommands, groupSummaries));
      }
      return usageError({ message: 'the following arguments are required: _subcommand' }, null);
    case 'not-simulated':
      return failed(`ERROR: az ${match.name} is a real command that this workbook does not simulate.\n`, 1);
    case 'unknown':
      return usageError(
        {
          message: `'${match.word}' is misspelled or not recognized by the system.`,
          ...(match.suggestion === null ? {} : { recommendation: `Did you mean '${match.suggestion}' ?` }),
        },
        null,
      );
  }
}

function printed(stdout: string): CommandResult {
  return { stdout, stderr: '', exitCode: 0 };
}

function failed(stderr: string, exitCode: number, stdout = ''): CommandResult {
  return { stdout, stderr, exitCode };
}

function versionText(): string {
  return 'azure-cli                         2.45.0\n\nThis az is the simulation of the AKS networking workbook.\n';
}

/**
 * `@file` at the start of a word or behind its first `=` is the file's content; if there is no such file, the
 * text as it is (`_expand_file_prefixed_files` of azure-cli).
 */
async function expandFile(word: string, context: CommandContext): Promise<string> {
  const equals = word.indexOf('=');
  const head = equals === -1 ? '' : word.slice(0, equals + 1);
  const value = word.slice(head.length);
  if (!value.startsWith('@') || value.length === 1) return word;
  const path = value.slice(1);
  const text = path === '-' ? context.stdin : await context.readFile(fromHome(path, context));
  return text === null ? word : head + text.replace(/\n+$/, '');
}

function fromHome(path: string, context: CommandContext): string {
  return path.startsWith('~/') ? `${context.env.get('HOME') ?? '/root'}${path.slice(1)}` : path;
}

async function runCommand(
  context: CommandContext,
  command: AzCommand,
  words: readonly string[],
): Promise<CommandResult> {
  const program = `az ${command.path.join(' ')}`;
  const configuration = readConfiguration(await context.readFile(fromHome(CONFIG_PATH, context)));
  const { options, values } = configuredDefaults(allOptions(command.options), configuration, context.env);
  const parsed = parseCommandLine(program, words, options);
  if (!parsed.ok) return usageError(parsed.error, command);
  if (parsed.value['help'] === true) return printed(commandHelp(command));
  const settings = readSettings(parsed.value, configuration, context);
  const refusal = checkUse(context.cloud, options, parsed.value);
  if (refusal !== null) return refusal;
  const given: AzArguments =
    parsed.value['ids'] === undefined ? { ...values, ...parsed.value } : parsed.value;
  const runs = expandIds(command, given, context.cloud);
  if (!runs.ok) return usageError(runs.error, command);
  const extension = await installExtension(context, command, configuration);
  if (extension.kind === 'refused') return extension.result;
  if (command.confirm === true && given['yes'] !== true) {
    return failed(
      'WARNING: Unable to prompt for confirmation as no tty available. Use --yes.\nERROR: Operation cancelled.\n',
      1,
    );
  }
  const home = context.cloud.subscription;
  const asked = chosenSubscription(context.cloud, command, parsed.value);
  const done = await runAll(context, command, runs.value, asked ?? home);
  // A command that chose none of its own may have made another subscription the current one.
  const back = (cloud: Cloud): Cloud =>
    asked === null && given['ids'] === undefined ? cloud : leave(context.cloud, cloud);
  if (!done.ok) {
    const { failure: problem, cloud } = done.error;
    const failed = failure({ failure: problem, cloud: back(cloud) }, command, context.cloud);
    return warned(failed, [...extension.warnings, ...(problem.warnings ?? [])], settings);
  }
  const finished = finish({ ...done.value, cloud: back(done.value.cloud) }, settings, given);
  return warned(finished, extension.warnings, settings);
}

/** The result with warnings before what it says on stderr. */
function warned(result: CommandResult, warnings: readonly string[], settings: Settings): CommandResult {
  if (settings.warnings === 'hidden') return result;
  return { ...result, stderr: warnings.map((one) => `WARNING: ${one}\n`).join('') + result.stderr };
}

/**
 * Installs the extension that a command is in, if it is not: azure-cli asks first, unless it is configured not
 * to. Nobody can be asked here, so the answer is its default, yes, and the words are those without a question
 * (azure-cli's core/extension/dynamic_install.py). Configured not to install, it does not know the command.
 */
async function installExtension(
  context: CommandContext,
  command: AzCommand,
  configuration: Configuration,
): Promise<
  | { readonly kind: 'there'; readonly warnings: readonly string[] }
  | { readonly kind: 'refused'; readonly result: CommandResult }
> {
  const extension = extensionOf(command.path);
  if (extension === null) return { kind: 'there', warnings: [] };
  const path = fromHome(INSTALLED_PATH, context);
  const names = installedIn(context.cloud, await context.readFile(path));
  if (names.includes(extension.name)) return { kind: 'there', warnings: [] };
  if (setting(configuration, context.env, 'extension', 'use_dynamic_install') === 'no') {
    const message = `'${command.path[1] ?? ''}' is misspelled or not recognized by the system.`;
    return { kind: 'refused', result: usageError({ message }, null) };
  }
  await context.writeFile(path, installedText([...names, extension.name]));
  return {
    kind: 'there',
    warnings: [`The command requires the extension ${extension.name}. It will be installed first.`],
  };
}

/** Returns what the global `--subscription` names, or null; `checkUse` has made sure that it is there. */
function chosenSubscription(cloud: Cloud, { options }: AzCommand, args: AzArguments): Subscription | null {
  const wanted = args['subscription'];
  const isOwn = options.some(({ names }) => names.includes('--subscription'));
  if (typeof wanted !== 'string' || isOwn) return null;
  return findSubscription(cloud, wanted);
}

/** Goes back to the subscription that was current; the very cloud of before if that is all that changed. */
function leave(before: Cloud, after: Cloud): Cloud {
  const back = enterSubscription(after, before.subscription);
  const keys = Object.keys(back) as (keyof Cloud)[];
  return keys.every((key) => back[key] === before[key]) ? before : back;
}

interface Settings {
  readonly format: OutputFormat;
  readonly query: string | null;
  readonly warnings: 'shown' | 'hidden';
}

function readSettings(args: AzArguments, configuration: Configuration, context: CommandContext): Settings {
  const query = typeof args['query'] === 'string' ? args['query'] : null;
  const wanted = args['output'] ?? setting(configuration, context.env, 'core', 'output') ?? 'json';
  const formats: readonly OutputFormat[] = ['json', 'jsonc', 'yaml', 'yamlc', 'table', 'tsv', 'none'];
  const format = formats.find((one) => one === wanted) ?? 'json';
  return { format, query, warnings: args['onlyShowErrors'] === true ? 'hidden' : 'shown' };
}

/** Refuses options we do not simulate, and subscriptions that do not exist. */
function checkUse(cloud: Cloud, options: readonly AzOption[], args: AzArguments): CommandResult | null {
  for (const option of options) {
    if (option.notSimulated === undefined || args[option.dest] === undefined) continue;
    if (option.type.kind === 'boolean' && args[option.dest] === false) continue;
    if (option.simulatedValue !== undefined && args[option.dest] === option.simulatedValue) continue;
    return failed(
      `ERROR: (NotSimulated) The option ${option.names[0] ?? ''} is not simulated in this workbook: ${option.notSimulated}. Real az accepts it.\n`,
      1,
    );
  }
  const wanted = args['subscription'];
  if (typeof wanted === 'string' && findSubscription(cloud, wanted) === null) {
    return failed(`ERROR: The subscription of '${wanted}' doesn't exist in cloud 'AzureCloud'.\n`, 1);
  }
  return null;
}

interface Done {
  readonly outcomes: readonly AzOutcome[];
  readonly cloud: Cloud;
  readonly elapsedSeconds: number;
}

/** Runs the command once per resource; the first failure undoes nothing before it, as in real az. */
async function runAll(
  context: CommandContext,
  command: AzCommand,
  runs: readonly AzRun[],
  subscription: Subscription,
): Promise<Result<Done, { readonly failure: AzFailure; readonly cloud: Cloud }>> {
  let cloud = context.cloud;
  let elapsedSeconds = 0;
  const outcomes: AzOutcome[] = [];
  for (const { args, subscription: own } of runs) {
    cloud = enterSubscription(cloud, own ?? subscription);
    const written = new Map<string, string>();
    const files = await openFiles(context, command, args, written);
    const ran = command.run(cloud, args, files);
    if (!ran.ok) {
      return err({ failure: ran.error, cloud: ran.error.cloud ?? cloud });
    }
    let outcome = ran.value;
    elapsedSeconds += outcome.durationSeconds ?? 1;
    if (outcome.inside !== undefined) {
      const { place, script, then } = outcome.inside;
      const result = await context.runIn(place, ['sh', '-c', script], '', outcome.cloud);
      elapsedSeconds += result.elapsedSeconds ?? 0;
      outcome = then(result, result.cloud ?? outcome.cloud);
    }
    if (outcome.ssh !== undefined) {
      const { args: words, then } = outcome.ssh;
      const { ssh } = await import('../ssh.ts');
      const result = await ssh.run({ ...context, args: words, cloud: outcome.cloud });
      elapsedSeconds += result.elapsedSeconds ?? 0;
      outcome = then(result, result.cloud ?? outcome.cloud);
    }
    cloud = outcome.cloud;
    for (const [path, text] of written) await context.writeFile(path, text);
    outcomes.push(outcome);
  }
  return ok({ outcomes, cloud, elapsedSeconds });
}

/** Files are read before the command runs, since a command is a plain function, and written after it. */
async function openFiles(
  context: CommandContext,
  command: AzCommand,
  args: AzArguments,
  written: Map<string, string>,
): Promise<AzFiles> {
  const contents = new Map<string, string | null>();
  // azure-cli takes the first of several, and reports an empty one; here an empty one counts as unset.
  const kubeconfig = context.env.get('KUBECONFIG')?.split(':')[0] || KUBECONFIG_PATH;
  for (const path of [CONFIG_PATH, kubeconfig, ...(command.reads?.(args) ?? [])]) {
    const place = fromHome(path, context);
    contents.set(place, await context.readFile(place));
  }
  return {
    kubeconfig,
    read: (path) => written.get(fromHome(path, context)) ?? contents.get(fromHome(path, context)) ?? null,
    write: (path, text) => written.set(fromHome(path, context), text),
  };
}

function finish(done: Done, settings: Settings, args: AzArguments): CommandResult {
  const many = args['ids'] !== undefined && done.outcomes.length > 1;
  const noWait = args['noWait'] === true;
  const warnings = done.outcomes.flatMap((outcome) => outcome.warnings ?? []);
  const stderr =
    settings.warnings === 'hidden' ? '' : warnings.map((warning) => `WARNING: ${warning}\n`).join('');
  const changed = { cloud: done.cloud, elapsedSeconds: done.elapsedSeconds };
  const [only] = done.outcomes;
  const result: Json = sortKeys(
    many
      ? done.outcomes.flatMap((outcome) => (outcome.output === undefined ? [] : [outcome.output]))
      : (only?.output ?? null),
  );
  // Whoever does not wait is shown nothing, though here the operation is already done.
  const nothing = noWait || (many && Array.isArray(result) && result.length === 0);
  const shown = nothing ? null : result;
  let answer: Json = shown;
  if (settings.query !== null && shown !== null) {
    const found = search(shown, settings.query);
    if (!found.ok) return { stdout: '', stderr: `${stderr}ERROR: ${found.error}\n`, exitCode: 1, ...changed };
    answer = found.value;
  }
  const printed = done.outcomes.map((outcome) => outcome.printed ?? '').join('');
  const stdout = formatOutput(answer, settings.format, {
    transform: (!many && only?.table) || null,
    query: settings.query === null ? 'none' : 'active',
  });
  const enter = only?.enter === undefined ? {} : { enter: only.enter };
  return { stdout: printed + stdout, stderr, exitCode: 0, ...changed, ...enter };
}

function usageError(
  problem: Pick<UsageProblem, 'message' | 'recommendation' | 'hint'> & { readonly exitCode?: 1 | 2 | 3 },
  command: AzCommand | null,
): CommandResult {
  const recommendation = problem.recommendation === undefined ? '' : `${problem.recommendation}\n`;
  const exitCode = problem.exitCode ?? 2;
  if (exitCode !== 2) return failed(`ERROR: ${problem.message}\n${recommendation}`, exitCode);
  if (problem.hint !== undefined) return failed(`ERROR: ${problem.message}\n${problem.hint}\n`, exitCode);
  const examples = (command?.examples ?? []).map(({ does, line }) => `${line}\n${does}\n\n`).join('');
  return failed(
    `ERROR: ${problem.message}\n${recommendation}\nExamples from AI knowledge base:\n${examples}${REFERENCE}`,
    exitCode,
  );
}

/** Codes of HTTP status 404, for which azure-cli exits with 3. */
const NOT_FOUND = ['ResourceNotFound', 'ResourceGroupNotFound', 'NotFound', 'ParentResourceNotFound'];

function failure(
  { failure: problem, cloud }: { readonly failure: AzFailure; readonly cloud: Cloud },
  command: AzCommand,
  before: Cloud,
): CommandResult {
  // With several ids the ones before the failure are done, and stay done.
  const changed = cloud === before ? {} : { cloud };
  if (problem.kind === 'usage') return { ...usageError(problem, command), ...changed };
  const target = problem.target === undefined ? '' : `Target: ${problem.target}\n`;
  const exitCode = problem.exitCode ?? (NOT_FOUND.includes(problem.code) ? 3 : 1);
  return {
    ...failed(
      `ERROR: (${problem.code}) ${problem.message}\nCode: ${problem.code}\nMessage: ${problem.message}\n${target}`,
      exitCode,
    ),
    ...changed,
  };
}
