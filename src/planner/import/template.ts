/**
 * Resources of an ARM template, as `az group export` prints one: names and references are expressions in
 * square brackets, of which the functions that exports use are worked out
 * (https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions, 2026-02-11).
 */
import { rawObject, shortly, textOf } from './bag.ts';
import type { ImportLog } from './left-out.ts';
import { typeOfId } from './arm-object.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Of ids that a template leaves open. */
const SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';
const GROUP = 'template';

export interface TemplateResource {
  readonly id: string;
  readonly type: string;
  readonly raw: Raw;
}

export function looksLikeTemplate(raw: Raw): boolean {
  const schema = raw['$schema'];
  return Array.isArray(raw['resources']) && typeof schema === 'string' && /deploymentTemplate/i.test(schema);
}

/** Returns the resources of a template, with every expression worked out; those that cannot be are named. */
export function resourcesOfTemplate(
  template: Raw,
  label: string,
  log: ImportLog,
): readonly TemplateResource[] {
  const scope = new Scope(template, label, log);
  log.note(
    'A template does not say in which subscription and group its resources are, nor which addresses Azure chose.',
  );
  const found: TemplateResource[] = [];
  const add = (value: unknown, parent: { readonly type: string; readonly id: string } | null): void => {
    const raw = rawObject(value);
    if (raw === null) return;
    const type = typeof raw['type'] === 'string' ? raw['type'] : '';
    const name = scope.resolved(raw['name']);
    if (type === '' || typeof name !== 'string' || name.startsWith('[')) {
      log.add({
        kind: 'text',
        name: label,
        what: `a resource ${shortly(raw['name'] ?? type)}`,
        effect: 'Its name cannot be worked out from the template.',
        weight: 'decides',
      });
      return;
    }
    const id =
      parent === null
        ? resourceId([type, ...name.split('/')])
        : `${parent.id}/${type.split('/').at(-1) ?? ''}/${name.split('/').at(-1) ?? ''}`;
    const { resources, condition, copy, ...rest } = raw;
    if (condition !== undefined || copy !== undefined) {
      log.add({
        kind: 'property',
        name: `${type} ${name}`,
        what: condition === undefined ? 'copy' : 'condition',
        effect:
          'Whether it is there, or how often, is decided when the template is deployed; it is read once.',
        weight: 'may-matter',
      });
    }
    const own = { ...(scope.resolved(rest) as Raw), id, name: name.split('/').at(-1) };
    found.push({ id, type: typeOfId(id) ?? type.toLowerCase(), raw: own });
    if (Array.isArray(resources)) for (const each of resources as readonly unknown[]) add(each, { type, id });
  };
  for (const each of template['resources'] as readonly unknown[]) add(each, null);
  return found;
}

