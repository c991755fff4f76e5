/**
 * What matters of an `az` line to the parser of the real azure-cli. Parsing judges the command, the names
 * of options, how many words each takes, and the spelling of what has a fixed set or a syntax; of a free
 * text (a name, an address, an id) it looks at nothing. So lines that differ only there have one shape.
 */
import recorded from '../fixtures/az-options.json' with { type: 'json' };

interface RealOption {
  readonly names: readonly string[];
  readonly required?: boolean;
  readonly choices?: readonly string[];
}

const REAL: Readonly<Record<string, readonly RealOption[] | undefined>> = recorded.commands;

/** Commands whose options Debian's azure-cli cannot load, because its SDK lacks their API versions. */
export const UNREADABLE: ReadonlySet<string> = new Set(recorded.unreadable);

export interface AzLineShape {
  /** `network vnet create`; the words before the first option. */
  readonly command: string;
  /** An option with what follows it, values of free text by class: `--name <word>`. */
  readonly options: readonly string[];
}

export function shapeOf(words: readonly string[]): AzLineShape {
  const first = words.findIndex((word) => word.startsWith('-'));
  const command = words.slice(0, first === -1 ? words.length : first).join(' ');
  const options: string[] = [];
  let chunk: { readonly name: string; readonly values: string[] } | null = null;
  const close = (): void => {
    if (chunk !== null) options.push([chunk.name, ...chunk.values].join(' '));
  };
  for (const word of first === -1 ? [] : words.slice(first)) {
    if (/^-(?!\d+$|\d*\.\d+$)\S/.test(word)) {
      close();
      const [, name = word, joined] = /^(--[^=]+=|-[^-])(.+)$/s.exec(word) ?? [];
      chunk = { name, values: joined === undefined ? [] : [valueShape(command, name, joined)] };
    } else if (chunk !== null) {
      const value = valueShape(command, chunk.name, word);
      // How many there are of a list makes no difference beyond one.
      if (chunk.values.length < 2 || chunk.values.at(-1) !== value) chunk.values.push(value);
    }
  }
  close();
  return { command, options: options.sort() };
}

/** One text per shape. */
export function shapeKey({ command, options }: AzLineShape): string {
  return ['az', command, ...options].join(' ');
}

function valueShape(command: string, name: string, value: string): string {
  const option = realOption(command, name.replace(/=$/, ''));
  // An option that the record does not know may have a fixed set, so its value counts.
  if (option === undefined || option.choices !== undefined) return JSON.stringify(withoutDrawn(value));
  const classes: readonly (readonly [RegExp, string])[] = [
    [/^\d+$/, '<number>'],
    [/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i, '<uuid>'],
    [/^\d+\.\d+\.\d+\.\d+$/, '<address>'],
    [/^\d+\.\d+\.\d+\.\d+\/\d+$/, '<prefix>'],
    [/^\/subscriptions\/[\w./-]+$/i, '<id>'],
    [/^(?!true$|false$|yes$|no$|null$)[a-z][\w.-]*$/i, '<word>'],
  ];
  const found = classes.find(([pattern]) => pattern.test(value));
  return found?.[1] ?? JSON.stringify(withoutDrawn(value));
}

/** Addresses, names and ids inside a query or an expression, which vary with the seed. */
export function withoutDrawn(value: string): string {
  return value
    .replaceAll(/\b\d+\.\d+\.\d+\.\d+\b/g, '192.0.2.1')
    .replaceAll(/\b\d{8}\b/g, '12345678')
    .replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/gi, '00000000-0000-0000-0000-000000000000')
    .replaceAll(/\bvmss[\da-z]{6}\b/g, 'vmss000000');
}

function realOption(command: string, name: string): RealOption | undefined {
  return REAL[command]?.find((option) => option.names.includes(name));
}

/** Names of options that the real parser demands of the command and the shape does not give. */
export function missingOptions({ command, options }: AzLineShape): readonly RealOption[] {
  const given = options.map((option) => (option.split(/[ =]/)[0] ?? '').replace(/=$/, ''));
  return (REAL[command] ?? []).filter(
    (option) => option.required === true && !option.names.some((name) => given.includes(name)),
  );
}

/** A mention in prose with what its sentence leaves out: the parser demands options before it looks at others. */
export function completed(words: readonly string[]): readonly string[] {
  const missing = missingOptions(shapeOf(words));
  return [...words, ...missing.flatMap(({ names, choices }) => [names.at(-1) ?? '', choices?.[0] ?? '1'])];
}

/**
 * Whether lines that the real parser took vouch for another one: the same command, each option seen with
 * values of the same classes, and all that the command demands. Options are parsed one by one, so the
 * order and the company do not matter.
 */
export function vouchedFor(shape: AzLineShape, taken: readonly AzLineShape[]): boolean {
  const seen = new Set(
    taken.filter(({ command }) => command === shape.command).flatMap(({ options }) => options),
  );
  const known = REAL[shape.command] !== undefined && seen.size > 0;
  return known && shape.options.every((option) => seen.has(option)) && missingOptions(shape).length === 0;
}
