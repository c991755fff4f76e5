import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SCRIPT_NAME, type LabSource } from '../../lab/source.ts';
import { tasksAsMarkdown } from '../../lab/tasks-text.ts';
import type { LabArguments } from './arguments.ts';
import { UsageError } from './usage-error.ts';

const STATE = z.object({ version: z.literal(1), seed: z.string() });

/** `workspace/<lab>/`: the learner's script, the tasks to read, and the seed they started with. */
export interface Workspace {
  readonly folder: string;
  readonly script: string;
  readonly state: string;
}

export function workspaceOf(lab: string): Workspace {
  const folder = join('workspace', lab);
  return { folder, script: join(folder, SCRIPT_NAME), state: join(folder, '.lab.json') };
}

/** Returns what `--seed` says, or undefined without it. Throws `UsageError` if it says nothing. */
export function givenSeed(value: LabArguments['value']): string | undefined {
  const seed = value('seed');
  if (seed?.trim() === '') throw new UsageError('--seed is empty.');
  return seed;
}

/** Returns the seed recorded at start, or null. Throws `UsageError` if the record is unreadable. */
export function recordedSeed(workspace: Workspace): string | null {
  if (!existsSync(workspace.state)) return null;
  const text = readFileSync(workspace.state, 'utf8');
  try {
    return STATE.parse(JSON.parse(text)).seed;
  } catch {
    throw new UsageError(
      `${workspace.state} is damaged. Give a seed with --seed, or delete that file; your script is not in it.`,
    );
  }
}

export function writeWorkspace(workspace: Workspace, source: LabSource, seed: string): void {
  mkdirSync(workspace.folder, { recursive: true });
  writeFileSync(workspace.script, source.template);
  writeFileSync(join(workspace.folder, 'TASKS.md'), tasksAsMarkdown(source.lab));
  recordSeed(workspace, seed);
}

export function recordSeed(workspace: Workspace, seed: string): void {
  writeFileSync(workspace.state, `${JSON.stringify({ version: 1, seed })}\n`);
}

/** Copies the learner's script aside and returns where; null if there is nothing worth keeping. */
export function backUp(workspace: Workspace, source: LabSource): string | null {
  if (!existsSync(workspace.script)) return null;
  if (readFileSync(workspace.script, 'utf8') === source.template) return null;
  const backups = join(workspace.folder, 'backups');
  mkdirSync(backups, { recursive: true });
  for (let number = 1; ; number++) {
    const target = join(backups, SCRIPT_NAME.replace('.sh', `-${number}.sh`));
    if (existsSync(target)) continue;
    copyFileSync(workspace.script, target);
    return target;
  }
}