/** `resourceId('Microsoft.Network/virtualNetworks/subnets', 'hub', 'apps')`. */
function resourceId(parts: readonly string[]): string {
  const at = parts.findIndex((part) => /^[\w.-]+\.[\w.-]+\//.test(part));
  const [type = '', ...names] = parts.slice(Math.max(at, 0));
  const group = at === 1 ? parts[0] : at === 2 ? parts[1] : undefined;
  const subscription = at === 2 ? parts[0] : undefined;
  const [provider = '', ...types] = type.split('/');
  const path = types.map((each, index) => `${each}/${names[index] ?? ''}`).join('/');
  return `/subscriptions/${subscription ?? SUBSCRIPTION}/resourceGroups/${group ?? GROUP}/providers/${provider}/${path}`;
}

const DEEPEST = 40;

class Scope {
  readonly #parameters: Raw;
  readonly #variables: Raw;
  readonly #label: string;
  readonly #log: ImportLog;
  #depth = 0;

  constructor(template: Raw, label: string, log: ImportLog) {
    this.#parameters = rawObject(template['parameters']) ?? {};
    this.#variables = rawObject(template['variables']) ?? {};
    this.#label = label;
    this.#log = log;
  }

  /** Returns a value with the expressions in it worked out; one that cannot be stays as it is, and is named. */
  resolved(value: unknown): unknown {
    if (typeof value === 'string') {
      if (value.startsWith('[[')) return value.slice(1);
      return value.startsWith('[') && value.endsWith(']') ? this.#worked(value) : value;
    }
    if (Array.isArray(value)) return value.map((each) => this.resolved(each));
    const raw = rawObject(value);
    if (raw === null) return value;
    return Object.fromEntries(Object.entries(raw).map(([key, each]) => [key, this.resolved(each)]));
  }

  #worked(text: string): unknown {
    const reader = new ExpressionReader(text.slice(1, -1), (name, args) => this.#call(name, args));
    const result = reader.read();
    if (result !== undefined) return result;
    this.#log.add({
      kind: 'text',
      name: this.#label,
      what: shortly(text),
      effect: 'This expression is worked out when the template is deployed, so its value is not known here.',
      weight: 'decides',
    });
    return text;
  }

  #call(name: string, args: readonly unknown[]): unknown {
    const texts = args.filter((each) => typeof each === 'string');
    switch (name.toLowerCase()) {
      case 'parameters': {
        const parameter = own(this.#parameters, texts[0]);
        const value = rawObject(parameter)?.['defaultValue'];
        // An export has a parameter for each name, with the name as its default.
        return value === undefined ? undefined : this.#deeper(value);
      }
      case 'variables':
        return this.#deeper(own(this.#variables, texts[0]));
      case 'concat':
        return args.every((each) => typeof each === 'string' || typeof each === 'number')
          ? args.join('')
          : undefined;
      case 'format': {
        const [pattern, ...rest] = args;
        if (typeof pattern !== 'string') return undefined;
        return pattern.replaceAll(/\{(\d+)\}/g, (_, index: string) => textOf(rest[Number(index)]));
      }
      case 'resourceid':
      case 'extensionresourceid':
        return texts.length === args.length ? resourceId(texts) : undefined;
      case 'tolower':
        return texts[0]?.toLowerCase();
      case 'toupper':
        return texts[0]?.toUpperCase();
      case 'string':
        return args[0] === undefined ? undefined : textOf(args[0]);
      case 'resourcegroup':
        return { name: GROUP, id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}`, location: '' };
      case 'subscription':
        return { subscriptionId: SUBSCRIPTION, id: `/subscriptions/${SUBSCRIPTION}` };
    }
    return undefined;
  }

  #deeper(value: unknown): unknown {
    if (value === undefined || this.#depth > DEEPEST) return undefined;
    this.#depth++;
    try {
      return this.resolved(value);
    } finally {
      this.#depth--;
    }
  }
}

function own(raw: Raw, key: string | undefined): unknown {
  if (key === undefined) return undefined;
  const found = Object.keys(raw).find((each) => each.toLowerCase() === key.toLowerCase());
  return found === undefined ? undefined : raw[found];
}

/** Reads `name(argument, ...)`, `'text'`, numbers and `.property` after them. `undefined` is what it cannot. */
class ExpressionReader {
  readonly #text: string;
  readonly #call: (name: string, args: readonly unknown[]) => unknown;
  #at = 0;
  #depth = 0;

  constructor(text: string, call: (name: string, args: readonly unknown[]) => unknown) {
    this.#text = text;
    this.#call = call;
  }

  read(): unknown {
    const value = this.#value();
    this.#space();
    return this.#at === this.#text.length ? value : undefined;
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #value(): unknown {
    this.#space();
    const rest = this.#text.slice(this.#at);
    const quoted = /^'((?:[^']|'')*)'/.exec(rest);
    if (quoted !== null) {
      this.#at += quoted[0].length;
      return (quoted[1] ?? '').replaceAll("''", "'");
    }
    const digits = /^-?\d+/.exec(rest);
    if (digits !== null) {
      this.#at += digits[0].length;
      return Number(digits[0]);
    }
    const name = /^([A-Za-z_]\w*)\(/.exec(rest)?.[1];
    if (name === undefined || this.#depth >= DEEPEST) return this.#fail();
    this.#at += name.length + 1;
    this.#depth++;
    const args: unknown[] = [];
    this.#space();
    while (this.#text[this.#at] !== ')') {
      args.push(this.#value());
      this.#space();
      if (this.#text[this.#at] === ',') this.#at++;
      else if (this.#text[this.#at] !== ')') return this.#fail();
    }
    this.#at++;
    this.#depth--;
    let value = args.includes(undefined) ? undefined : this.#call(name, args);
    for (let dot = this.#property(); dot !== null; dot = this.#property())
      value = own(rawObject(value) ?? {}, dot);
    return value;
  }

  #property(): string | null {
    const name = /^\.([A-Za-z_]\w*)/.exec(this.#text.slice(this.#at))?.[1];
    if (name === undefined) return null;
    this.#at += name.length + 1;
    return name;
  }

  /** Stops the reading: nothing after it means anything. */
  #fail(): undefined {
    this.#at = this.#text.length + 1;
    return undefined;
  }
}
