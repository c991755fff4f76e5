import { err, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { LabScript } from './source.ts';

/** A script of `wrong/` or `harmless/` with what its first comment lines declare. */
export interface DeclaredAttempt {
  /** As it runs: changes of another script are made. */
  readonly script: LabScript;
  /** `# caught-by: CHECK, CHECK`: exactly these checks must fail; empty for a harmless edit. */
  readonly caughtBy: readonly string[];
  /** `# seeds: amber, birch`: only with these; null means with every seed of the lab. */
  readonly seeds: readonly string[] | null;
  /** `# over-permissive`: it opens more than the task asks for. */
  readonly overPermissive: 'yes' | 'no';
}

/**
 * Returns what the comment lines at the top of a script declare. `# like: solution.sh` makes it that
 * script with changes: `# - ` lines name lines of it that stand there once, the `# + ` lines after them
 * take their place; `# + ` lines alone go to the end, before the script's own. The error says which
 * change does not fit.
 */
export function readAttempt(
  script: LabScript,
  others: readonly LabScript[],
): Result<DeclaredAttempt, string> {
  const lines = script.text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#') || line.startsWith('#!'));
  const comments = end === -1 ? lines : lines.slice(0, end);
  const header = comments.map((line) => line.replace(/^#\s*/, '').trim());
  const [like] = listAfter(header, 'like:') ?? [];
  const text =
    like === undefined
      ? ok(script.text)
      : changed(like, others, changesIn(comments), end === -1 ? [] : lines.slice(end));
  if (!text.ok) return err(`${script.name}: ${text.error}`);
  return ok({
    script: { name: script.name, text: text.value },
    caughtBy: listAfter(header, 'caught-by:') ?? [],
    seeds: listAfter(header, 'seeds:'),
    overPermissive: header.includes('over-permissive') ? 'yes' : 'no',
  });
}

function listAfter(header: readonly string[], keyword: string): readonly string[] | null {
  const line = header.find((each) => each.startsWith(keyword));
  if (line === undefined) return null;
  return line
    .slice(keyword.length)
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

interface Change {
  readonly old: string[];
  readonly new: string[];
}

function changesIn(comments: readonly string[]): readonly Change[] {
  const changes: Change[] = [];
  let last: Change | null = null;
  for (const line of comments) {
    const [, sign, text = ''] = /^# ([-+])(?: (.*))?$/.exec(line) ?? [];
    if (sign === undefined) {
      last = null;
      continue;
    }
    if (last === null || (sign === '-' && last.new.length > 0)) changes.push((last = { old: [], new: [] }));
    (sign === '-' ? last.old : last.new).push(text);
  }
  return changes;
}

function changed(
  like: string,
  others: readonly LabScript[],
  changes: readonly Change[],
  own: readonly string[],
): Result<string, string> {
  const base = others.find(({ name }) => name === like);
  if (base === undefined) return err(`it is like ${like}, which this lab does not have`);
  let lines = base.text.replace(/\n$/, '').split('\n');
  for (const change of changes) {
    if (change.old.length === 0) {
      lines = [...lines, ...change.new];
      continue;
    }
    const places = lines.flatMap((_, at) =>
      change.old.every((line, index) => lines[at + index] === line) ? [at] : [],
    );
    const [at] = places;
    if (at === undefined || places.length > 1) {
      return err(
        `these lines stand ${places.length} times in ${like}, and must stand there once:\n${change.old.join('\n')}`,
      );
    }
    lines = lines.toSpliced(at, change.old.length, ...change.new);
  }
  return ok([...lines, ...own].join('\n').replace(/\n*$/, '\n'));
}
