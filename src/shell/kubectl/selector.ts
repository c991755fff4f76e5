/** Label selectors (`app=web,tier in (a,b),!legacy`) and field selectors (`status.phase!=Running`). */
import { err, ok, type Result } from '../../model/result.ts';

type Requirement =
  | { readonly kind: 'in' | 'not-in'; readonly key: string; readonly values: readonly string[] }
  | { readonly kind: 'exists' | 'absent'; readonly key: string }
  | { readonly kind: 'greater' | 'less'; readonly key: string; readonly than: number };

export type LabelSelector = readonly Requirement[];

const KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

export function parseLabelSelector(text: string): Result<LabelSelector, string> {
  const requirements: Requirement[] = [];
  for (const part of splitOutsideParentheses(text)) {
    const trimmed = part.trim();
    if (trimmed === '') {
      if (text.trim() === '') continue;
      return err(`unable to parse requirement: found '', expected: identifier after ','`);
    }
    const requirement = parseRequirement(trimmed);
    if (!requirement.ok) return requirement;
    requirements.push(requirement.value);
  }
  return ok(requirements);
}

function parseRequirement(text: string): Result<Requirement, string> {
  const set = /^(\S+?)\s+(in|notin)\s*\(([^()]*)\)$/.exec(text);
  if (set !== null) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    return checked({ kind: operator === 'in' ? 'in' : 'not-in', key, values });
  }
  const equality = /^([^=!<>\s]+)\s*(==|=|!=)\s*([^=!<>\s]*)$/.exec(text);
  if (equality !== null) {
    const [, key = '', operator, value = ''] = equality;
    return checked({ kind: operator === '!=' ? 'not-in' : 'in', key, values: [value] });
  }
  const order = /^([^=!<>\s]+)\s*(<|>)\s*(-?\d+)$/.exec(text);
  if (order !== null) {
    const [, key = '', operator, than] = order;
    return checked({ kind: operator === '>' ? 'greater' : 'less', key, than: Number(than) });
  }
  const absent = /^!\s*(\S+)$/.exec(text);
  if (absent !== null) return checked({ kind: 'absent', key: absent[1] ?? '' });
  if (/^[^\s=!<>()]+$/.test(text)) return checked({ kind: 'exists', key: text });
  return err(`unable to parse requirement: found '${text}', expected: in, notin, =, ==, !=, gt, lt`);
}

function checked(requirement: Requirement): Result<Requirement, string> {
  if (!KEY.test(requirement.key)) {
    return err(
      `unable to parse requirement: <nil>: Invalid value: "${requirement.key}": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    );
  }
  if ('values' in requirement) {
    const bad = requirement.values.find((value) => !VALUE.test(value));
    if (bad !== undefined) {
      return err(
        `unable to parse requirement: values[0][${requirement.key}]: Invalid value: "${bad}": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
      );
    }
  }
  return ok(requirement);
}

export function matchesLabels(
  selector: LabelSelector,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  return selector.every((requirement) => {
    const value = labels?.[requirement.key];
    switch (requirement.kind) {
      case 'in':
        return value !== undefined && requirement.values.includes(value);
      case 'not-in':
        return value === undefined || !requirement.values.includes(value);
      case 'exists':
        return value !== undefined;
      case 'absent':
        return value === undefined;
      case 'greater':
        return value !== undefined && /^-?\d+$/.test(value) && Number(value) > requirement.than;
      case 'less':
        return value !== undefined && /^-?\d+$/.test(value) && Number(value) < requirement.than;
    }
  });
}

function splitOutsideParentheses(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const character of text) {
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (character === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  return [...parts, part];
}

export interface FieldRequirement {
  readonly path: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

export function parseFieldSelector(text: string): Result<readonly FieldRequirement[], string> {
  const requirements: FieldRequirement[] = [];
  for (const part of text.split(',')) {
    if (part.trim() === '') continue;
    const match = /^\s*([^=!\s]+)\s*(==|=|!=)\s*(.*?)\s*$/.exec(part);
    if (match === null) return err(`invalid field selector: ${part}; can't understand '${part}'`);
    const [, path = '', operator, value = ''] = match;
    requirements.push({ path, operator: operator === '!=' ? '!=' : '=', value });
  }
  return ok(requirements);
}
