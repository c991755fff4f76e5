/**
 * What the course says that the recorded azure-cli refuses, each with the first version that takes it.
 * Everything else must parse, and an entry that nothing needs any more fails the tests.
 */
import { shapeOf } from './az-line-shape.ts';

export interface NewerOption {
  readonly command: string;
  readonly option: string;
  /** First azure-cli version that takes it, from azure-cli's release notes. */
  readonly since: string;
  readonly why: string;
}

export const NEWER_OPTIONS: readonly NewerOption[] = [
  {
    command: 'aks update',
    option: '--network-plugin',
    since: '2.56.0',
    why: 'moves a kubenet cluster to CNI Overlay (Azure/azure-cli pull request 28042)',
  },
  {
    command: 'aks update',
    option: '--network-plugin-mode',
    since: '2.47.0',
    why: 'moves a cluster to CNI Overlay (Azure/azure-cli pull request 25978)',
  },
];

/** Returns the entries that a line needs: its command's newer options that it uses. */
export function newerOptionsIn(words: readonly string[]): readonly NewerOption[] {
  const { command, options } = shapeOf(words);
  return NEWER_OPTIONS.filter(
    (newer) =>
      newer.command === command && options.some((option) => option.split(/[ =]/)[0] === newer.option),
  );
}

/** The line without them: what an older azure-cli must take. */
export function withoutNewerOptions(words: readonly string[]): readonly string[] {
  const newer = new Set(newerOptionsIn(words).map(({ option }) => option));
  const kept: string[] = [];
  let dropping = false;
  for (const word of words) {
    if (word.startsWith('-')) dropping = newer.has(word.split('=')[0] ?? '');
    if (!dropping) kept.push(word);
  }
  return kept;
}
