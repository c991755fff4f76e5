/** The few lines of Python that are read here: an import of a client, one URL that it fetches, and what is printed of it. */
import { err, ok, type Result } from '../../model/result.ts';

export type PythonClient = 'python-urllib' | 'python-requests';

export interface PythonFetch {
  readonly client: PythonClient;
  readonly url: string;
  readonly timeoutSeconds: number | null;
  /** `requests.get(url, verify=...)`: whether certificates are checked, or with which bundle. */
  readonly verify: boolean | string;
}

/** What is printed of an answer, in the client's own words. */
export type PythonPart = 'status' | 'reason' | 'bytes' | 'text' | 'ok' | 'answer';

export type PythonStep =
  | { readonly kind: 'fetch'; readonly fetch: PythonFetch }
  | { readonly kind: 'print'; readonly parts: readonly PythonPart[] }
  | { readonly kind: 'text'; readonly text: string };

export interface PythonScript {
  readonly imports: readonly string[];
  readonly steps: readonly PythonStep[];
}

const NAME = '[A-Za-z_]\\w*';
const STRING = `[rbf]?(?:"[^"\\\\]*"|'[^'\\\\]*')`;
const URLOPEN = new RegExp(
  `^(?:urllib\\.request\\.)?urlopen\\(\\s*(${STRING})\\s*((?:,[^()]*)?)\\)(.*)$`,
  's',
);
const GET = new RegExp(`^(?:requests\\.)?get\\(\\s*(${STRING})\\s*((?:,[^()]*)?)\\)(.*)$`, 's');

const URLLIB_PARTS: Readonly<Record<string, PythonPart>> = {
  '': 'answer',
  '.status': 'status',
  '.code': 'status',
  '.getcode()': 'status',
  '.reason': 'reason',
  '.msg': 'reason',
  '.read()': 'bytes',
  '.read().decode()': 'text',
};
const REQUESTS_PARTS: Readonly<Record<string, PythonPart>> = {
  '': 'answer',
  '.status_code': 'status',
  '.reason': 'reason',
  '.ok': 'ok',
  '.content': 'bytes',
  '.text': 'text',
};

/** Reads a script; the error is the first piece of it that is another Python than this. */
export function readPythonScript(code: string): Result<PythonScript, string> {
  const imports: string[] = [];
  const steps: PythonStep[] = [];
  let answer: { readonly name: string; readonly client: PythonClient } | null = null;
  for (const statement of statementsOf(code)) {
    const imported = readImport(statement);
    if (imported !== null) {
      imports.push(...imported);
      continue;
    }
    const [, name, value] = new RegExp(`^(${NAME})\\s*=\\s*([^=].*)$`, 's').exec(statement) ?? [];
    if (name !== undefined && value !== undefined) {
      const call = readCall(value);
      if (call?.rest !== '') return err(statement);
      answer = { name, client: call.fetch.client };
      steps.push({ kind: 'fetch', fetch: call.fetch });
      continue;
    }
    const printed = /^print\((.*)\)$/s.exec(statement)?.[1];
    const read = printed === undefined ? readBare(statement) : readPrint(printed, answer);
    if (read === null) return err(statement);
    steps.push(...read);
  }
  return ok({ imports, steps });
}

/** At semicolons and line ends that are in no string. */
function statementsOf(code: string): readonly string[] {
  const pieces = code.match(/(?:"[^"]*"|'[^']*'|#[^\n]*|[^;\n"'#])+/g) ?? [];
  return pieces
    .map((each) => each.replace(/^((?:"[^"]*"|'[^']*'|[^"'#])*)#.*$/s, '$1').trim())
    .filter((each) => each !== '');
}

function readImport(statement: string): readonly string[] | null {
  const plain = /^import\s+([\w.]+(?:\s*,\s*[\w.]+)*)$/.exec(statement)?.[1];
  if (plain !== undefined) return plain.split(/\s*,\s*/);
  const from = /^from\s+(urllib\.request|requests)\s+import\s+(urlopen|get)$/.exec(statement);
  return from === null ? null : [from[1] ?? ''];
}

interface Call {
  readonly fetch: PythonFetch;
  /** What follows the call. */
  readonly rest: string;
}

function readCall(text: string): Call | null {
  const opened = URLOPEN.exec(text.trim());
  const got = opened === null ? GET.exec(text.trim()) : null;
  const [, url = '', options = '', rest = ''] = opened ?? got ?? [];
  if (url === '') return null;
  const client: PythonClient = got === null ? 'python-urllib' : 'python-requests';
  let timeoutSeconds: number | null = null;
  let verify: boolean | string = true;
  for (const option of options.split(',').slice(1)) {
    const [, name = '', value = ''] = /^\s*(\w+)\s*=\s*(.*?)\s*$/s.exec(option) ?? [];
    if (name === 'timeout' && /^\d+(\.\d+)?$/.test(value)) timeoutSeconds = Number(value);
    else if (name === 'verify' && client === 'python-requests' && /^(True|False)$/.test(value))
      verify = value === 'True';
    else if (name === 'verify' && client === 'python-requests' && new RegExp(`^${STRING}$`).test(value))
      verify = unquoted(value);
    else return null;
  }
  return { fetch: { client, url: unquoted(url), timeoutSeconds, verify }, rest: rest.trim() };
}

const unquoted = (text: string): string => text.replace(/^[rbf]?(["'])(.*)\1$/s, '$2');

/** A fetch whose answer nobody looks at. */
function readBare(statement: string): readonly PythonStep[] | null {
  const call = readCall(statement);
  return call === null || partOf(call.fetch.client, call.rest) === null
    ? null
    : [{ kind: 'fetch', fetch: call.fetch }];
}

function readPrint(
  inside: string,
  answer: { readonly name: string; readonly client: PythonClient } | null,
): readonly PythonStep[] | null {
  if (new RegExp(`^${STRING}$`).test(inside)) return [{ kind: 'text', text: unquoted(inside) }];
  const call = readCall(inside);
  if (call !== null) {
    const part = partOf(call.fetch.client, call.rest);
    return part === null
      ? null
      : [
          { kind: 'fetch', fetch: call.fetch },
          { kind: 'print', parts: [part] },
        ];
  }
  if (answer === null) return null;
  const parts = inside.split(',').map((each) => {
    const text = each.trim();
    return text === answer.name || text.startsWith(`${answer.name}.`)
      ? partOf(answer.client, text.slice(answer.name.length))
      : null;
  });
  return parts.every((each) => each !== null) ? [{ kind: 'print', parts }] : null;
}

function partOf(client: PythonClient, rest: string): PythonPart | null {
  const parts = client === 'python-urllib' ? URLLIB_PARTS : REQUESTS_PARTS;
  const key = rest.replace(/\.decode\((["'])utf-?8\1\)$/i, '.decode()');
  return Object.hasOwn(parts, key) ? (parts[key] ?? null) : null;
}
