/**
 * What the extensions of azure-cli take, from the reference that Microsoft generates of them
 * (tests/fixtures/az-extensions.json; `scripts/record-az-extensions.ts` writes it). The azure-cli on record
 * has no extension, so lines that use one are held to these tables in its place.
 */
import recorded from '../fixtures/az-extensions.json' with { type: 'json' };

export interface ExtensionOption {
  readonly names: readonly string[];
  readonly required?: boolean;
  /** A part of the id that `--ids` gives instead. */
  readonly idPart?: boolean;
  readonly choices?: readonly string[];
  /** `--x`, `--x true`, `--x false`. */
  readonly threeState?: boolean;
  /** Takes several values. */
  readonly several?: boolean;
}

/** Options of every command of an extension, by the command's words. */
export const EXTENSION_COMMANDS: ReadonlyMap<string, readonly ExtensionOption[]> = new Map(
  Object.values(recorded.extensions).flatMap(({ commands }) => Object.entries(commands)),
);

const THREE_STATES = ['0', '1', 'f', 'false', 'n', 'no', 't', 'true', 'y', 'yes'];

/** What the global options of every command take. */
const GLOBAL_FLAGS = ['--debug', '--help', '-h', '--only-show-errors', '--verbose'];

/** The reference does not say which options take no value. */
const SSH_FLAGS = ['--prefer-private-ip', '--rdp', '--winrdp', '--yes-without-prompt'];

interface Given {
  readonly name: string;
  readonly values: readonly string[];
}

function givenOptions(words: readonly string[]): readonly Given[] {
  const given: { name: string; values: string[] }[] = [];
  for (const word of words) {
    if (/^-(?!\d)\S/.test(word)) {
      const [, name = word, joined] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
      given.push({ name, values: joined === undefined ? [] : [joined] });
    } else {
      given.at(-1)?.values.push(word);
    }
  }
  return given;
}

/** Returns the command of an extension that a line begins with, or null. */
export function extensionCommandOf(words: readonly string[]): string | null {
  const first = words.findIndex((word) => word.startsWith('-'));
  const command = words.slice(0, first === -1 ? words.length : first).join(' ');
  return EXTENSION_COMMANDS.has(command) ? command : null;
}

/** Returns what the extension's tables have against a line of one of its commands, or null. */
export function extensionComplaint(words: readonly string[], kind: 'line' | 'mention'): string | null {
  const command = extensionCommandOf(words);
  if (command === null) return 'is no command of an extension on record';
  const options = EXTENSION_COMMANDS.get(command) ?? [];
  const end = words.indexOf('--');
  const own = words.slice(command.split(' ').length, end === -1 ? words.length : end);
  const given = givenOptions(own);
  for (const one of given) {
    const option = options.find(({ names }) => names.includes(one.name));
    if (option === undefined) return `has the option ${one.name}, which ${command} does not take`;
    const wrong = valueComplaint(one, option);
    if (wrong !== null) return wrong;
  }
  if (kind === 'mention' || given.some(({ name }) => name === '--help' || name === '-h')) return null;
  const has = ({ names }: ExtensionOption): boolean => given.some(({ name }) => names.includes(name));
  const byId = given.some(({ name }) => name === '--ids');
  const missing = options.find(
    (option) => (option.required === true || (option.idPart === true && !byId)) && !has(option),
  );
  return missing === undefined ? null : `lacks ${missing.names.join('/')}`;
}

function valueComplaint({ name, values }: Given, option: ExtensionOption): string | null {
  if (option.threeState === true) {
    const fine = values.length === 0 || (values.length === 1 && THREE_STATES.includes(values[0] ?? ''));
    return fine ? null : `gives ${name} the values ${values.join(' ')}`;
  }
  const many = option.several === true || ['--tags', '--add', '--set', '--remove', '--ids'].includes(name);
  if (values.length > 1 && !many && option.choices === undefined) {
    return `gives ${name} several values: ${values.join(' ')}`;
  }
  const isFlag =
    [...GLOBAL_FLAGS, ...SSH_FLAGS].includes(name) || ['--yes', '-y'].includes(name) || isWaitFlag(name);
  if (values.length === 0 && !many && !isFlag) return `gives ${name} no value`;
  const stray = values.find(
    (value) =>
      option.choices !== undefined &&
      !/^[$@]/.test(value) &&
      !option.choices.some((choice) => choice.toLowerCase() === value.toLowerCase()),
  );
  return stray === undefined ? null : `gives ${name} the value ${stray}`;
}

function isWaitFlag(name: string): boolean {
  return ['--created', '--deleted', '--exists', '--updated'].includes(name);
}
