/**
 * Scenarios that share a world. `#: from NAME KEY=value ...` as the first line of a script puts another
 * scenario before it, with those variables set: one script describes the world, and small ones say what
 * differs. That one may name another in turn. Other `#:` lines of the small one join those of the world; its
 * seed and its clock take the place of the world's.
 */
import { err, ok, type Result } from '../model/result.ts';

/** Returns the text of the scenario `NAME`, or null if there is none. */
export type ReadScenario = (name: string) => string | null;

const FROM = /^#:\s*from(?:\s+(.*))?$/;
/** What a scenario has one of. */
const SINGLE = /^#:\s*(seed|clock)\b/;

/**
 * Returns a script with the scenario that its first line names put before its own commands; the script
 * itself if it names none. The error says what is wrong with the line, or who stands on itself.
 */
export function expandScenario(script: string, read: ReadScenario): Result<string, string> {
  return expand(script, read, []);
}

function expand(script: string, read: ReadScenario, above: readonly string[]): Result<string, string> {
  const [head = '', ...own] = script.split('\n');
  const match = FROM.exec(head.trim());
  if (match === null) return ok(script);
  const [name, ...settings] = (match[1] ?? '').split(/\s+/).filter((word) => word !== '');
  if (name === undefined) return err('"#: from" needs the name of a scenario');
  if (above.includes(name)) {
    return err(`"#: from ${name}": ${[...above, name].join(' stands on ')}, which has no beginning`);
  }
  const text = read(name);
  if (text === null) return err(`"#: from ${name}": there is no scenario of that name`);
  const base = expand(text, read, [...above, name]);
  if (!base.ok) return base;
  const assignments: string[] = [];
  for (const setting of settings) {
    const [, key, value] = /^([A-Z][A-Z0-9_]*)=([\w./:-]+)$/.exec(setting) ?? [];
    if (key === undefined || value === undefined) {
      return err(`"#: from ${name}": "${setting}" is no KEY=value with a plain value`);
    }
    assignments.push(`${key}=${value}`);
  }
  const { directives, rest } = readHead(own);
  const replaced = new Set(directives.map(single).filter((keyword) => keyword !== undefined));
  const lines = base.value.split('\n');
  const at = headLength(lines);
  const kept = lines.slice(0, at).filter((line) => !replaced.has(single(line) ?? ''));
  return ok([...kept, ...directives, ...assignments, ...lines.slice(at), ...rest].join('\n'));
}

/** Takes the `#:` lines above the first command out of a script. */
function readHead(lines: readonly string[]): {
  readonly directives: readonly string[];
  readonly rest: readonly string[];
} {
  const head = lines.slice(0, headLength(lines));
  const isDirective = (line: string): boolean => line.trim().startsWith('#:');
  return {
    directives: head.filter(isDirective),
    rest: [...head.filter((line) => !isDirective(line)), ...lines.slice(head.length)],
  };
}

/** The number of lines above the first command. */
function headLength(lines: readonly string[]): number {
  const first = lines.findIndex((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  return first === -1 ? lines.length : first;
}

function single(line: string): string | undefined {
  return SINGLE.exec(line.trim())?.[1];
}
