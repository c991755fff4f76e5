/**
 * kubectl's JSONPath templates: `{.items[*].metadata.name}`, `{range .items[*]}…{end}`, filters
 * `[?(@.type=="Ready")]`, quoted text, `..` and unions. After k8s.io/client-go/util/jsonpath.
 */
import { err, ok, type Result } from '../../model/result.ts';

export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'path'; readonly steps: readonly Step[] }
  | { readonly kind: 'range'; readonly steps: readonly Step[]; readonly body: readonly Node[] };

export type Step =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'recursive' }
  | {
      readonly kind: 'slice';
      readonly from: number | null;
      readonly to: number | null;
      readonly step: number;
    }
  | { readonly kind: 'index'; readonly at: number }
  | { readonly kind: 'union'; readonly members: readonly (readonly Step[])[] }
  | {
      readonly kind: 'filter';
      readonly left: Operand;
      readonly operator: string | null;
      readonly right: Operand | null;
    };

export type Operand =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'path'; readonly base: 'current' | 'root'; readonly steps: readonly Step[] };

export interface Template {
  readonly nodes: readonly Node[];
}

class Problem extends Error {}

/** Parses a template. kubectl also takes `.metadata.name` or `metadata.name` without the braces. */
export function parseJsonPath(source: string): Result<Template, string> {
  try {
    return ok({ nodes: new Parser(relaxed(source)).template() });
  } catch (problem) {
    if (problem instanceof Problem) return err(problem.message);
    throw problem;
  }
}

function relaxed(source: string): string {
  if (source === '' || source.includes('{')) return source;
  return `{${source.startsWith('.') || source.startsWith('$') || source.startsWith('[') ? source : `.${source}`}}`;
}

class Parser {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  template(): readonly Node[] {
    const nodes = this.#nodes('top');
    return nodes;
  }

