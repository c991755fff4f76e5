/** Runs `az` lines on a cloud without the bash session: for tests of parsing, wording and state. */
import { newCloud } from '../../src/model/azure/subscription.ts';
import type { CloudOptions } from '../../src/model/azure/subscription.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { az } from '../../src/shell/az/program.ts';
import type { CommandResult, Place } from '../../src/shell/command.ts';

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface AzTerminal {
  /** Runs the words after `az`; state carries over from line to line. */
  readonly run: (...words: readonly string[]) => Promise<Ran>;
  /** Runs a line that must succeed and returns its JSON. */
  readonly json: (...words: readonly string[]) => Promise<unknown>;
  /** Runs a line of words without quotes. */
  readonly line: (line: string) => Promise<Ran>;
  readonly cloud: () => Cloud;
  readonly files: Map<string, string>;
}

export function azTerminal(
  options: {
    readonly cloud?: Cloud | CloudOptions;
    readonly env?: ReadonlyMap<string, string>;
    readonly inside?: (place: Place, argv: readonly string[]) => CommandResult;
  } = {},
): AzTerminal {
  const start = options.cloud;
  let cloud = start !== undefined && 'version' in start ? start : newCloud(start ?? {});
  const files = new Map<string, string>();
  const run = async (...words: readonly string[]): Promise<Ran> => {
    const result = await az.run({
      args: words,
      stdin: '',
      env: options.env ?? new Map([['HOME', '/root']]),
      cwd: '/root',
      place: { kind: 'workstation' },
      cloud,
      readFile: (path) => Promise.resolve(files.get(path) ?? null),
      writeFile: (path, text) => {
        files.set(path, text);
        return Promise.resolve();
      },
      runIn: (place, argv) =>
        Promise.resolve(options.inside?.(place, argv) ?? { stdout: '', stderr: '', exitCode: 0 }),
    });
    cloud = result.cloud ?? cloud;
    return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode };
  };
  return {
    run,
    line: (line) => run(...line.split(' ')),
    json: async (...words) => {
      const ran = await run(...words);
      if (ran.exitCode !== 0) throw new Error(`az ${words.join(' ')} failed: ${ran.stderr}`);
      const parsed: unknown = ran.stdout === '' ? null : JSON.parse(ran.stdout);
      return parsed;
    },
    cloud: () => cloud,
    files,
  };
}
