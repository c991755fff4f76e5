/** Key expressions: what a quiz file writes instead of an answer, so that the model answers. */
import type { AskedFlow } from './question.ts';

export type KeyExpression =
  /** A field of what `netpath -o json` answers for this flow, for example `seenSource.address`. */
  | { readonly kind: 'ask'; readonly flow: AskedFlow; readonly field: string }
  /** A documented number, by its path in the limits: `aks.kubenetMaxNodes`. */
  | { readonly kind: 'limit'; readonly limit: string }
  /** What a command prints on the question's scenario, without the last line end. */
  | { readonly kind: 'run'; readonly command: string }
  /** A field of what a calculator answers: `kubenet-plan --nodes 300`, `addressesNeeded`. */
  | { readonly kind: 'calc'; readonly command: string; readonly field: string };

/** What the model is asked with; the build gives it, tests give a small one. */
export interface KeySource {
  /** The object that `netpath -o json` prints for the flow on the scenario; throws if it cannot be asked. */
  readonly ask: (scenario: string, flow: AskedFlow) => Promise<unknown>;
  /** The value of a limit, or null if there is none of that name. */
  readonly limit: (path: string) => number | string | null;
  /** Runs a command line on a fresh copy of the scenario's subscription. */
  readonly run: (
    scenario: string,
    command: string,
  ) => Promise<{ readonly stdout: string; readonly stderr: string; readonly exitCode: number }>;
  /** The object that `calc … --json` prints; throws if the calculator refuses. */
  readonly calc: (command: string) => Promise<unknown>;
}

/** Says in words how a key was computed, for the reader who wants to repeat it. */
export function describeKey(key: KeyExpression): string {
  switch (key.kind) {
    case 'ask':
      return `field ${key.field} of ${netpathLine(key.flow)} -o json`;
    case 'limit':
      return `documented limit ${key.limit}`;
    case 'run':
      return key.command;
    case 'calc':
      return `field ${key.field} of calc ${key.command}`;
  }
}

export function netpathLine(flow: AskedFlow): string {
  const protocol = flow.protocol === 'tcp' ? '' : ` --protocol ${flow.protocol}`;
  const port = flow.port === undefined ? '' : ` --port ${flow.port}`;
  const client = flow.client === undefined ? '' : ` --client ${flow.client}`;
  return `netpath --from ${flow.from} --to ${flow.to}${protocol}${port}${client}`;
}

/**
 * Returns the value at a field of a JSON object: `seenSource.address`, `hops.length`,
 * `hops[1].place`, `hops[*].place` for all of them, or
 * `hops[place=fabric/x].steps[kind=route].by` for the first element that matches.
 * Returns undefined where the path leads nowhere.
 */
export function fieldOf(value: unknown, path: string): unknown {
  let at: unknown = value;
  for (const match of path.matchAll(/\[([^\]]+)\]|[^.[\]]+/g)) {
    const [name, selector] = match;
    if (selector === '*') {
      const rest = path.slice(match.index + name.length).replace(/^\./, '');
      return Array.isArray(at) ? at.map((each: unknown) => fieldOf(each, rest)) : undefined;
    }
    at = selector === undefined ? member(at, name) : element(at, selector);
    if (at === undefined) return undefined;
  }
  return at;
}

function member(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return name === 'length' ? value.length : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function element(value: unknown, selector: string): unknown {
  if (!Array.isArray(value)) return undefined;
  const elements: readonly unknown[] = value;
  if (/^-?\d+$/.test(selector)) return elements.at(Number(selector));
  const equals = selector.indexOf('=');
  if (equals < 0) return undefined;
  const [key, wanted] = [selector.slice(0, equals), selector.slice(equals + 1)];
  return elements.find((each) => String(member(each, key)) === wanted);
}
