/**
 * mitmproxy's filter expressions, as far as a request and the head of its answer decide them: `~d REGEX`, `~u REGEX`
 * (or a bare one), `~m REGEX`, `~src`, `~dst`, `~q`, `~s`, `~e`, `~c`, `~h`, `~t`, `~all`, `~http`, `~tcp`,
 * `~websocket`, `!`, `&`, `|` and brackets; terms side by side must all hold. Source: mitmproxy/flowfilter.py, 8.1.1.
 */
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';

/** What a filter looks at in a request. */
export interface FilteredRequest {
  readonly method: string;
  readonly host: string;
  /** As mitmproxy shows it: the port only where it is not the scheme's own. */
  readonly url: string;
  /** `ADDRESS:PORT` of the client; null where it is not known. */
  readonly client: string | null;
  /** `HOST:PORT` that is asked for. */
  readonly server: string;
  readonly headers?: Headers;
  /** How it ended; absent while it has no answer. */
  readonly ended?:
    | { readonly kind: 'response'; readonly status: number; readonly headers?: Headers }
    | { readonly kind: 'error' };
}

type Headers = readonly (readonly [string, string])[];

export type FlowFilter =
  | { readonly kind: 'and' | 'or'; readonly of: readonly FlowFilter[] }
  | { readonly kind: 'not'; readonly of: FlowFilter }
  | { readonly kind: 'regex'; readonly code: string; readonly regex: string }
  | { readonly kind: 'number'; readonly code: string; readonly value: number }
  | { readonly kind: 'plain'; readonly code: string };

const PLAIN = [
  'e',
  'marked',
  'http',
  'websocket',
  'tcp',
  'dns',
  'udp',
  'q',
  's',
  'all',
  'a',
  'replay',
  'replayq',
  'replays',
];
const REGEX = [
  ...['t', 'tq', 'ts', 'h', 'hq', 'hs', 'b', 'bq', 'bs', 'm', 'd', 'u', 'src', 'dst'],
  ...['meta', 'marker', 'comment'],
];
const NUMBER = ['c'];

/** Returns the filter that a text is; the error is mitmproxy's own sentence. */
export function parseFlowFilter(text: string): Result<FlowFilter, string> {
  if (text === '') return err('Empty filter expression');
  const parser = new Parser(text);
  const filter = parser.all();
  return filter === null ? err(`Invalid filter expression: '${text}'`) : ok(filter);
}

/** Reports whether a request matches; null where the filter asks for what is not known here. */
export function matchesFilter(filter: FlowFilter, request: FilteredRequest): boolean | null {
  switch (filter.kind) {
    case 'and': {
      const parts = filter.of.map((each) => matchesFilter(each, request));
      return parts.includes(false) ? false : parts.includes(null) ? null : true;
    }
    case 'or': {
      const parts = filter.of.map((each) => matchesFilter(each, request));
      return parts.includes(true) ? true : parts.includes(null) ? null : false;
    }
    case 'not': {
      const inner = matchesFilter(filter.of, request);
      return inner === null ? null : !inner;
    }
    case 'number':
      return request.ended?.kind === 'response' && request.ended.status === filter.value;
    case 'plain':
      return plainMatches(filter.code, request.ended);
    case 'regex':
      return regexMatches(filter.code, filter.regex, request);
  }
}

/** Terms that look at what is not kept: bodies, and what somebody notes about a request. */
const UNKNOWN = new Set(['b', 'bq', 'bs', 'meta', 'marker', 'comment']);

/** Returns the terms of a filter that are never decided here, such as `~b`. */
export function undecidedTerms(filter: FlowFilter): readonly string[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.of.flatMap(undecidedTerms);
    case 'not':
      return undecidedTerms(filter.of);
    case 'regex':
    case 'plain':
    case 'number':
      return UNKNOWN.has(filter.code) ? [`~${filter.code}`] : [];
  }
}

function plainMatches(code: string, ended: FilteredRequest['ended']): boolean | null {
  switch (code) {
    case 'all':
    case 'http':
      return true;
    case 'q':
      return ended?.kind !== 'response';
    case 's':
      return ended?.kind === 'response';
    case 'e':
      return ended?.kind === 'error';
    case 'websocket':
    case 'marked':
      return ended === undefined ? null : false;
    // Of an answer, an error or another kind of flow, none of which a new request is.
    default:
      return false;
  }
}

function regexMatches(code: string, regex: string, request: FilteredRequest): boolean | null {
  switch (code) {
    case 'd':
      return searches(regex, request.host, 'i');
    case 'u':
      return searches(regex, request.url, '');
    case 'm':
      return searches(regex, request.method, 'i');
    case 'src':
      return request.client === null ? null : searches(regex, request.client, '');
    case 'dst':
      return searches(regex, request.server, '');
    case 'hq':
      return headersMatch(regex, request.headers);
    case 'hs':
      return answerMatches(headersMatch, regex, request);
    case 'h':
      return either(headersMatch(regex, request.headers), answerMatches(headersMatch, regex, request));
    case 'tq':
      return typeMatches(regex, request.headers);
    case 'ts':
      return answerMatches(typeMatches, regex, request);
    case 't':
      return either(typeMatches(regex, request.headers), answerMatches(typeMatches, regex, request));
    case 'bs':
      return request.ended?.kind === 'response' ? null : false;
    default:
      return null;
  }
}

