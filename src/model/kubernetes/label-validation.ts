/** What the API server checks of labels, in its own words (apimachinery, pkg/util/validation). */
import { invalidValue as wrong } from './kubernetes-error.ts';
import type { FieldError } from './kubernetes-error.ts';

export const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
export const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const LABEL_NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** Returns the problems of label keys and values. */
export function labelProblems(
  path: string,
  labels: Readonly<Record<string, string>> | undefined,
): FieldError[] {
  const problems: FieldError[] = [];
  for (const [key, value] of Object.entries(labels ?? {})) {
    problems.push(...qualifiedNameProblems(path, key));
    if (!LABEL_VALUE.test(value) || value.length > 63) {
      problems.push(
        wrong(
          path,
          value,
          value.length > 63
            ? 'must be no more than 63 characters'
            : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
        ),
      );
    }
  }
  return problems;
}

/** Returns the problem of a name with an optional domain before a slash: label keys, load balancer classes. */
export function qualifiedNameProblems(path: string, value: string): FieldError[] {
  const slash = value.indexOf('/');
  const name = slash < 0 ? value : value.slice(slash + 1);
  const domain = slash < 0 ? null : value.slice(0, slash);
  if (LABEL_NAME.test(name) && name.length <= 63 && (domain === null || DNS_SUBDOMAIN.test(domain)))
    return [];
  return [
    wrong(
      path,
      value,
      "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ),
  ];
}

/** Of annotations the keys alone have a form, in which capitals do not count. */
export function annotationProblems(annotations: Readonly<Record<string, unknown>> | undefined): FieldError[] {
  return Object.keys(annotations ?? {}).flatMap((key) =>
    qualifiedNameProblems('metadata.annotations', key.toLowerCase()).map(({ problem }) => ({
      path: 'metadata.annotations',
      problem: problem.replace(JSON.stringify(key.toLowerCase()), JSON.stringify(key)),
    })),
  );
}
