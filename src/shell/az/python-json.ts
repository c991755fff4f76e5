/**
 * JSON as azure-cli reads it from a file: with Python's decoder and, where that fails, as a Python literal, so that
 * single quotes and a comma too many are no mistake (azure.cli.core.util, shell_safe_json_parse).
 */
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';

/** Returns the value, or what Python's `json` says of the text. */
export function readPythonJson(text: string): Result<unknown, string> {
  const json = new Reader(text, 'json').whole();
  if (json.ok) return json;
  const literal = new Reader(text.trim(), 'literal').whole();
  return literal.ok ? literal : json;
}

const SPACE = /[ \t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  "'": "'",
  '\\': '\\',
  '/': '/',
};

/** Thrown inside a reader only. */
class Problem extends Error {
  readonly at: number;
  constructor(what: string, at: number) {
    super(what);
    this.at = at;
  }
}

class Reader {
  readonly #text: string;
  readonly #words: ReadonlyMap<string, unknown>;
  readonly #form: 'json' | 'literal';
  #at = 0;

  constructor(text: string, form: 'json' | 'literal') {
    this.#text = text;
    this.#form = form;
    this.#words = new Map<string, unknown>(
      form === 'json'
        ? [
            ['true', true],
            ['false', false],
            ['null', null],
          ]
        : [
            ['True', true],
            ['False', false],
            ['None', null],
          ],
    );
  }

  whole(): Result<unknown, string> {
    try {
      this.#skip();
      const value = this.#value();
      this.#skip();
      if (this.#at < this.#text.length) throw new Problem('Extra data', this.#at);
      return ok(value);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      const before = this.#text.slice(0, problem.at);
      const line = before.split('\n').length;
      const column = problem.at - before.lastIndexOf('\n');
      return err(`${problem.message}: line ${line} column ${column} (char ${problem.at})`);
    }
  }

  #skip(): void {
    while (SPACE.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #value(): unknown {
    const start = this.#at;
    const first = this.#text[start] ?? '';
    if (first === '{') return this.#object();
    if (first === '[') return this.#list();
    if (first === '"' || (first === "'" && this.#form === 'literal')) return this.#string(first);
    const [word = ''] = /^(-?\d+(\.\d+)?([eE][-+]?\d+)?|[A-Za-z]+)/.exec(this.#text.slice(start)) ?? [];
    if (word !== '' && /^-?\d/.test(word)) {
      this.#at += word.length;
      return Number(word);
    }
    for (const [name, value] of this.#words) {
      if (!word.startsWith(name)) continue;
      this.#at += name.length;
      return value;
    }
    throw new Problem('Expecting value', start);
  }

  #object(): unknown {
    const entries: [string, unknown][] = [];
    this.#at++;
    this.#skip();
    if (this.#takes('}')) return {};
    for (;;) {
      const quote = this.#text[this.#at] ?? '';
      if (quote !== '"' && !(quote === "'" && this.#form === 'literal')) {
        throw new Problem('Expecting property name enclosed in double quotes', this.#at);
      }
      const key = this.#string(quote);
      this.#skip();
      if (!this.#takes(':')) throw new Problem("Expecting ':' delimiter", this.#at);
      this.#skip();
      entries.push([key, this.#value()]);
      this.#skip();
      if (this.#takes('}')) return Object.fromEntries(entries);
      if (!this.#takes(',')) throw new Problem("Expecting ',' delimiter", this.#at);
      this.#skip();
      if (this.#form === 'literal' && this.#takes('}')) return Object.fromEntries(entries);
    }
  }

  #list(): unknown {
    const items: unknown[] = [];
    this.#at++;
    this.#skip();
    if (this.#takes(']')) return items;
    for (;;) {
      items.push(this.#value());
      this.#skip();
      if (this.#takes(']')) return items;
      if (!this.#takes(',')) throw new Problem("Expecting ',' delimiter", this.#at);
      this.#skip();
      if (this.#form === 'literal' && this.#takes(']')) return items;
    }
  }

  #string(quote: string): string {
    const start = this.#at++;
    let value = '';
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) throw new Problem('Unterminated string starting at', start);
      if (character < ' ') throw new Problem('Invalid control character at', this.#at);
      this.#at++;
      if (character === quote) return value;
      value += character === '\\' ? this.#escaped() : character;
    }
  }

  #escaped(): string {
    const letter = this.#text[this.#at] ?? '';
    if (letter === 'u') {
      const digits = this.#text.slice(this.#at + 1, this.#at + 5);
      if (!/^[0-9a-f]{4}$/i.test(digits)) throw new Problem('Invalid \\uXXXX escape', this.#at);
      this.#at += 5;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const value = ESCAPES[letter];
    if (value === undefined || (letter === "'" && this.#form === 'json')) {
      throw new Problem('Invalid \\escape', this.#at - 1);
    }
    this.#at++;
    return value;
  }

  #takes(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }
}
