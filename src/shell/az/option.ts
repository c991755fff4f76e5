/**
 * Short ways to declare options, and the ones that many commands share. Names are one text, in the
 * order azure-cli lists them: `--name -n`. The key in `AzArguments` is the first long name in camelCase.
 */
import type { AzOption, AzOptionType } from './command.ts';

type Details = Partial<Omit<AzOption, 'names' | 'type' | 'help'>>;

function declare(names: string, type: AzOptionType, help: string, details: Details = {}): AzOption {
  const list = names.split(' ');
  return { names: list, dest: details.dest ?? destOf(list), type, help, ...details };
}

function destOf(names: readonly string[]): string {
  const long = names.find((name) => name.startsWith('--')) ?? names[0] ?? '';
  return long.replace(/^-+/, '').replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

export function text(names: string, help: string, details?: Details): AzOption {
  return declare(names, { kind: 'string' }, help, details);
}

export function integer(names: string, help: string, details?: Details): AzOption {
  return declare(names, { kind: 'integer' }, help, details);
}

export function flag(names: string, help: string, details?: Details): AzOption {
  return declare(names, { kind: 'flag' }, help, details);
}

export function boolean(names: string, help: string, details?: Details): AzOption {
  return declare(names, { kind: 'boolean' }, help, details);
}

export function choice(names: string, values: readonly string[], help: string, details?: Details): AzOption {
  return declare(names, { kind: 'enum', values }, help, details);
}

export function list(names: string, help: string, details?: Details): AzOption {
  return declare(names, { kind: 'list' }, help, details);
}

export function pairs(names: string, help: string, details?: Details): AzOption {
  return declare(names, { kind: 'pairs' }, help, details);
}

const PREFIXES: Readonly<Record<string, AzOptionType>> = {
  flag: { kind: 'flag' },
  boolean: { kind: 'boolean' },
  list: { kind: 'list' },
  maybe: { kind: 'list', empty: 'allowed' },
  integer: { kind: 'integer' },
};

/**
 * Options that real azure-cli has and we refuse, all for one reason. `flag:`, `boolean:`, `integer:`, `list:` or
 * `maybe:` (a list that may be empty) before the names says what they take; nothing means one value.
 */
export function refused(notSimulated: string, ...declarations: readonly string[]): readonly AzOption[] {
  return declarations.map((declaration) => {
    const colon = declaration.indexOf(':');
    const type = (colon > 0 ? PREFIXES[declaration.slice(0, colon)] : undefined) ?? { kind: 'string' };
    return declare(declaration.slice(colon + 1), type, `Not simulated: ${notSimulated}.`, { notSimulated });
  });
}

/** A choice of which only one value is taken: the one that says what happens anyway. */
export function onlyValue(
  names: string,
  values: readonly string[],
  simulatedValue: string,
  notSimulated: string,
  details?: Details,
): AzOption {
  const help = `Only ${simulatedValue} is simulated: ${notSimulated}.`;
  return choice(names, values, help, { ...details, notSimulated, simulatedValue });
}

/** Gives options the azure-cli version that brought them, if later than the one on record. */
export function since(version: string, ...options: readonly AzOption[]): readonly AzOption[] {
  return options.map((option) => ({ ...option, since: version }));
}

/** Options that are taken and change nothing that a network course could show. */
export function ignored(noEffect: string, ...declarations: readonly string[]): readonly AzOption[] {
  return refused(noEffect, ...declarations).map(({ notSimulated: _why, ...option }) => ({
    ...option,
    help: `No effect here: ${noEffect}.`,
    noEffect,
  }));
}

export const resourceGroup: AzOption = text(
  '--resource-group -g',
  'Name of resource group. You can configure the default group using `az configure --defaults group=<name>`.',
  { required: true },
);

export const anyResourceGroup: AzOption = text(
  '--resource-group -g',
  'Name of resource group. You can configure the default group using `az configure --defaults group=<name>`.',
);

export const groupOfId: AzOption = { ...anyResourceGroup, group: 'Resource Id', idPart: 'resource-group' };

/** The name of a resource that `--ids` can give instead. */
export function nameOfId(
  names: string,
  help: string,
  idPart: 'name' | 'child-name' | 'grandchild-name' = 'name',
): AzOption {
  return text(names, help, { group: 'Resource Id', idPart });
}

export const location: AzOption = text(
  '--location -l',
  'Location. Values from: `az account list-locations`. You can configure the default location using `az configure --defaults location=<location>`.',
);

export const tags: AzOption = pairs(
  '--tags',
  "Space-separated tags: key[=value] [key[=value] ...]. Use '' to clear existing tags.",
);

export const noWait: AzOption = boolean(
  '--no-wait',
  'Do not wait for the long-running operation to finish.',
  {
    noEffect: 'operations finish at once on the virtual clock',
  },
);

export const noWaitFlag: AzOption = { ...noWait, type: { kind: 'flag' } };

export const expand: AzOption = text('--expand', 'Expands referenced resources.', {
  notSimulated: 'show the referenced resource on its own instead',
});

export const yes: AzOption = flag('--yes -y', 'Do not prompt for confirmation.');

const GENERIC = 'Generic Update';

export const genericUpdate: readonly AzOption[] = [
  declare(
    '--add',
    { kind: 'lists' },
    'Add an object to a list of objects by specifying a path and key value pairs.  Example: `--add property.listProperty <key=value, string or JSON string>`.',
    { group: GENERIC },
  ),
  boolean(
    '--force-string',
    "When using 'set' or 'add', preserve string literals instead of attempting to convert to JSON.",
    {
      group: GENERIC,
    },
  ),
  declare(
    '--remove',
    { kind: 'lists' },
    'Remove a property or an element from a list.  Example: `--remove property.list <indexToRemove>` OR `--remove propertyToRemove`.',
    { group: GENERIC },
  ),
  declare(
    '--set',
    { kind: 'lists' },
    'Update an object by specifying a property path and value to set.  Example: `--set property1.property2=<value>`.',
    { group: GENERIC },
  ),
];

const WAIT = 'Wait Condition';

/** Most resources here are in their final state at once, so a wait ends at once or times out; clusters take time. */
export const waitConditions: readonly AzOption[] = [
  flag('--created', "Wait until created with 'provisioningState' at 'Succeeded'.", { group: WAIT }),
  text('--custom', 'Wait until the condition satisfies a custom JMESPath query.', { group: WAIT }),
  flag('--deleted', 'Wait until deleted.', { group: WAIT }),
  flag('--exists', 'Wait until the resource exists.', { group: WAIT }),
  integer('--interval', 'Polling interval in seconds.', { group: WAIT, default: '30' }),
  integer('--timeout', 'Maximum wait in seconds.', { group: WAIT, default: '3600' }),
  flag('--updated', "Wait until updated with provisioningState at 'Succeeded'.", { group: WAIT }),
];

/** What every command takes. */
export const globalOptions: readonly AzOption[] = [
  flag('--debug', 'Increase logging verbosity to show all debug logs.', { group: 'Global' }),
  flag('-h --help', 'Show this help message and exit.', { group: 'Global' }),
  flag('--only-show-errors', 'Only show errors, suppressing warnings.', { group: 'Global' }),
  choice('--output -o', ['json', 'jsonc', 'yaml', 'yamlc', 'table', 'tsv', 'none'], 'Output format.', {
    group: 'Global',
    default: 'json',
  }),
  text('--query', 'JMESPath query string. See http://jmespath.org/ for more information and examples.', {
    group: 'Global',
  }),
  flag('--verbose', 'Increase logging verbosity. Use --debug for full debug logs.', { group: 'Global' }),
];

export const subscriptionOption: AzOption = text(
  '--subscription',
  'Name or ID of subscription. You can configure the default subscription using `az account set -s NAME_OR_ID`.',
  { group: 'Global' },
);

export const idsOption: AzOption = list(
  '--ids',
  "One or more resource IDs (space-delimited). It should be a complete resource ID containing all information of 'Resource Id' arguments. You should provide either --ids or other 'Resource Id' arguments.",
  { group: 'Resource Id' },
);

/** Returns every option of a command: its own, `--ids` where it applies, and the global ones. */
export function allOptions(own: readonly AzOption[]): readonly AzOption[] {
  const names = new Set(own.flatMap((option) => option.names));
  const ids = own.some((option) => option.idPart !== undefined) && !names.has('--ids') ? [idsOption] : [];
  const subscription = names.has('--subscription') ? [] : [subscriptionOption];
  return [...own, ...ids, ...globalOptions, ...subscription];
}
