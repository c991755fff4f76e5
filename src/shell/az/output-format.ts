/** Prints a command's result as knack, azure-cli's framework, does: json, yaml, table, tsv, none. */
import { stringify } from 'yaml';
import type { Tags } from 'yaml';
import type { Json } from './command.ts';

export type OutputFormat = 'json' | 'jsonc' | 'yaml' | 'yamlc' | 'table' | 'tsv' | 'none';

type JsonObject = { readonly [key: string]: Json };
export type TableRow = Readonly<Record<string, string>>;

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `Array.isArray` that keeps the element type of a readonly list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** A text, number or boolean as it is printed; nothing for what has parts or is not there. */
export function plainText(value: Json | undefined): string {
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}

/** Returns the value with the keys of every object in alphabetical order, as azure-cli holds results. */
export function sortKeys(value: Json): Json {
  if (isList(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort(byCodePoint)
      .map((key) => [key, sortKeys(value[key] ?? null)]),
  );
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Returns the text of a result. `transform` is the command's own table, which a query switches off.
 * A null result prints nothing at all.
 */
export function formatOutput(
  result: Json,
  format: OutputFormat,
  table: {
    readonly transform: ((output: Json) => readonly TableRow[]) | null;
    readonly query: 'active' | 'none';
  },
): string {
  if (result === null) return '';
  switch (format) {
    case 'json':
    case 'jsonc':
      return `${JSON.stringify(sortKeys(result), null, 2)}\n`;
    case 'yaml':
    case 'yamlc':
      return formatYaml(result);
    case 'table':
      return formatTable(result, table);
    case 'tsv':
      return (isList(result) ? result : [result]).map(tsvRow).join('');
    case 'none':
      return '';
  }
}

/** As PyYAML's `safe_dump` with block style: keys sorted, lists not indented, YAML 1.1 quoting. */
function formatYaml(result: Json): string {
  const text = stringify(sortKeys(result), {
    indentSeq: false,
    lineWidth: 80,
    singleQuote: true,
    version: '1.1',
    aliasDuplicateObjects: false,
    customTags: (tags) => tags.map(withoutLetters),
  });
  // A scalar without quotes ends the document with dots there.
  return typeof result === 'object' || /^['"]/.test(text) ? text : `${text}...\n`;
}

/** PyYAML takes `yes` and `no` for booleans, but not `y` and `n`, which it prints without quotes. */
function withoutLetters(tag: Tags[number]): Tags[number] {
  if (typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:bool' || tag.test === undefined) return tag;
  return { ...tag, test: new RegExp(tag.test.source.replace(/(Y\|y|N\|n)\|/, '')) };
}

const SKIPPED_COLUMNS = ['id', 'type', 'etag'];

function formatTable(
  result: Json,
  table: {
    readonly transform: ((output: Json) => readonly TableRow[]) | null;
    readonly query: 'active' | 'none';
  },
): string {
  if (table.transform !== null && table.query === 'none') return tabulate(table.transform(result));
  const items = isList(result) ? result : [result];
  const rows = items.map((item) => automaticRow(item, table.query));
  return tabulate(rows);
}

function automaticRow(item: Json, query: 'active' | 'none'): TableRow {
  if (isList(item)) {
    return Object.fromEntries(item.map((value, column) => [`Column${column + 1}`, cell(value)]));
  }
  if (!isObject(item)) return { Result: cell(item) };
  const keys = query === 'none' ? Object.keys(item).sort(byCodePoint) : Object.keys(item);
  const row: Record<string, string> = {};
  for (const key of keys) {
    const value = item[key] ?? null;
    if (SKIPPED_COLUMNS.includes(key) || value === null || typeof value === 'object') continue;
    row[key.charAt(0).toUpperCase() + key.slice(1)] = cell(value);
  }
  return row;
}

/** Python's `str()` of a value, since that is what tabulate and tsv print. */
function cell(value: Json): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'object') return pythonText(value);
  return String(value);
}

function pythonText(value: Json): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (typeof value === 'number') return String(value);
  if (isList(value)) return `[${value.map(pythonText).join(', ')}]`;
  const entries = Object.entries(value).map(([key, item]) => `${pythonText(key)}: ${pythonText(item)}`);
  return `{${entries.join(', ')}}`;
}

/** The `simple` format of Python's tabulate: columns at least two wider than their heading. */
export function tabulate(rows: readonly TableRow[]): string {
  const headings = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (headings.length === 0) return '\n';
  const columns = headings.map((heading) => rows.map((row) => (row[heading] ?? '').trim()));
  const widths = headings.map((heading, index) =>
    Math.max(heading.length + 2, ...(columns[index] ?? []).map((value) => value.length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((value, index) => value.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return `${[
    line(headings),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...rows.map((_, row) => line(columns.map((column) => column[row] ?? ''))),
  ].join('\n')}\n`;
}

function tsvRow(row: Json): string {
  if (isList(row)) return `${row.map(tsvCell).join('\t')}\n`;
  if (isObject(row)) return `${Object.values(row).map(tsvCell).join('\t')}\n`;
  if (typeof row === 'boolean') return `${row}\n`;
  return `${tsvCell(row)}\n`;
}

/** A nested list shows its length, a nested object nothing, null the word None. */
function tsvCell(value: Json): string {
  if (isList(value)) return String(value.length);
  if (isObject(value)) return '';
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}