type HeaderTest = (regex: string, headers: Headers | undefined) => boolean | null;

const headersMatch: HeaderTest = (regex, headers) =>
  headers === undefined
    ? null
    : searches(regex, headers.map(([name, value]) => `${name}: ${value}\r\n`).join(''), 'm');

const typeMatches: HeaderTest = (regex, headers) => {
  if (headers === undefined) return null;
  const types = headers.filter(([name]) => name.toLowerCase() === 'content-type');
  return types.reduce<boolean | null>((sum, [, value]) => either(sum, searches(regex, value, '')), false);
};

function answerMatches(test: HeaderTest, regex: string, { ended }: FilteredRequest): boolean | null {
  return ended?.kind === 'response' ? test(regex, ended.headers) : false;
}

function either(one: boolean | null, other: boolean | null): boolean | null {
  if (one === true || other === true) return true;
  return one === null || other === null ? null : false;
}

/** Python's `re.search`; null for what JavaScript's expressions cannot say. */
export function searches(regex: string, text: string, flags: '' | 'i' | 'm'): boolean | null {
  // (?P<name>…), (?#…), \A and \Z are Python's; both read the rest of what people write here alike.
  const translated = regex.replaceAll('(?P<', '(?<').replaceAll('\\A', '^').replaceAll('\\Z', '$');
  const inline = /^\(\?i\)/.exec(translated);
  try {
    return new RegExp(
      translated.slice(inline?.[0].length ?? 0),
      inline === null ? flags : `i${flags === 'm' ? 'm' : ''}`,
    ).test(text);
  } catch {
    return null;
  }
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The whole text, or null. */
  all(): FlowFilter | null {
    const terms: FlowFilter[] = [];
    while (!this.#ends()) {
      const term = this.#or();
      if (term === null) return null;
      terms.push(term);
    }
    const [only] = terms;
    return terms.length === 1 && only !== undefined
      ? only
      : terms.length === 0
        ? null
        : { kind: 'and', of: terms };
  }

  #ends(): boolean {
    this.#skip();
    return this.#at >= this.#text.length;
  }

  #skip(): void {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at++;
  }

  #takes(sign: string): boolean {
    this.#skip();
    if (!this.#text.startsWith(sign, this.#at)) return false;
    this.#at += sign.length;
    return true;
  }

  #or(): FlowFilter | null {
    return this.#joined('or', '|', () => this.#joined('and', '&', () => this.#not()));
  }

  #joined(kind: 'and' | 'or', sign: string, part: () => FlowFilter | null): FlowFilter | null {
    const first = part();
    if (first === null) return null;
    const parts = [first];
    for (let before = this.#at; this.#takes(sign); before = this.#at) {
      const next = part();
      if (next === null) {
        // A sign with nothing behind it is a word like any other, and so a term of its own.
        this.#at = before;
        break;
      }
      parts.push(next);
    }
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind, of: parts };
  }

  #not(): FlowFilter | null {
    if (!this.#takes('!')) return this.#atom();
    const of = this.#not();
    return of === null ? null : { kind: 'not', of };
  }

  #atom(): FlowFilter | null {
    if (this.#takes('(')) {
      const inner = this.#or();
      return inner !== null && this.#takes(')') ? inner : null;
    }
    if (!this.#takes('~')) {
      const regex = this.#regex();
      return regex === null ? null : { kind: 'regex', code: 'u', regex };
    }
    const code = /^[a-z]+/.exec(this.#text.slice(this.#at))?.[0] ?? '';
    this.#at += code.length;
    if (PLAIN.includes(code)) return { kind: 'plain', code };
    this.#skip();
    if (NUMBER.includes(code)) {
      const digits = /^\d+/.exec(this.#text.slice(this.#at))?.[0] ?? '';
      this.#at += digits.length;
      return digits === '' ? null : { kind: 'number', code, value: Number(digits) };
    }
    if (!REGEX.includes(code)) return null;
    const regex = this.#regex();
    return regex === null ? null : { kind: 'regex', code, regex };
  }

  /** A word without brackets, tildes and quotes, or a text in quotes. */
  #regex(): string | null {
    this.#skip();
    const rest = this.#text.slice(this.#at);
    const quoted = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/.exec(rest);
    const found = quoted?.[0] ?? /^[^()~'"\s]+/.exec(rest)?.[0] ?? null;
    if (found === null) return null;
    this.#at += found.length;
    return quoted === null ? found : (quoted[1] ?? quoted[2] ?? '').replaceAll(/\\(["'])/g, '$1');
  }
}
