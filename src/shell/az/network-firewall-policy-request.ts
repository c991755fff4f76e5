/**
 * Rule collections as a request has them, read into the model: from the options of the commands and from what
 * `--set`, `--add` and `--remove` make of the printed form, which go the same way.
 */
import type { AzureError } from '../../model/azure/error.ts';
import { notSimulated, refusedToo } from '../../model/azure/error.ts';
import type { PolicyRule } from '../../model/azure/firewall-policy-rule-checks.ts';
import type {
  FirewallApplicationProtocol,
  FirewallProtocol,
  PolicyRuleCollection,
} from '../../model/azure/firewall-resources.ts';
import { applicationProtocol, canonicalFqdnTag } from '../../model/azure/firewall-rule-checks.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { Json } from './command.ts';
import { isList, isObject, plainText } from './output-format.ts';

const PROTOCOLS: readonly FirewallProtocol[] = ['TCP', 'UDP', 'ICMP', 'Any'];

type JsonObject = { readonly [key: string]: Json };

/** Says that the service cannot read a request, as it does for a value of the wrong kind. */
function unreadable(path: string, value: Json | undefined): AzureError {
  return {
    code: 'InvalidRequestFormat',
    message: `Cannot parse the request. The value ${JSON.stringify(value ?? null)} does not fit the property ${path}.`,
  };
}

/** Reads properties one after the other and keeps what is wrong with the first that does not fit. */
class Reader {
  problem: AzureError | null = null;
  readonly #object: JsonObject;
  readonly #path: string;
  readonly #known = new Set<string>();

  constructor(value: Json | undefined, path: string) {
    this.#path = path;
    this.#object = value !== undefined && isObject(value) ? value : {};
    if (value === undefined || !isObject(value)) this.fail(unreadable(path, value));
  }

  fail(problem: AzureError): void {
    this.problem ??= problem;
  }

  value(key: string): Json | undefined {
    this.#known.add(key);
    return this.#object[key];
  }

  text(key: string): string | null {
    const value = this.value(key);
    if (value === undefined || value === null) return null;
    if (typeof value === 'object') this.fail(unreadable(`${this.#path}.${key}`, value));
    return plainText(value);
  }

  number(key: string): number {
    const value = this.value(key);
    const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
    if (!Number.isInteger(number)) this.fail(unreadable(`${this.#path}.${key}`, value));
    return number;
  }

  list(key: string): readonly string[] {
    const value = this.value(key);
    if (value === undefined || value === null) return [];
    if (!isList(value) || value.some((one) => typeof one === 'object')) {
      this.fail(unreadable(`${this.#path}.${key}`, value));
      return [];
    }
    return value.map(plainText);
  }

  /** A value of a closed set, in any letters. */
  oneOf<T extends string>(key: string, values: readonly T[], fallback: T): T {
    const text = this.text(key);
    const found = values.find((one) => one.toLowerCase() === text?.toLowerCase());
    if (found === undefined) this.fail(unreadable(`${this.#path}.${key}`, text));
    return found ?? fallback;
  }

