import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext } from '../command.ts';
import { alignCells } from './columns.ts';
import type { Flag, KubectlCommand, KubectlInput, KubectlResult } from './command.ts';
import { clientError, type KubectlFailure } from './failure.ts';
import {
  EMPTY_KUBECONFIG,
  kubeconfigPath,
  parseKubeconfig,
  printKubeconfig,
  type Kubeconfig,
} from './kubeconfig.ts';
import { toJson } from './printed-object.ts';

type Run = (
  input: KubectlInput,
  config: Kubeconfig,
  save: (config: Kubeconfig) => Promise<void>,
) => KubectlResult | Promise<KubectlResult>;

/** `kubectl config …`: all of them read the kubeconfig, some write it. */
export const CONFIG_COMMANDS: readonly KubectlCommand[] = [
  command('current-context', 'Display the current-context.', [], (_input, config) =>
    config.currentContext === ''
      ? err(clientError('current-context is not set'))
      : ok({ stdout: `${config.currentContext}\n` }),
  ),
  command(
    'get-contexts',
    'Describe one or many contexts.',
    [
      { name: 'no-headers', type: { kind: 'flag' }, help: 'Do not print headers.' },
      { name: 'output', shorthand: 'o', type: { kind: 'string' }, help: 'Output format. One of: (name).' },
    ],
    (input, config) => {
      const unknown = input.args.find((name) => config.contexts.every((each) => each.name !== name));
      if (unknown !== undefined) return err(clientError(`context ${unknown} not found`));
      const contexts = config.contexts
        .filter((each) => input.args.length === 0 || input.args.includes(each.name))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
      if (input.flags.text('output') === 'name')
        return ok({ stdout: contexts.map((each) => `${each.name}\n`).join('') });
      const rows = contexts.map(({ name, context }) => [
        name === config.currentContext ? '*' : '',
        name,
        context.cluster,
        context.user,
        context.namespace ?? '',
      ]);
      const header = ['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE'];
      return ok({ stdout: alignCells(input.flags.isOn('no-headers') ? rows : [header, ...rows]) });
    },
  ),
  command('get-clusters', 'Display clusters defined in the kubeconfig.', [], (_input, config) =>
    ok({ stdout: `NAME\n${config.clusters.map((each) => `${each.name}\n`).join('')}` }),
  ),
  command('get-users', 'Display users defined in the kubeconfig.', [], (_input, config) =>
    ok({ stdout: `NAME\n${config.users.map((each) => `${each.name}\n`).join('')}` }),
  ),
  command(
    'use-context',
    'Set the current-context in a kubeconfig file.',
    [],
    async (input, config, save) => {
      const [name] = input.args;
      if (name === undefined || input.args.length !== 1) {
        return err(clientError(`accepts 1 arg(s), received ${input.args.length}`));
      }
      if (config.contexts.every((each) => each.name !== name))
        return err(clientError(`no context exists with the name: "${name}"`));
      await save({ ...config, currentContext: name });
      return ok({ stdout: `Switched to context "${name}".\n` });
    },
    ['use'],
  ),
  command(
    'set-context',
    'Set a context entry in kubeconfig.',
    [
      { name: 'current', type: { kind: 'flag' }, help: 'Modify the current context.' },
      { name: 'cluster', type: { kind: 'string' }, help: 'cluster for the context entry in kubeconfig' },
      { name: 'user', type: { kind: 'string' }, help: 'user for the context entry in kubeconfig' },
    ],
    async (input, config, save) => {
      const name = input.flags.isOn('current') ? config.currentContext : input.args[0];
      if (name === undefined || name === '')
        return err(clientError('you must specify a non-empty context name or --current'));
      const existing = config.contexts.find((each) => each.name === name);
      const namespace = input.flags.text('namespace') ?? existing?.context.namespace;
      const context = {
        cluster: input.flags.text('cluster') ?? existing?.context.cluster ?? '',
        user: input.flags.text('user') ?? existing?.context.user ?? '',
        ...(namespace === undefined || namespace === '' ? {} : { namespace }),
      };
      const others = config.contexts.filter((each) => each.name !== name);
      await save({ ...config, contexts: [...others, { name, context }] });
      return ok({ stdout: `Context "${name}" ${existing === undefined ? 'created' : 'modified'}.\n` });
    },
  ),
  command(
    'delete-context',
    'Delete the specified context from the kubeconfig.',
    [],
    async (input, config, save) => {
      const [name] = input.args;
      if (name === undefined || config.contexts.every((each) => each.name !== name)) {
        return err(clientError(`cannot delete context ${name ?? ''}, not in ~/.kube/config`));
      }
      await save({ ...config, contexts: config.contexts.filter((each) => each.name !== name) });
      return ok({ stdout: `deleted context ${name} from ~/.kube/config\n` });
    },
  ),
  command(
    'view',
    'Display merged kubeconfig settings or a specified kubeconfig file.',
    [
      { name: 'minify', type: { kind: 'flag' }, help: 'Remove all information not used by current-context.' },
      { name: 'raw', type: { kind: 'flag' }, help: 'Display raw byte data.' },
      { name: 'flatten', type: { kind: 'flag' }, help: 'It has no effect here.' },
      {
        name: 'output',
        shorthand: 'o',
        type: { kind: 'string' },
        help: 'Output format. One of: (json, yaml, jsonpath).',
      },
    ],
    async (input, config) => {
      const shown = input.flags.isOn('raw') ? config : redacted(config);
      const chosen = input.flags.isOn('minify') ? minified(shown) : shown;
      const text = printKubeconfig(chosen);
      const format = input.flags.text('output') ?? 'yaml';
      if (format === 'yaml') return ok({ stdout: text });
      const { parse } = await import('yaml');
      const data: unknown = parse(text);
      if (format === 'json') return ok({ stdout: toJson(data as Readonly<Record<string, unknown>>) });
      if (format.startsWith('jsonpath=')) {
        const { parseJsonPath } = await import('./jsonpath-template.ts');
        const { evaluateJsonPath } = await import('./jsonpath.ts');
        const template = parseJsonPath(format.slice('jsonpath='.length));
        if (!template.ok) return err(clientError(template.error));
        const printed = evaluateJsonPath(template.value, data);
        return printed.ok ? ok({ stdout: printed.value }) : err(clientError(printed.error));
      }
      return err(
        clientError(
          `unable to match a printer suitable for the output format "${format}", allowed formats are: json,jsonpath,yaml`,
        ),
      );
    },
  ),
];

