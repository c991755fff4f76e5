import { existsSync } from 'node:fs';
import type { Terminal } from '../terminal.ts';
import { parseLabArguments } from './arguments.ts';
import { findLab } from './find.ts';
import { UsageError } from './usage-error.ts';
import { backUp, givenSeed, recordedSeed, workspaceOf, writeWorkspace } from './workspace.ts';

/** Puts the template back; the learner's script is copied aside first, and the seed stays. */
export async function reset(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, value } = parseLabArguments(args, { seed: { type: 'string' } }, ['lab']);
  const source = await findLab(positionals[0], 'reset');
  const workspace = workspaceOf(source.lab.id);
  if (!existsSync(workspace.folder)) {
    throw new UsageError(
      `Lab '${source.lab.id}' is not started, so there is nothing to reset. Start it: npm run -s lab -- start ${source.lab.id}`,
    );
  }
  const seed = givenSeed(value) ?? recordedSeed(workspace) ?? source.lab.seeds[0];
  const backup = backUp(workspace, source);
  writeWorkspace(workspace, source, seed);
  terminal.out(`${workspace.script} is as shipped again (seed ${seed}).\n`);
  terminal.out(
    backup === null
      ? 'It had no changes to keep.\n'
      : `Your script is kept in ${backup}\nTo take the reset back: cp ${backup} ${workspace.script}\n`,
  );
  return 0;
}
