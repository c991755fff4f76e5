/** What the model answers for the key of a question, read as the text, number, address or list it is. */
import { formatAddress, parseAddress } from '../model/ip/address.ts';
import { formatPrefix, parsePrefix } from '../model/ip/prefix.ts';
import { describeKey, fieldOf, netpathLine } from './key.ts';
import type { KeyExpression, KeySource } from './key.ts';
import type { AskedFlow, KeyOrigin } from './question.ts';
import type { KeyFile, RunFile } from './schema.ts';

/** A problem that an author can mend; carried to the top so that all questions are looked at. */
export class KeyProblem extends Error {}

/** Asks the model on one scenario, and turns its refusals into problems an author can read. */
export class Asker {
  readonly #scenario: string | null;
  readonly #source: KeySource;

  constructor(scenario: string | null, source: KeySource) {
    this.#scenario = scenario;
    this.#source = source;
  }

  async value(file: KeyFile): Promise<unknown> {
    const key = expression(file);
    const value = await this.#evaluate(key);
    if (value === undefined) throw new KeyProblem(`the key has no value: ${describeKey(key)}`);
    return value;
  }

  async trace(flow: AskedFlow): Promise<unknown> {
    return this.#guard(netpathLine(flow), () => this.#source.ask(this.#needScenario(), flow));
  }

  async #evaluate(key: KeyExpression): Promise<unknown> {
    switch (key.kind) {
      case 'ask':
        return fieldOf(await this.trace(key.flow), key.field);
      case 'limit': {
        const value = this.#source.limit(key.limit);
        if (value === null) throw new KeyProblem(`there is no limit ${key.limit}`);
        return value;
      }
      case 'run': {
        const scenario = this.#needScenario();
        const done = await this.#source.run(scenario, key.command);
        if (done.exitCode === 0) return done.stdout.trim();
        throw new KeyProblem(`"${key.command}" exits with ${done.exitCode}: ${done.stderr.trim()}`);
      }
      case 'calc':
        return fieldOf(
          await this.#guard(`calc ${key.command}`, () => this.#source.calc(key.command)),
          key.field,
        );
    }
  }

  #needScenario(): string {
    if (this.#scenario === null) throw new KeyProblem('a key that asks or runs needs a scenario');
    return this.#scenario;
  }

  async #guard<T>(what: string, evaluate: () => Promise<T>): Promise<T> {
    try {
      return await evaluate();
    } catch (error) {
      if (error instanceof KeyProblem) throw error;
      throw new KeyProblem(
        `"${what}" cannot be answered: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}

export function toFlow(flow: Exclude<RunFile, string>): AskedFlow {
  const { from, to, protocol, port, client } = flow;
  return {
    from,
    to,
    protocol,
    ...(port === undefined ? {} : { port }),
    ...(client === undefined ? {} : { client }),
  };
}

function expression(key: KeyFile): KeyExpression {
  if ('ask' in key) return { kind: 'ask', flow: toFlow(key.ask), field: key.field };
  if ('limit' in key) return { kind: 'limit', limit: key.limit };
  if ('run' in key) return { kind: 'run', command: key.run };
  return { kind: 'calc', command: key.calc, field: key.field };
}

/** Says where a computed key comes from, and what a learner can run to see it. */
export function computed(file: KeyFile): KeyOrigin {
  const key = expression(file);
  const how = describeKey(key);
  switch (key.kind) {
    case 'ask':
      return { kind: 'computed', how, run: { kind: 'flow', flow: key.flow } };
    case 'run':
      return { kind: 'computed', how, run: { kind: 'command', command: key.command } };
    case 'limit':
    case 'calc':
      return { kind: 'computed', how, run: null };
  }
}

/** The one way to write an address, so that answers compare. */
export function canonicalAddress(value: unknown): string {
  const parsed = parseAddress(scalar(value));
  if (!parsed.ok) throw new KeyProblem(`"${scalar(value)}" is no address`);
  return formatAddress(parsed.value);
}

/** The one way to write a prefix, so that answers compare. */
export function canonicalPrefix(value: unknown): string {
  const parsed = parsePrefix(scalar(value));
  if (!parsed.ok) throw new KeyProblem(`"${scalar(value)}" is no prefix`);
  return formatPrefix(parsed.value);
}

export function wholeNumber(value: unknown): number {
  const number = Number(scalar(value));
  if (!Number.isInteger(number)) throw new KeyProblem(`"${scalar(value)}" is no whole number`);
  return number;
}

/** A text, number or truth value as text; anything else is no answer. */
export function scalar(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw new KeyProblem(`the key is ${JSON.stringify(value)}, where a text or number is needed`);
}

/** Reports whether a value is what an author wrote; one `*` stands for a part that is drawn at random. */
export function fits(written: string | number, value: string): boolean {
  const [start = '', end] = String(written).split('*', 2);
  if (end === undefined) return start === value;
  return value.length >= start.length + end.length && value.startsWith(start) && value.endsWith(end);
}

/** A list, or the lines of a text. */
export function list(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(scalar);
  return scalar(value)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
