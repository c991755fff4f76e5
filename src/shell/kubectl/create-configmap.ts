import type { ConfigMapManifest } from '../../model/kubernetes/manifest.ts';
import { err } from '../../model/result.ts';
import type { KubectlCommand } from './command.ts';
import { COMMON, createAndReport, oneName } from './create.ts';
import { clientError } from './failure.ts';

export const CREATE_CONFIGMAP: KubectlCommand = {
  path: ['create', 'configmap'],
  aliases: ['cm'],
  summary: 'Create a config map from a local file or literal value.',
  usage: 'NAME [--from-file=[key=]source] [--from-literal=key1=value1] [options]',
  examples: [
    {
      does: 'Create a config map from a file',
      line: 'kubectl create configmap my-config --from-file=key=path/to/file',
    },
  ],
  needs: 'cluster',
  flags: [
    ...COMMON,
    {
      name: 'append-hash',
      type: { kind: 'flag' },
      help: 'Append a hash of the configmap to its name.',
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
  ],
  run: async (input, target, context) => {
    const name = oneName(input, 'configmap');
    if (!name.ok) return name;
    const data = new Map<string, string>();
    const repeated: string[] = [];
    const add = (key: string, value: string) => {
      if (data.has(key)) repeated.push(key);
      data.set(key, value);
    };
    for (const literal of input.flags.list('from-literal')) {
      const at = literal.indexOf('=');
      if (at < 1) return err(clientError(`invalid literal source ${literal}, expected key=value`));
      // Quotes at the ends go, whatever the shell left of them.
      add(literal.slice(0, at), literal.slice(at + 1).replace(/^["']+|["']+$/g, ''));
    }
    for (const source of input.flags.list('from-file')) {
      const at = source.indexOf('=');
      const path = source.slice(at + 1);
      const key = at < 0 ? (path.split('/').at(-1) ?? path) : source.slice(0, at);
      const text = path === '/dev/stdin' ? context.stdin : await context.readFile(path);
      if (text === null) return err(clientError(`error reading ${path}: no such file or directory`));
      add(key, text);
    }
    for (const path of input.flags.list('from-env-file')) {
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
          `cannot add key "${again}", another key by that name already exists in Data for ConfigMap "${name.value}"`,
        ),
      );
    }
    const bad = [...data.keys()].find((key) => !/^[-._a-zA-Z0-9]+$/.test(key));
    if (bad !== undefined) {
      return err(
        clientError(
          `"${bad}" is not valid key name for a ConfigMap: a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
        ),
      );
    }
    const manifest: ConfigMapManifest = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: name.value, namespace: target.namespace },
      data: Object.fromEntries([...data].sort(([a], [b]) => (a < b ? -1 : 1))),
    };
    return createAndReport(context.cloud, target, manifest, input.flags, context);
  },
};
