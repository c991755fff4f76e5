/** `~/.azure/config`: the INI file behind `az configure --defaults` and the environment over it. */
import type { AzArguments, AzOption } from './command.ts';

export const CONFIG_PATH = '~/.azure/config';

/** Section and key to value. */
export type Configuration = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function readConfiguration(text: string | null): Configuration {
  const sections = new Map<string, Map<string, string>>();
  let section = 'DEFAULT';
  for (const line of (text ?? '').split('\n')) {
    const heading = /^\s*\[([^\]]+)\]\s*$/.exec(line);
    if (heading !== null) {
      section = heading[1] ?? section;
      continue;
    }
    const entry = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (entry === null) continue;
    const entries = sections.get(section) ?? new Map<string, string>();
    entries.set((entry[1] ?? '').toLowerCase(), entry[2] ?? '');
    sections.set(section, entries);
  }
  return Object.fromEntries([...sections].map(([name, entries]) => [name, Object.fromEntries(entries)]));
}

export function writeConfiguration(configuration: Configuration): string {
  return Object.entries(configuration)
    .filter(([, entries]) => Object.keys(entries).length > 0)
    .map(
      ([section, entries]) =>
        `[${section}]\n${Object.entries(entries)
          .map(([key, value]) => `${key} = ${value}\n`)
          .join('')}`,
    )
    .join('\n');
}

/** Returns a setting: the environment's `AZURE_SECTION_KEY` first, then the file. */
export function setting(
  configuration: Configuration,
  env: ReadonlyMap<string, string>,
  section: string,
  key: string,
): string | null {
  const fromEnvironment = env.get(`AZURE_${section.toUpperCase()}_${key.toUpperCase()}`);
  const value = fromEnvironment ?? configuration[section]?.[key] ?? '';
  return value === '' ? null : value;
}

/** Which setting stands in for an option that is not given, as azure-cli's `configured_default`. */
function defaultKey(option: AzOption): string | null {
  if (option.names.includes('-g') && option.names.includes('--resource-group')) {
    return option.names.includes('--name') ? null : 'group';
  }
  if (option.names.includes('--location')) return 'location';
  return null;
}

/** Returns the options with what is configured no longer required, and the values that stand in. */
export function configuredDefaults(
  options: readonly AzOption[],
  configuration: Configuration,
  env: ReadonlyMap<string, string>,
): { readonly options: readonly AzOption[]; readonly values: AzArguments } {
  const values: Record<string, string> = {};
  const relaxed = options.map((option) => {
    const key = defaultKey(option);
    const value = key === null ? null : setting(configuration, env, 'defaults', key);
    if (value === null) return option;
    values[option.dest] = value;
    const { required: _required, ...optional } = option;
    return optional;
  });
  return { options: relaxed, values };
}
