import { ok } from '../../model/result.ts';
import type { AzCommand, Json } from './command.ts';
import { CONFIG_PATH, readConfiguration, writeConfiguration } from './configuration.ts';
import { boolean, choice, list } from './option.ts';
import { optionalList, usageFailure } from './outcome.ts';

export const configureCommands: readonly AzCommand[] = [
  {
    path: ['configure'],
    summary: 'Manage Azure CLI configuration. Here without its interactive questions.',
    options: [
      list('--defaults -d', "Space-separated 'name=value' pairs for common argument defaults."),
      boolean('--list-defaults -l', 'List all applicable defaults.'),
      choice('--scope', ['global', 'local'], 'Scope of defaults.', {
        default: 'global',
        noEffect: 'the workbook has one configuration',
      }),
    ],
    examples: [
      {
        does: 'Set default resource group and location.',
        line: 'az configure --defaults group=myRG location=westeurope',
      },
      { does: 'Clear the default resource group.', line: "az configure --defaults group=''" },
    ],
    run: (cloud, args, files) => {
      const configuration = readConfiguration(files.read(CONFIG_PATH));
      const defaults = configuration['defaults'] ?? {};
      if (args['listDefaults'] === true) {
        const output: Json = Object.entries(defaults).map(([name, value]) => ({
          name,
          source: CONFIG_PATH,
          value,
        }));
        return ok({ cloud, output, durationSeconds: 0 });
      }
      const wanted = optionalList(args, 'defaults');
      if (wanted === undefined) {
        return usageFailure(
          'The questions of az configure are not simulated in this workbook. Use az configure --defaults group=NAME location=NAME.',
        );
      }
      const next = new Map(Object.entries(defaults));
      for (const pair of wanted) {
        const equals = pair.indexOf('=');
        if (equals < 1) return usageFailure('usage error: --defaults STRING=STRING STRING=STRING ...');
        const name = pair.slice(0, equals).toLowerCase();
        const value = pair.slice(equals + 1).replaceAll(/^['"]|['"]$/g, '');
        if (value === '') next.delete(name);
        else next.set(name, value);
      }
      files.write(CONFIG_PATH, writeConfiguration({ ...configuration, defaults: Object.fromEntries(next) }));
      return ok({ cloud, durationSeconds: 0 });
    },
  },
];
