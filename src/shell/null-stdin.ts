/**
 * A command that reads nothing. In a loop over lines (`while read HOST; do ssh $HOST id < /dev/null; done < hosts`)
 * just-bash 3.4 takes an empty redirection for none, and the command gets the rest of the lines. Around a group it
 * takes it as it is, so such a command is rewritten to `{ ssh $HOST id; } < /dev/null`.
 */
import type { Bash } from 'just-bash';
import { replaced } from './syntax-tree.ts';

type Script = ReturnType<Bash['transform']>['ast'];

export function readNothing(bash: Bash): void {
  const [template] = bash.transform('{ :; } < /dev/null').ast.statements;
  const model = template?.pipelines[0]?.commands[0];
  if (model?.type !== 'Group') throw new Error('the template is a group');
  bash.registerTransformPlugin({
    name: 'null-stdin',
    transform: ({ ast }) => ({
      ast: replaced(ast, (loop) => (isLoop(loop) ? inLoop(loop, model) : null)) as Script,
    }),
  });
}

/** Also in loops within the loop: their commands are among these. */
function inLoop(loop: object, model: object): object {
  const copy = Object.entries(loop).map(([key, value]) => [
    key,
    replaced(value, (node) => (isCommand(node) ? aroundGroup(node, model) : null)),
  ]);
  return Object.fromEntries(copy) as object;
}

/** Null where the command reads something. `exec` changes the shell itself. */
function aroundGroup(command: object & { readonly redirections: readonly unknown[] }, model: object) {
  const others = command.redirections.filter((each) => !isNullStdin(each));
  if (others.length === command.redirections.length || wordOf(command, 'name') === 'exec') return null;
  const rest = { ...command, redirections: others };
  return replaced(model, (node) => (isCommand(node) ? rest : null)) as object;
}

function isLoop(node: object): boolean {
  return 'type' in node && (node.type === 'While' || node.type === 'Until');
}

function isCommand(node: object): node is object & { readonly redirections: readonly unknown[] } {
  return (
    'type' in node &&
    node.type === 'SimpleCommand' &&
    'redirections' in node &&
    Array.isArray(node.redirections)
  );
}

function isNullStdin(node: unknown): boolean {
  return (
    typeof node === 'object' &&
    node !== null &&
    'operator' in node &&
    node.operator === '<' &&
    'fd' in node &&
    (node.fd === null || node.fd === 0) &&
    wordOf(node, 'target') === '/dev/null'
  );
}

/** The word as it is written, if it has neither quotes nor expansions. */
function wordOf(node: object, key: 'name' | 'target'): string | null {
  const word = (node as Readonly<Record<string, unknown>>)[key];
  if (typeof word !== 'object' || word === null || !('parts' in word) || !Array.isArray(word.parts))
    return null;
  const [part, ...more] = word.parts as readonly { readonly type: string; readonly value?: string }[];
  return part?.type === 'Literal' && more.length === 0 ? (part.value ?? null) : null;
}
