/** `--from-literal`, `--from-file` and `--from-env-file` of `kubectl create configmap` and `create secret generic`. */
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext } from '../command.ts';
import type { Flag, Flags } from './command.ts';
import { clientError, type KubectlFailure } from './failure.ts';

export const KEY_VALUE_FLAGS: readonly Flag[] = [
  {
    name: 'append-hash',
    type: { kind: 'flag' },
    help: 'Append a hash of the content to its name.',
    notSimulated: 'give the name that you want',
  },
  {
    name: 'from-literal',
    type: { kind: 'list', split: 'none' },
    help: 'Specify a key and literal value to insert.',
  },
  {
    name: 'from-file',
    type: { kind: 'list', split: 'none' },
    help: 'A file, with or without the key to keep it under.',
  },
  {
    name: 'from-env-file',
    type: { kind: 'list', split: 'none' },
    help: 'A file of key=val pairs.',
  },
];

/** Returns what the flags hold, keys sorted; `kind` and `name` are for the errors' words. */
export async function readKeyValues(
  flags: Flags,
  context: CommandContext,
  kind: 'ConfigMap' | 'Secret',
  name: string,
): Promise<Result<Readonly<Record<string, string>>, KubectlFailure>> {
  const data = new Map<string, string>();
  const repeated: string[] = [];
  const add = (key: string, value: string) => {
    if (data.has(key)) repeated.push(key);
    data.set(key, value);
  };
  for (const literal of flags.list('from-literal')) {
    const at = literal.indexOf('=');
    if (at < 1) return err(clientError(`invalid literal source ${literal}, expected key=value`));
    // Quotes at the ends go, whatever the shell left of them.
    add(literal.slice(0, at), literal.slice(at + 1).replace(/^["']+|["']+$/g, ''));
  }
  for (const source of flags.list('from-file')) {
    const at = source.indexOf('=');
    const path = source.slice(at + 1);
    const key = at < 0 ? (path.split('/').at(-1) ?? path) : source.slice(0, at);
    const text = path === '/dev/stdin' ? context.stdin : await context.readFile(path);
    if (text === null) return err(clientError(`error reading ${path}: no such file or directory`));
    add(key, text);
  }
  for (const path of flags.list('from-env-file')) {
    const text = await context.readFile(path);
    if (text === null) return err(clientError(`error reading ${path}: no such file or directory`));
    for (const line of text.split('\n').map((each) => each.trimStart())) {
      const at = line.indexOf('=');
      if (at > 0 && !line.startsWith('#')) add(line.slice(0, at), line.slice(at + 1));
    }
  }
  const [again] = repeated;
  if (again !== undefined) {
    return err(
      clientError(
        `cannot add key "${again}", another key by that name already exists in Data for ${kind} "${name}"`,
      ),
    );
  }
  const bad = [...data.keys()].find((key) => !/^[-._a-zA-Z0-9]+$/.test(key));
  if (bad !== undefined) {
    return err(
      clientError(
        `"${bad}" is not valid key name for a ${kind}: a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
      ),
    );
  }
  return ok(Object.fromEntries([...data].sort(([a], [b]) => (a < b ? -1 : 1))));
}
