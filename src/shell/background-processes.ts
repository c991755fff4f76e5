/**
 * What just-bash lacks for programs that go on: `$!` is always 0 there, a command cannot know whether it stands
 * before `&`, and a file in `/usr/local/bin` loses all arguments but the first nine (just-bash 3.4). So `$!` is
 * rewritten to `$(__last_process)`, a program before `&` gets a variable, and its path there goes.
 */
import type { Bash } from 'just-bash';
import { TARBALL_PROGRAMS } from './place/mitmproxy-tarball.ts';

type Script = ReturnType<Bash['transform']>['ast'];

const LAST = '__last_process';
/** Set for a program that stands before `&`. */
export const BACKGROUND = '__BACKGROUND';
/** What may stand before the name of a program. */
const LEADERS: readonly string[] = ['nohup', 'setsid', 'sudo', 'env', ...TARBALL_PROGRAMS];
const INSTALLED = /^\/usr\/local\/s?bin\/(mitmdump|mitmproxy|mitmweb)$/;

/** `lastProcess` returns the id of what was started last. */
export function followProcesses(bash: Bash, lastProcess: () => number): void {
  bash.registerCommand({
    name: LAST,
    execute: () => Promise.resolve({ stdout: `${lastProcess()}\n`, stderr: '', exitCode: 0 }),
  });
  const substitution = find(bash.transform(`: $(${LAST})`).ast, 'CommandSubstitution');
  const marked = find(bash.transform(`${BACKGROUND}=yes true`).ast, 'SimpleCommand');
  const assignment: unknown = Array.isArray(marked['assignments']) ? marked['assignments'][0] : undefined;
  bash.registerTransformPlugin({
    name: 'background-processes',
    transform: ({ ast }) => ({ ast: rewritten(ast, { substitution, assignment }, 'foreground') as Script }),
  });
}

interface Templates {
  readonly substitution: object;
  readonly assignment: unknown;
}

type Ground = 'foreground' | 'background';

/** Copies the tree where it changes; everything else is shared. */
function rewritten(node: unknown, templates: Templates, ground: Ground): unknown {
  if (Array.isArray(node)) {
    const copy = node.map((each: unknown) => rewritten(each, templates, ground));
    return copy.some((each, at) => each !== node[at]) ? copy : node;
  }
  if (!isNode(node)) return node;
  if (
    node['type'] === 'ParameterExpansion' &&
    node['parameter'] === '!' &&
    !('operation' in node && node['operation'] !== null && node['operation'] !== undefined)
  )
    return templates.substitution;
  const inner: Ground = node['background'] === true ? 'background' : ground;
  let changed = false;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    copy[key] = rewritten(value, templates, inner);
    changed ||= copy[key] !== value;
  }
  const result = changed ? copy : node;
  if (result['type'] !== 'SimpleCommand') return result;
  const name = literal(result['name']);
  if (name === null) return result;
  const looked = name === 'command' ? lookedFor(result) : null;
  if (looked !== null) return { ...result, name: withText(result['name'], 'which'), args: [looked] };
  const installed = INSTALLED.exec(name)?.[1];
  const named = installed === undefined ? result : { ...result, name: withText(result['name'], installed) };
  if (inner === 'foreground' || !LEADERS.includes(installed ?? name)) return named;
  const before = Array.isArray(named['assignments']) ? (named['assignments'] as readonly unknown[]) : [];
  return { ...named, assignments: [...before, templates.assignment] };
}

/** `command -v mitmdump`: just-bash knows every program that it was ever told of, `which` only those with a file. */
function lookedFor(command: Record<string, unknown>): unknown {
  const args = Array.isArray(command['args']) ? (command['args'] as readonly unknown[]) : [];
  const [option, program] = args;
  const isOne = TARBALL_PROGRAMS.some((each) => each === literal(program));
  return args.length === 2 && literal(option) === '-v' && isOne ? program : null;
}

function isNode(node: unknown): node is Record<string, unknown> {
  return typeof node === 'object' && node !== null;
}

/** The text of a word without expansions. */
function literal(word: unknown): string | null {
  const [part, more] = partsOf(word);
  if (more !== undefined) return null;
  return isNode(part) && part['type'] === 'Literal' && typeof part['value'] === 'string'
    ? part['value']
    : null;
}

function partsOf(word: unknown): readonly unknown[] {
  return isNode(word) && Array.isArray(word['parts']) ? (word['parts'] as readonly unknown[]) : [];
}

function withText(word: unknown, text: string): unknown {
  const [part] = partsOf(word);
  return isNode(word) && isNode(part) ? { ...word, parts: [{ ...part, value: text }] } : word;
}

function find(tree: unknown, type: string): Record<string, unknown> {
  const todo: unknown[] = [tree];
  for (const node of todo) {
    if (isNode(node) && node['type'] === type) return node;
    if (isNode(node)) todo.push(...Object.values(node));
  }
  throw new Error(`the template has no ${type}`);
}
