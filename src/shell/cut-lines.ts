/**
 * `cut` as GNU's does it. just-bash's own ends the whole script at 20,000 characters in all, which a long listing has,
 * and does not know `-b`, `--complement` and `--output-delimiter`.
 */

type ListKind = 'bytes' | 'characters' | 'fields';

interface Range {
  readonly first: number;
  readonly last: number;
}

export interface CutRequest {
  readonly kind: ListKind;
  readonly ranges: readonly Range[];
  readonly complement: boolean;
  readonly delimiter: string;
  readonly outputDelimiter: string | null;
  readonly onlyDelimited: boolean;
  /** Operands; none for standard input. */
  readonly files: readonly string[];
}

export type CutReading =
  | { readonly kind: 'request'; readonly request: CutRequest }
  | { readonly kind: 'wrong'; readonly message: string }
  /** `--help` and what else is not read here. */
  | { readonly kind: 'other' };

const LISTS: Readonly<Record<string, ListKind>> = {
  b: 'bytes',
  bytes: 'bytes',
  c: 'characters',
  characters: 'characters',
  f: 'fields',
  fields: 'fields',
};
const LONG_WITH_VALUE = ['bytes', 'characters', 'fields', 'delimiter', 'output-delimiter'];

/** Reads the arguments of `cut`. */
export function readCut(args: readonly string[]): CutReading {
  const lists: [ListKind, string][] = [];
  const files: string[] = [];
  let delimiter: string | null = null;
  let outputDelimiter: string | null = null;
  let onlyDelimited = false;
  let complement = false;
  const take = (name: string, value: string): void => {
    const kind = LISTS[name];
    if (kind !== undefined) lists.push([kind, value]);
    else if (name === 'output-delimiter') outputDelimiter = value;
    else delimiter = value;
  };
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      files.push(...args.slice(at + 1));
      break;
    }
    if (!/^-./.test(arg)) {
      files.push(arg);
      continue;
    }
    const long = /^--([^=]+)(?:=(.*))?$/s.exec(arg);
    if (long !== null) {
      const [, name = '', glued] = long;
      if (name === 'complement') complement = true;
      else if (name === 'only-delimited') onlyDelimited = true;
      else if (!LONG_WITH_VALUE.includes(name)) return { kind: 'other' };
      else if (glued === undefined && at + 1 >= args.length) {
        return wrong(`option '--${name}' requires an argument`);
      } else take(name, glued ?? args[++at] ?? '');
      continue;
    }
    for (let letter = 1; letter < arg.length; letter++) {
      const name = arg.charAt(letter);
      if (name === 's') onlyDelimited = true;
      else if (name === 'n') continue;
      else if (!'bcfd'.includes(name)) return { kind: 'other' };
      else {
        const glued = arg.slice(letter + 1);
        if (glued === '' && at + 1 >= args.length) return wrong(`option requires an argument -- '${name}'`);
        take(name, glued === '' ? (args[++at] ?? '') : glued);
        break;
      }
    }
  }
  const [list] = lists;
  if (list === undefined) return wrong('you must specify a list of bytes, characters, or fields');
  if (lists.length > 1) return wrong('only one list may be specified');
  const [kind, text] = list;
  const given = delimiter as string | null;
  if (given !== null && [...given].length > 1) return wrong('the delimiter must be a single character');
  if (kind !== 'fields' && given !== null) {
    return wrong('an input delimiter may be specified only when operating on fields');
  }
  if (kind !== 'fields' && onlyDelimited) {
    return wrong('suppressing non-delimited lines makes sense\n\tonly when operating on fields');
  }
  const ranges = readRanges(kind, text);
  if (typeof ranges === 'string') return wrong(ranges);
  return {
    kind: 'request',
    request: {
      kind,
      ranges,
      complement,
      // An empty delimiter is the NUL character.
      delimiter: given === null ? '\t' : given === '' ? '\0' : given,
      outputDelimiter,
      onlyDelimited,
      files,
    },
  };
}

function wrong(message: string): CutReading {
  return { kind: 'wrong', message: `cut: ${message}\nTry 'cut --help' for more information.\n` };
}

/** Returns ranges in order, those that touch made one; a text says what is wrong. */
function readRanges(kind: ListKind, list: string): readonly Range[] | string {
  const of = kind === 'fields' ? 'field value' : 'byte/character position';
  const from =
    kind === 'fields' ? 'fields are numbered from 1' : 'byte/character positions are numbered from 1';
  const ranges: Range[] = [];
  for (const part of list.split(/[, \t]/)) {
    const read = /^(\d*)(-?)(\d*)$/.exec(part);
    if (read === null) return `invalid ${of} ‘${part}’`;
    const [, start = '', dash = '', end = ''] = read;
    if (start === '' && end === '') return dash === '' ? from : 'invalid range with no endpoint: -';
    const first = start === '' ? 1 : Number(start);
    const last = dash === '' ? first : end === '' ? Infinity : Number(end);
    if (first === 0 || last === 0) return from;
    if (last < first) return 'invalid decreasing range';
    ranges.push({ first, last });
  }
  ranges.sort((a, b) => a.first - b.first);
  const joined: Range[] = [];
  for (const range of ranges) {
    const before = joined.at(-1);
    if (before === undefined || range.first > before.last) joined.push(range);
    else joined[joined.length - 1] = { first: before.first, last: Math.max(before.last, range.last) };
  }
  return joined;
}

/** Returns what is left of a text, line by line. */
export function cutText(request: CutRequest, text: string): string {
  if (text === '') return '';
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const kept: string[] = [];
  for (const line of lines) {
    const cut = cutLine(request, line);
    if (cut !== null) kept.push(`${cut}\n`);
  }
  return kept.join('');
}

function cutLine(request: CutRequest, line: string): string | null {
  const { kind, delimiter, outputDelimiter } = request;
  switch (kind) {
    case 'fields': {
      if (!line.includes(delimiter)) return request.onlyDelimited ? null : line;
      const parts = chosen(request, line.split(delimiter)).flat();
      return parts.join(outputDelimiter ?? delimiter);
    }
    case 'characters':
      return chosen(request, [...line])
        .map((part) => part.join(''))
        .join(outputDelimiter ?? '');
    case 'bytes': {
      const bytes = chosen(request, [...new TextEncoder().encode(line)]);
      const decoder = new TextDecoder();
      return bytes.map((part) => decoder.decode(new Uint8Array(part))).join(outputDelimiter ?? '');
    }
  }
}

/** Returns the pieces of a line that its ranges choose, range by range. */
function chosen<T>({ ranges, complement }: CutRequest, pieces: readonly T[]): T[][] {
  const wanted = complement ? complementOf(ranges) : ranges;
  return wanted
    .map(({ first, last }) => pieces.slice(first - 1, Math.min(last, pieces.length)))
    .filter((part) => part.length > 0);
}

function complementOf(ranges: readonly Range[]): readonly Range[] {
  const left: Range[] = [];
  let next = 1;
  for (const { first, last } of ranges) {
    if (first > next) left.push({ first: next, last: first - 1 });
    next = last + 1;
  }
  if (next !== Infinity) left.push({ first: next, last: Infinity });
  return left;
}
