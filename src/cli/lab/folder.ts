import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readAttempt } from '../../lab/attempt.ts';
import type { DeclaredAttempt } from '../../lab/attempt.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabScript, LabSource } from '../../lab/source.ts';
import { labProblems } from '../../lab/validate.ts';

/** The `labs/` folder of this repository. */
export const LABS_FOLDER = fileURLToPath(new URL('../../../labs/', import.meta.url));

/** Returns the ids of all labs, sorted: the folders that hold a `lab.ts`. */
export function labIds(folder = LABS_FOLDER): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'lab.ts')))
    .map((entry) => entry.name)
    .sort();
}

/** Reads one lab from disk. Throws if its declarations are wrong: that is its author's bug. */
export async function readLab(id: string, folder = LABS_FOLDER): Promise<LabSource> {
  const at = join(folder, id);
  // A lab.ts exports a Lab by contract; the compiler holds each of them to it.
  const { default: lab } = (await import(pathToFileURL(join(at, 'lab.ts')).href)) as {
    readonly default: Lab;
  };
  const problems = labProblems(lab, id);
  if (problems.length > 0) throw new Error(`labs/${id}/lab.ts:\n  ${problems.join('\n  ')}`);
  return {
    lab,
    start: readFileSync(join(at, 'start.sh'), 'utf8'),
    template: readFileSync(join(at, 'template.sh'), 'utf8'),
    solutions: scriptsIn(at).filter(({ name }) => name.startsWith('solution')),
  };
}

/** Returns the scripts of a folder, in order of name; none if the folder does not exist. */
export function scriptsIn(folder: string): readonly LabScript[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sh'))
    .sort(byNumberedName)
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

/** Returns the lab's attempts of one kind. Throws if one does not say what it changes so that it fits. */
export function attemptsOf(source: LabSource, kind: 'wrong' | 'harmless'): readonly DeclaredAttempt[] {
  const others = [...source.solutions, { name: 'template.sh', text: source.template }];
  return scriptsIn(join(LABS_FOLDER, source.lab.id, kind)).map((script) => {
    const attempt = readAttempt(script, others);
    if (!attempt.ok) throw new Error(`labs/${source.lab.id}/${kind}/${attempt.error}`);
    return attempt.value;
  });
}

/** `solution.sh` before `solution-2.sh`. */
function byNumberedName(a: string, b: string): number {
  return a.replace(/\.sh$/, '').localeCompare(b.replace(/\.sh$/, ''), 'en', { numeric: true });
}
