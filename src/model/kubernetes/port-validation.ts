/** What the API server checks of port numbers and names (apimachinery, IsValidPortNum and IsValidPortName). */
import { invalidValue as wrong } from './kubernetes-error.ts';
import type { FieldError } from './kubernetes-error.ts';

const LONGEST_NAME = 15;

export function portNumberProblems(path: string, port: number): FieldError[] {
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return [];
  return [wrong(path, port, 'must be between 1 and 65535, inclusive')];
}

/** IANA service names: what a port of a container may be called. */
export function portNameProblems(path: string, name: string): FieldError[] {
  if (name.length > LONGEST_NAME) {
    return [wrong(path, name, `must be no more than ${LONGEST_NAME} characters`)];
  }
  const problems: FieldError[] = [];
  if (!/^[a-z0-9-]+$/.test(name)) {
    problems.push(
      wrong(path, name, 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)'),
    );
  }
  if (!/[a-z]/.test(name)) problems.push(wrong(path, name, 'must contain at least one letter (a-z)'));
  if (name.includes('--')) problems.push(wrong(path, name, 'must not contain consecutive hyphens'));
  if (/^-|-$/.test(name)) problems.push(wrong(path, name, 'must not begin or end with a hyphen'));
  return problems;
}

/** A port's number or name. */
export function portProblems(path: string, port: number | string): FieldError[] {
  return typeof port === 'number' ? portNumberProblems(path, port) : portNameProblems(path, port);
}
