/**
 * The status of an assignment. In bash `F=1` succeeds; just-bash 3.4 leaves `$?` as the command before
 * left it, so that `[ a = b ] && c` and then `F=1` ends a script under `set -e`. Assignments without a
 * command substitution are rewritten to `{ F=1 || :; }`, which can only succeed.
 */
import type { Bash } from 'just-bash';
import { replaced } from './syntax-tree.ts';

type Script = ReturnType<Bash['transform']>['ast'];

export function settleAssignments(bash: Bash): void {
  const [template] = bash.transform('{ F=1 || :; }').ast.statements;
  const model = template?.pipelines[0]?.commands[0];
  if (model?.type !== 'Group') throw new Error('the template is a group');
  bash.registerTransformPlugin({
    name: 'assignment-status',
    transform: ({ ast }) => ({
      ast: replaced(ast, (node) => (isPlainAssignment(node) ? withAssignment(model, node) : null)) as Script,
    }),
  });
}

function isPlainAssignment(node: object): boolean {
  return (
    isBareAssignment(node) &&
    'redirections' in node &&
    Array.isArray(node.redirections) &&
    node.redirections.length === 0 &&
    !holdsCommandSubstitution(node)
  );
}

/** A simple command that is nothing but assignments. */
function isBareAssignment(node: object): boolean {
  return (
    'type' in node &&
    node.type === 'SimpleCommand' &&
    'name' in node &&
    node.name === null &&
    'assignments' in node &&
    Array.isArray(node.assignments) &&
    node.assignments.length > 0
  );
}

/** `F=$(c)` has the status of `c`, and just-bash knows that. */
function holdsCommandSubstitution(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(holdsCommandSubstitution);
  if (typeof node !== 'object' || node === null) return false;
  if ('type' in node && (node.type === 'CommandSubstitution' || node.type === 'ProcessSubstitution'))
    return true;
  return Object.values(node).some(holdsCommandSubstitution);
}

/** The model with its own assignment replaced by `assignment`. */
function withAssignment(model: object, assignment: object): object {
  return replaced(model, (node) => (isBareAssignment(node) ? assignment : null)) as object;
}