function command(
  name: string,
  summary: string,
  flags: readonly Flag[],
  run: Run,
  aliases: readonly string[] = [],
): KubectlCommand {
  return {
    path: ['config', name],
    aliases,
    summary,
    usage: '[options]',
    examples: [],
    needs: 'local',
    flags,
    run: async (input, _target, context) => {
      const path = kubeconfigPath(input.flags.text('kubeconfig'), context);
      const config = await readConfig(path, context);
      if (!config.ok) return config;
      return run(input, config.value, async (changed) => {
        await context.writeFile(path, printKubeconfig(changed));
      });
    },
  };
}

async function readConfig(
  path: string,
  context: CommandContext,
): Promise<Result<Kubeconfig, KubectlFailure>> {
  const text = await context.readFile(path);
  return text === null ? ok(EMPTY_KUBECONFIG) : parseKubeconfig(text, path);
}

function redacted(config: Kubeconfig): Kubeconfig {
  return {
    ...config,
    clusters: config.clusters.map(({ name, cluster }) => ({
      name,
      cluster: {
        ...cluster,
        ...(cluster['certificate-authority-data'] === undefined
          ? {}
          : { 'certificate-authority-data': 'DATA+OMITTED' }),
      },
    })),
    users: config.users.map(({ name, user }) => ({
      name,
      user: Object.fromEntries(
        Object.entries(user).map(([key, value]) => [
          key,
          key.endsWith('-data') ? 'DATA+OMITTED' : key === 'token' || key === 'password' ? 'REDACTED' : value,
        ]),
      ),
    })),
  };
}

function minified(config: Kubeconfig): Kubeconfig {
  const contexts = config.contexts.filter((each) => each.name === config.currentContext);
  return {
    ...config,
    contexts,
    clusters: config.clusters.filter((each) => contexts.some(({ context }) => context.cluster === each.name)),
    users: config.users.filter((each) => contexts.some(({ context }) => context.user === each.name)),
  };
}
