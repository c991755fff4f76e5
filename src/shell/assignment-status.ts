/**
 * The status of an assignment. In bash `F=1` succeeds; just-bash 3.4 leaves `$?` as the command before
 * left it, so that `[ a = b ] && c` and then `F=1` ends a script under `set -e`. Assignments without a
 * command substitution are rewritten to `{ F=1 || :; }`, which can only succeed.
 */
import type { Bash } from 'just-bash';

type Script = ReturnType<Bash['transform']>['ast'];

export function settleAssignments(bash: Bash): void {
  const [template] = bash.transform('{ F=1 || :; }').ast.statements;
  const model = template?.pipelines[0]?.commands[0];
  if (model?.type !== 'Group') throw new Error('the template is a group');
  bash.registerTransformPlugin({
    name: 'assignment-status',
    transform: ({ ast }) => ({ ast: rewritten(ast, model) as Script }),
  });
}

/** Copies the tree where it changes; everything else is shared. */
function rewritten(node: unknown, model: object): unknown {
  if (Array.isArray(node)) {
    const copy = node.map((each: unknown) => rewritten(each, model));
    return copy.some((each, at) => each !== node[at]) ? copy : node;
  }
  if (typeof node !== 'object' || node === null) return node;
  if (isPlainAssignment(node)) return withAssignment(model, node);
  let changed = false;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    copy[key] = rewritten(value, model);
    changed ||= copy[key] !== value;
  }
  return changed ? copy : node;
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
function withAssignment(model: unknown, assignment: object): unknown {
  if (Array.isArray(model)) return model.map((each: unknown) => withAssignment(each, assignment));
  if (typeof model !== 'object' || model === null) return model;
  if (isBareAssignment(model)) return assignment;
  return Object.fromEntries(
    Object.entries(model).map(([key, value]) => [key, withAssignment(value, assignment)]),
  );
}