  #nodes(level: 'top' | 'range'): readonly Node[] {
    const nodes: Node[] = [];
    let text = '';
    const flush = () => {
      if (text !== '') nodes.push({ kind: 'text', text });
      text = '';
    };
    while (this.#at < this.#source.length) {
      const character = this.#source[this.#at] ?? '';
      if (character !== '{') {
        text += character;
        this.#at++;
        continue;
      }
      flush();
      this.#at++;
      this.#space();
      if (this.#source.startsWith('range', this.#at) && /\s/.test(this.#source[this.#at + 5] ?? '')) {
        this.#at += 5;
        this.#space();
        const steps = this.#steps('}');
        this.#close();
        nodes.push({ kind: 'range', steps, body: this.#nodes('range') });
        continue;
      }
      if (/^end\s*\}/.test(this.#source.slice(this.#at))) {
        this.#at += 3;
        this.#close();
        if (level === 'top') throw new Problem('not in range, nothing to end');
        return nodes;
      }
      while (this.#source[this.#at] !== '}') {
        if (this.#at >= this.#source.length) throw new Problem('unclosed action');
        const quote = this.#source[this.#at] ?? '';
        if (quote === '"' || quote === "'") nodes.push({ kind: 'text', text: this.#quoted() });
        else if (/[.$@[]/.test(quote)) nodes.push({ kind: 'path', steps: this.#steps('}') });
        else if (/[A-Za-z_]/.test(quote)) {
          const word = /^[\w-]+/.exec(this.#source.slice(this.#at))?.[0] ?? '';
          throw new Problem(`unrecognized identifier ${word}`);
        } else throw new Problem(`unrecognized character in action: ${codePoint(quote)}`);
        this.#space();
      }
      this.#close();
    }
    flush();
    if (level === 'range') throw new Problem('unexpected end of range: missing {end}');
    return nodes;
  }

  #close(): void {
    this.#space();
    if (this.#source[this.#at] !== '}') throw new Problem('unclosed action');
    this.#at++;
  }

  #space(): void {
    while (/\s/.test(this.#source[this.#at] ?? '')) this.#at++;
  }

  #quoted(): string {
    const quote = this.#source[this.#at] ?? '';
    let at = this.#at + 1;
    let text = '';
    for (; at < this.#source.length; at++) {
      const character = this.#source[at] ?? '';
      if (character === '\\') {
        at++;
        const escaped = this.#source[at] ?? '';
        text += ({ n: '\n', t: '\t', r: '\r' } as Readonly<Record<string, string>>)[escaped] ?? escaped;
      } else if (character === quote) {
        this.#at = at + 1;
        return text;
      } else text += character;
    }
    throw new Problem('unterminated quoted string');
  }

  /** Reads `$.a.b[0]['c']..d[?(@.x==1)]` up to a character that cannot go on. */
  #steps(_until: string): readonly Step[] {
    const steps: Step[] = [];
    if (this.#source[this.#at] === '$' || this.#source[this.#at] === '@') this.#at++;
    for (;;) {
      const rest = this.#source.slice(this.#at);
      if (rest.startsWith('..')) {
        this.#at += 2;
        steps.push({ kind: 'recursive' });
        if (/^[\w*-]/.test(this.#source.slice(this.#at))) steps.push(this.#name());
        continue;
      }
      if (rest.startsWith('.')) {
        this.#at++;
        if (/^[\w*\\/-]/.test(this.#source.slice(this.#at))) steps.push(this.#name());
        continue;
      }
      if (rest.startsWith('[')) {
        steps.push(this.#bracket());
        continue;
      }
      return steps;
    }
  }

  /** A field name; a backslash quotes the next character, as in `.annotations.a\.b/c`. */
  #name(): Step {
    if (this.#source[this.#at] === '*') {
      this.#at++;
      return { kind: 'wildcard' };
    }
    let name = '';
    for (; this.#at < this.#source.length; this.#at++) {
      const character = this.#source[this.#at] ?? '';
      if (character === '\\') {
        this.#at++;
        name += this.#source[this.#at] ?? '';
      } else if (/[\s.[\]{}()=<>!,|&'"]/.test(character)) break;
      else name += character;
    }
    return { kind: 'field', name };
  }

  #bracket(): Step {
    this.#at++;
    this.#space();
    if (this.#source.startsWith('?(', this.#at)) return this.#filter();
    const members: (readonly Step[])[] = [];
    for (;;) {
      this.#space();
      members.push([this.#member()]);
      this.#space();
      const next = this.#source[this.#at];
      this.#at++;
      if (next === ',') continue;
      if (next === ']') break;
      throw new Problem('unterminated array');
    }
    const [only] = members;
    return members.length === 1 && only?.[0] !== undefined ? only[0] : { kind: 'union', members };
  }

  #member(): Step {
    const character = this.#source[this.#at] ?? '';
    if (character === '"' || character === "'") return { kind: 'field', name: this.#quoted() };
    if (character === '*') {
      this.#at++;
      return { kind: 'wildcard' };
    }
    const text = /^[^\],]*/.exec(this.#source.slice(this.#at))?.[0] ?? '';
    this.#at += text.length;
    const trimmed = text.trim();
    if (/^-?\d+$/.test(trimmed)) return { kind: 'index', at: Number(trimmed) };
    const slice = /^(-?\d+)?\s*:\s*(-?\d+)?\s*(?::\s*(-?\d+)?)?$/.exec(trimmed);
    if (slice === null) throw new Problem(`invalid array index ${trimmed}`);
    const number = (at: number) => (slice[at] === undefined ? null : Number(slice[at]));
    return { kind: 'slice', from: number(1), to: number(2), step: number(3) ?? 1 };
  }

  #filter(): Step {
    this.#at += 2;
    this.#space();
    const left = this.#operand();
    this.#space();
    const operator = /^(==|!=|<=|>=|<|>)/.exec(this.#source.slice(this.#at))?.[1] ?? null;
    let right: Operand | null = null;
    if (operator !== null) {
      this.#at += operator.length;
      this.#space();
      right = this.#operand();
      this.#space();
    }
    if (!this.#source.startsWith(')', this.#at)) throw new Problem('unterminated filter');
    this.#at++;
    this.#space();
    if (this.#source[this.#at] !== ']') throw new Problem('unclosed array expect ]');
    this.#at++;
    return { kind: 'filter', left, operator, right };
  }

  #operand(): Operand {
    const character = this.#source[this.#at] ?? '';
    if (character === '"' || character === "'") return { kind: 'literal', value: this.#quoted() };
    if (character === '@' || character === '$') {
      return { kind: 'path', base: character === '@' ? 'current' : 'root', steps: this.#steps(')') };
    }
    const word = /^-?[\w.]+/.exec(this.#source.slice(this.#at))?.[0] ?? '';
    if (word === '') throw new Problem(`unrecognized character in action: ${codePoint(character)}`);
    this.#at += word.length;
    if (word === 'true' || word === 'false') return { kind: 'literal', value: word === 'true' };
    if (/^-?\d+(\.\d+)?$/.test(word)) return { kind: 'literal', value: Number(word) };
    throw new Problem(`unrecognized identifier ${word}`);
  }
}

function codePoint(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `U+${hex} '${character}'`;
}
