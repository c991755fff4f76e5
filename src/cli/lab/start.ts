import { existsSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { course } from '../../course-config/course.ts';
import type { LabSource } from '../../lab/source.ts';
import { tasksAsMarkdown } from '../../lab/tasks-text.ts';
import type { Terminal } from '../terminal.ts';
import { parseLabArguments } from './arguments.ts';
import { findLab } from './find.ts';
import { UsageError } from './usage-error.ts';
import { backUp, givenSeed, recordedSeed, workspaceOf, writeWorkspace } from './workspace.ts';

export async function start(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, flag, value } = parseLabArguments(
    args,
    { seed: { type: 'string' }, force: { type: 'boolean' } },
    ['lab'],
  );
  const source = await findLab(positionals[0], 'start');
  const workspace = workspaceOf(source.lab.id);
  if (existsSync(workspace.script) && !flag('force')) {
    throw new UsageError(
      `${workspace.script} exists; nothing was changed (seed ${recordedSeed(workspace) ?? 'not recorded'}).\n` +
        `Go on with it: npm run -s lab -- check ${source.lab.id}\n` +
        `Begin again (your script is kept as a backup): npm run -s lab -- start ${source.lab.id} --force`,
    );
  }
  const seed = givenSeed(value) ?? drawnSeed(source);
  const backup = backUp(workspace, source);
  writeWorkspace(workspace, source, seed);
  if (backup !== null) terminal.out(`Your earlier script is kept in ${backup}\n\n`);
  terminal.out(`${tasksAsMarkdown(source.lab)}\n${nextSteps(source, workspace.script, seed)}`);
  return 0;
}

/** The learner's variation is drawn, so that two people in one room do not get the same one. */
function drawnSeed({ lab }: LabSource): string {
  return lab.seeds[randomInt(lab.seeds.length)] ?? lab.seeds[0];
}

function nextSteps({ lab }: LabSource, script: string, seed: string): string {
  return `Seed ${seed}. What to do now:
  look around       npm run -s lab -- shell ${lab.id}
  write your script ${script}
  check it          npm run -s lab -- check ${lab.id}      (or watch ${lab.id})
${course.hints === 'on' ? `  a hint            npm run -s lab -- hint ${lab.id}\n` : ''}`;
}
