/** JMESPath as `--query` and `--custom` use it. */
import jmespath from 'jmespath';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { Json } from './command.ts';

/** How the library's complaints about a function begin; all others are about the expression itself. */
const ABOUT_A_FUNCTION = /^(TypeError|ArgumentError|RuntimeError|Unknown function)/;

/** Reports whether a text is a JMESPath expression; what it finds does not matter. */
export function isQuery(text: string): boolean {
  try {
    jmespath.search(null, text);
    return true;
  } catch (problem) {
    return ABOUT_A_FUNCTION.test(messageOf(problem));
  }
}

function messageOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}

/** Returns what the expression finds in a value; the error is a function called on what it cannot take. */
export function search(value: Json, expression: string): Result<Json, string> {
  try {
    return ok(asJson(jmespath.search(value, withoutExtremes(expression))));
  } catch (problem) {
    return err(inPythonsWords(messageOf(problem).replace(/^TypeError: /, '')));
  }
}

/** The usual mistake, a function on something that is not there, in the words of azure-cli's own library. */
function inPythonsWords(message: string): string {
  // The library says no more where what `sort_by` finds in the first element is no text and no number.
  if (message === 'TypeError') {
    return `In function sort_by(), invalid type for value: what the expression finds in the first element, expected one of: ['number', 'string']`;
  }
  const match = /^(\w+)\(\) expected argument \d+ to be type ([\w,]+) but received type null instead\.$/.exec(
    message,
  );
  if (match === null) return message;
  const [, name = '', types = ''] = match;
  const expected = types.split(',').map((type) => `'${type}'`);
  return `In function ${name}(), invalid type for value: None, expected one of: [${expected.join(', ')}], received: "null"`;
}

/** What jmespath returns from JSON is JSON; only `undefined` needs a name of its own. */
function asJson(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asJson(item)]));
  }
  // An expression reference (`&name`) on its own is a function to the library and nothing to print.
  return null;
}

/** What is quoted in an expression, and the two functions. */
const PARTS = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|\b(?:max|min)_by\s*\(|[()]/g;

/**
 * Returns the expression with `max_by(x, &y)` as `sort_by(x, &y)[-1]`, and `min_by` likewise: the library
 * compares text with infinity there and finds nothing, where Python's compares text with text.
 */
function withoutExtremes(expression: string): string {
  const open: string[] = [];
  return expression.replaceAll(PARTS, (part) => {
    if (part === ')') return `)${open.pop() ?? ''}`;
    if (part === '(') open.push('');
    else if (part.startsWith('max_by')) open.push('[-1]');
    else if (part.startsWith('min_by')) open.push('[0]');
    else return part;
    return part === '(' ? part : 'sort_by(';
  });
}
