/** `-o`: the formats kubectl prints objects in. */
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext } from '../command.ts';
import { alignCells } from './columns.ts';
import { clientError, notSimulated, type KubectlFailure } from './failure.ts';
import { parseJsonPath, type Template } from './jsonpath-template.ts';
import { evaluateJsonPath, selectJsonPath } from './jsonpath.ts';
import { printedObject, printList, textOfValue, toJson, toYaml, type JsonObject } from './printed-object.ts';
import { typeOfKind, typeWithGroup, type ApiObject } from './resource-types.ts';

export type OutputFormat =
  | { readonly kind: 'table'; readonly width: 'narrow' | 'wide' }
  | { readonly kind: 'json' }
  | { readonly kind: 'yaml' }
  | { readonly kind: 'name' }
  | {
      readonly kind: 'jsonpath';
      readonly source: string;
      readonly template: Template;
      readonly as: 'text' | 'json';
    }
  | {
      readonly kind: 'custom-columns';
      readonly columns: readonly { readonly header: string; readonly template: Template }[];
    };

const ALLOWED =
  'custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,wide,yaml';

/** Returns the format that `-o` names; a plain table if there is none. */
export async function readOutputFormat(
  text: string | null,
  context: CommandContext,
): Promise<Result<OutputFormat, KubectlFailure>> {
  if (text === null || text === '') return ok({ kind: 'table', width: 'narrow' });
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  const given = at < 0 ? null : text.slice(at + 1);
  const unable = (): Result<never, KubectlFailure> =>
    err(
      clientError(
        `unable to match a printer suitable for the output format "${text}", allowed formats are: ${ALLOWED}`,
      ),
    );
  switch (name) {
    case 'wide':
      return given === null ? ok({ kind: 'table', width: 'wide' }) : unable();
    case 'json':
    case 'yaml':
    case 'name':
      return given === null ? ok({ kind: name }) : unable();
    case 'jsonpath':
    case 'jsonpath-as-json': {
      if (given === null || given === '')
        return err(clientError('template format specified but no template given'));
      return jsonPathFormat(given, name === 'jsonpath' ? 'text' : 'json');
    }
    case 'jsonpath-file': {
      const source = await fileText(given, context);
      return source.ok ? jsonPathFormat(source.value, 'text') : source;
    }
    case 'custom-columns': {
      if (given === null || given === '') {
        return err(clientError('custom-columns format specified but no custom columns given'));
      }
      return columnsFormat(given.split(','));
    }
    case 'custom-columns-file': {
      const source = await fileText(given, context);
      if (!source.ok) return source;
      const [headers = '', paths = ''] = source.value.trim().split('\n');
      const names = headers.trim().split(/\s+/);
      const expressions = paths.trim().split(/\s+/);
      return columnsFormat(names.map((header, index) => `${header}:${expressions[index] ?? ''}`));
    }
    case 'go-template':
    case 'go-template-file':
    case 'template':
    case 'templatefile':
      return err(notSimulated(`the output format "${name}"`));
  }
  return unable();
}

async function fileText(
  path: string | null,
  context: CommandContext,
): Promise<Result<string, KubectlFailure>> {
  if (path === null || path === '')
    return err(clientError('template format specified but no template given'));
  const text = await context.readFile(path);
  return text === null
    ? err(clientError(`error reading --template ${path}, open ${path}: no such file or directory\n`))
    : ok(text);
}

function jsonPathFormat(source: string, as: 'text' | 'json'): Result<OutputFormat, KubectlFailure> {
  const template = parseJsonPath(source);
  return template.ok
    ? ok({ kind: 'jsonpath', source, template: template.value, as })
    : err(clientError(`error parsing jsonpath ${source}, ${template.error}`));
}

function columnsFormat(specs: readonly string[]): Result<OutputFormat, KubectlFailure> {
  const columns = [];
  for (const spec of specs) {
    const at = spec.indexOf(':');
    if (at < 0) {
      return err(clientError(`unexpected custom-columns spec: ${spec}, expected <header>:<json-path-expr>`));
    }
    const template = parseJsonPath(spec.slice(at + 1));
    if (!template.ok) return err(clientError(template.error));
    columns.push({ header: spec.slice(0, at), template: template.value });
  }
  return ok({ kind: 'custom-columns', columns });
}

/** Prints objects in a format other than the table; `single` prints the object itself, not a list. */
export function printObjects(
  format: Exclude<OutputFormat, { kind: 'table' }>,
  objects: readonly ApiObject[],
  wrap: 'single' | 'list',
  headers: 'shown' | 'hidden' = 'shown',
): Result<string, KubectlFailure> {
  const printed = objects.map(printedObject);
  const [first] = printed;
  const whole: JsonObject = wrap === 'single' && first !== undefined ? first : printList(printed);
  switch (format.kind) {
    case 'json':
      return ok(toJson(whole));
    case 'yaml':
      return ok(toYaml(whole));
    case 'name':
      return ok(
        objects
          .map((object) => `${typeWithGroup(typeOfKind(object.kind))}/${object.metadata.name}\n`)
          .join(''),
      );
    case 'jsonpath': {
      if (format.as === 'json') {
        return ok(`${JSON.stringify(selectJsonPath(format.template, whole), null, 4)}\n`);
      }
      const text = evaluateJsonPath(format.template, whole);
      return text.ok ? text : err(clientError(executionError(format.source, text.error, whole)));
    }
    case 'custom-columns': {
      const rows = printed.map((object) =>
        format.columns.map((column) => {
          const values = selectJsonPath(column.template, object);
          return values.length === 0 ? '<none>' : values.map(customCell).join(',');
        }),
      );
      const header = format.columns.map((column) => column.header);
      return ok(alignCells(headers === 'shown' ? [header, ...rows] : rows));
    }
  }
}

/** Go's %v of a value: maps and lists in their own notation. */
function customCell(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(customCell).join(' ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `map[${Object.entries(value)
      .map(([key, each]) => `${key}:${customCell(each)}`)
      .join(' ')}]`;
  }
  return value === null ? '<nil>' : textOfValue(value);
}

/** As cli-runtime's JSONPath printer reports a template that does not fit the object. */
function executionError(source: string, problem: string, object: JsonObject): string {
  return [
    `error executing jsonpath ${JSON.stringify(source)}: Error executing template: ${problem}. Printing more information for debugging the template:`,
    '\ttemplate was:',
    `\t\t${source}`,
    '\tobject given to jsonpath engine was:',
    `\t\t${inGo(object)}\n\n`,
  ].join('\n');
}

/** Returns a value as Go's `%#v` prints decoded JSON. */
function inGo(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map(inGo).join(', ')}}`;
  if (typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${inGo(field)}`);
  return `map[string]interface {}{${fields.join(', ')}}`;
}
