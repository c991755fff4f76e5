/**
 * Expansions inside arithmetic. just-bash 3.4 takes `${cidr#name}` there for a variable of that name, and
 * runs `$(command $x)` there without the shell's variables. An expression with either is rewritten to
 * `$(eval "echo \$((expression))")`: within the quotes it is expanded as everywhere else, which is what
 * bash does with it, and then computed.
 */
import type { Bash } from 'just-bash';
import { replaced } from './syntax-tree.ts';

type Script = ReturnType<Bash['transform']>['ast'];

/** What arithmetic expands by itself: a name, its length, an element of an array. */
const PLAIN = /^#?\w+$|^\w+\[[^\]]*\]$/;
/** An expression that sets a variable has to run in the shell itself. */
const ASSIGNS = /\+\+|--|(?<![=!<>])=(?!=)|<<=|>>=/;

/** Makes a bash expand in arithmetic as it does elsewhere. */
export function expandInArithmetic(bash: Bash): void {
  const change = (node: Node): object | null => {
    const text = textToRewrite(node);
    if (text === null) return null;
    return node.type === 'ArithmeticCommand' ? test(bash, text) : substitution(bash, text);
  };
  bash.registerTransformPlugin({
    name: 'arithmetic-expansions',
    transform: ({ ast }) => ({ ast: replaced(ast, change) as Script }),
  });
}

interface Node {
  readonly type?: unknown;
  readonly expression?: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

/** Returns the text of `$((expression))` or `((expression))` if just-bash would compute it wrongly, or null. */
function textToRewrite({ type, expression }: Node): string | null {
  if (type !== 'ArithmeticExpansion' && type !== 'ArithmeticCommand') return null;
  if (typeof expression !== 'object' || expression === null || !('originalText' in expression)) return null;
  const text = String(expression.originalText);
  return needsExpansion(expression) && !ASSIGNS.test(withoutExpansions(text)) ? text : null;
}

function needsExpansion(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(needsExpansion);
  if (typeof node !== 'object' || node === null) return false;
  if ('type' in node && node.type === 'ArithCommandSubst') return true;
  if ('type' in node && node.type === 'ArithBracedExpansion' && 'content' in node) {
    return !PLAIN.test(String(node.content));
  }
  return Object.values(node).some(needsExpansion);
}

/** Leaves out what stands in `${...}` and `$(...)`, where an equals sign assigns nothing. */
function withoutExpansions(text: string): string {
  let rest = '';
  let depth = 0;
  for (const [at, letter] of [...text].entries()) {
    if ((letter === '{' || letter === '(') && (depth > 0 || text[at - 1] === '$')) depth++;
    else if ((letter === '}' || letter === ')') && depth > 0) depth--;
    else if (depth === 0) rest += letter;
  }
  return rest;
}

/** `((expression))` as a command: true unless it is 0. */
function test(bash: Bash, text: string): Node {
  return firstOf('SimpleCommand', bash.transform(`[ "$((${text}))" -ne 0 ]`).ast);
}

/** The part of a word that computes the expression. */
function substitution(bash: Bash, text: string): Node {
  return firstOf('CommandSubstitution', bash.transform(`: $(eval "echo \\$((${text}))")`).ast);
}

/** Other transformations may wrap a statement, so it is looked for. */
function firstOf(type: string, tree: unknown): Node {
  const todo: unknown[] = [tree];
  for (const node of todo) {
    if (isNode(node) && node.type === type) return node;
    if (isNode(node)) for (const child of Object.values<unknown>({ ...node })) todo.push(child);
  }
  throw new Error(`the template has no ${type}`);
}
