/** What a JSONPath template selects and prints; `jsonpath-template.ts` reads the template. */
import { err, ok, type Result } from '../../model/result.ts';
import type { Node, Operand, Step, Template } from './jsonpath-template.ts';

type Value = unknown;

class Problem extends Error {}

/** Evaluates a template over data; a field that is missing somewhere is an error only if `strict`. */
export function evaluateJsonPath(
  template: Template,
  data: Value,
  missing: 'allowed' | 'refused' = 'allowed',
): Result<string, string> {
  try {
    return ok(printNodes(template.nodes, data, data, missing));
  } catch (problem) {
    if (problem instanceof Problem) return err(problem.message);
    throw problem;
  }
}

/** Returns every value that the single path of a template selects. */
export function selectJsonPath(template: Template, data: Value): readonly Value[] {
  const [node] = template.nodes;
  return node?.kind === 'path' ? walk(node.steps, [data], data, 'allowed') : [];
}

function printNodes(
  nodes: readonly Node[],
  data: Value,
  root: Value,
  missing: 'allowed' | 'refused',
): string {
  let text = '';
  for (const node of nodes) {
    switch (node.kind) {
      case 'text':
        text += node.text;
        break;
      case 'path':
        text += walk(node.steps, [data], root, missing).map(printValue).join(' ');
        break;
      case 'range':
        for (const item of walk(node.steps, [data], root, missing)) {
          text += printNodes(node.body, item, root, missing);
        }
        break;
    }
  }
  return text;
}

function walk(
  steps: readonly Step[],
  start: readonly Value[],
  root: Value,
  missing: 'allowed' | 'refused',
): readonly Value[] {
  let values = start;
  for (const step of steps) values = values.flatMap((value) => take(step, value, root, missing));
  return values;
}

function take(step: Step, value: Value, root: Value, missing: 'allowed' | 'refused'): readonly Value[] {
  switch (step.kind) {
    case 'field': {
      if (isRecord(value) && Object.hasOwn(value, step.name)) {
        const found = value[step.name];
        return found === undefined ? [] : [found];
      }
      if (missing === 'refused') throw new Problem(`${step.name} is not found`);
      return [];
    }
    case 'wildcard':
      return Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [];
    case 'recursive':
      return everyValue(value);
    case 'index': {
      if (!Array.isArray(value)) return [];
      const at = step.at < 0 ? value.length + step.at : step.at;
      if (at < 0 || at >= value.length) {
        throw new Problem(`array index out of bounds: index ${step.at}, length ${value.length}`);
      }
      return [value[at]];
    }
    case 'slice': {
      if (!Array.isArray(value)) return [];
      const bound = (at: number) => Math.min(Math.max(at < 0 ? value.length + at : at, 0), value.length);
      const from = bound(step.from ?? 0);
      const to = bound(step.to ?? value.length);
      return value.slice(from, to).filter((_, at) => step.step > 0 && at % step.step === 0);
    }
    case 'union':
      return step.members.flatMap((member) => walk(member, [value], root, missing));
    case 'filter': {
      const members: readonly Value[] = Array.isArray(value)
        ? value
        : isRecord(value)
          ? Object.values(value)
          : [];
      return members.filter((member) => passes(step, member, root));
    }
  }
}

function passes(step: Extract<Step, { kind: 'filter' }>, member: Value, root: Value): boolean {
  const read = (operand: Operand): readonly Value[] =>
    operand.kind === 'literal'
      ? [operand.value]
      : walk(operand.steps, [operand.base === 'current' ? member : root], root, 'allowed');
  const lefts = read(step.left);
  if (step.operator === null || step.right === null) return lefts.length > 0;
  const [left] = lefts;
  const [right] = read(step.right);
  if (left === undefined || right === undefined) return false;
  switch (step.operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return comparable(left) < comparable(right);
    case '<=':
      return comparable(left) <= comparable(right);
    case '>':
      return comparable(left) > comparable(right);
    case '>=':
      return comparable(left) >= comparable(right);
  }
  return false;
}

function comparable(value: Value): number | string {
  return typeof value === 'number' ? value : String(value);
}

function everyValue(value: Value): readonly Value[] {
  const below: readonly Value[] = Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [];
  return [value, ...below.flatMap(everyValue)];
}

/** Scalars print bare, structures as compact JSON. */
function printValue(value: Value): string {
  if (typeof value === 'string') return value;
  return value === null ? '<nil>' : (JSON.stringify(value) ?? '');
}

function isRecord(value: Value): value is Readonly<Record<string, Value>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
