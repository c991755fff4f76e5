import type { LabScript } from './source.ts';

/** A script of `wrong/` or `harmless/` with what its first comment lines declare. */
export interface DeclaredAttempt {
  readonly script: LabScript;
  /** `# caught-by: CHECK, CHECK`: exactly these checks must fail; empty for a harmless edit. */
  readonly caughtBy: readonly string[];
  /** `# seeds: amber, birch`: only with these; null means with every seed of the lab. */
  readonly seeds: readonly string[] | null;
  /** `# over-permissive`: it opens more than the task asks for. */
  readonly overPermissive: 'yes' | 'no';
}

/** Returns what the comment lines at the top of a script declare. */
export function readAttempt(script: LabScript): DeclaredAttempt {
  const header: string[] = [];
  for (const line of script.text.split('\n')) {
    if (!line.startsWith('#') || line.startsWith('#!')) break;
    header.push(line.replace(/^#\s*/, '').trim());
  }
  return {
    script,
    caughtBy: listAfter(header, 'caught-by:') ?? [],
    seeds: listAfter(header, 'seeds:'),
    overPermissive: header.includes('over-permissive') ? 'yes' : 'no',
  };
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
