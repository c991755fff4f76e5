/** `kubectl describe` of what it has no words for: every field under a label made of its name. */
import { pairLines } from './describe-parts.ts';
import { printedObject, textOfValue } from './printed-object.ts';
import type { ApiObject } from './resource-types.ts';

/** Printed first, and not again with the rest. */
const HEAD = ['name', 'namespace', 'labels', 'annotations', 'managedFields'];
const ACRONYMS = ['API', 'URL', 'UID', 'OSB', 'GUID'];

export function describeCustomResource(object: ApiObject): string[] {
  const { metadata } = object;
  const rest = Object.fromEntries(Object.entries(metadata).filter(([name]) => !HEAD.includes(name)));
  return [
    `Name:\t${metadata.name}`,
    `Namespace:\t${metadata.namespace ?? ''}`,
    ...pairLines('Labels:', metadata.labels, '='),
    ...pairLines('Annotations:', metadata.annotations, ': '),
    ...fieldLines({ ...printedObject(object), metadata: rest }, ''),
  ];
}

function fieldLines(content: object, indent: string): readonly string[] {
  return Object.entries(content)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]: [string, unknown]) => {
      const label = `${indent}${labelOf(name)}:`;
      const below = `${indent}  `;
      if (Array.isArray(value)) {
        return [
          label,
          ...value.flatMap((each: unknown) =>
            isObject(each) ? fieldLines(each, below) : [`${below}${textOfValue(each)}`],
          ),
        ];
      }
      return isObject(value) ? [label, ...fieldLines(value, below)] : [`${label}\t${textOfValue(value)}`];
    });
}

/** `requestedIPCount` becomes `Requested IP Count` (kubectl, smartLabelFor). */
function labelOf(name: string): string {
  return name
    .split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
    .map((word) =>
      ACRONYMS.includes(word.toUpperCase())
        ? word.toUpperCase()
        : `${word.charAt(0).toUpperCase()}${word.slice(1)}`,
    )
    .join(' ');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
