/**
 * Options that came after the azure-cli on record (tests/fixtures/az-options.json): the declared tables
 * name the version of each, and tests/fixtures/az-newer-options.json holds what the release notes say
 * of it. A line of the course that uses one is asked of the recorded parser without it.
 */
import { azCommands } from '../../src/shell/az/registry.ts';
import { shapeOf } from './az-line-shape.ts';

/** Commands that came after it, with the versions that brought them (release notes). */
export const NEWER_COMMANDS: Readonly<Record<string, string>> = {
  'aks egress-endpoints list': 'only in the extension aks-preview',
  'aks machine list': '2.70.0, before that in the extension aks-preview',
  'aks machine show': '2.70.0, before that in the extension aks-preview',
  'aks nodepool operation-abort': '2.47.0',
  'aks operation show-latest': 'only in the extension aks-preview',
  'aks operation-abort': '2.47.0',
  'role definition show': '2.69.0',
};

export interface NewerOption {
  readonly command: string;
  readonly names: readonly string[];
  /** First azure-cli version that takes it. */
  readonly since: string;
}

export const NEWER_OPTIONS: readonly NewerOption[] = azCommands.flatMap((command) =>
  command.options.flatMap(({ names, since }) =>
    since === undefined ? [] : [{ command: command.path.join(' '), names, since }],
  ),
);

export interface NewerValue extends NewerOption {
  /** In the canonical spelling. */
  readonly value: string;
}

/** Values of older options with a fixed set that came later. */
export const NEWER_VALUES: readonly NewerValue[] = azCommands.flatMap((command) =>
  command.options.flatMap(({ names, newerValues = {} }) =>
    Object.entries(newerValues).map(([value, since]) => ({
      command: command.path.join(' '),
      names,
      value,
      since,
    })),
  ),
);

/** Returns the newer options of its command that a line uses, and the older ones that it gives a newer value. */
export function newerOptionsIn(words: readonly string[]): readonly NewerOption[] {
  const { command, options } = shapeOf(words);
  const used = options.map((option) => option.split(/[ =]/)[0] ?? '');
  const own = NEWER_OPTIONS.filter(
    (newer) => newer.command === command && newer.names.some((name) => used.includes(name)),
  );
  const values = NEWER_VALUES.filter(
    (newer) => newer.command === command && words.some((word, at) => givesValue(newer, word, words[at + 1])),
  );
  return [...own, ...values];
}

function givesValue({ names, value }: NewerValue, word: string, next: string | undefined): boolean {
  const given = names.includes(word)
    ? next
    : names.some((name) => word.startsWith(`${name}=`))
      ? word.slice(word.indexOf('=') + 1)
      : undefined;
  return given?.toLowerCase() === value.toLowerCase();
}

/** The line without them: what an older azure-cli must take. */
export function withoutNewerOptions(words: readonly string[]): readonly string[] {
  const newer = new Set(newerOptionsIn(words).flatMap(({ names }) => names));
  const kept: string[] = [];
  let dropping = false;
  for (const word of words) {
    if (word.startsWith('-')) dropping = newer.has(word.split('=')[0] ?? '');
    if (!dropping) kept.push(word);
  }
  return kept;
}
