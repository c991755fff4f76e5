/** `az config`: the file behind `az configure`, by section and name. */
import { ok } from '../../model/result.ts';
import type { AzArguments, AzCommand, AzOption, Json } from './command.ts';
import { CONFIG_PATH, readConfiguration, writeConfiguration } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import { flag } from './option.ts';
import { optionalList, usageFailure } from './outcome.ts';

const local: AzOption = flag('--local', 'Include local configuration. Scan from the working directory up.', {
  noEffect: 'the workbook has one configuration',
});

/** Words without an option before them. */
function words(dest: string, help: string): AzOption {
  return { names: [], dest, type: { kind: 'list' }, help };
}

const EXPERIMENTAL =
  "Command group 'config' is experimental and under development. Reference and support levels: https://aka.ms/CLI_refstatus";

function itemsOf(configuration: Configuration, section: string): readonly Json[] {
  return Object.entries(configuration[section] ?? {}).map(([name, value]) => ({
    name,
    source: CONFIG_PATH,
    value,
  }));
}

function given(args: AzArguments, dest: string): readonly string[] {
  return optionalList(args, dest) ?? [];
}

/** `section.name` as its two parts; null for a section alone. */
function partsOf(key: string): { readonly section: string; readonly name: string } | null {
  const dot = key.indexOf('.');
  return dot < 1 ? null : { section: key.slice(0, dot), name: key.slice(dot + 1).toLowerCase() };
}

export const configCommands: readonly AzCommand[] = [
  {
    path: ['config', 'set'],
    summary: 'Set a configuration.',
    options: [
      words('keyValue', 'Space-separated configurations in the form of <section>.<key>=<value>.'),
      local,
    ],
    examples: [
      {
        does: 'Install extensions without asking.',
        line: 'az config set extension.use_dynamic_install=yes_without_prompt',
      },
    ],
    run: (cloud, args, files) => {
      const pairs = given(args, 'keyValue');
      if (pairs.length === 0) return usageFailure('the following arguments are required: KEY_VALUE', 2);
      let next = readConfiguration(files.read(CONFIG_PATH));
      for (const pair of pairs) {
        const equals = pair.indexOf('=');
        const key = equals < 0 ? null : partsOf(pair.slice(0, equals));
        if (key === null) return usageFailure('usage error: [section].[name]=[value] ...');
        const value = pair.slice(equals + 1).replace(/^(\'\'|"")$/, '');
        next = { ...next, [key.section]: { ...next[key.section], [key.name]: value } };
      }
      files.write(CONFIG_PATH, writeConfiguration(next));
      return ok({ cloud, warnings: [EXPERIMENTAL], durationSeconds: 0 });
    },
  },
  {
    path: ['config', 'get'],
    summary: 'Get a configuration.',
    options: [
      words('key', 'The configuration to get: <section> or <section>.<key>; all without one.'),
      local,
    ],
    run: (cloud, args, files) => {
      const configuration = readConfiguration(files.read(CONFIG_PATH));
      const [key] = given(args, 'key');
      const outcome = (output: Json) => ok({ cloud, output, warnings: [EXPERIMENTAL], durationSeconds: 0 });
      if (key === undefined) {
        return outcome(
          Object.fromEntries(
            Object.keys(configuration).map((section) => [section, itemsOf(configuration, section)]),
          ),
        );
      }
      const parts = partsOf(key);
      if (parts === null) return outcome(itemsOf(configuration, key));
      const value = configuration[parts.section]?.[parts.name];
      return value === undefined
        ? usageFailure(`Configuration '${key}' is not set.`)
        : outcome({ name: parts.name, source: CONFIG_PATH, value });
    },
  },
  {
    path: ['config', 'unset'],
    summary: 'Unset a configuration.',
    options: [words('key', 'The configurations to unset, each <section>.<key>.'), local],
    run: (cloud, args, files) => {
      const keys = given(args, 'key');
      if (keys.length === 0) return usageFailure('the following arguments are required: KEY', 2);
      let next = readConfiguration(files.read(CONFIG_PATH));
      for (const key of keys) {
        const parts = partsOf(key);
        if (parts === null) return usageFailure('usage error: [section].[name]');
        const { [parts.name]: _gone, ...kept } = next[parts.section] ?? {};
        next = { ...next, [parts.section]: kept };
      }
      files.write(CONFIG_PATH, writeConfiguration(next));
      return ok({ cloud, warnings: [EXPERIMENTAL], durationSeconds: 0 });
    },
  },
];