  /** Refuses what was not read: nothing of a request is ignored. */
  finish(): void {
    const stray = Object.keys(this.#object).find((key) => !this.#known.has(key));
    if (stray !== undefined) this.fail(notSimulated(`The property ${this.#path}.${stray}`));
  }
}

/** Reads the collections of a group. Errors: `InvalidRequestFormat`, `NotSimulated`. */
export function readRuleCollections(value: Json): Result<readonly PolicyRuleCollection[], AzureError> {
  if (!isList(value)) return err(unreadable('ruleCollections', value));
  const collections: PolicyRuleCollection[] = [];
  for (const [index, one] of value.entries()) {
    const read = readRuleCollection(one, `ruleCollections[${index}]`);
    if (!read.ok) return read;
    collections.push(read.value);
  }
  return ok(collections);
}

function readRuleCollection(value: Json, path: string): Result<PolicyRuleCollection, AzureError> {
  const reader = new Reader(value, path);
  const ruleCollectionType = reader.oneOf(
    'ruleCollectionType',
    ['FirewallPolicyFilterRuleCollection', 'FirewallPolicyNatRuleCollection'] as const,
    'FirewallPolicyFilterRuleCollection',
  );
  const name = reader.text('name') ?? '';
  const priority = reader.number('priority');
  const action = new Reader(reader.value('action'), `${path}.action`);
  const given = reader.value('rules');
  reader.finish();
  const listed = isList(given) ? given : [];
  if (given !== undefined && given !== null && !isList(given))
    reader.fail(unreadable(`${path}.rules`, given));
  const rules: PolicyRule[] = [];
  for (const [index, one] of listed.entries()) {
    const rule = readRule(one, `${path}.rules[${index}]`);
    if (!rule.ok) return rule;
    rules.push(rule.value);
  }
  const collection: Result<PolicyRuleCollection, AzureError> =
    ruleCollectionType === 'FirewallPolicyNatRuleCollection'
      ? natCollection(name, priority, action, rules)
      : filterCollection(name, priority, action, rules);
  const problem = reader.problem ?? action.problem;
  return problem === null ? collection : err(problem);
}

function natCollection(
  name: string,
  priority: number,
  action: Reader,
  rules: readonly PolicyRule[],
): Result<PolicyRuleCollection, AzureError> {
  if (action.text('type')?.toLowerCase() === 'snat') {
    action.fail(notSimulated('A NAT rule collection with action SNAT'));
  }
  const own = rules.filter((rule) => rule.ruleType === 'NatRule');
  const type = action.oneOf('type', ['DNAT'] as const, 'DNAT');
  return own.length < rules.length
    ? err(wrongKind(name, 'NatRule'))
    : ok({
        ruleCollectionType: 'FirewallPolicyNatRuleCollection',
        name,
        priority,
        action: { type },
        rules: own,
      });
}

function filterCollection(
  name: string,
  priority: number,
  action: Reader,
  rules: readonly PolicyRule[],
): Result<PolicyRuleCollection, AzureError> {
  const type = action.oneOf('type', ['Allow', 'Deny'] as const, 'Deny');
  const own = rules.filter((rule) => rule.ruleType !== 'NatRule');
  return own.length < rules.length
    ? err(wrongKind(name, 'NetworkRule or ApplicationRule'))
    : ok({
        ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
        name,
        priority,
        action: { type },
        rules: own,
      });
}

function wrongKind(collection: string, kind: string): AzureError {
  return refusedToo(`Rule collection ${collection} with rules of another type than ${kind}`);
}

/** Reads a rule, whatever its kind. Errors: `InvalidRequestFormat`, `NotSimulated`. */
export function readRule(value: Json, path: string): Result<PolicyRule, AzureError> {
  const reader = new Reader(value, path);
  const ruleType = reader.oneOf(
    'ruleType',
    ['NetworkRule', 'ApplicationRule', 'NatRule'] as const,
    'NetworkRule',
  );
  const common = {
    name: reader.text('name') ?? '',
    description: reader.text('description'),
    sourceAddresses: reader.list('sourceAddresses'),
    sourceIpGroups: reader.list('sourceIpGroups'),
    destinationAddresses: reader.list('destinationAddresses'),
  };
  const rule = specificPart(reader, ruleType, common, path);
  reader.finish();
  return reader.problem === null ? ok(rule) : err(reader.problem);
}

type Common = Pick<
  PolicyRule,
  'name' | 'description' | 'sourceAddresses' | 'sourceIpGroups' | 'destinationAddresses'
>;

function specificPart(
  reader: Reader,
  ruleType: PolicyRule['ruleType'],
  common: Common,
  path: string,
): PolicyRule {
  switch (ruleType) {
    case 'NetworkRule':
      return {
        ...common,
        ruleType,
        ipProtocols: ipProtocols(reader, path),
        destinationIpGroups: reader.list('destinationIpGroups'),
        destinationFqdns: reader.list('destinationFqdns'),
        destinationPorts: reader.list('destinationPorts'),
      };
    case 'NatRule':
      return {
        ...common,
        ruleType,
        ipProtocols: ipProtocols(reader, path),
        destinationPorts: reader.list('destinationPorts'),
        translatedAddress: reader.text('translatedAddress'),
        translatedPort: reader.text('translatedPort') ?? '',
        translatedFqdn: reader.text('translatedFqdn'),
      };
    case 'ApplicationRule': {
      const terminate = reader.text('terminateTLS');
      if (terminate?.toLowerCase() === 'true') reader.fail(notSimulated('TLS inspection'));
      return {
        ...common,
        ruleType,
        protocols: applicationProtocols(reader, path),
        targetFqdns: reader.list('targetFqdns'),
        fqdnTags: reader.list('fqdnTags').map((tag) => canonicalFqdnTag(tag) ?? tag),
        targetUrls: reader.list('targetUrls'),
        webCategories: reader.list('webCategories'),
        terminateTLS: false,
      };
    }
  }
}

function ipProtocols(reader: Reader, path: string): readonly FirewallProtocol[] {
  return reader.list('ipProtocols').flatMap((text) => {
    const found = PROTOCOLS.find((one) => one.toLowerCase() === text.toLowerCase());
    if (found === undefined) reader.fail(unreadable(`${path}.ipProtocols`, text));
    return found ?? [];
  });
}

function applicationProtocols(reader: Reader, path: string): readonly FirewallApplicationProtocol[] {
  const value = reader.value('protocols');
  if (value === undefined || value === null) return [];
  if (!isList(value)) {
    reader.fail(unreadable(`${path}.protocols`, value));
    return [];
  }
  return value.flatMap((one) => {
    const read = isObject(one)
      ? applicationProtocol({
          protocolType: plainText(one['protocolType'] ?? ''),
          port: plainText(one['port'] ?? ''),
        })
      : null;
    if (read === null) reader.fail(unreadable(`${path}.protocols`, one));
    return read ?? [];
  });
}
